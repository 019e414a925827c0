//! A fresh proof of identity before a change.

use askama::Template;

use super::binding::Method;
use super::key_rules::KeyRules;
use super::provider::ProviderButton;
use super::{Page, Refusal};

/// `/step-up`: by certificate (`/step-up/challenge`, `/step-up/certificate`) or by password
/// (`/step-up/password`); carries on to where the person was.
#[derive(Debug, Clone, Template)]
#[template(path = "step_up.html")]
pub struct StepUp {
    /// The frame; a person is signed in.
    pub page: Page,
    /// What the proof is for.
    pub reason: Reason,
    /// Which way this account has.
    pub method: Method,
    /// The linked providers that prove anew, where that is the way.
    pub providers: Vec<ProviderButton>,
    /// Local address to open afterwards.
    pub return_to: String,
    /// Rules for judging keys in the page.
    pub rules: KeyRules,
    /// Mistake in the password field (only: empty).
    pub password_error: Option<String>,
    /// Why the last attempt was refused.
    pub refusal: Option<Refusal>,
}

/// What a fresh proof is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Changing contacts.
    Contacts,
    /// Setting or changing the password.
    Password,
    /// Changing what opens the account.
    Binding,
}

impl StepUp {
    fn by_password(&self) -> bool {
        self.method == Method::Password
    }

    fn by_passkey(&self) -> bool {
        self.method == Method::Passkey
    }

    fn by_provider(&self) -> bool {
        self.method == Method::Provider
    }

    fn why(&self) -> &'static str {
        match self.reason {
            Reason::Contacts => text::step_up::why_contacts(self.page.lang),
            Reason::Password => text::step_up::why_password(self.page.lang),
            Reason::Binding => text::step_up::why_binding(self.page.lang),
        }
    }

    fn field(&self) -> &'static str {
        if self.by_password() {
            "#password"
        } else {
            "#key-file"
        }
    }

    fn cancel(&self) -> &'static str {
        match self.reason {
            Reason::Contacts => "/profile/contacts",
            Reason::Password | Reason::Binding => "/profile/binding",
        }
    }
}
