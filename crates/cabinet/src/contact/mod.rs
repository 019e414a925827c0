//! Contacts: a person's e-mail and phone, primary and additional.
//!
//! - A new value waits until its owner confirms it, by a code or a link; the old one stays in force until then and is
//!   told at once, with a link that undoes the change (A-12.a, CON-1).
//! - Only a confirmation makes a value count, and only for the account and slot that asked (CON-2). A confirmed primary
//!   contact signs in one account only (CON-3); whose it is, is told to its owner and to nobody else (A-8.c).
//! - A change needs step-up; undoing one ends all sessions and freezes contacts until a new proof.

mod budget;
mod change;
mod confirm;
mod email;
mod first_entry;
mod login;
mod notify;
mod phone;
mod prefix;
mod save;
mod stated;
mod store;
mod undo;
mod value;

pub(crate) use change::new_code;
pub use change::{CancelRefusal, ResendRefusal, cancel, reconfirm, resend, void_pending};
pub use confirm::{
    ConfirmRefusal, Confirmed, LinkPreview, confirm_by_code, confirm_by_link, confirm_by_link_preview,
};
pub use email::{Email, EmailError};
pub use first_entry::{FirstEntryRefusal, first_entry_request};
pub use login::{find_login, login_key};
pub use notify::tell;
pub(crate) use notify::{mark_bouncing, mark_reached, send_code, tell_unhurried};
pub use phone::{E164, PhoneError};
pub use prefix::{StoppedPrefix, stopped_prefixes};
pub use save::{FieldRefusal, FieldRefusals, Form, SaveRefusal, Saved, save};
pub use stated::Taken;
pub(crate) use stated::{has_confirmed, take_stated};
pub use undo::{UndoPreview, Undone, undo, undo_preview};
pub use value::Value;

/// Reads an e-mail address.
pub use email::parse as parse_email;
/// Reads a phone number.
pub use phone::parse as parse_phone;

use db::{Timestamp, Tx};

use crate::account::AccountId;
use crate::{Failure, Rules};

db::text_enum! {
    /// The four contacts of an account.
    pub enum Slot {
        /// The e-mail, also for signing in.
        Email = "email",
        /// The phone, also for signing in.
        Phone = "phone",
        /// Another e-mail, for notices only.
        ExtraEmail = "extra_email",
        /// Another phone, for notices only.
        ExtraPhone = "extra_phone",
    }
}

impl Slot {
    /// Whether it holds an e-mail address, and not a phone number.
    pub const fn is_email(self) -> bool {
        matches!(self, Self::Email | Self::ExtraEmail)
    }

    /// Whether it is one of the two that sign in.
    pub const fn is_primary(self) -> bool {
        matches!(self, Self::Email | Self::Phone)
    }

    /// The other slot of the same kind, which must hold another value (A-11.c).
    const fn sibling(self) -> Self {
        match self {
            Self::Email => Self::ExtraEmail,
            Self::ExtraEmail => Self::Email,
            Self::Phone => Self::ExtraPhone,
            Self::ExtraPhone => Self::Phone,
        }
    }
}

/// The contacts of an account, as its owner sees them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contacts {
    /// The primary e-mail.
    pub email: Contact,
    /// The primary phone.
    pub phone: Contact,
    /// The additional e-mail.
    pub extra_email: Contact,
    /// The additional phone.
    pub extra_phone: Contact,
    /// Goes into the form, so that a stale one is noticed.
    pub version: i64,
    /// When anything about them changed last.
    pub changed_at: Option<Timestamp>,
    /// A change was undone: the next one needs a proof made after this.
    pub frozen_at: Option<Timestamp>,
}

impl Contacts {
    /// The contact in a slot.
    pub const fn get(&self, slot: Slot) -> &Contact {
        match slot {
            Slot::Email => &self.email,
            Slot::Phone => &self.phone,
            Slot::ExtraEmail => &self.extra_email,
            Slot::ExtraPhone => &self.extra_phone,
        }
    }

    const fn get_mut(&mut self, slot: Slot) -> &mut Contact {
        match slot {
            Slot::Email => &mut self.email,
            Slot::Phone => &mut self.phone,
            Slot::ExtraEmail => &mut self.extra_email,
            Slot::ExtraPhone => &mut self.extra_phone,
        }
    }
}

