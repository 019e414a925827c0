//! What is done about a request after it was answered.

use db::Tx;
use serde_json::json;

use super::store;
use super::under_way::{CodeSent, Flow, contacts};
use crate::account::{self, AccountId};
use crate::audit::{self, Act, Event};
use crate::contact::{self, Slot, Value};
use crate::message::Notice;
use crate::sign_in::Login;
use crate::ticket::{self, Purpose};
use crate::{Failure, Rules, Visit};

/// Whether a request waits to be looked into.
pub fn is_due(tx: &mut Tx<'_>) -> Result<bool, Failure> {
    Ok(store::find(tx)?.is_some())
}

/// Looks into the oldest request: where it names an account with such a contact, a code goes there. Nobody waits for
/// this, so it may take as long as it takes. `false`: there was none.
pub fn send_next(tx: &mut Tx<'_>, rules: &Rules, visit: &Visit) -> Result<bool, Failure> {
    let Some(id) = store::find(tx)? else {
        return Ok(false);
    };
    let is_ours = store::delete(tx, id)? == 1;
    let Some(ticket) = ticket::find_by_id(tx, rules, visit, Purpose::Recovery, id)?.filter(|_| is_ours)
    else {
        return Ok(true);
    };
    let mut flow: Flow = serde_json::from_slice(&ticket.payload)?;
    let Some((account, slot, value)) = recipient(tx, rules, visit, &flow)? else {
        return Ok(true);
    };
    let asked = flow.visit(visit);
    if let Ok(sent) = send(tx, rules, &asked, account, slot, &value)? {
        flow.sent = Some(sent);
        ticket::fill(
            tx,
            rules,
            visit,
            Purpose::Recovery,
            id,
            Some(account),
            &serde_json::to_vec(&flow)?,
        )?;
        let detail = json!({ "slot": slot });
        audit::record(tx, &asked, Event::about(account, Act::RecoveryBegun, detail))?;
    }
    Ok(true)
}

/// The contact of the database that a login leads to. A number of a person leads to the e-mail first: telephone numbers
/// pass to other people (threats, SMS-2).
fn recipient(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    flow: &Flow,
) -> Result<Option<(AccountId, Slot, Value)>, Failure> {
    let Some(login) = flow.login(rules) else {
        return Ok(None);
    };
    let Some(account) = login.find(tx)? else {
        return Ok(None);
    };
    if !account::may_authenticate(tx, account)? {
        return Ok(None);
    }
    let mut primary = contacts(tx, rules, visit, account)?;
    primary.retain(|own| own.slot.is_primary());
    if let Login::Contact(key) = &login {
        primary.retain(|own| own.value.key() == *key);
    }
    primary.sort_by_key(|own| !own.slot.is_email());
    let first = primary.into_iter().next();
    Ok(first.map(|own| (account, own.slot, own.value)))
}

/// Sends a code, within the budgets of messages.
pub(super) fn send(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    slot: Slot,
    value: &Value,
) -> Result<Result<CodeSent, contact::FieldRefusal>, Failure> {
    let code = contact::new_code(visit);
    let notice = Notice::RecoveryBegun {
        code: code.clone(),
        code_until: visit.now.plus(rules.contact.code_life),
        device: visit.device.clone(),
        address: visit.address.to_string(),
    };
    let sent = contact::send_code(tx, rules, visit, account, value, notice)?;
    Ok(sent.map(|()| CodeSent::new(rules, slot, value, &code)))
}
