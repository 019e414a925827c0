//! A certificate that no account holds: what can be done with it, step by step.

use askama::Template;
use cabinet::sign_in::federation::Likeness;
use cabinet::sign_in::unknown_certificate::Why;

use super::certificate::CertificateCard;
use super::linking::{IdRow, Mark};
use super::{Page, Refusal};

/// `/new-certificate`: who has come, and what they can do (D-7 … D-9).
#[derive(Debug, Clone, Template)]
#[template(path = "unknown_certificate.html")]
pub struct UnknownCertificate {
    /// The frame, with or without a person.
    pub page: Page,
    /// The certificate.
    pub card: CertificateCard,
    /// Why it waits.
    pub why: Why,
    /// Until when.
    pub until: String,
    /// Why the last try was refused.
    pub refusal: Option<Refusal>,
}

impl UnknownCertificate {
    fn lead(&self) -> &'static str {
        let lang = self.page.lang;
        match self.why {
            Why::Known => text::unknown_certificate::title_known(lang),
            Why::Several => text::unknown_certificate::title_several(lang),
            Why::Newcomer { .. } => text::unknown_certificate::title_newcomer(lang),
            Why::Nameless => text::unknown_certificate::title_nameless(lang),
        }
    }

    fn by_phone(&self) -> bool {
        self.why == Why::Known
    }

    fn may_register(&self) -> bool {
        matches!(self.why, Why::Newcomer { .. })
    }

    fn is_likely_known(&self) -> bool {
        self.why
            == Why::Newcomer {
                is_likely_known: true,
            }
    }

    fn is_personal(&self) -> bool {
        self.card.organisation_ids.is_empty()
    }
}

/// `/new-certificate/organisation`: what joining an organisation takes.
#[derive(Debug, Clone, Template)]
#[template(path = "unknown_certificate_join.html")]
pub struct JoinOrganisation {
    /// The frame.
    pub page: Page,
}

/// `/new-certificate/code`: the phone of the account, then the code that came there.
#[derive(Debug, Clone, Template)]
#[template(path = "unknown_certificate_code.html")]
pub struct CertificateCode {
    /// The frame.
    pub page: Page,
    /// The number that was typed.
    pub phone: String,
    /// Mistake in it.
    pub phone_error: Option<String>,
    /// A code was sent, if that is the number.
    pub is_sent: bool,
    /// Mistake in the code.
    pub code_error: Option<String>,
    /// Why the last try was refused.
    pub refusal: Option<Refusal>,
}

/// `/new-certificate` in a session: certificate and account side by side.
#[derive(Debug, Clone, Template)]
#[template(path = "unknown_certificate_confirm.html")]
pub struct ConfirmCertificate {
    /// The frame; a person is signed in.
    pub page: Page,
    /// The certificate.
    pub card: CertificateCard,
    /// The name that it states.
    pub name_there: String,
    /// The name of the account.
    pub name_here: String,
    /// How they compare.
    pub names: Likeness,
    /// The numbers of either side.
    pub ids: Vec<IdRow>,
    /// Until when.
    pub until: String,
    /// Why the last try was refused.
    pub refusal: Option<Refusal>,
}

impl ConfirmCertificate {
    fn names_differ(&self) -> bool {
        self.names == Likeness::Differ
    }

    fn name_mark(&self) -> Mark {
        Mark::of_names(self.page.lang, self.names)
    }
}

/// A certificate that leads nowhere, why, and the ways out (D-8.b, D-8.c).
#[derive(Debug, Clone, Template)]
#[template(path = "unknown_certificate_stopped.html")]
pub struct StoppedCertificate {
    /// The frame, with or without a person.
    pub page: Page,
    /// The certificate, where it is known.
    pub card: Option<CertificateCard>,
    /// What happened, and why.
    pub refusal: Refusal,
}

impl StoppedCertificate {
    /// Whether two accounts of one person may be behind it.
    fn may_merge(&self) -> bool {
        self.page.signed_in() && self.refusal.code == "certificate.bound_elsewhere"
    }
}
