use db::Tx;

use super::store;
use crate::account::AccountId;
use crate::binding;
use crate::throttle::network_of;
use crate::{BrowserHash, Failure, Visit};

/// How well an account knows the device that somebody enters from. A network alone tells nothing: a phone changes it
/// several times a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Familiarity {
    /// Nobody ever entered the account before.
    First,
    /// Somebody entered from this device before.
    Known,
    /// Nobody entered from this device before.
    New,
}

/// Notes where somebody enters from. Of any number of entries from one new device at the same moment one is new.
pub(super) fn meet(
    tx: &mut Tx<'_>,
    visit: &Visit,
    account: AccountId,
    browser: BrowserHash,
) -> Result<Familiarity, Failure> {
    let network = network_of(visit.address);
    if store::update_device(tx, account, browser, &network, visit.now)? > 0
        || store::insert_device(tx, account, browser, &network, visit.now)? == 0
    {
        return Ok(Familiarity::Known);
    }
    // devices are forgotten after a year, ways in remember their use
    Ok(if binding::was_ever_used(tx, account)? {
        Familiarity::New
    } else {
        Familiarity::First
    })
}

/// Whether the account has been entered from this network before.
pub(crate) fn knows_network(tx: &mut Tx<'_>, account: AccountId, network: &str) -> Result<bool, Failure> {
    Ok(store::find_network(tx, account, network)?.is_some())
}
