//! Pages for what cannot be answered.

use askama::Template;
use text::Lang;

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
    /// The installation's real address.
    pub base_url: String,
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

impl ErrorKind {
    /// What happened.
    pub fn what(self, lang: Lang) -> &'static str {
        match self {
            Self::BadRequest => text::error::bad_request(lang),
            Self::StaleForm => text::error::stale_form(lang),
            Self::NotFound => text::error::not_found(lang),
            Self::WrongMethod => text::error::wrong_method(lang),
            Self::TooLarge => text::error::too_large(lang),
            Self::WrongHost => text::error::wrong_host(lang),
            Self::TooMany { .. } => text::error::too_many(lang),
            Self::Internal => text::error::internal(lang),
            Self::Unavailable => text::error::unavailable(lang),
        }
    }

    /// Why.
    pub fn why(self, lang: Lang) -> String {
        match self {
            Self::TooMany { minutes } => text::error::too_many_why(lang, minutes),
            Self::BadRequest => text::error::bad_request_why(lang).to_owned(),
            Self::StaleForm => text::error::stale_form_why(lang).to_owned(),
            Self::NotFound => text::error::not_found_why(lang).to_owned(),
            Self::WrongMethod => text::error::wrong_method_why(lang).to_owned(),
            Self::TooLarge => text::error::too_large_why(lang).to_owned(),
            Self::WrongHost => text::error::wrong_host_why(lang).to_owned(),
            Self::Internal => text::error::internal_why(lang).to_owned(),
            Self::Unavailable => text::error::unavailable_why(lang).to_owned(),
        }
    }

    /// What to do now, as words of a button.
    fn now(self, lang: Lang) -> &'static str {
        match self {
            Self::BadRequest => text::error::bad_request_now(lang),
            Self::StaleForm => text::error::stale_form_now(lang),
            Self::NotFound => text::error::not_found_now(lang),
            Self::WrongMethod => text::error::wrong_method_now(lang),
            Self::TooLarge => text::error::too_large_now(lang),
            Self::WrongHost => text::error::wrong_host_now(lang),
            Self::TooMany { .. } => text::error::too_many_now(lang),
            Self::Internal => text::error::internal_now(lang),
            Self::Unavailable => text::error::unavailable_now(lang),
        }
    }
}

impl ErrorPage {
    /// Where the button leads.
    fn now_href(&self) -> &str {
        match self.kind {
            ErrorKind::BadRequest | ErrorKind::NotFound | ErrorKind::WrongMethod => "/",
            ErrorKind::WrongHost => &self.base_url,
            ErrorKind::StaleForm
            | ErrorKind::TooLarge
            | ErrorKind::TooMany { .. }
            | ErrorKind::Internal
            | ErrorKind::Unavailable => &self.page.path,
        }
    }
}
