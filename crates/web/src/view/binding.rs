//! «Привязка»: certificates, password, sessions, history.

use askama::Template;
use text::Lang;

use super::certificate::CertificateCard;
use super::{Page, Refusal};

/// `/profile/binding`.
#[derive(Debug, Clone, Template)]
#[template(path = "binding.html")]
pub struct Binding {
    /// The frame; a person is signed in.
    pub page: Page,
    /// Every certificate ever bound, the newest first.
    pub certificates: Vec<CertificateCard>,
    /// Date on which the password was set; `None` when there is none.
    pub password_since: Option<String>,
    /// Open sessions, this one first.
    pub sessions: Vec<SessionRow>,
    /// Latest events of the account, the newest first.
    pub history: Vec<HistoryRow>,
    /// What was just done, said in place.
    pub done: Option<Done>,
    /// Why the last act was refused.
    pub refusal: Option<Refusal>,
}

/// One open session.
#[derive(Debug, Clone)]
pub struct SessionRow {
    /// For `/profile/sessions/{id}/end`.
    pub id: String,
    /// The device in words, e.g. `Firefox, Windows`.
    pub device: String,
    /// Its network address.
    pub address: String,
    /// When it was opened, with zone.
    pub opened_at: String,
    /// When it was last seen, with zone.
    pub last_seen: String,
    /// How it was opened.
    pub method: Method,
    /// The one that shows this page.
    pub current: bool,
}

/// How a session was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// By certificate.
    Certificate,
    /// By password.
    Password,
    /// Through an outside provider.
    Provider,
}

/// One line of the history.
#[derive(Debug, Clone)]
pub struct HistoryRow {
    /// When, with zone.
    pub at: String,
    /// What happened, in words.
    pub event: String,
    /// Device, address or other detail; may be empty.
    pub detail: String,
}

/// What was just done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// A first password was set.
    PasswordSet,
    /// The password was changed; other sessions were ended.
    PasswordChanged,
    /// A certificate was removed; other sessions were ended.
    CertificateRemoved,
    /// One session was ended.
    SessionEnded,
    /// All other sessions were ended.
    OthersEnded,
}

impl Binding {
    /// Whether there is a session besides this one.
    pub fn has_other_sessions(&self) -> bool {
        self.sessions.iter().any(|session| !session.current)
    }
}

impl SessionRow {
    fn method_words(&self, lang: Lang) -> &'static str {
        match self.method {
            Method::Certificate => text::binding::method_certificate(lang),
            Method::Password => text::binding::method_password(lang),
            Method::Provider => text::binding::method_provider(lang),
        }
    }
}

impl Done {
    fn title(self, lang: Lang) -> &'static str {
        match self {
            Self::PasswordSet => text::binding::done_password_set(lang),
            Self::PasswordChanged => text::binding::done_password_changed(lang),
            Self::CertificateRemoved => text::binding::done_certificate_removed(lang),
            Self::SessionEnded => text::binding::done_session_ended(lang),
            Self::OthersEnded => text::binding::done_others_ended(lang),
        }
    }
}
