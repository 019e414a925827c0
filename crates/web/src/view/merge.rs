//! Two accounts of one person become one.

use askama::Template;

use super::key_rules::KeyRules;
use super::provider::ProviderButton;
use super::{Page, Refusal};

/// `/profile/merge`: what it is, and what can still be undone.
#[derive(Debug, Clone, Template)]
#[template(path = "merge.html")]
pub struct MergeStart {
    /// The frame; a person is signed in.
    pub page: Page,
    /// Merges that can still be undone.
    pub recent: Vec<RecentMerge>,
    /// Until when the merge that was done just now can be undone.
    pub done: Option<String>,
    /// A merge was undone just now.
    pub undone: bool,
    /// Why the last act was refused.
    pub refusal: Option<Refusal>,
}

/// A merge that can still be undone.
#[derive(Debug, Clone)]
pub struct RecentMerge {
    /// For `/profile/merge/{id}/undo`.
    pub id: String,
    /// Whose the other account was.
    pub name: String,
    /// When.
    pub at: String,
    /// Until when it can be undone.
    pub until: String,
}

/// `/profile/merge/prove`: by the strongest way into the other account.
#[derive(Debug, Clone, Template)]
#[template(path = "merge_prove.html")]
pub struct MergeProve {
    /// The frame; a person is signed in.
    pub page: Page,
    /// Which form is shown.
    pub by: ProofBy,
    /// Rules for judging keys in the page.
    pub rules: KeyRules,
    /// The providers that everybody is offered.
    pub providers: Vec<ProviderButton>,
    /// What was typed as login.
    pub login: String,
    /// Why the last attempt was refused.
    pub refusal: Option<Refusal>,
}

/// How the other account is proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProofBy {
    /// By a certificate.
    Certificate,
    /// By a password.
    Password,
    /// By a passkey, or through a provider.
    Other,
}

impl MergeProve {
    fn by_password(&self) -> bool {
        self.by == ProofBy::Password
    }

    fn by_other(&self) -> bool {
        self.by == ProofBy::Other
    }

    fn by_key(&self) -> bool {
        self.by == ProofBy::Certificate
    }
}

/// `/profile/merge/confirm`: what moves and what does not.
#[derive(Debug, Clone, Template)]
#[template(path = "merge_confirm.html")]
pub struct MergeConfirm {
    /// The frame; a person is signed in.
    pub page: Page,
    /// Whose the other account is.
    pub name: String,
    /// What moves.
    pub moves: Vec<MergeItem>,
    /// What has no room.
    pub stays: Vec<MergeItem>,
    /// One of two passwords is to be chosen.
    pub two_passwords: bool,
    /// Why the two are not one.
    pub refusal: Option<Refusal>,
}

/// Something that the other account holds.
#[derive(Debug, Clone)]
pub struct MergeItem {
    /// Its icon.
    pub icon: &'static str,
    /// What it is.
    pub kind: &'static str,
    /// How its owner knows it; may be empty.
    pub name: String,
}
