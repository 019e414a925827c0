//! A value that waits for confirmation: asked for, sent again, given up.

use db::{Timestamp, Tx};
use serde_json::json;

use super::{FieldRefusal, Slot, Value, budget, login, notify, prefix, store, undo};
use crate::account::AccountId;
use crate::audit::{self, Act, Event};
use crate::message::Notice;
use crate::session::{Session, SessionId};
use crate::ticket::{self, Purpose, TicketId};
use crate::{Decision, Failure, Rules, Visit, refuse};

crate::refusals! {
    /// Why no new code is sent.
    pub enum ResendRefusal {
        NothingPending = "contact.nothing_pending",
        TooSoon = "contact.too_soon",
        TooManyMessages = "contact.too_many_messages",
        CountryNotServed = "contact.country_not_served",
        SmsStopped = "contact.sms_stopped",
    }
}

impl From<FieldRefusal> for ResendRefusal {
    fn from(refusal: FieldRefusal) -> Self {
        match refusal {
            FieldRefusal::CountryNotServed => Self::CountryNotServed,
            FieldRefusal::SmsStopped => Self::SmsStopped,
            _ => Self::TooManyMessages,
        }
    }
}

crate::refusals! {
    /// Why there is nothing to cancel.
    pub enum CancelRefusal {
        NothingPending = "contact.nothing_pending",
    }
}

/// A new value somebody asks for.
pub(super) struct Asked {
    pub(super) account: AccountId,
    pub(super) session: SessionId,
    pub(super) slot: Slot,
    pub(super) value: Value,
}

/// Puts a new value into waiting in place of any other of its slot, sends the code, and tells the contacts in force.
/// The caller has checked budgets and step-up.
pub(super) fn ask(tx: &mut Tx<'_>, rules: &Rules, visit: &Visit, asked: &Asked) -> Result<(), Failure> {
    withdraw(tx, visit, asked.account, asked.slot)?;
    tell_others(tx, rules, visit, asked)?;
    send(
        tx,
        rules,
        visit,
        asked,
        visit.now,
        visit.now.plus(rules.contact.link_life),
    )?;
    record(tx, visit, asked.account, Act::ContactRequested, asked.slot)
}

/// Everybody who is told now can undo the change, during it and after.
pub(super) fn tell_others(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    asked: &Asked,
) -> Result<(), Failure> {
    if store::list(tx, asked.account)?.is_empty() {
        return Ok(());
    }
    let (undo_link, undo_until) =
        undo::offer(tx, rules, visit, asked.account, asked.slot, Some(&asked.value))?;
    let new_masked = asked.value.masked();
    let notice = Notice::ContactChanged {
        slot: asked.slot,
        new_masked,
        undo_link,
        undo_until,
    };
    notify::tell(tx, rules, visit, asked.account, &notice)
}

/// Sends a code, and with mail a link. An address that signs in somebody else gets no code: its owner is told instead,
/// and the screen shows the same (A-8.c, PWD-5).
fn send(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    asked: &Asked,
    asked_at: Timestamp,
    until: Timestamp,
) -> Result<(), Failure> {
    let key = asked.value.key();
    let ticket = ticket::issue(
        tx,
        rules,
        visit,
        ticket::New {
            purpose: Purpose::ConfirmContact,
            browser: None,
            account: Some(asked.account),
            session: Some(asked.session),
            life: until.since(visit.now),
            tries: rules.contact.code_tries,
            payload: asked.slot.as_str().as_bytes(),
        },
    )?;
    let code = new_code(visit);
    let code_until = visit.now.plus(rules.contact.code_life).min(until);
    let code_hash = code_hash(rules, ticket.id, &key, &code);
    let change = store::NewChange {
        key: &key,
        ticket: ticket.id,
        code_hash,
        code_until,
        asked_at,
        until,
    };
    store::insert_change(tx, visit.now, asked, &change)?;
    if let Value::Phone(number) = &asked.value {
        prefix::count_sent(tx, visit, number)?;
    }
    if let Some(owner) = login::find_other_owner(tx, visit.now, asked.account, asked.slot, &key)? {
        return notify::write_to(tx, rules, visit, owner, &asked.value, Notice::AddressInUse);
    }
    let notice = match asked.value {
        Value::Phone(_) => Notice::PhoneCode { code, code_until },
        Value::Email(_) => {
            let link = rules.link(&["confirm", &ticket.secret.expose()]);
            Notice::EmailCode {
                code,
                code_until,
                link,
                link_until: until,
            }
        }
    };
    notify::write_to(tx, rules, visit, asked.account, &asked.value, notice)
}

