//! Contacts that somebody else states of a person, once the person has chosen to take them.

use db::Tx;

use super::change::{self, Asked};
use super::confirm::settle;
use super::{Slot, Value, budget, store};
use crate::account::AccountId;
use crate::session::SessionId;
use crate::{Failure, Rules, Visit};

/// What became of a contact that was taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is in force.
    InForce(Slot),
    /// It waits for the code that was sent to it.
    Asked(Slot),
    /// It cannot be taken: another account has it, or no message may go there.
    NotTaken(Slot),
}

/// Takes a stated contact into a place of the account. Whoever is displaced is told and can undo it (A-12.a).
pub(crate) fn take_stated(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    (account, session): (AccountId, SessionId),
    slot: Slot,
    value: &Value,
    is_verified: bool,
) -> Result<Taken, Failure> {
    let asked = Asked {
        account,
        session,
        slot,
        value: value.clone(),
    };
    if is_verified {
        change::withdraw(tx, visit, account, slot)?;
        change::tell_others(tx, rules, visit, &asked)?;
        let settled = settle(tx, rules, visit, account, slot, value.clone(), Some(session))?;
        return Ok(settled.map_or(Taken::NotTaken(slot), |_| Taken::InForce(slot)));
    }
    if budget::spend(tx, rules, visit, account, value)?.is_err() {
        return Ok(Taken::NotTaken(slot));
    }
    change::ask(tx, rules, visit, &asked)?;
    store::raise_version(tx, account, visit.now)?;
    Ok(Taken::Asked(slot))
}

/// Whether the owner of any contact of the account has answered.
pub(crate) fn has_confirmed(tx: &mut Tx<'_>, account: AccountId) -> Result<bool, Failure> {
    Ok(!store::list(tx, account)?.is_empty())
}
