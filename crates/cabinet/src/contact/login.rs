//! Which account an address signs in.

use db::{Timestamp, Tx};

use super::{Slot, email, phone, store};
use crate::account::AccountId;
use crate::{Failure, Rules};

/// What a person typed to say who they are, as it is looked up: an e-mail address or a phone number in any notation.
pub fn login_key(rules: &Rules, text: &str) -> Option<String> {
    if text.contains('@') {
        return email::parse(text).ok().flatten().map(|email| email.key());
    }
    let number = phone::parse(text, &rules.default_region).ok().flatten();
    number.map(|number| number.as_str().to_owned())
}

/// The account that a confirmed primary contact signs in.
pub fn find_login(tx: &mut Tx<'_>, key: &str) -> Result<Option<AccountId>, Failure> {
    Ok(store::find_login(tx, key)?)
}

/// Another account that has the address or holds it for an undo.
pub(super) fn find_other_owner(
    tx: &mut Tx<'_>,
    now: Timestamp,
    account: AccountId,
    slot: Slot,
    key: &str,
) -> Result<Option<AccountId>, Failure> {
    if !slot.is_primary() {
        return Ok(None);
    }
    Ok(store::find_owner(tx, key, now)?.filter(|owner| *owner != account))
}

/// Makes the address the account's own way in; `false`: another account was first (CON-3).
pub(super) fn claim(
    tx: &mut Tx<'_>,
    now: Timestamp,
    account: AccountId,
    slot: Slot,
    key: &str,
) -> Result<bool, Failure> {
    Ok(!slot.is_primary() || store::upsert_login(tx, key, account, slot, now)? == 1)
}

/// Stops a slot's other addresses from signing in; they stay the account's for as long as an undo may bring them back.
pub(super) fn release(
    tx: &mut Tx<'_>,
    rules: &Rules,
    now: Timestamp,
    account: AccountId,
    slot: Slot,
    kept: Option<&str>,
) -> Result<(), Failure> {
    store::update_login_held(
        tx,
        account,
        slot,
        kept.unwrap_or_default(),
        now.plus(rules.contact.undo_life),
    )?;
    Ok(())
}