/// Sends a new code and link for the value that waits; the old ones are void.
pub fn resend(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    session: &Session,
    slot: Slot,
) -> Decision<(), ResendRefusal> {
    let Some(change) = store::find_change(tx, session.account, slot, visit.now)? else {
        refuse!(ResendRefusal::NothingPending);
    };
    if visit.now < change.sent_at.plus(rules.contact.resend_pause) {
        refuse!(ResendRefusal::TooSoon);
    }
    let value = Value::stored(slot, change.value)?;
    if let Err(refusal) = budget::spend(tx, rules, visit, session.account, &value)? {
        refuse!(refusal.into());
    }
    ticket::discard(tx, visit, change.ticket)?;
    let asked = Asked {
        account: session.account,
        session: session.id,
        slot,
        value,
    };
    send(tx, rules, visit, &asked, change.asked_at, change.until)?;
    Ok(Ok(()))
}

/// Sends a code to a number that was confirmed long ago (A-12.d): whoever types it shows that it is still theirs. Nothing
/// changes by it, so it needs no step-up; until then the number stays in force.
pub fn reconfirm(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    session: &Session,
    slot: Slot,
) -> Decision<(), ResendRefusal> {
    let account = session.account;
    let contacts = super::list(tx, rules, visit.now, account)?;
    let contact = contacts.get(slot);
    let aged = contact
        .in_force
        .as_ref()
        .filter(|current| current.is_aged(rules, visit.now));
    let Some(value) = aged
        .filter(|_| contact.pending.is_none())
        .map(|current| current.value.clone())
    else {
        refuse!(ResendRefusal::NothingPending);
    };
    if let Err(refusal) = budget::spend(tx, rules, visit, account, &value)? {
        refuse!(refusal.into());
    }
    let asked = Asked {
        account,
        session: session.id,
        slot,
        value,
    };
    send(
        tx,
        rules,
        visit,
        &asked,
        visit.now,
        visit.now.plus(rules.contact.link_life),
    )?;
    store::raise_version(tx, account, visit.now)?;
    record(tx, visit, account, Act::ContactRequested, slot)?;
    Ok(Ok(()))
}

/// Gives the waiting value up; what is in force stays.
pub fn cancel(tx: &mut Tx<'_>, visit: &Visit, session: &Session, slot: Slot) -> Decision<(), CancelRefusal> {
    if !withdraw(tx, visit, session.account, slot)? {
        refuse!(CancelRefusal::NothingPending);
    }
    store::raise_version(tx, session.account, visit.now)?;
    record(tx, visit, session.account, Act::ContactCancelled, slot)?;
    Ok(Ok(()))
}

/// Makes every waiting change void: part of recovery, of a password change, of «sign out everywhere» (LNK-4). Gives
/// how many there were.
pub fn void_pending(tx: &mut Tx<'_>, visit: &Visit, account: AccountId) -> Result<u64, Failure> {
    let mut void = 0;
    for slot in Slot::ALL {
        void += u64::from(withdraw(tx, visit, account, *slot)?);
    }
    if void > 0 {
        store::raise_version(tx, account, visit.now)?;
    }
    Ok(void)
}

/// Ends a slot's waiting change, its code and its link.
pub(super) fn withdraw(
    tx: &mut Tx<'_>,
    visit: &Visit,
    account: AccountId,
    slot: Slot,
) -> Result<bool, Failure> {
    let Some(ticket) = store::delete_change(tx, account, slot)? else {
        return Ok(false);
    };
    ticket::discard(tx, visit, ticket)?;
    Ok(true)
}

pub(super) fn record(
    tx: &mut Tx<'_>,
    visit: &Visit,
    account: AccountId,
    act: Act,
    slot: Slot,
) -> Result<(), Failure> {
    let detail = json!({ "slot": slot.as_str() });
    audit::record(tx, visit, Event::by(account, act, detail))
}

/// Six random digits.
pub(crate) fn new_code(visit: &Visit) -> String {
    let random = u64::from_be_bytes(visit.entropy.bytes());
    format!("{:06}", random % 1_000_000)
}

/// Six digits are guessed in no time from a plain hash: only the server key can check them. The ticket ties a code to
/// one sending, the key to one address.
pub(super) fn code_hash(rules: &Rules, ticket: TicketId, key: &str, code: &str) -> [u8; 32] {
    let text = format!("{ticket}\0{key}\0{code}");
    rules.server_key.keyed_hash("contact.code", text.as_bytes())
}
