//! «Контакты»: four fields, each with a state.

use askama::Template;
use text::Lang;

use super::{Page, Refusal};

/// One of the four fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// E-mail.
    Email,
    /// Phone.
    Phone,
    /// Additional e-mail.
    ExtraEmail,
    /// Additional phone.
    ExtraPhone,
}

impl Slot {
    /// As in addresses and field names.
    pub fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::ExtraEmail => "extra_email",
            Self::ExtraPhone => "extra_phone",
        }
    }

    /// The id of the field for its code.
    fn code_id(self) -> &'static str {
        match self {
            Self::Email => "email-code",
            Self::Phone => "phone-code",
            Self::ExtraEmail => "extra_email-code",
            Self::ExtraPhone => "extra_phone-code",
        }
    }

    /// What the field is called.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Email => text::contact::email(lang),
            Self::Phone => text::contact::phone(lang),
            Self::ExtraEmail => text::contact::extra_email(lang),
            Self::ExtraPhone => text::contact::extra_phone(lang),
        }
    }

    /// Whether the field takes a phone number.
    pub fn is_phone(self) -> bool {
        matches!(self, Self::Phone | Self::ExtraPhone)
    }
}

/// `/profile/contacts`: posts the four fields (named by [`Slot::name`]) and `version` to itself; the
/// pending ones post to `/profile/contacts/{slot}/confirm|resend|cancel`.
#[derive(Debug, Clone, Template)]
#[template(path = "contacts.html")]
pub struct Contacts {
    /// The frame; a person is signed in.
    pub page: Page,
    /// Version of the contacts this form was filled from.
    pub version: String,
    /// The four fields, in the order of [`Slot`].
    pub fields: Vec<ContactField>,
    /// What was just done, said in place.
    pub done: Option<Done>,
    /// Why nothing was saved, where no single field is to blame.
    pub refusal: Option<Refusal>,
}

impl Contacts {
    /// Whether any field has a mistake, so that the summary is shown.
    pub fn has_errors(&self) -> bool {
        self.fields.iter().any(|field| field.error.is_some())
    }

    /// Whether anything waits for confirmation.
    pub fn any_pending(&self) -> bool {
        self.fields.iter().any(|field| field.pending.is_some())
    }
}

/// One field with its state.
#[derive(Debug, Clone)]
pub struct ContactField {
    /// Which one.
    pub slot: Slot,
    /// What the field holds: what was typed, or the address in force, or else the pending one.
    pub value: String,
    /// What is in force.
    pub state: State,
    /// A new value that waits for confirmation.
    pub pending: Option<Pending>,
    /// Mistake in the field.
    pub error: Option<String>,
}

impl ContactField {
    fn is_in_force(&self) -> bool {
        self.state != State::Empty
    }

    fn is_bouncing(&self) -> bool {
        matches!(self.state, State::Bouncing { .. })
    }

    /// Whether a code can be asked for that confirms the same value anew.
    fn can_reconfirm(&self) -> bool {
        matches!(self.state, State::Aged { .. }) && self.pending.is_none()
    }

    /// Whether the value in force waits to be replaced by another.
    fn is_replaced_by(&self, pending: &Pending) -> bool {
        self.is_in_force() && pending.value != self.value
    }

    fn state_words(&self, lang: Lang) -> String {
        match &self.state {
            State::Empty if self.pending.is_some() => text::contact::unverified(lang).to_owned(),
            State::Empty => text::contact::empty(lang).to_owned(),
            State::Confirmed { since } => text::contact::confirmed(lang, since),
            State::Aged { since } => text::contact::aged(lang, since),
            State::Bouncing { since } => text::contact::bouncing(lang, since),
        }
    }

    fn state_class(&self) -> &'static str {
        match self.state {
            State::Empty => "",
            State::Confirmed { .. } => "state-success",
            State::Aged { .. } => "state-warning",
            State::Bouncing { .. } => "state-danger",
        }
    }

    fn state_icon(&self) -> &'static str {
        match self.state {
            State::Empty => "info",
            State::Confirmed { .. } => "check",
            State::Aged { .. } => "clock",
            State::Bouncing { .. } => "warning",
        }
    }
}

/// What is in force in one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Nothing.
    Empty,
    /// Confirmed.
    Confirmed {
        /// The date of confirmation.
        since: String,
    },
    /// Confirmed so long ago that it is to be confirmed anew.
    Aged {
        /// The date of confirmation.
        since: String,
    },
    /// Confirmed, but letters or messages come back.
    Bouncing {
        /// Since which date.
        since: String,
    },
}

/// A value that waits for confirmation.
#[derive(Debug, Clone)]
pub struct Pending {
    /// The new address or number.
    pub value: String,
    /// Until when its code works, with the date where it is not today.
    pub until: String,
    /// The code or link cannot be used any more; it must be sent again.
    pub expired: bool,
    /// When it can be sent again, e.g. `14:27`; `None` when now.
    pub resend_at: Option<String>,
    /// What was typed as code, kept after a mistake.
    pub code: String,
    /// Mistake in the code, with the tries left.
    pub code_error: Option<String>,
}

/// What was just done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// Saved; everything is in force.
    Saved,
    /// Saved; something waits for confirmation.
    SavedPending,
    /// The form said what was already so.
    Unchanged,
    /// A code was accepted.
    Confirmed(Slot),
    /// A code was sent again.
    Resent(Slot),
    /// A pending change was dropped.
    Cancelled(Slot),
    /// Nothing yet: what was typed before the fresh proof is back in the fields.
    Kept,
}

impl Done {
    fn title(self, lang: Lang) -> String {
        match self {
            Self::Saved => text::contact::saved(lang).to_owned(),
            Self::SavedPending => text::contact::saved_pending(lang).to_owned(),
            Self::Unchanged => text::contact::unchanged(lang).to_owned(),
            Self::Confirmed(slot) => text::contact::confirmed_now(lang, slot.label(lang)),
            Self::Resent(slot) => text::contact::resent(lang, slot.label(lang)),
            Self::Cancelled(slot) => text::contact::dropped(lang, slot.label(lang)),
            Self::Kept => text::contact::kept(lang).to_owned(),
        }
    }

    fn why(self, lang: Lang) -> &'static str {
        match self {
            Self::SavedPending => text::contact::saved_pending_why(lang),
            Self::Resent(_) => text::contact::resent_why(lang),
            Self::Kept => text::contact::kept_why(lang),
            Self::Saved | Self::Unchanged | Self::Confirmed(_) | Self::Cancelled(_) => "",
        }
    }
}

/// The form was filled from an older state: shows both, saves nothing. Posts `version` (the newer one)
/// and the four chosen values to `/profile/contacts`.
#[derive(Debug, Clone, Template)]
#[template(path = "contacts_conflict.html")]
pub struct ContactsConflict {
    /// The frame; a person is signed in.
    pub page: Page,
    /// Version of the contacts as they are now.
    pub version: String,
    /// When they were changed, with zone.
    pub changed_at: String,
    /// The four fields, in the order of [`Slot`].
    pub rows: Vec<ConflictRow>,
}

/// One field of a conflict.
#[derive(Debug, Clone)]
pub struct ConflictRow {
    /// Which field.
    pub slot: Slot,
    /// What this form would save; may be empty.
    pub yours: String,
    /// What is saved now; may be empty.
    pub saved: String,
}

impl ConflictRow {
    /// Whether the person must choose.
    pub fn differs(&self) -> bool {
        self.yours != self.saved
    }
}
