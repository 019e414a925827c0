//! Through an outside provider: on the way there, and what follows.

use askama::Template;

use super::{Page, Refusal};

/// A provider that can be chosen.
#[derive(Debug, Clone)]
pub struct ProviderButton {
    /// Its name in addresses.
    pub id: String,
    /// What people call it.
    pub label: String,
}

/// Whom the sign-in page waits for: who came from a provider, or with a new certificate, and has an account here (B-4,
/// D-8).
#[derive(Debug, Clone)]
pub struct Expected {
    /// What is to be added.
    pub title: String,
    /// The name it states; may be empty.
    pub name: String,
    /// What follows.
    pub why: &'static str,
}

/// On the way to a provider; the browser goes on by itself.
#[derive(Debug, Clone, Template)]
#[template(path = "provider_departing.html")]
pub struct Departing {
    /// The frame.
    pub page: Page,
    /// What people call the provider.
    pub provider: String,
    /// Where the browser goes.
    pub address: String,
}

/// `/sign-in/provider/{id}/password`: what a directory of an organisation checks.
#[derive(Debug, Clone, Template)]
#[template(path = "directory_password.html")]
pub struct DirectoryPassword {
    /// The frame.
    pub page: Page,
    /// What people call the directory.
    pub provider: String,
    /// Where the form goes.
    pub action: String,
    /// What was typed as user name.
    pub login: String,
    /// Mistake in that field.
    pub login_error: Option<String>,
    /// Mistake in the password field.
    pub password_error: Option<String>,
    /// Why the last attempt was refused.
    pub refusal: Option<Refusal>,
}

/// `/sign-in/provider`: who arrived, and that no account here is linked to them (B-3).
#[derive(Debug, Clone, Template)]
#[template(path = "provider_not_linked.html")]
pub struct NotLinked {
    /// The frame, with or without a person.
    pub page: Page,
    /// What people call the provider.
    pub provider: String,
    /// The name it gave; may be empty.
    pub name: String,
    /// Until when who arrived is remembered.
    pub until: String,
}

/// A way that did not end where it should.
#[derive(Debug, Clone, Template)]
#[template(path = "provider_problem.html")]
pub struct ProviderProblem {
    /// The frame, with or without a person.
    pub page: Page,
    /// What happened, why, and what to do.
    pub refusal: Refusal,
    /// What people call the provider, where it is known.
    pub provider: Option<String>,
    /// Where the same way begins again, by a form.
    pub again: Option<String>,
    /// Where the person signs out there, so that the next proof is a new one.
    pub sign_out_there: Option<String>,
    /// Where the person came from.
    pub way_back: String,
    /// Local address to open afterwards; empty for the home page.
    pub return_to: String,
}

impl ProviderProblem {
    /// Whether the same way may end better next time.
    fn is_worth_again(&self) -> bool {
        !matches!(
            self.refusal.code,
            "provider.off"
                | "federation.suspended"
                | "federation.already_linked"
                | "federation.contact_first"
                | "account.blocked"
        )
    }
}
