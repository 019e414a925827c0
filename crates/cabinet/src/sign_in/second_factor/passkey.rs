use db::Tx;

use super::pending::Given;
use super::{Passed, SecondFactorRefusal, pending};
use crate::binding::{Assertion, PasskeyRefusal, SecondFactor, prove_passkey};
use crate::ticket::{Purpose, TicketId};
use crate::{BrowserHash, Decision, Rules, Secret, Visit, refuse};

/// Gives a passkey as the second factor.
pub fn with_passkey(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
    assertion: &Assertion,
) -> Decision<Passed, PasskeyRefusal> {
    let Some(pending) = pending(tx, rules, visit, browser, secret)? else {
        refuse!(PasskeyRefusal::SecondFactorGone);
    };
    if pending.way(SecondFactor::Passkey).is_none() {
        refuse!(PasskeyRefusal::Unknown);
    }
    let purpose = Purpose::PasskeySecondFactor;
    let proven = match prove_passkey(tx, rules, visit, purpose, browser, assertion)? {
        Ok(proven) => proven,
        Err(refusal) => refuse!(refusal),
    };
    let asked_for: TicketId = serde_json::from_slice(&proven.ticket.payload)?;
    if asked_for != pending.ticket || proven.account != pending.account {
        refuse!(PasskeyRefusal::ChallengeGone);
    }
    if !pending.accepts(&proven) {
        refuse!(PasskeyRefusal::BoundInThisSession);
    }
    let given = Given {
        factor: SecondFactor::Passkey,
        id: Some(proven.authenticator),
    };
    let passed = pending.pass(tx, rules, visit, browser, given)?;
    Ok(passed.map_err(|refusal| match refusal {
        SecondFactorRefusal::AccountBlocked => PasskeyRefusal::AccountBlocked,
        _ => PasskeyRefusal::SecondFactorGone,
    }))
}
