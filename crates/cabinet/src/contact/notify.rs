//! Messages to the person whose contacts these are.

use db::{Timestamp, Tx};

use super::{FieldRefusal, Value, budget, store};
use crate::account::{self, AccountId};
use crate::message::{self, Message, Notice};
use crate::{Failure, Rules, Visit};

/// Tells a person something at every confirmed contact, in the language of the account. Notices of security go this
/// way: whoever took one contact over cannot keep the others silent.
pub fn tell(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    notice: &Notice,
) -> Result<(), Failure> {
    let rows = store::list(tx, account)?;
    write_to_each(tx, rules, visit, account, rows, notice)
}

/// Tells what can wait: by mail, and by text message only where no mail is confirmed.
pub(crate) fn tell_unhurried(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    notice: &Notice,
) -> Result<(), Failure> {
    let mut rows = store::list(tx, account)?;
    let has_mail = rows.iter().any(|row| row.slot.is_email());
    rows.retain(|row| row.slot.is_email() == has_mail);
    write_to_each(tx, rules, visit, account, rows, notice)
}

fn write_to_each(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    rows: Vec<store::Row>,
    notice: &Notice,
) -> Result<(), Failure> {
    for row in rows {
        let value = Value::stored(row.slot, row.value)?;
        write_to(tx, rules, visit, account, &value, notice.clone())?;
    }
    Ok(())
}

/// Writes to one address, in the language of the account it belongs to.
pub(super) fn write_to(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    value: &Value,
    notice: Notice,
) -> Result<(), Failure> {
    let language = account::language(tx, account)?;
    let message = Message {
        account: Some(account),
        to: value.recipient(),
        language,
        notice,
    };
    message::enqueue(tx, rules, visit, message)?;
    Ok(())
}

/// Sends a code to a confirmed contact, if the budgets of messages allow it (SMS-1).
pub(crate) fn send_code(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    to: &Value,
    notice: Notice,
) -> Result<Result<(), FieldRefusal>, Failure> {
    if let Err(refusal) = budget::spend(tx, rules, visit, account, to)? {
        return Ok(Err(refusal));
    }
    write_to(tx, rules, visit, account, to, notice)?;
    Ok(Ok(()))
}

/// Marks a contact whose messages are refused, so that its owner sees it (4.4.6).
pub(crate) fn mark_bouncing(
    tx: &mut Tx<'_>,
    now: Timestamp,
    account: AccountId,
    address: &str,
) -> Result<(), Failure> {
    store::update_bouncing(tx, account, address, now)?;
    store::update_change_bouncing(tx, account, address, now)?;
    Ok(())
}

/// Takes the mark away: a message was taken again.
pub(crate) fn mark_reached(tx: &mut Tx<'_>, account: AccountId, address: &str) -> Result<(), Failure> {
    store::update_reached(tx, account, address)?;
    Ok(())
}
