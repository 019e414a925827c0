//! «Привязка»: whether all is well, the ways in, sessions, history.

use askama::Template;
use cabinet::binding::IdentityState;
use text::Lang;

use super::certificate::{CertificateCard, Record};
use super::provider::ProviderButton;
use super::security::Checks;
use super::{Page, Refusal};

/// `/profile/binding`.
#[derive(Debug, Clone, Template)]
#[template(path = "binding.html")]
pub struct Binding {
    /// The frame; a person is signed in.
    pub page: Page,
    /// Whether all is well.
    pub checks: Checks,
    /// Certificates that open the account or will, the newest first.
    pub certificates: Vec<CertificateCard>,
    /// Those that did.
    pub former: Vec<CertificateCard>,
    /// Identities at outside providers, the newest first.
    pub identities: Vec<IdentityCard>,
    /// Providers that can be linked.
    pub to_link: Vec<ProviderButton>,
    /// The password; `None` when there is none.
    pub password: Option<Record>,
    /// Passkeys, the newest first.
    pub passkeys: Vec<PasskeyRow>,
    /// Second factors.
    pub factors: Factors,
    /// A second factor must be set up before the cabinet opens.
    pub owed: bool,
    /// Open sessions, this one first.
    pub sessions: Vec<SessionRow>,
    /// Latest events of the account, the newest first.
    pub history: Vec<HistoryRow>,
    /// What was just done, said in place.
    pub done: Option<Done>,
    /// Why the last act was refused.
    pub refusal: Option<Refusal>,
}

/// One passkey.
#[derive(Debug, Clone)]
pub struct PasskeyRow {
    /// For `/profile/passkeys/{id}/…`.
    pub id: String,
    /// As the person called it.
    pub name: String,
    /// When it was added and last used.
    pub record: Record,
    /// Whether the device keeps a copy elsewhere.
    pub is_backed_up: bool,
    /// The one that opened this session.
    pub current: bool,
}

/// The second factors of an account.
#[derive(Debug, Clone, Default)]
pub struct Factors {
    /// An app with codes.
    pub totp: Option<OwnFactor>,
    /// Codes by SMS.
    pub sms: Option<OwnFactor>,
    /// The confirmed phone, masked; empty: none.
    pub phone: String,
    /// Recovery codes that are left; none: there is no sheet.
    pub codes_left: Option<u64>,
}

/// One second factor.
#[derive(Debug, Clone)]
pub struct OwnFactor {
    /// For `/profile/second-factors/{id}/remove`.
    pub id: String,
    /// Since when.
    pub since: String,
    /// When it was last used, with zone; empty: never.
    pub last_used: String,
}

/// A linked identity.
#[derive(Debug, Clone)]
pub struct IdentityCard {
    /// For `/profile/identities/{id}/…`.
    pub id: String,
    /// What people call the provider.
    pub provider: String,
    /// The name there; may be empty.
    pub name: String,
    /// When it was linked and last used.
    pub record: Record,
    /// How sure the provider was of the person.
    pub assurance: Option<String>,
    /// Whether it opens the account.
    pub state: IdentityState,
    /// It opened this session.
    pub current: bool,
    /// Nothing else opens the account.
    pub is_only_way: bool,
    /// Contacts that are new there.
    pub new_contacts: Vec<NewContact>,
}

/// A contact that is new at a provider.
#[derive(Debug, Clone)]
pub struct NewContact {
    /// What it is chosen by.
    pub key: String,
    /// As people read it.
    pub value: String,
}

impl IdentityCard {
    fn is_suspended(&self) -> bool {
        matches!(self.state, IdentityState::Suspended { .. })
    }

    fn state_class(&self) -> &'static str {
        match self.state {
            IdentityState::InForce => "state-success",
            IdentityState::Suspended { .. } | IdentityState::ProviderOff => "state-warning",
        }
    }

    fn state_icon(&self) -> &'static str {
        match self.state {
            IdentityState::InForce => "check",
            IdentityState::Suspended { .. } | IdentityState::ProviderOff => "warning",
        }
    }

    fn state_words(&self, lang: Lang) -> &'static str {
        match self.state {
            IdentityState::InForce => text::provider::in_force(lang),
            IdentityState::Suspended { .. } => text::provider::suspended(lang),
            IdentityState::ProviderOff => text::provider::off(lang),
        }
    }
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
    /// That is where the page is looked at from.
    pub near: bool,
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
    /// By passkey.
    Passkey,
}

