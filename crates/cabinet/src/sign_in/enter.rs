use db::Tx;
use serde_json::json;

use super::SignInRefusal;
use super::second_factor::{PendingEntry, Then, Waiting, wait};
use crate::account::{self, AccountId};
use crate::audit::{self, Act, Event};
use crate::binding::{self, tell_of};
use crate::message::Notice;
use crate::organisation;
use crate::session::{self, Opening, Second, SessionId, Told};
use crate::{Decision, Demand, Failure, Rules, Secret, Visit, refuse};

/// What a first proof leads to.
#[derive(Debug)]
pub enum Entered {
    /// A session.
    Opened(Opened),
    /// Nothing yet: no session exists before the second factor was given.
    SecondFactorNeeded(PendingEntry),
}

/// A session just opened.
#[derive(Debug)]
pub struct Opened {
    /// The secret for the cookie.
    pub secret: Secret,
    /// Its public name.
    pub session: SessionId,
    /// Whose cabinet it is.
    pub account: AccountId,
    /// Whether the cabinet was made by this entry.
    pub created: bool,
}

/// The last step of every way in: opens the session, or lets it wait for a second factor.
pub(crate) fn enter(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    opening: Opening,
    created: bool,
) -> Decision<Entered, SignInRefusal> {
    let (account, first, demand) = (opening.account, opening.authenticator, opening.demand);
    let ways = binding::second_factors(tx, account, Some(first), demand, visit.now)?;
    if ways.is_empty() {
        let second = match demand {
            Demand::Nobody | Demand::Enrolled => Second::NotAsked,
            Demand::Everybody => Second::Owed,
        };
        return Ok(complete(tx, rules, visit, &opening, second, created)?.map(Entered::Opened));
    }
    if !account::may_authenticate(tx, account)? {
        return refused(tx, visit, account, SignInRefusal::AccountBlocked);
    }
    let waiting = Waiting {
        first,
        demand,
        before: visit.now,
        then: Then::Enter {
            kind: opening.kind,
            standing: opening.standing,
            entrance: opening.entrance,
            created,
        },
    };
    let pending = wait(tx, rules, visit, opening.browser, account, &waiting, ways)?;
    Ok(Ok(Entered::SecondFactorNeeded(pending)))
}

/// Opens the session, when nothing more is asked.
pub(super) fn complete(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    opening: &Opening,
    second: Second,
    created: bool,
) -> Decision<Opened, SignInRefusal> {
    let organisation = match &opening.entrance {
        None => None,
        Some(entrance) => match organisation::admits(tx, rules, entrance, opening.account)? {
            Ok(organisation) => organisation,
            Err(refusal) => return refused(tx, visit, opening.account, refusal.into()),
        },
    };
    let Some(new) = session::open(tx, rules, visit, opening, organisation, second)? else {
        return refused(tx, visit, opening.account, SignInRefusal::AccountBlocked);
    };
    binding::mark_used(tx, opening.authenticator, visit.now)?;
    if new.is_new_device {
        let told = Told::Entry(opening.authenticator);
        tell_of(tx, rules, visit, opening.account, told, |link| {
            Notice::NewDevice {
                by: opening.kind,
                device: visit.device.clone(),
                address: visit.address.to_string(),
                at: visit.now,
                link,
            }
        })?;
    }
    Ok(Ok(Opened {
        secret: new.secret,
        session: new.id,
        account: opening.account,
        created,
    }))
}

/// Refuses, and lets the account's owner see it in the history.
pub(super) fn refused<T>(
    tx: &mut Tx<'_>,
    visit: &Visit,
    account: AccountId,
    refusal: SignInRefusal,
) -> Decision<T, SignInRefusal> {
    record(
        tx,
        visit,
        account,
        Act::SignInRefused,
        json!({ "code": refusal.code() }),
    )?;
    refuse!(refusal);
}

pub(super) fn record(
    tx: &mut Tx<'_>,
    visit: &Visit,
    account: AccountId,
    act: Act,
    detail: serde_json::Value,
) -> Result<(), Failure> {
    audit::record(tx, visit, Event::about(account, act, detail))
}
