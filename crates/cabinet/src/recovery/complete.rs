//! The end of a recovery: everything of before is over.

use db::{Timestamp, Tx};
use serde_json::json;

use super::RecoveryRefusal;
use super::assisted;
use super::need::missing;
use super::prove::find_proven;
use super::under_way::{Flow, contact_since};
use crate::account::{self, AccountId};
use crate::audit::{self, Act, Event};
use crate::binding::{self, Kind, PasswordHash, SecondFactor, tell, tell_of};
use crate::message::Notice;
use crate::session::{self, Opening, Recovered, Second, SteppedUp, Told};
use crate::sign_in::Opened;
use crate::ticket::{self, Purpose};
use crate::{BrowserHash, Decision, Demand, Failure, Rules, Secret, Visit, contact, refuse};

/// Words that the new password may not be made of, once every proof was given.
pub fn personal_words(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
) -> Decision<Vec<String>, RecoveryRefusal> {
    match proven(tx, rules, visit, browser, secret)? {
        Ok((_, account, _)) => binding::personal_words(tx, rules, visit, account).map(Ok),
        Err(refusal) => refuse!(refusal),
    }
}

/// Sets the new password and opens a fresh session. Whoever was in is out, also with what they had half finished, and
/// every contact is told (threats, LNK-2, LNK-4, SES-6).
pub fn complete(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
    hash: &PasswordHash,
) -> Decision<Opened, RecoveryRefusal> {
    let (step, account, flow) = match proven(tx, rules, visit, browser, secret)? {
        Ok(proven) => proven,
        Err(refusal) => refuse!(refusal),
    };
    account::lock(tx, account)?;
    if !account::may_authenticate(tx, account)? {
        refuse!(RecoveryRefusal::AccountBlocked);
    }
    if !ticket::take_found(tx, visit, Purpose::Recovery, step, browser)? {
        refuse!(RecoveryRefusal::Gone);
    }
    if let Some(vouched) = flow.vouched
        && !assisted::take(tx, visit, vouched)?
    {
        refuse!(RecoveryRefusal::Gone);
    }
    let contact_since = contact_since(tx, rules, visit, account, &flow)?;
    let (password, act) = binding::put_password(tx, visit, account, hash)?;
    audit::record(tx, visit, Event::by(account, act, audit::no_detail()))?;
    session::end_all(tx, visit, account)?;
    end_what_was_begun(tx, visit, account)?;
    let slots: Vec<_> = flow.contacts.iter().map(|shown| shown.slot).collect();
    let detail = json!({
        "contacts": slots,
        "second_factor": flow.second_factor(),
        "assisted": flow.vouched.map(|vouched| vouched.id),
    });
    audit::record(tx, visit, Event::by(account, Act::AccountRecovered, detail))?;
    let told = Told::NewWay(password);
    tell_of(tx, rules, visit, account, told, |link| recovered(visit, link))?;
    let opening = Opening {
        account,
        authenticator: password,
        kind: Kind::Password,
        browser,
        standing: None,
        entrance: None,
        demand: rules.second_factor.password,
    };
    open(tx, rules, visit, &opening, flow.second_factor(), contact_since)
}

/// The same for who is in by a way that is not lost and has just proved themselves by the strongest one: all other
/// sessions and everything half finished are over, and the ways in are looked through.
pub fn complete_by_proof(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    by: &SteppedUp,
) -> Result<(), Failure> {
    let account = by.account();
    account::lock(tx, account)?;
    let ended = session::end_all_but(tx, visit, account, by.session())?;
    end_what_was_begun(tx, visit, account)?;
    let detail = json!({ "session": by.session(), "sessions_ended": ended });
    audit::record(tx, visit, Event::by(account, Act::AccountRecovered, detail))?;
    tell(tx, rules, visit, account, |link| recovered(visit, link))?;
    let now = Recovered {
        at: visit.now,
        contact_since: None,
    };
    session::set_recovered(tx, by.session(), Some(now))
}

/// A recovery to which nothing is wanting but the password.
fn proven(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
) -> Decision<(ticket::TicketId, AccountId, Flow), RecoveryRefusal> {
    let (found, account) = match find_proven(tx, rules, visit, browser, secret)? {
        Ok(proven) => proven,
        Err(refusal) => refuse!(refusal),
    };
    if found.flow.sent.is_some() || missing(tx, rules, visit, account, &found.flow)?.is_some() {
        refuse!(RecoveryRefusal::StepMissing);
    }
    Ok(Ok((found.ticket, account, found.flow)))
}

fn end_what_was_begun(tx: &mut Tx<'_>, visit: &Visit, account: AccountId) -> Result<(), Failure> {
    ticket::discard_all(tx, visit, account)?;
    assisted::void(tx, visit, account)?;
    contact::void_pending(tx, visit, account)?;
    session::forget_devices(tx, account)
}

fn recovered(visit: &Visit, link: String) -> Notice {
    Notice::AccountRecovered {
        device: visit.device.clone(),
        address: visit.address.to_string(),
        at: visit.now,
        link,
    }
}

/// Opens the session of who came back.
fn open(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    opening: &Opening,
    given: Option<SecondFactor>,
    contact_since: Option<Timestamp>,
) -> Decision<Opened, RecoveryRefusal> {
    let second = match given {
        Some(factor) => Second::Given(factor),
        None if opening.demand == Demand::Everybody => Second::Owed,
        None => Second::NotAsked,
    };
    let Some(new) = session::open(tx, rules, visit, opening, None, second)? else {
        refuse!(RecoveryRefusal::AccountBlocked);
    };
    binding::mark_used(tx, opening.authenticator, visit.now)?;
    let now = Recovered {
        at: visit.now,
        contact_since,
    };
    session::set_recovered(tx, new.id, Some(now))?;
    Ok(Ok(Opened {
        secret: new.secret,
        session: new.id,
        account: opening.account,
        created: false,
    }))
}
