//! Recovery codes: a printed sheet for the day when the phone is lost.

use db::Tx;
use serde_json::json;

use super::{AuthenticatorId, BoundBy, SecondFactor, factor_store, store, tell};
use crate::account::AccountId;
use crate::audit::{self, Act, Event};
use crate::message::Notice;
use crate::session::SteppedUp;
use crate::{Failure, Rules, Visit, paper};

/// Codes of one sheet.
const CODES: usize = 10;
/// Characters of a code: 60 bits.
const LENGTH: usize = 12;

/// A sheet of codes, each good once. They are shown once: only keyed hashes of them are stored.
#[derive(Clone)]
pub struct RecoveryCodes(Vec<String>);

impl RecoveryCodes {
    /// As they are printed: `ABCD-EFGH-JKLM`.
    pub fn printed(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|code| paper::printed(code))
    }

    fn new(visit: &Visit) -> Self {
        Self((0..CODES).map(|_| paper::random::<LENGTH>(visit)).collect())
    }
}

impl std::fmt::Debug for RecoveryCodes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryCodes(…)")
    }
}

/// Makes a new sheet; the old one is void.
pub fn renew_recovery_codes(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    by: &SteppedUp,
) -> Result<RecoveryCodes, Failure> {
    let codes = make_recovery_codes(tx, rules, visit, by.account())?;
    tell(tx, rules, visit, by.account(), |link| Notice::RecoveryCodesMade {
        at: visit.now,
        link,
    })?;
    Ok(codes)
}

pub(super) fn make_recovery_codes(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
) -> Result<RecoveryCodes, Failure> {
    drop_recovery_codes(tx, visit, account)?;
    let id = visit.id(AuthenticatorId::new);
    store::insert(
        tx,
        id,
        account,
        SecondFactor::RecoveryCode,
        BoundBy::Person,
        visit.now,
    )?;
    let codes = RecoveryCodes::new(visit);
    for code in &codes.0 {
        factor_store::insert_recovery_code(tx, account, hash(rules, account, code), visit.now)?;
    }
    let event = Event::by(account, Act::RecoveryCodesMade, json!({ "authenticator": id }));
    audit::record(tx, visit, event)?;
    Ok(codes)
}

/// The sheet is void.
pub(super) fn drop_recovery_codes(tx: &mut Tx<'_>, visit: &Visit, account: AccountId) -> Result<(), Failure> {
    factor_store::update_removed(tx, account, SecondFactor::RecoveryCode, visit.now)?;
    factor_store::delete_recovery_codes(tx, account)?;
    Ok(())
}

/// Uses a code of the sheet up, and tells the person; of any number of parallel calls one.
pub(crate) fn take_recovery_code(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    code: &str,
) -> Result<bool, Failure> {
    let code = paper::typed(code);
    if factor_store::update_recovery_code_used(tx, account, hash(rules, account, &code), visit.now)? == 0 {
        return Ok(false);
    }
    let left = factor_store::count_recovery_codes(tx, account)?;
    let event = Event::about(account, Act::RecoveryCodeUsed, json!({ "left": left }));
    audit::record(tx, visit, event)?;
    tell(tx, rules, visit, account, |link| Notice::RecoveryCodeUsed {
        left,
        at: visit.now,
        link,
    })?;
    Ok(true)
}

fn hash(rules: &Rules, account: AccountId, code: &str) -> [u8; 32] {
    let text = format!("{account}\0{code}");
    rules.server_key.keyed_hash("recovery-code", text.as_bytes())
}
