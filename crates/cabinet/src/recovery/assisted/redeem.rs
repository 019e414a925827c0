use aws_lc_rs::constant_time::verify_slices_are_equal;
use db::Tx;
use serde::{Deserialize, Serialize};

use super::store::{self, Ending};
use super::{AssistedId, Half};
use crate::recovery::RecoveryRefusal;
use crate::recovery::begin::{issue, may_begin};
use crate::recovery::under_way::Flow;
use crate::ticket::{self, Purpose};
use crate::{BrowserHash, Decision, Failure, Rules, Secret, Visit, account, refuse};

/// What two people of the operator vouched for.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(in crate::recovery) struct Vouched {
    pub(in crate::recovery) id: AssistedId,
    pub(in crate::recovery) skips_second_factor: bool,
}

/// Gives both halves of the code; the recovery goes on under the secret that this gives.
pub fn give_halves(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    [first, second]: [&str; 2],
    former: Option<&Secret>,
) -> Decision<Secret, RecoveryRefusal> {
    if !may_begin(tx, rules, visit)? {
        refuse!(RecoveryRefusal::TooManyRequests);
    }
    let (first, second) = (Half::typed(first).hash(rules), Half::typed(second).hash(rules));
    // whichever of the two was handed over first
    let row = match store::find_by_half(tx, first, visit.now)? {
        Some(row) => Some((row, second)),
        None => store::find_by_half(tx, second, visit.now)?.map(|row| (row, first)),
    };
    let matching = row.filter(|(row, other)| {
        let stored = row.second_half.as_deref().unwrap_or_default();
        verify_slices_are_equal(stored, other).is_ok()
    });
    let Some((row, _)) = matching else {
        refuse!(RecoveryRefusal::HalvesWrong);
    };
    if row.open_from.is_none_or(|from| visit.now < from) {
        refuse!(RecoveryRefusal::TooEarly);
    }
    if !account::may_authenticate(tx, row.account)? {
        refuse!(RecoveryRefusal::AccountBlocked);
    }
    if let Some(former) = former {
        ticket::take(tx, rules, visit, Purpose::Recovery, former, Some(browser))?;
    }
    let vouched = Vouched {
        id: row.id,
        skips_second_factor: row.skips_second_factor != 0,
    };
    let flow = Flow::vouched_for(vouched, visit);
    let issued = issue(tx, rules, visit, browser, Some(row.account), &flow)?;
    Ok(Ok(issued.secret))
}

/// Uses it up. `false`: it was stopped, cancelled or used meanwhile.
pub(in crate::recovery) fn take(tx: &mut Tx<'_>, visit: &Visit, vouched: Vouched) -> Result<bool, Failure> {
    Ok(store::update_ended(tx, vouched.id, Ending::Used, visit.now)? == 1)
}
