use db::Tx;

use super::SignInRefusal;
use super::enter::{Entered, enter};
use crate::binding::{Assertion, Kind, PasskeyRefusal, prove_passkey};
use crate::organisation::Entrance;
use crate::session::Opening;
use crate::ticket::Purpose;
use crate::{BrowserHash, Decision, Demand, Rules, Visit, refuse};

/// Enters by a passkey. It proves two things at once, possession and the person, so nothing more is asked.
pub fn with_passkey(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    assertion: &Assertion,
    entrance: Option<&Entrance>,
) -> Decision<Entered, PasskeyRefusal> {
    if let Some(entrance) = entrance
        && entrance.check(tx, rules)?.is_err()
    {
        refuse!(PasskeyRefusal::NotOffered);
    }
    let proven = match prove_passkey(tx, rules, visit, Purpose::PasskeySignIn, browser, assertion)? {
        Ok(proven) => proven,
        Err(refusal) => refuse!(refusal),
    };
    let opening = Opening {
        account: proven.account,
        authenticator: proven.authenticator,
        kind: Kind::Passkey,
        browser,
        standing: None,
        entrance: entrance.cloned(),
        demand: Demand::Nobody,
    };
    let entered = enter(tx, rules, visit, opening, false)?;
    Ok(entered.map_err(|refusal| match refusal {
        SignInRefusal::AccountBlocked => PasskeyRefusal::AccountBlocked,
        _ => PasskeyRefusal::NotOffered,
    }))
}
