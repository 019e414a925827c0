use db::Tx;

use crate::account::AccountId;
use crate::message::Notice;
use crate::session::{Told, not_me_link};
use crate::{Failure, Rules, Visit, contact};

/// Tells every confirmed contact of the account; `notice` is given the «this was not me» link.
pub(crate) fn tell(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    notice: impl FnOnce(String) -> Notice,
) -> Result<(), Failure> {
    let link = not_me_link(tx, rules, visit, account, Told::Change)?;
    contact::tell(tx, rules, visit, account, &notice(link))
}

/// The same about a way in that is new or was used; the link shuts it where that locks nobody out.
pub(crate) fn tell_of(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    told: Told,
    notice: impl FnOnce(String) -> Notice,
) -> Result<(), Failure> {
    let link = not_me_link(tx, rules, visit, account, told)?;
    contact::tell(tx, rules, visit, account, &notice(link))
}