/// One line of the history.
#[derive(Debug, Clone)]
pub struct HistoryRow {
    /// When, with zone.
    pub at: String,
    /// What happened, in words.
    pub event: String,
    /// An entry from a device that was not known before.
    pub new_device: bool,
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
    /// An app with codes was connected.
    TotpSet,
    /// Codes by SMS were turned on.
    SmsSet,
    /// A second factor was turned off.
    FactorRemoved,
    /// A passkey was added.
    PasskeyBound,
    /// A passkey was renamed.
    PasskeyRenamed,
    /// A passkey was removed.
    PasskeyRemoved,
    /// An identity was linked; other sessions were ended.
    Linked,
    /// The same, and contacts were taken that wait for their codes.
    LinkedWithContacts,
    /// An identity was unlinked; other sessions were ended.
    Unlinked,
    /// A suspended identity opens the account again.
    Resumed,
    /// What a provider gives anew was answered to.
    Answered,
    /// One session was ended.
    SessionEnded,
    /// All other sessions were ended.
    OthersEnded,
    /// The account was recovered and its ways in looked through.
    Recovered,
}

impl Factors {
    fn sheet(&self, lang: Lang) -> Option<String> {
        self.codes_left
            .map(|left| text::second_factor::sheet_left(lang, left))
    }

    /// Whether it is time for a new sheet.
    fn is_sheet_short(&self) -> bool {
        self.codes_left.is_some_and(|left| left <= 2)
    }
}

/// So many lines of the history are shown at once.
const NEWEST: usize = 10;

impl Binding {
    fn newest(&self) -> &[HistoryRow] {
        self.history.get(..NEWEST).unwrap_or(&self.history)
    }

    fn older(&self) -> &[HistoryRow] {
        self.history.get(NEWEST..).unwrap_or_default()
    }

    /// Whether there is a session besides this one.
    pub fn has_other_sessions(&self) -> bool {
        self.sessions.iter().any(|session| !session.current)
    }
}

impl SessionRow {
    fn method_words(&self, lang: Lang) -> &'static str {
        self.method.words(lang)
    }
}

impl Method {
    /// `по ЭЦП`
    pub fn words(self, lang: Lang) -> &'static str {
        match self {
            Self::Certificate => text::binding::method_certificate(lang),
            Self::Password => text::binding::method_password(lang),
            Self::Provider => text::binding::method_provider(lang),
            Self::Passkey => text::binding::method_passkey(lang),
        }
    }
}

impl Done {
    fn why(self, lang: Lang) -> &'static str {
        match self {
            Self::Linked | Self::LinkedWithContacts => text::provider::done_linked_why(lang),
            _ => "",
        }
    }

    fn title(self, lang: Lang) -> &'static str {
        match self {
            Self::PasswordSet => text::binding::done_password_set(lang),
            Self::PasswordChanged => text::binding::done_password_changed(lang),
            Self::CertificateRemoved => text::binding::done_certificate_removed(lang),
            Self::TotpSet => text::second_factor::done_totp_set(lang),
            Self::SmsSet => text::second_factor::done_sms_set(lang),
            Self::FactorRemoved => text::second_factor::done_removed(lang),
            Self::PasskeyBound => text::second_factor::done_passkey_bound(lang),
            Self::PasskeyRenamed => text::second_factor::done_passkey_renamed(lang),
            Self::PasskeyRemoved => text::second_factor::done_passkey_removed(lang),
            Self::Linked => text::provider::done_linked(lang),
            Self::LinkedWithContacts => text::provider::done_linked_contacts(lang),
            Self::Unlinked => text::provider::done_unlinked(lang),
            Self::Resumed => text::provider::done_resumed(lang),
            Self::Answered => text::provider::done_answered(lang),
            Self::SessionEnded => text::binding::done_session_ended(lang),
            Self::OthersEnded => text::binding::done_others_ended(lang),
            Self::Recovered => text::recovery::done(lang),
        }
    }
}
