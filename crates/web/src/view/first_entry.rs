//! The first entry: an address is given and confirmed before the cabinet opens.

use askama::Template;

use super::{Page, Refusal};

/// What the operator requires on the first entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Required {
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// Either of them, as the person likes.
    Either,
}

/// Which of the two is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressKind {
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
}

/// `/first-entry`: give an address; posts `kind` (`email` or `phone`), `email`, `phone` to itself.
#[derive(Debug, Clone, Template)]
#[template(path = "first_entry.html")]
pub struct FirstEntry {
    /// The frame; a person is signed in.
    pub page: Page,
    /// What is required.
    pub required: Required,
    /// Which of the two is chosen, where either will do (`?kind=phone` switches without scripts).
    pub kind: AddressKind,
    /// What was typed.
    pub value: String,
    /// Mistake in the field.
    pub error: Option<String>,
    /// Why nothing was sent (limits).
    pub refusal: Option<Refusal>,
}

/// `/first-entry/code`: the code that was sent. Posts `code` to itself, `resend` to
/// `/first-entry/resend`; the address is changed at `/first-entry`.
#[derive(Debug, Clone, Template)]
#[template(path = "first_entry_code.html")]
pub struct FirstEntryCode {
    /// The frame; a person is signed in.
    pub page: Page,
    /// What was given.
    pub kind: AddressKind,
    /// The address or number, as typed.
    pub address: String,
    /// Until when the code works, e.g. `14:35`; empty when it does not any more.
    pub until: String,
    /// When the code can be sent again, e.g. `14:27`; `None` when now.
    pub resend_at: Option<String>,
    /// It was just sent again.
    pub resent: bool,
    /// Mistake in the code field, with the tries left.
    pub error: Option<String>,
    /// Why the code was refused for good (tries used up, expired) or nothing was sent (limits).
    pub refusal: Option<Refusal>,
}

impl FirstEntry {
    fn asks_phone(&self) -> bool {
        match self.required {
            Required::Email => false,
            Required::Phone => true,
            Required::Either => self.kind == AddressKind::Phone,
        }
    }

    fn title(&self) -> &'static str {
        match self.required {
            Required::Email => text::first_entry::title_email(self.page.lang),
            Required::Phone => text::first_entry::title_phone(self.page.lang),
            Required::Either => text::first_entry::title_either(self.page.lang),
        }
    }

    fn field(&self) -> &'static str {
        if self.asks_phone() { "#phone" } else { "#email" }
    }
}

impl FirstEntryCode {
    fn by_phone(&self) -> bool {
        self.kind == AddressKind::Phone
    }
}
