use db::Tx;

use super::pending::Given;
use super::{Passed, SecondFactorRefusal, guess, pending, sms};
use crate::binding::{self, SecondFactor};
use crate::{BrowserHash, Decision, Rules, Secret, Visit, refuse, throttle};

/// Gives a code as the second factor: of the app, of the text message, of the printed sheet.
pub fn with_code(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
    factor: SecondFactor,
    code: &str,
) -> Decision<Passed, SecondFactorRefusal> {
    let Some(pending) = pending(tx, rules, visit, browser, secret)? else {
        refuse!(SecondFactorRefusal::Gone);
    };
    let Some(own) = pending.way(factor) else {
        refuse!(SecondFactorRefusal::NotYours);
    };
    let id = own.id;
    let Some(guesses) = guess::count(tx, rules, visit, pending.account, factor)? else {
        refuse!(SecondFactorRefusal::TooManyTries);
    };
    let is_right = match factor {
        SecondFactor::Totp => binding::take_totp(tx, rules, visit, pending.account, code)?,
        SecondFactor::Sms => sms::take_code(tx, rules, visit, &pending, code)?,
        SecondFactor::RecoveryCode => binding::take_recovery_code(tx, rules, visit, pending.account, code)?,
        SecondFactor::Passkey => false,
    };
    if !is_right {
        return pending.refused(tx, visit, factor, SecondFactorRefusal::Wrong);
    }
    throttle::forgive(tx, guesses)?;
    pending.pass(tx, rules, visit, browser, Given { factor, id })
}