/// One slot: what is in force, and what waits to replace it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contact {
    /// The confirmed value.
    pub in_force: Option<InForce>,
    /// A new value that waits for confirmation.
    pub pending: Option<Pending>,
}

/// What a page says about a contact, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactState {
    /// There is none.
    Empty,
    /// There is none in force, and a value waits for confirmation.
    Pending,
    /// It is confirmed; a replacement may be waiting.
    Confirmed,
    /// It is confirmed, but the last message to it was refused.
    Bouncing,
}

impl Contact {
    /// The state in one word.
    pub const fn state(&self) -> ContactState {
        match (&self.in_force, &self.pending) {
            (
                Some(InForce {
                    bouncing_since: Some(_),
                    ..
                }),
                _,
            ) => ContactState::Bouncing,
            (Some(_), _) => ContactState::Confirmed,
            (None, Some(_)) => ContactState::Pending,
            (None, None) => ContactState::Empty,
        }
    }

    /// What the form shows in this field: the value in force, else the one that waits.
    pub fn field(&self) -> Option<&Value> {
        let waiting = self.pending.as_ref().map(|pending| &pending.value);
        self.in_force.as_ref().map(|current| &current.value).or(waiting)
    }
}

/// A confirmed value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce {
    /// The address or number.
    pub value: Value,
    /// When it was confirmed.
    pub since: Timestamp,
    /// Since when messages to it are refused.
    pub bouncing_since: Option<Timestamp>,
}

impl InForce {
    /// Whether it is a number confirmed so long ago that it may be another person's by now (A-12.d, SMS-2). It stays in
    /// force, but its owner is asked to confirm it anew.
    pub fn is_aged(&self, rules: &Rules, now: Timestamp) -> bool {
        matches!(self.value, Value::Phone(_)) && now >= self.since.plus(rules.contact.reconfirm_after)
    }
}

/// A value that waits for confirmation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The address or number.
    pub value: Value,
    /// Until when it can be confirmed.
    pub until: Timestamp,
    /// Until when the code is good; a new one can be asked for.
    pub code_until: Timestamp,
    /// How often the code can still be tried.
    pub tries_left: u32,
    /// From when a new code can be asked for.
    pub resend_at: Timestamp,
    /// Since when messages to it are refused.
    pub bouncing_since: Option<Timestamp>,
}

/// The contacts of an account.
pub fn list(tx: &mut Tx<'_>, rules: &Rules, now: Timestamp, account: AccountId) -> Result<Contacts, Failure> {
    let mut contacts = Contacts::default();
    for row in store::list_with_card(tx, account)? {
        contacts.version = row.version.unwrap_or_default();
        contacts.changed_at = row.changed_at;
        contacts.frozen_at = row.frozen_at;
        if let (Some(slot), Some(value), Some(since)) = (row.slot, row.value, row.confirmed_at) {
            contacts.get_mut(slot).in_force = Some(InForce {
                value: Value::stored(slot, value)?,
                since,
                bouncing_since: row.bouncing_at,
            });
        }
    }
    for row in store::list_changes(tx, account, now)? {
        contacts.get_mut(row.slot).pending = Some(Pending {
            value: Value::stored(row.slot, row.value)?,
            until: row.until,
            code_until: row.code_until,
            tries_left: row.tries_left,
            resend_at: row.sent_at.plus(rules.contact.resend_pause),
            bouncing_since: row.bouncing_at,
        });
    }
    Ok(contacts)
}

/// The confirmed phone that signs in.
pub fn confirmed_phone(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<E164>, Failure> {
    Ok(store::find(tx, account, Slot::Phone)?.and_then(|row| E164::stored(row.value)))
}

/// Whether [`clean`] would find anything.
pub fn needs_cleaning(tx: &mut Tx<'_>, now: Timestamp) -> Result<bool, Failure> {
    Ok(store::find_old_change(tx, now)?.is_some()
        || store::find_released_login(tx, now)?.is_some()
        || prefix::needs_cleaning(tx, now)?)
}

/// Deletes up to `limit` of each: changes that can no longer be confirmed, addresses held for an undo that is over, old
/// counts of codes; gives how many rows went.
pub fn clean(tx: &mut Tx<'_>, now: Timestamp, limit: u32) -> Result<u64, Failure> {
    Ok(store::delete_old_changes(tx, now, limit)?
        + store::delete_released_logins(tx, now, limit)?
        + prefix::clean(tx, now, limit)?)
}
