use db::{Timestamp, Tx};

use super::{AccountId, store};
use crate::audit::{self, Act, Event};
use crate::{Failure, Visit, session, ticket};

/// The one door of every way in (threats, PWD-3): asked whenever a session is opened or made stronger.
pub(crate) fn may_authenticate(tx: &mut Tx<'_>, account: AccountId) -> Result<bool, Failure> {
    Ok(store::find_blocked(tx, account)?.is_some_and(|(blocked_at,)| blocked_at.is_none()))
}

/// Shuts an account: nobody enters, whoever is in is out.
pub fn block(tx: &mut Tx<'_>, visit: &Visit, account: AccountId) -> Result<(), Failure> {
    set_blocked(tx, visit, account, Some(visit.now), Act::AccountBlocked)?;
    session::end_all(tx, visit, account)?;
    ticket::discard_all(tx, visit, account)
}

/// Opens a blocked account again.
pub fn unblock(tx: &mut Tx<'_>, visit: &Visit, account: AccountId) -> Result<(), Failure> {
    set_blocked(tx, visit, account, None, Act::AccountUnblocked)
}

fn set_blocked(
    tx: &mut Tx<'_>,
    visit: &Visit,
    account: AccountId,
    at: Option<Timestamp>,
    act: Act,
) -> Result<(), Failure> {
    store::update_blocked(tx, account, at)?;
    audit::record(tx, visit, Event::about(account, act, audit::no_detail()))
}
