//! The start page and the end of a visit.

use askama::Template;

use super::{Page, returning};

/// `/`: one clear button; a person who is signed in sees their name instead.
#[derive(Debug, Clone, Template)]
#[template(path = "start.html")]
pub struct Start {
    /// The frame.
    pub page: Page,
    /// There are organisations to sign in through.
    pub organisations: bool,
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
    /// What was typed when the session ended is kept until the next sign-in.
    pub kept: bool,
    /// People enter with certificates that the browser shows: it may show one again without asking.
    pub remembers: bool,
}

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignOutReason {
    /// The person pressed «Выход».
    Chosen,
    /// Nothing was done for too long, or the session reached its greatest age.
    TimedOut,
    /// It was ended from another device, or by a change that ends sessions.
    EndedElsewhere,
}

impl SignedOut {
    fn title(&self) -> &'static str {
        match self.reason {
            SignOutReason::Chosen => text::start::signed_out(self.page.lang),
            SignOutReason::TimedOut => text::start::timed_out(self.page.lang),
            SignOutReason::EndedElsewhere => text::start::ended_elsewhere(self.page.lang),
        }
    }

    fn why(&self) -> &'static str {
        match self.reason {
            SignOutReason::Chosen => text::start::signed_out_why(self.page.lang),
            SignOutReason::TimedOut => text::start::timed_out_why(self.page.lang),
            SignOutReason::EndedElsewhere => text::start::ended_elsewhere_why(self.page.lang),
        }
    }

    fn again(&self) -> String {
        returning("/sign-in", &self.return_to)
    }
}
