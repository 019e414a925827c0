//! Signing in: the tabs «по ЭЦП» and «По ИИН».

use askama::Template;

use super::key_rules::KeyRules;
use super::provider::{Expected, ProviderButton};
use super::{Page, Refusal, returning};

/// `/sign-in`: the key dialog. Its script asks `/sign-in/challenge` and posts to `/sign-in/certificate`.
#[derive(Debug, Clone, Template)]
#[template(path = "sign_in_certificate.html")]
pub struct SignInCertificate {
    /// The frame.
    pub page: Page,
    /// Local address to open afterwards; empty for the home page.
    pub return_to: String,
    /// The code of the organisation whose page led here; empty: none did.
    pub organisation: String,
    /// There are organisations to sign in through.
    pub organisations: bool,
    /// Providers that can be chosen instead.
    pub providers: Vec<ProviderButton>,
    /// Who came from a provider and is to prove an account here.
    pub expected: Option<Expected>,
    /// Rules for judging keys in the page.
    pub rules: KeyRules,
    /// Why the last attempt was refused.
    pub refusal: Option<Refusal>,
}

/// `/sign-in/password`: IIN, phone or e-mail with a password; posts to itself.
#[derive(Debug, Clone, Template)]
#[template(path = "sign_in_password.html")]
pub struct SignInPassword {
    /// The frame.
    pub page: Page,
    /// Local address to open afterwards; empty for the home page.
    pub return_to: String,
    /// There are organisations to sign in through.
    pub organisations: bool,
    /// Providers that can be chosen instead.
    pub providers: Vec<ProviderButton>,
    /// Who came from a provider and is to prove an account here.
    pub expected: Option<Expected>,
    /// What was typed as login, kept after a refusal.
    pub login: String,
    /// Mistake in the login field: empty, or an IIN whose check digit does not fit.
    pub login_error: Option<String>,
    /// Mistake in the password field (only: empty).
    pub password_error: Option<String>,
    /// Why the last attempt was refused.
    pub refusal: Option<Refusal>,
}

impl SignInCertificate {
    fn certificate_tab(&self) -> String {
        returning("/sign-in", &self.return_to)
    }

    fn password_tab(&self) -> String {
        returning("/sign-in/password", &self.return_to)
    }

    fn organisation_tab(&self) -> String {
        returning("/organisations", &self.return_to)
    }
}

impl SignInPassword {
    fn certificate_tab(&self) -> String {
        returning("/sign-in", &self.return_to)
    }

    fn password_tab(&self) -> String {
        returning("/sign-in/password", &self.return_to)
    }

    fn organisation_tab(&self) -> String {
        returning("/organisations", &self.return_to)
    }
}
