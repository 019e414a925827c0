//! Pages opened from a letter: a GET shows, only the button acts.

use askama::Template;

use super::Page;
use super::contact::Slot;

/// Why a link does nothing any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dead {
    /// Its time is over.
    Expired,
    /// It was used already.
    Used,
    /// Nobody knows it.
    Unknown,
}

/// `/confirm/{token}`: confirm an address.
#[derive(Debug, Clone, Template)]
#[template(path = "confirm.html")]
pub struct Confirm {
    /// The frame, with or without a person.
    pub page: Page,
    /// What the page shows.
    pub state: ConfirmState,
}

/// What the confirmation page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfirmState {
    /// The button waits.
    Ready {
        /// Where the form posts.
        action: String,
        /// Which contact.
        slot: Slot,
        /// The address, masked: `a•••a@mail.kz`.
        address: String,
    },
    /// It was done just now.
    Done {
        /// The address, masked.
        address: String,
    },
    /// The link does nothing any more.
    Dead(Dead),
}

/// `/undo/{token}`: take back a change of contact that was not one's own.
#[derive(Debug, Clone, Template)]
#[template(path = "undo.html")]
pub struct Undo {
    /// The frame, with or without a person.
    pub page: Page,
    /// What the page shows.
    pub state: UndoState,
}

/// What the undo page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UndoState {
    /// The button waits.
    Ready {
        /// Where the form posts.
        action: String,
        /// Which contact.
        slot: Slot,
        /// What comes back into force, masked.
        old: String,
        /// What replaced it, masked; empty when it was removed.
        new: String,
        /// When it was replaced, with zone.
        changed_at: String,
    },
    /// It was done just now; all sessions were ended.
    Done {
        /// What is in force again, masked.
        old: String,
    },
    /// The link does nothing any more.
    Dead(Dead),
}
