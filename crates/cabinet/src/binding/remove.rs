use db::Tx;
use serde_json::json;

use super::{AuthenticatorId, list_usable, store, tell};
use crate::account::{self, AccountId};
use crate::audit::{self, Act, Event};
use crate::message::Notice;
use crate::session::{self, SteppedUp};
use crate::{Decision, Failure, Rules, Visit, contact, refuse, ticket};

crate::refusals! {
    /// Why a certificate was not removed.
    pub enum RemovalRefusal {
        NotFound = "binding.not_found",
        LastUsable = "binding.last_usable",
    }
}

/// Removes a certificate from the account: what it opened ends, and it is not accepted again. The last usable way in
/// stays (threats, LNK-11): an expired certificate is none, and neither is a password without a login to go with it.
pub fn remove_certificate(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    by: &SteppedUp,
    id: AuthenticatorId,
) -> Decision<(), RemovalRefusal> {
    let account = by.account();
    account::lock(tx, account)?;
    if is_last_usable(tx, rules, visit, account, id)? {
        refuse!(RemovalRefusal::LastUsable);
    }
    let Some(row) = store::find_bound_certificate(tx, account, id)? else {
        refuse!(RemovalRefusal::NotFound);
    };
    store::update_removed(tx, id, visit.now)?;
    session::end_by_authenticator(tx, visit, id)?;
    session::end_all_but(tx, visit, account, by.session())?;
    ticket::discard_all(tx, visit, account)?;
    contact::void_pending(tx, visit, account)?;
    let detail = json!({ "authenticator": id, "serial": row.serial, "issuer": row.issuer });
    let event = Event::by(account, Act::CertificateRemoved, detail);
    audit::record(tx, visit, event)?;
    tell(tx, rules, visit, account, |link| Notice::CertificateRemoved {
        owner: row.owner,
        serial: row.serial,
        at: visit.now,
        link,
    })?;
    Ok(Ok(()))
}

/// Removes the password for somebody who says it is not theirs. It stays where nothing else opens the account: then
/// the person could not enter either. Says whether it was removed.
pub(crate) fn remove_password(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    id: AuthenticatorId,
) -> Result<bool, Failure> {
    account::lock(tx, account)?;
    if is_last_usable(tx, rules, visit, account, id)? || store::delete_password(tx, account, id)? == 0 {
        return Ok(false);
    }
    store::update_removed(tx, id, visit.now)?;
    let event = Event::about(account, Act::PasswordRemoved, json!({ "authenticator": id }));
    audit::record(tx, visit, event)?;
    Ok(true)
}

/// Whether [`remove_password`] would remove it.
pub(crate) fn can_remove_password(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    id: AuthenticatorId,
) -> Result<bool, Failure> {
    let is_in_force = store::find_password(tx, account)?.is_some_and(|row| row.authenticator == id);
    Ok(is_in_force && !is_last_usable(tx, rules, visit, account, id)?)
}

/// Whether nothing else opens the account.
pub(crate) fn is_last_usable(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    id: AuthenticatorId,
) -> Result<bool, Failure> {
    let usable = list_usable(tx, rules, account, visit.now)?;
    Ok(usable.iter().all(|way| way.id == id))
}
