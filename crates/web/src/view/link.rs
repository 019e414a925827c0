//! Pages opened from a letter: a GET shows, only the button acts.

use askama::Template;
use cabinet::contact::ConfirmRefusal;
use cabinet::session::Remedy;
use cabinet::ticket::LinkRefusal;
use text::Lang;

use super::Page;
use super::contact::Slot;

/// Why a link does nothing any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dead {
    /// Its time is over.
    Expired,
    /// It was used already.
    Used,
    /// A newer one took its place, or what it was about was given up.
    Replaced,
    /// Nobody knows it.
    Unknown,
    /// The address belongs to another account.
    NotAvailable,
}

impl From<LinkRefusal> for Dead {
    fn from(refusal: LinkRefusal) -> Self {
        match refusal {
            LinkRefusal::Unknown => Self::Unknown,
            LinkRefusal::Used => Self::Used,
            LinkRefusal::Replaced => Self::Replaced,
            LinkRefusal::Expired => Self::Expired,
        }
    }
}

impl From<ConfirmRefusal> for Dead {
    fn from(refusal: ConfirmRefusal) -> Self {
        match refusal {
            ConfirmRefusal::LinkUsed => Self::Used,
            ConfirmRefusal::LinkReplaced => Self::Replaced,
            ConfirmRefusal::LinkExpired => Self::Expired,
            ConfirmRefusal::NotAvailable => Self::NotAvailable,
            _ => Self::Unknown,
        }
    }
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

/// `/not-me`: end all sessions after a notice of something that was not one's own.
#[derive(Debug, Clone, Template)]
#[template(path = "not_me.html")]
pub struct NotMe {
    /// The frame, with or without a person.
    pub page: Page,
    /// What the page shows.
    pub state: NotMeState,
}

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotMeState {
    /// The button waits.
    Ready {
        /// Where the form posts.
        action: String,
        /// When the notice was written, with zone.
        at: String,
        /// What becomes of the way in that the notice told of.
        remedy: Remedy,
    },
    /// It was done just now.
    Done {
        /// What became of the way in that the notice told of.
        remedy: Remedy,
    },
    /// The link does nothing any more.
    Dead(Dead),
}

impl NotMe {
    fn title(&self) -> &'static str {
        let lang = self.page.lang;
        match &self.state {
            NotMeState::Ready { .. } => text::link::not_me_title(lang),
            NotMeState::Done { .. } => text::link::not_me_done_title(lang),
            NotMeState::Dead(dead) => dead.title(lang),
        }
    }

    /// What becomes of the way in, or what is to be done now; nothing where only the sessions end.
    fn words(&self) -> Option<&'static str> {
        let lang = self.page.lang;
        match &self.state {
            NotMeState::Ready { remedy, .. } => match remedy {
                Remedy::Nothing => None,
                Remedy::PasswordRemoved => Some(text::link::not_me_password(lang)),
                Remedy::IdentitySuspended => Some(text::link::not_me_identity(lang)),
                Remedy::PasskeyRemoved => Some(text::link::not_me_passkey(lang)),
                Remedy::OnlyWayStays => Some(text::link::not_me_only_way(lang)),
                Remedy::KeyStays => Some(text::link::not_me_key(lang)),
                Remedy::MergeUndone => Some(text::link::not_me_merge(lang)),
                Remedy::RecoveryStopped => Some(text::link::not_me_recovery(lang)),
            },
            NotMeState::Done { remedy } => Some(match remedy {
                Remedy::Nothing | Remedy::OnlyWayStays => text::link::not_me_done_why(lang),
                Remedy::PasswordRemoved => text::link::not_me_done_password(lang),
                Remedy::IdentitySuspended => text::link::not_me_done_identity(lang),
                Remedy::PasskeyRemoved => text::link::not_me_done_passkey(lang),
                Remedy::KeyStays => text::link::not_me_done_key(lang),
                Remedy::MergeUndone => text::link::not_me_done_merge(lang),
                Remedy::RecoveryStopped => text::link::not_me_done_recovery(lang),
            }),
            NotMeState::Dead(_) => None,
        }
    }
}

impl Confirm {
    fn title(&self) -> &'static str {
        let lang = self.page.lang;
        match &self.state {
            ConfirmState::Ready { slot, .. } if slot.is_phone() => text::link::confirm_title_phone(lang),
            ConfirmState::Ready { .. } => text::link::confirm_title_email(lang),
            ConfirmState::Done { .. } => text::link::confirmed_title(lang),
            ConfirmState::Dead(dead) => dead.title(lang),
        }
    }
}

impl Undo {
    fn title(&self) -> &'static str {
        let lang = self.page.lang;
        match &self.state {
            UndoState::Ready { .. } => text::link::undo_title(lang),
            UndoState::Done { .. } => text::link::undone_title(lang),
            UndoState::Dead(dead) => dead.title(lang),
        }
    }
}

impl Dead {
    fn title(self, lang: Lang) -> &'static str {
        match self {
            Self::Expired | Self::Replaced => text::link::expired_title(lang),
            Self::Used => text::link::used_title(lang),
            Self::Unknown => text::link::unknown_title(lang),
            Self::NotAvailable => text::refusal::contact_not_available(lang),
        }
    }

    fn confirm_why(self, lang: Lang) -> &'static str {
        match self {
            Self::Expired => text::link::expired_confirm(lang),
            Self::Used => text::link::used_why(lang),
            Self::Replaced => text::link::replaced_why(lang),
            Self::Unknown => text::link::unknown_why(lang),
            Self::NotAvailable => text::refusal::contact_not_available_why(lang),
        }
    }

    fn undo_why(self, lang: Lang) -> &'static str {
        match self {
            Self::Expired => text::link::expired_undo(lang),
            other => other.confirm_why(lang),
        }
    }
}
