use db::Tx;

use super::under_way::Flow;
use super::{RecoveryRefusal, store};
use crate::account::AccountId;
use crate::organisation::OrganisationId;
use crate::sign_in::Login;
use crate::throttle::{Daily, network_of};
use crate::ticket::{self, Issued, New, Purpose};
use crate::{BrowserHash, Decision, Failure, Rules, Secret, Visit, refuse};

/// Requests from one network, whomever they name.
static BY_NETWORK: Daily = Daily::wide("recovery.network");

/// Begins a recovery in this browser, in place of the one that was `former`; a user name needs its organisation. The same is done whoever is named: that is
/// looked up later, by [`super::send_next`].
pub fn begin(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    login: &str,
    organisation: Option<OrganisationId>,
    former: Option<&Secret>,
) -> Decision<Secret, RecoveryRefusal> {
    if Login::parse(rules, login, organisation).is_none() {
        refuse!(RecoveryRefusal::LoginMalformed);
    }
    if !may_begin(tx, rules, visit)? {
        refuse!(RecoveryRefusal::TooManyRequests);
    }
    if let Some(former) = former {
        ticket::take(tx, rules, visit, Purpose::Recovery, former, Some(browser))?;
    }
    let flow = Flow::new(login, organisation, visit);
    let issued = issue(tx, rules, visit, browser, None, &flow)?;
    store::insert(tx, issued.id, visit.now)?;
    Ok(Ok(issued.secret))
}

pub(super) fn may_begin(tx: &mut Tx<'_>, rules: &Rules, visit: &Visit) -> Result<bool, Failure> {
    let (network, limit) = (network_of(visit.address), rules.contact.sends_per_network);
    Ok(BY_NETWORK.take(tx, rules, visit, &[&network], limit)?.is_some())
}

/// Issues the ticket of a step.
pub(super) fn issue(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    account: Option<AccountId>,
    flow: &Flow,
) -> Result<Issued, Failure> {
    let new = New {
        purpose: Purpose::Recovery,
        browser: Some(browser),
        account,
        session: None,
        life: rules.contact.code_life,
        tries: rules.contact.code_tries,
        payload: &serde_json::to_vec(flow)?,
    };
    ticket::issue(tx, rules, visit, new)
}
