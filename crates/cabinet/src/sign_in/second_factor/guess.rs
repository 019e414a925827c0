use std::time::Duration;

use db::Tx;

use crate::account::AccountId;
use crate::binding::{SecondFactor, tell};
use crate::message::Notice;
use crate::throttle::{self, Pace, Subject};
use crate::{Failure, Rules, Visit};

/// Guesses at one second factor of one account, from anywhere.
static GUESSES: Pace = Pace {
    name: "second-factor",
    free: 5,
    first: Duration::from_secs(30),
    longest: Duration::from_secs(3600),
    forget: Duration::from_secs(24 * 3600),
};

/// Counts a guess before it is checked; nothing: the factor is locked for a while. Whoever guesses has given a right
/// first proof, so the owner is told once it cannot be a slip any more.
pub(crate) fn count(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    factor: SecondFactor,
) -> Result<Option<Subject>, Failure> {
    let guesses = Subject::new(rules, &GUESSES, &[&account.to_string(), factor.as_str()]);
    if throttle::must_wait(tx, visit, guesses)? {
        return Ok(None);
    }
    if throttle::count(tx, visit, guesses)? == GUESSES.free {
        tell(tx, rules, visit, account, |link| Notice::SecondFactorGuessed {
            device: visit.device.clone(),
            address: visit.address.to_string(),
            at: visit.now,
            link,
        })?;
    }
    Ok(Some(guesses))
}
