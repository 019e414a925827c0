use db::{Timestamp, Tx};
use serde_json::json;

use super::end::record;
use super::{SessionRefusal, end_all};
use crate::account::AccountId;
use crate::audit::Act;
use crate::binding::{self, AuthenticatorId};
use crate::ticket::{self, New, Purpose};
use crate::{Decision, Failure, Rules, Secret, Visit, contact, refuse};

/// What a «this was not me» link speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disowned {
    /// When the act happened that the message told of.
    pub at: Timestamp,
    /// Until when the link works.
    pub until: Timestamp,
}

/// The link that goes into notices: `{base_url}/not-me/{secret}`. In a notice of a new password it names the password.
pub(crate) fn not_me_link(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    password: Option<AuthenticatorId>,
) -> Result<String, Failure> {
    let payload = password.map_or(Ok(Vec::new()), |id| serde_json::to_vec(&id))?;
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
) -> Result<Option<Disowned>, Failure> {
    let ticket = ticket::find(tx, rules, visit, Purpose::NotMe, secret, None)?;
    Ok(ticket.map(|ticket| Disowned {
        at: ticket.created_at,
        until: ticket.expires_at,
    }))
}

/// «This was not me»: ends every session and every half-finished act of the account, and removes the password that
/// the notice was about unless nothing else opens the account. It opens nothing: the mailbox that the link was sent to
/// may be the stolen thing.
pub fn disown(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    secret: &Secret,
) -> Decision<(), SessionRefusal> {
    let taken = ticket::take(tx, rules, visit, Purpose::NotMe, secret, None)?;
    let Some((ticket, account)) = taken.and_then(|ticket| ticket.account.map(|account| (ticket, account)))
    else {
        refuse!(SessionRefusal::LinkGone);
    };
    end_all(tx, visit, account)?;
    ticket::discard_all(tx, visit, account)?;
    contact::void_pending(tx, visit, account)?;
    if !ticket.payload.is_empty() {
        let password: AuthenticatorId = serde_json::from_slice(&ticket.payload)?;
        binding::remove_password(tx, visit, account, password)?;
    }
    record(
        tx,
        visit,
        account,
        Act::SessionDisowned,
        json!({ "told_at": ticket.created_at }),
    )?;
    Ok(Ok(()))
}
