//! A fresh proof of identity before a change.

use askama::Template;

use super::binding::Method;
use super::key_rules::KeyRules;
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
    /// Which way is shown (`?way=password` switches without scripts).
    pub method: Method,
    /// The account has a password.
    pub has_password: bool,
    /// Local address to open afterwards.
    pub return_to: String,
    /// Fields of the interrupted form, sent along so that nothing typed is lost.
    pub carry: Vec<(String, String)>,
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
    /// Ending sessions.
    Sessions,
}
