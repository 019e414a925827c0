//! What every change of the ways in does beside itself (threats, rule 6), and what follows one of second factors.

use db::Tx;
use serde_json::json;

use super::recovery_code::{RecoveryCodes, drop_recovery_codes, make_recovery_codes};
use super::{AuthenticatorId, SecondFactor, factor_store, tell};
use crate::account::AccountId;
use crate::audit::{self, Act, Event};
use crate::message::Notice;
use crate::session::{self, SessionId, SteppedUp};
use crate::{Failure, Rules, Visit, contact, ticket};

/// A second factor that was just set up.
#[derive(Debug)]
pub struct Enrolled {
    /// Its name.
    pub id: AuthenticatorId,
    /// The sheet of recovery codes that comes with the first second factor.
    pub recovery_codes: Option<RecoveryCodes>,
}

/// Ends all sessions but the one that made the change, and every half-finished act; gives how many sessions ended.
pub(crate) fn end_the_rest(
    tx: &mut Tx<'_>,
    visit: &Visit,
    account: AccountId,
    kept: SessionId,
) -> Result<u64, Failure> {
    let ended = session::end_all_but(tx, visit, account, kept)?;
    ticket::discard_all(tx, visit, account)?;
    contact::void_pending(tx, visit, account)?;
    Ok(ended)
}

/// What follows the setting up of a second factor: the trail, the notice, the sheet of recovery codes.
pub(super) fn enrolled(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    by: &SteppedUp,
    factor: SecondFactor,
    id: AuthenticatorId,
) -> Result<Enrolled, Failure> {
    let account = by.account();
    let ended = end_the_rest(tx, visit, account, by.session())?;
    session::second_factor_set(tx, account)?;
    let detail = json!({ "second_factor": factor, "authenticator": id, "sessions_ended": ended });
    audit::record(tx, visit, Event::by(account, Act::SecondFactorSet, detail))?;
    tell(tx, rules, visit, account, |link| Notice::SecondFactorSet {
        factor,
        at: visit.now,
        link,
    })?;
    Ok(Enrolled {
        id,
        recovery_codes: first_sheet(tx, rules, visit, account)?,
    })
}

/// The sheet of recovery codes, for whoever has none.
pub(super) fn first_sheet(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
) -> Result<Option<RecoveryCodes>, Failure> {
    if factor_store::find(tx, account, SecondFactor::RecoveryCode)?.is_some() {
        return Ok(None);
    }
    make_recovery_codes(tx, rules, visit, account).map(Some)
}

/// Without another second factor a sheet of recovery codes is good for nothing.
pub(super) fn drop_lone_sheet(tx: &mut Tx<'_>, visit: &Visit, account: AccountId) -> Result<(), Failure> {
    let own = factor_store::list(tx, account)?;
    if own.iter().all(|row| row.factor == SecondFactor::RecoveryCode) {
        drop_recovery_codes(tx, visit, account)?;
    }
    Ok(())
}
