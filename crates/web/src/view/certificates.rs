//! `/profile/certificates`: every certificate of the account, and renewal ahead of time.

use askama::Template;

use super::certificate::CertificateCard;
use super::key_rules::KeyRules;
use super::{Page, Refusal};

/// `/profile/certificates` (4.3.5).
#[derive(Debug, Clone, Template)]
#[template(path = "certificates.html")]
pub struct Certificates {
    /// The frame; a person is signed in.
    pub page: Page,
    /// Certificates that open the account or will, the newest first.
    pub certificates: Vec<CertificateCard>,
    /// Those that did.
    pub former: Vec<CertificateCard>,
    /// Renewals that were prepared, the newest first.
    pub renewals: Vec<RenewalRow>,
    /// What was just done.
    pub done: Option<Done>,
    /// Why the last act was refused.
    pub refusal: Option<Refusal>,
}

/// A renewal that was prepared.
#[derive(Debug, Clone)]
pub struct RenewalRow {
    /// For `/profile/renewals/{id}/…`.
    pub id: String,
    /// The serial number of the certificate that follows.
    pub serial: String,
    /// When the statement was made.
    pub made: String,
    /// How it stands, in words.
    pub state: String,
    /// The new certificate has not come yet.
    pub is_waiting: bool,
}

/// What was just done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// A new certificate opens the account.
    Added,
    /// One opens it no longer.
    Removed,
    /// Another one signs by default.
    Chosen,
    /// A renewal is prepared.
    Prepared,
    /// One was taken back.
    Revoked,
}

impl Certificates {
    fn done_words(&self) -> Option<&'static str> {
        let lang = self.page.lang;
        Some(match self.done? {
            Done::Added => text::binding::done_certificate_bound(lang),
            Done::Removed => text::binding::done_certificate_removed(lang),
            Done::Chosen => text::renewal::done_chosen(lang),
            Done::Prepared => text::renewal::done_prepared(lang),
            Done::Revoked => text::renewal::done_revoked(lang),
        })
    }
}

/// `/profile/renewals/new`: the file of the certificate that follows.
#[derive(Debug, Clone, Template)]
#[template(path = "renewal_new.html")]
pub struct NewRenewal {
    /// The frame; a person is signed in.
    pub page: Page,
    /// Why the file is none to go on with.
    pub refusal: Option<Refusal>,
}

/// `/profile/renewals/sign`: the statement about it is signed with the old key.
#[derive(Debug, Clone, Template)]
#[template(path = "renewal_sign.html")]
pub struct SignRenewal {
    /// The frame; a person is signed in.
    pub page: Page,
    /// The certificate that follows.
    pub card: CertificateCard,
    /// Rules for judging keys in the page.
    pub rules: KeyRules,
    /// Why the last try was refused.
    pub refusal: Option<Refusal>,
}
