//! The start page and the end of a visit.

use askama::Template;

use super::Page;

/// `/`: one clear button; a person who is signed in sees their name instead.
#[derive(Debug, Clone, Template)]
#[template(path = "start.html")]
pub struct Start {
    /// The frame.
    pub page: Page,
}

/// After «Выход», or where a session was found to be over.
#[derive(Debug, Clone, Template)]
#[template(path = "signed_out.html")]
pub struct SignedOut {
    /// The frame, without a person.
    pub page: Page,
    /// How the session ended.
    pub reason: SignOutReason,
    /// Where to go after the next sign-in; empty for the home page.
    pub return_to: String,
}

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignOutReason {
    /// The person pressed «Выход».
    Chosen,
    /// Nothing was done for too long, or the session reached its greatest age.
    TimedOut,
    /// It was ended from another device.
    EndedElsewhere,
}
