use db::{Timestamp, Tx};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::end::record;
use super::end_all;
use crate::account::{self, AccountId};
use crate::audit::Act;
use crate::binding::{self, AuthenticatorId, Kind};
use crate::merge::{self, MergeId};
use crate::recovery::{self, AssistedId};
use crate::ticket::{self, LinkRefusal, New, Purpose, Ticket};
use crate::{Decision, Failure, Rules, Secret, Visit, contact, refuse};

/// What a notice told of.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) enum Told {
    /// A change that needs no remedy of its own.
    Change,
    /// A way in that is new.
    NewWay(AuthenticatorId),
    /// An entry by a way in that was there before.
    Entry(AuthenticatorId),
    /// A merge of two accounts.
    Merge(MergeId),
    /// A recovery that people of the operator carry out.
    AssistedRecovery(AssistedId),
}

db::text_enum! {
    /// What «this was not me» does beside ending all sessions.
    pub enum Remedy {
        /// Nothing.
        Nothing = "nothing",
        /// The password goes.
        PasswordRemoved = "password_removed",
        /// The passkey goes.
        PasskeyRemoved = "passkey_removed",
        /// The identity at a provider opens nothing until its owner says so.
        IdentitySuspended = "identity_suspended",
        /// Somebody entered by the only way in: without it nobody could, so it stays.
        OnlyWayStays = "only_way_stays",
        /// Somebody entered by a key: it is to be revoked where it was issued, or removed after signing in.
        KeyStays = "key_stays",
        /// The two accounts are two again.
        MergeUndone = "merge_undone",
        /// Nobody comes in by the recovery that people of the operator began.
        RecoveryStopped = "recovery_stopped",
    }
}

/// What a «this was not me» link speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disowned {
    /// When the act happened that the message told of.
    pub at: Timestamp,
    /// Until when the link works.
    pub until: Timestamp,
    /// What becomes of the way in that the message told of.
    pub remedy: Remedy,
}

/// The link that goes into notices: `{base_url}/not-me/{secret}`.
pub(crate) fn not_me_link(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    told: Told,
) -> Result<String, Failure> {
    let life = match told {
        // whoever reads the message late still comes in time
        Told::AssistedRecovery(_) => rules.contact.undo_life.max(rules.recovery.wait),
        _ => rules.contact.undo_life,
    };
    let new = New {
        purpose: Purpose::NotMe,
        browser: None,
        account: Some(account),
        session: None,
        life,
        tries: 0,
        payload: &serde_json::to_vec(&told)?,
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
    let remedy = match ticket.account {
        Some(account) => remedy(tx, rules, visit, account, &ticket)?,
        None => Remedy::Nothing,
    };
    Ok(Ok(Disowned {
        at: ticket.created_at,
        until: ticket.expires_at,
        remedy,
    }))
}

/// «This was not me»: ends every session and every half-finished act of the account, and shuts the way in that the
/// notice was about where its owner keeps another. It opens nothing: the mailbox that the link was sent to may be the
/// stolen thing.
pub fn disown(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    secret: &Secret,
) -> Decision<Remedy, LinkRefusal> {
    let taken = ticket::take(tx, rules, visit, Purpose::NotMe, secret, None)?;
    let Some((ticket, account)) = taken.and_then(|ticket| ticket.account.map(|account| (ticket, account)))
    else {
        refuse!(ticket::why_gone(tx, Purpose::NotMe, secret)?);
    };
    if !matches!(told(&ticket)?, Told::Merge(_)) {
        account::lock(tx, account)?;
    }
    let remedy = remedy(tx, rules, visit, account, &ticket)?;
    end_all(tx, visit, account)?;
    ticket::discard_all(tx, visit, account)?;
    contact::void_pending(tx, visit, account)?;
    match (remedy, way(&ticket)?) {
        (Remedy::PasswordRemoved, Some(id)) => {
            binding::remove_password(tx, rules, visit, account, id)?;
        }
        (Remedy::IdentitySuspended, Some(id)) => {
            binding::disown_identity(tx, visit, account, id)?;
        }
        (Remedy::PasskeyRemoved, Some(id)) => {
            binding::disown_passkey(tx, visit, account, id)?;
        }
        _ => {}
    }
    match told(&ticket)? {
        Told::Merge(id) => merge::disown(tx, rules, visit, id)?,
        Told::AssistedRecovery(id) => recovery::stop(tx, rules, visit, id)?,
        _ => {}
    }
    let detail = json!({ "told_at": ticket.created_at, "remedy": remedy });
    record(tx, visit, account, Act::SessionDisowned, detail)?;
    Ok(Ok(remedy))
}

fn remedy(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    ticket: &Ticket,
) -> Result<Remedy, Failure> {
    let told = told(ticket)?;
    if let Told::Merge(id) = told
        && merge::is_undoable(tx, visit.now, id)?
    {
        return Ok(Remedy::MergeUndone);
    }
    if let Told::AssistedRecovery(id) = told
        && recovery::is_stoppable(tx, visit, id)?
    {
        return Ok(Remedy::RecoveryStopped);
    }
    let Some(id) = way(ticket)? else {
        return Ok(Remedy::Nothing);
    };
    let is_entry = matches!(told, Told::Entry(_));
    let only_way = is_entry && binding::is_last_usable(tx, rules, visit, account, id)?;
    Ok(match binding::kind(tx, account, id)? {
        Some(Kind::Certificate | Kind::Passkey) if is_entry => Remedy::KeyStays,
        Some(_) if only_way => Remedy::OnlyWayStays,
        Some(Kind::Password) if binding::can_remove_password(tx, rules, visit, account, id)? => {
            Remedy::PasswordRemoved
        }
        Some(Kind::Passkey) if !binding::is_last_usable(tx, rules, visit, account, id)? => {
            Remedy::PasskeyRemoved
        }
        Some(Kind::ExternalIdentity) if binding::has_identity(tx, account, id)? => Remedy::IdentitySuspended,
        _ => Remedy::Nothing,
    })
}

fn way(ticket: &Ticket) -> Result<Option<AuthenticatorId>, Failure> {
    Ok(match told(ticket)? {
        Told::Change | Told::Merge(_) | Told::AssistedRecovery(_) => None,
        Told::NewWay(id) | Told::Entry(id) => Some(id),
    })
}

fn told(ticket: &Ticket) -> Result<Told, Failure> {
    Ok(serde_json::from_slice(&ticket.payload)?)
}
