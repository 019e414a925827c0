//! «This was not me»: what a contact that was told of a change can do about it for 72 hours.
//!
//! The link gives its holder no access, because the old mailbox may be the stolen one (CON-1). It
//! - makes every waiting change of the account void and brings the slot back to what it was,
//! - ends all sessions and half-finished acts,
//! - freezes contacts: the next change needs a step-up made after the undo, which is by certificate wherever the
//!   account has a usable one: a password may be exactly what was stolen.

use db::{Timestamp, Tx};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Slot, Value, change, login, notify, store};
use crate::account::AccountId;
use crate::audit::{self, Act, Event};
use crate::message::Notice;
use crate::ticket::{self, LinkRefusal, Purpose, Ticket};
use crate::{Decision, Failure, Rules, Secret, Visit, refuse, session};

/// What the page behind an undo link shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndoPreview {
    /// Which contact.
    pub slot: Slot,
    /// What the slot will hold again, masked; nothing if it was empty.
    pub previous: Option<String>,
    /// What was given instead, masked; nothing if it was removed.
    pub new: Option<String>,
    /// When it was changed.
    pub changed_at: Timestamp,
    /// When the link ends.
    pub until: Timestamp,
}

/// What was undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    /// Which contact.
    pub slot: Slot,
    /// What it holds again, masked; nothing if it was empty.
    pub previous: Option<String>,
}

/// What a slot held before a change.
#[derive(Serialize, Deserialize)]
struct Before {
    account: AccountId,
    slot: Slot,
    value: Option<String>,
    since: Option<Timestamp>,
    new_masked: Option<String>,
}

impl Before {
    fn value(&self) -> Result<Option<Value>, Failure> {
        self.value
            .clone()
            .map(|text| Value::stored(self.slot, text))
            .transpose()
    }
}

/// Remembers what a slot holds now; gives the link that brings it back, and its end.
pub(super) fn offer(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    slot: Slot,
    new: Option<&Value>,
) -> Result<(String, Timestamp), Failure> {
    let now = store::find(tx, account, slot)?;
    let since = now.as_ref().map(|row| row.confirmed_at);
    let new_masked = new.map(Value::masked);
    let before = Before {
        account,
        slot,
        value: now.map(|row| row.value),
        since,
        new_masked,
    };
    let life = rules.contact.undo_life;
    let ticket = ticket::issue(
        tx,
        rules,
        visit,
        ticket::New {
            purpose: Purpose::UndoContact,
            browser: None,
            account: Some(account),
            session: None,
            life,
            tries: 0,
            payload: &serde_json::to_vec(&before)?,
        },
    )?;
    Ok((
        rules.link(&["undo", &ticket.secret.expose()]),
        visit.now.plus(life),
    ))
}

/// Shows what an undo link would do; uses nothing up.
pub fn undo_preview(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    secret: &Secret,
) -> Decision<UndoPreview, LinkRefusal> {
    let Some(ticket) = ticket::find(tx, rules, visit, Purpose::UndoContact, secret, None)? else {
        refuse!(ticket::why_gone(tx, Purpose::UndoContact, secret)?);
    };
    let before = read(&ticket)?;
    let previous = before.value()?.map(|value| value.masked());
    let (changed_at, until) = (ticket.created_at, ticket.expires_at);
    Ok(Ok(UndoPreview {
        slot: before.slot,
        previous,
        new: before.new_masked,
        changed_at,
        until,
    }))
}

/// Undoes a change, ends all sessions and freezes contacts.
pub fn undo(tx: &mut Tx<'_>, rules: &Rules, visit: &Visit, secret: &Secret) -> Decision<Undone, LinkRefusal> {
    let Some(ticket) = ticket::take(tx, rules, visit, Purpose::UndoContact, secret, None)? else {
        refuse!(ticket::why_gone(tx, Purpose::UndoContact, secret)?);
    };
    let before = read(&ticket)?;
    let (account, slot) = (before.account, before.slot);
    let replaced = store::find(tx, account, slot)?
        .map(|row| Value::stored(slot, row.value))
        .transpose()?;
    change::void_pending(tx, visit, account)?;
    void_later(tx, rules, visit, &before, ticket.created_at)?;
    restore(tx, rules, visit, &before)?;
    store::freeze(tx, account, visit.now)?;
    session::end_all(tx, visit, account)?;
    ticket::discard_all(tx, visit, account)?;
    let detail = json!({ "slot": slot.as_str() });
    let act = Act::ContactUndone;
    audit::record(tx, visit, Event::about(account, act, detail))?;
    let (notice, previous) = (Notice::ContactUndone { slot }, before.value()?);
    if let Some(gone) = replaced.filter(|gone| Some(gone) != previous.as_ref()) {
        notify::write_to(tx, rules, visit, account, &gone, notice.clone())?;
    }
    notify::tell(tx, rules, visit, account, &notice)?;
    Ok(Ok(Undone {
        slot,
        previous: previous.map(|value| value.masked()),
    }))
}

/// Brings the slot back. The address was held for the account meanwhile, so nobody else can have it.
fn restore(tx: &mut Tx<'_>, rules: &Rules, visit: &Visit, before: &Before) -> Result<(), Failure> {
    let (account, slot, now) = (before.account, before.slot, visit.now);
    let Some(value) = before.value()? else {
        store::delete(tx, account, slot)?;
        return login::release(tx, rules, now, account, slot, None);
    };
    let key = value.key();
    let is_twin = store::find(tx, account, slot.sibling())?.is_some_and(|row| row.key == key);
    if is_twin && !slot.is_primary() {
        return Ok(());
    }
    if !login::claim(tx, now, account, slot, &key)? {
        return Ok(());
    }
    if is_twin {
        store::delete(tx, account, slot.sibling())?;
    }
    login::release(tx, rules, now, account, slot, Some(&key))?;
    store::upsert(tx, account, slot, &value, before.since.unwrap_or(now))?;
    Ok(())
}

/// What was offered for the slot later goes back to what is undone now, and may be in the thief's own mailbox.
fn void_later(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    before: &Before,
    since: Timestamp,
) -> Result<(), Failure> {
    let purpose = Purpose::UndoContact;
    for ticket in ticket::list_since(tx, rules, visit, purpose, before.account, since)? {
        if read(&ticket)?.slot == before.slot {
            ticket::discard(tx, visit, ticket.id)?;
        }
    }
    Ok(())
}

fn read(ticket: &Ticket) -> Result<Before, Failure> {
    Ok(serde_json::from_slice(&ticket.payload)?)
}
