use db::Tx;
use serde_json::json;

use super::{
    AuthenticatorId, Kind, SecondFactor, change, factor_store, list_usable, passkey, store, tell, unlink,
};
use crate::account::{self, AccountId};
use crate::audit::{self, Act, Event};
use crate::message::Notice;
use crate::session::{self, SteppedUp};
use crate::{Decision, Failure, Rules, Visit, refuse};

crate::refusals! {
    /// Why a certificate was not removed.
    pub enum RemovalRefusal {
        NotFound = "binding.not_found",
        LastUsable = "binding.last_usable",
    }
}

/// Removes whatever this is: a certificate, a passkey, an identity, a second factor.
pub fn remove(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    by: &SteppedUp,
    id: AuthenticatorId,
) -> Decision<(), RemovalRefusal> {
    match store::find_kind(tx, by.account(), id)? {
        Some(Kind::ExternalIdentity) => unlink(tx, rules, visit, by, id),
        Some(Kind::Passkey) => remove_passkey(tx, rules, visit, by, id),
        Some(Kind::Certificate | Kind::Password) => remove_certificate(tx, rules, visit, by, id),
        None => remove_second_factor(tx, rules, visit, by, id),
    }
}

/// Removes a passkey: what it opened ends. The last usable way in stays.
fn remove_passkey(
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
    let Some(name) = passkey::find_name(tx, account, id)? else {
        refuse!(RemovalRefusal::NotFound);
    };
    store::update_removed(tx, id, visit.now)?;
    passkey::end_passkey(tx, rules, visit, by, id, name)?;
    Ok(Ok(()))
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
    change::end_the_rest(tx, visit, account, by.session())?;
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

/// Removes a second factor; the sheet of recovery codes goes with the last other one.
fn remove_second_factor(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    by: &SteppedUp,
    id: AuthenticatorId,
) -> Decision<(), RemovalRefusal> {
    let account = by.account();
    account::lock(tx, account)?;
    let Some(factor) = factor_store::find_by_id(tx, account, id)? else {
        refuse!(RemovalRefusal::NotFound);
    };
    match factor {
        SecondFactor::Totp => {
            factor_store::delete_totp(tx, account)?;
        }
        SecondFactor::RecoveryCode => {
            factor_store::delete_recovery_codes(tx, account)?;
        }
        SecondFactor::Sms | SecondFactor::Passkey => {}
    }
    store::update_removed(tx, id, visit.now)?;
    change::end_the_rest(tx, visit, account, by.session())?;
    change::drop_lone_sheet(tx, visit, account)?;
    let detail = json!({ "second_factor": factor, "authenticator": id });
    audit::record(tx, visit, Event::by(account, Act::SecondFactorRemoved, detail))?;
    tell(tx, rules, visit, account, |link| Notice::SecondFactorRemoved {
        factor,
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
