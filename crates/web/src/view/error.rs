//! Pages for what cannot be answered.

use askama::Template;

use super::Page;

/// Any error page.
#[derive(Debug, Clone, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// The frame; the person where known.
    pub page: Page,
    /// What went wrong.
    pub kind: ErrorKind,
    /// Reference of this request, also in the log.
    pub reference: String,
}

/// What went wrong; the status follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// 400: the request cannot be read.
    BadRequest,
    /// 403: the form's token is missing or of another visit.
    StaleForm,
    /// 404: no such page.
    NotFound,
    /// 405: the page is opened, not sent to, or the other way round.
    WrongMethod,
    /// 413: what was sent is too large.
    TooLarge,
    /// 421: the server is not this host.
    WrongHost,
    /// 429: too many requests.
    TooMany {
        /// Minutes to wait; at least 1.
        minutes: u64,
    },
    /// 500: our mistake.
    Internal,
    /// 503: too busy, or being restarted.
    Unavailable,
}

impl ErrorKind {
    /// The HTTP status.
    pub fn status(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::StaleForm => 403,
            Self::NotFound => 404,
            Self::WrongMethod => 405,
            Self::TooLarge => 413,
            Self::WrongHost => 421,
            Self::TooMany { .. } => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }
}
