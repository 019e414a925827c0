use db::{Timestamp, Tx};
use serde_json::json;

use super::end::record;
use super::end_all;
use crate::account::AccountId;
use crate::audit::Act;
use crate::binding::{self, AuthenticatorId};
use crate::ticket::{self, LinkRefusal, New, Purpose, Ticket};
use crate::{Decision, Failure, Rules, Secret, Visit, contact, refuse};

/// What a «this was not me» link speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disowned {
    /// When the act happened that the message told of.
    pub at: Timestamp,
    /// Until when the link works.
    pub until: Timestamp,
    /// Whether the password that the message told of will be removed.
    pub removes_password: bool,
    /// Whether the identity that the message told of will be suspended.
    pub suspends_identity: bool,
}

/// What «this was not me» did beside ending all sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DisownOutcome {
    /// The password that the message told of is gone.
    pub password_removed: bool,
    /// The identity that the message told of opens nothing any more.
    pub identity_suspended: bool,
}

/// The link that goes into notices: `{base_url}/not-me/{secret}`. In a notice of a new way in it names that.
pub(crate) fn not_me_link(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    method: Option<AuthenticatorId>,
) -> Result<String, Failure> {
    let payload = method.map_or(Ok(Vec::new()), |id| serde_json::to_vec(&id))?;
    let new = New {
        purpose: Purpose::NotMe,
        browser: None,
        account: Some(account),
        session: None,
        life: rules.contact.undo_life,
        tries: 0,
        payload: &payload,
    };
    let issued = ticket::issue(tx, rules, visit, new)?;
    Ok(rules.link(&["not-me", &issued.secret.expose()]))
}

/// What the page behind the link shows. Nothing is used up.
pub fn disown_preview(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    secret: &Secret,
) -> Decision<Disowned, LinkRefusal> {
    let Some(ticket) = ticket::find(tx, rules, visit, Purpose::NotMe, secret, None)? else {
        refuse!(ticket::why_gone(tx, Purpose::NotMe, secret)?);
    };
    let (removes_password, suspends_identity) = match (ticket.account, method_of(&ticket)?) {
        (Some(account), Some(method)) => (
            binding::can_remove_password(tx, rules, visit, account, method)?,
            binding::has_identity(tx, account, method)?,
        ),
        _ => (false, false),
    };
    Ok(Ok(Disowned {
        at: ticket.created_at,
        until: ticket.expires_at,
        removes_password,
        suspends_identity,
    }))
}

/// «This was not me»: ends every session and every half-finished act of the account, suspends the identity that the
/// notice was about, and removes the password that it was about unless nothing else opens the account. It opens nothing: the mailbox that the link was sent to
/// may be the stolen thing.
pub fn disown(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    secret: &Secret,
) -> Decision<DisownOutcome, LinkRefusal> {
    let taken = ticket::take(tx, rules, visit, Purpose::NotMe, secret, None)?;
    let Some((ticket, account)) = taken.and_then(|ticket| ticket.account.map(|account| (ticket, account)))
    else {
        refuse!(ticket::why_gone(tx, Purpose::NotMe, secret)?);
    };
    end_all(tx, visit, account)?;
    ticket::discard_all(tx, visit, account)?;
    contact::void_pending(tx, visit, account)?;
    let (password_removed, identity_suspended) = match method_of(&ticket)? {
        Some(method) => (
            binding::remove_password(tx, rules, visit, account, method)?,
            binding::disown_identity(tx, visit, account, method)?,
        ),
        None => (false, false),
    };
    record(
        tx,
        visit,
        account,
        Act::SessionDisowned,
        json!({ "told_at": ticket.created_at }),
    )?;
    Ok(Ok(DisownOutcome {
        password_removed,
        identity_suspended,
    }))
}

fn method_of(ticket: &Ticket) -> Result<Option<AuthenticatorId>, Failure> {
    if ticket.payload.is_empty() {
        return Ok(None);
    }
    Ok(Some(serde_json::from_slice(&ticket.payload)?))
}
