//! Two identities side by side, before they are linked (B-5.f, B-13).

use askama::Template;
use cabinet::sign_in::federation::{Choice, Likeness};
use text::Lang;

use super::{Page, Refusal};

/// `/profile/linking`: posts to itself.
#[derive(Debug, Clone, Template)]
#[template(path = "linking.html")]
pub struct Linking {
    /// The frame; a person is signed in.
    pub page: Page,
    /// What people call the provider.
    pub provider: String,
    /// The name there; may be empty.
    pub name_there: String,
    /// The name here.
    pub name_here: String,
    /// How the names compare.
    pub names: Likeness,
    /// The numbers of either side.
    pub ids: Vec<IdRow>,
    /// Contacts that the provider gives.
    pub contacts: Vec<ContactRow>,
    /// The name of the identity that would be replaced; perhaps empty.
    pub replaces: Option<String>,
    /// The person said that they saw the difference.
    pub difference_seen: bool,
    /// The person wants the other identity replaced.
    pub replace: bool,
    /// Until when the link can be confirmed.
    pub until: String,
    /// Why the last try was refused.
    pub refusal: Option<Refusal>,
}

/// A number, as both sides give it.
#[derive(Debug, Clone)]
pub struct IdRow {
    /// What it is called.
    pub label: String,
    /// What the provider says.
    pub there: Option<String>,
    /// What the account has.
    pub here: Option<String>,
}

/// A contact that can be taken.
#[derive(Debug, Clone)]
pub struct ContactRow {
    /// What it is chosen by.
    pub key: String,
    /// As people read it.
    pub value: String,
    /// It needs no code.
    pub is_verified: bool,
    /// The account has it already.
    pub is_known: bool,
    /// What it would replace.
    pub replaces: Option<String>,
    /// It is ticked.
    pub is_chosen: bool,
}

/// How two fields compare: a class, an icon and words.
pub(super) struct Mark {
    pub(super) class: &'static str,
    pub(super) icon: &'static str,
    pub(super) words: &'static str,
}

impl Mark {
    fn same(lang: Lang) -> Self {
        Self {
            class: "state-success",
            icon: "check",
            words: text::provider::same(lang),
        }
    }

    fn differs(lang: Lang) -> Self {
        Self {
            class: "state-warning",
            icon: "warning",
            words: text::provider::differs(lang),
        }
    }

    /// How the names of both sides compare.
    pub(super) fn of_names(lang: Lang, names: Likeness) -> Self {
        match names {
            Likeness::Same => Self::same(lang),
            Likeness::Partly => Self::told(text::provider::partly(lang)),
            Likeness::Differ => Self::differs(lang),
            Likeness::Unknown => Self::told(text::provider::not_given(lang)),
        }
    }

    fn told(words: &'static str) -> Self {
        Self {
            class: "",
            icon: "info",
            words,
        }
    }
}

impl Linking {
    /// Ticks what the person had ticked.
    pub(crate) fn keep(&mut self, choice: &Choice) {
        self.difference_seen = choice.difference_seen;
        self.replace = choice.replace;
        for row in &mut self.contacts {
            row.is_chosen = choice.contacts.contains(&row.key);
        }
    }

    fn names_differ(&self) -> bool {
        self.names == Likeness::Differ
    }

    fn name_mark(&self) -> Mark {
        Mark::of_names(self.page.lang, self.names)
    }
}

impl IdRow {
    pub(super) fn mark(&self, lang: Lang) -> Mark {
        match (&self.there, &self.here) {
            (Some(there), Some(here)) if there == here => Mark::same(lang),
            (Some(_), Some(_)) => Mark::differs(lang),
            (Some(_), None) => Mark::told(text::provider::only_there(lang)),
            (None, _) => Mark::told(text::provider::only_here(lang)),
        }
    }
}
