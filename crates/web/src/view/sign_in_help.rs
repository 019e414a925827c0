//! A key that does not open the cabinet today, and the ways that still do.

use askama::Template;

use super::certificate::CertificateCard;
use super::provider::ProviderButton;
use super::{Page, Refusal};

/// What follows a sign-in with a certificate that has ended, is not valid yet, or whose state nobody could tell; also
/// `/sign-in/ended`, for whoever has no other.
#[derive(Debug, Clone, Template)]
#[template(path = "sign_in_help.html")]
pub struct SignInHelp {
    /// The frame.
    pub page: Page,
    /// What happened; none: the person asks by themselves.
    pub refusal: Option<Refusal>,
    /// The certificate, where it can be read.
    pub card: Option<CertificateCard>,
    /// Providers that can be chosen instead.
    pub providers: Vec<ProviderButton>,
    /// Local address to open afterwards; empty for the home page.
    pub return_to: String,
}

impl SignInHelp {
    fn title(&self) -> &str {
        match &self.refusal {
            Some(refusal) => &refusal.what,
            None => text::sign_in_help::title(self.page.lang),
        }
    }

    fn lead(&self) -> &str {
        match &self.refusal {
            Some(refusal) => &refusal.why,
            None => text::sign_in_help::title_lead(self.page.lang),
        }
    }

    /// On which day it ended or begins.
    fn when(&self) -> Option<String> {
        let (lang, card) = (self.page.lang, self.card.as_ref()?);
        match self.refusal.as_ref()?.code {
            "certificate.expired" => Some(text::sign_in_help::ended(lang, &card.not_after)),
            "certificate.not_yet_valid" => Some(text::sign_in_help::begins(lang, &card.not_before)),
            _ => None,
        }
    }

    /// Whether the same key may serve in a while.
    fn is_worth_again(&self) -> bool {
        let code = self.refusal.as_ref().map(|refusal| refusal.code);
        code.is_some_and(|code| code != "certificate.expired" && code != "certificate.not_yet_valid")
    }

    fn password_page(&self) -> String {
        super::returning("/sign-in/password", &self.return_to)
    }

    fn key_page(&self) -> String {
        super::returning("/sign-in", &self.return_to)
    }
}
