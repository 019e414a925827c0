//! The frame that every page shares.

use std::sync::Arc;

use cabinet::organisation::{SupportEntry, SupportWay};
use text::Lang;

/// Everything the layout needs, the same on every page.
#[derive(Debug, Clone)]
pub struct Page {
    /// Language of the page.
    pub lang: Lang,
    /// The installation's name.
    pub product: String,
    /// Full name of the person who is signed in; `None` before sign-in.
    pub person: Option<String>,
    /// The organisation that the person is here for.
    pub organisation: Option<String>,
    /// Token of this browser or session, repeated in every form.
    pub csrf: String,
    /// Path and query of this page as a GET would ask for it; the language switch returns here.
    pub path: String,
    /// Who helps, in the operator's order.
    pub support: Arc<[Support]>,
    /// Version of the server.
    pub version: &'static str,
    /// The demo runs: the layout links to its messages.
    pub demo: bool,
    /// After how many idle minutes the session ends; the page warns before. 0 before sign-in.
    pub idle_minutes: u64,
}

impl Page {
    /// Language of the page, by value, as text functions take it.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The languages of the switch: code, short name, full name.
    pub(super) fn languages() -> [(&'static str, &'static str, &'static str); 3] {
        Lang::ALL.map(|lang| {
            let short = match lang {
                Lang::Kk => "Қаз",
                Lang::Ru => "Рус",
                Lang::En => "Eng",
            };
            (lang.code(), short, lang.name())
        })
    }

    /// Whether a person is signed in.
    pub fn signed_in(&self) -> bool {
        self.person.is_some()
    }
}

/// One way to reach the people who help.
#[derive(Debug, Clone)]
pub struct Support {
    /// Whom one reaches, in the operator's words.
    pub label: String,
    /// What `value` is.
    pub kind: SupportKind,
    /// Number or address as the operator writes it.
    pub value: String,
}

/// How support is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SupportKind {
    /// A phone number, perhaps a short one.
    Phone,
    /// A mailbox.
    Mail,
}

impl From<&SupportEntry> for Support {
    fn from(entry: &SupportEntry) -> Self {
        let (kind, value) = match &entry.way {
            SupportWay::Phone(number) => (SupportKind::Phone, number),
            SupportWay::Mail(address) => (SupportKind::Mail, address),
        };
        Self {
            label: entry.label.clone(),
            kind,
            value: value.clone(),
        }
    }
}

impl Support {
    pub(super) fn icon(&self) -> &'static str {
        match self.kind {
            SupportKind::Phone => "phone",
            SupportKind::Mail => "mail",
        }
    }

    /// Address for a link that dials or writes.
    pub fn href(&self) -> String {
        match self.kind {
            SupportKind::Phone => {
                let mut link = String::with_capacity("tel:".len() + self.value.len());
                link.push_str("tel:");
                link.extend(self.value.chars().filter(|c| c.is_ascii_digit() || *c == '+'));
                link
            }
            SupportKind::Mail => format!("mailto:{}", self.value),
        }
    }
}

/// A refusal in words: what happened, why if it can be told, what to do now, and the code support asks for.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// Stable code, such as `certificate.expired`.
    pub code: &'static str,
    /// What happened, in one sentence.
    pub what: String,
    /// Why; empty when it cannot be told.
    pub why: String,
    /// What to do now; empty when the page's form says it.
    pub now: String,
    /// Reference of this request, also in the log.
    pub reference: String,
}

impl Refusal {
    /// Where the button leads: to the field that `field` names, unless another place helps more.
    pub(super) fn href<'a>(&self, field: &'a str) -> &'a str {
        match self.code {
            "account.blocked" => "#support",
            "federation.other_session" | "federation.already_linked" | "recovery.review_over" => {
                "/profile/binding"
            }
            "merge.gone"
            | "merge.person_id_differs"
            | "merge.has_rights"
            | "merge.blocked"
            | "merge.undo_over" => "/profile/merge",
            "merge.not_proven" => "/profile/merge/prove",
            "federation.contact_first" => "/profile/contacts",
            "binding.last_usable" => "/profile/password",
            "certificate.not_bound" => "/sign-in/password",
            "contact.frozen"
            | "password.too_many_tries"
            | "session.gone"
            | "federation.suspended"
            | "provider.off"
            | "organisation.closed" => "/sign-in",
            "organisation.not_member" | "organisation.other_method" => "/profile/organisations",
            "first_entry.required" => "/first-entry",
            "link.gone"
            | "link.used"
            | "link.replaced"
            | "link.expired"
            | "federation.linked_elsewhere"
            | "federation.person_id_differs" => "/cabinet",
            "step_up.required" => "/step-up",
            "recovery.gone"
            | "recovery.too_early"
            | "recovery.too_many_tries"
            | "recovery.too_many_requests" => "/recover",
            "recovery.step_missing" => "/recover/proof",
            _ => field,
        }
    }
}
