use db::Tx;

use super::under_way::Flow;
use super::{RecoveryRefusal, store};
use crate::sign_in::Login;
use crate::throttle::{Daily, network_of};
use crate::ticket::{self, New, Purpose};
use crate::{BrowserHash, Decision, Rules, Secret, Visit, refuse};

/// Requests from one network, whomever they name.
static BY_NETWORK: Daily = Daily::wide("recovery.network");

/// Begins a recovery in this browser, in place of the one that was `former`. The same is done whoever is named: that is
/// looked up later, by [`super::send_next`].
pub fn begin(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    login: &str,
    former: Option<&Secret>,
) -> Decision<Secret, RecoveryRefusal> {
    if Login::parse(rules, login, None).is_none() {
        refuse!(RecoveryRefusal::LoginMalformed);
    }
    let (network, limit) = (network_of(visit.address), rules.contact.sends_per_network);
    if BY_NETWORK.take(tx, rules, visit, &[&network], limit)?.is_none() {
        refuse!(RecoveryRefusal::TooManyRequests);
    }
    if let Some(former) = former {
        ticket::take(tx, rules, visit, Purpose::Recovery, former, Some(browser))?;
    }
    let flow = Flow::new(login, visit);
    let new = New {
        purpose: Purpose::Recovery,
        browser: Some(browser),
        account: None,
        session: None,
        life: rules.contact.code_life,
        tries: rules.contact.code_tries,
        payload: &serde_json::to_vec(&flow)?,
    };
    let issued = ticket::issue(tx, rules, visit, new)?;
    store::insert(tx, issued.id, visit.now)?;
    Ok(Ok(issued.secret))
}
