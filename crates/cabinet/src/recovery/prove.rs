//! The proofs between the first code and the new password.

use db::Tx;

use super::RecoveryRefusal;
use super::begin::issue;
use super::due::send;
use super::need::missing;
use super::under_way::{Flow, Found, contacts, find_flow};
use crate::account::AccountId;
use crate::binding::{self, SecondFactor};
use crate::contact::{FieldRefusal, Slot};
use crate::sign_in::second_factor::count_guess;
use crate::throttle::{self, Daily};
use crate::ticket::{self, Purpose};
use crate::{BrowserHash, Decision, Failure, Rules, Secret, Visit, refuse};

/// Guesses at the codes of one login, whether or not it is anybody's.
static GUESSES: Daily = Daily::narrow("recovery.guesses");

/// Gives the code that was sent. The recovery goes on under the secret that this gives; the old one is dead.
pub fn give_code(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
    code: &str,
) -> Decision<Secret, RecoveryRefusal> {
    let Some(mut found) = find_flow(tx, rules, visit, browser, secret)? else {
        refuse!(RecoveryRefusal::Gone);
    };
    // Counted before it is checked, so that parallel guesses do not slip past.
    if !may_guess(tx, rules, visit, &found.flow)? || !ticket::count_try(tx, visit, found.ticket)? {
        refuse!(RecoveryRefusal::TooManyTries);
    }
    let right = found.flow.sent.take().filter(|sent| sent.is(rules, code));
    let Some((account, sent)) = found.account.zip(right) else {
        refuse!(RecoveryRefusal::CodeWrong);
    };
    found.flow.contacts.push(sent.to);
    go_on(tx, rules, visit, browser, found.ticket, account, &found.flow)
}

/// Sends a code to another contact of the account; a new code kills the old.
pub fn send_code(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
    slot: Slot,
) -> Decision<Secret, RecoveryRefusal> {
    let (mut found, account) = match find_proven(tx, rules, visit, browser, secret)? {
        Ok(proven) => proven,
        Err(refusal) => refuse!(refusal),
    };
    let ways = missing(tx, rules, visit, account, &found.flow)?.unwrap_or_default();
    let own = contacts(tx, rules, visit, account)?;
    let offered = ways.contacts.iter().any(|(offered, _)| *offered == slot);
    let Some(to) = own.into_iter().find(|own| own.slot == slot && offered) else {
        refuse!(RecoveryRefusal::NotYours);
    };
    match send(tx, rules, visit, account, slot, &to.value)? {
        Ok(sent) => found.flow.sent = Some(sent),
        Err(FieldRefusal::CountryNotServed) => refuse!(RecoveryRefusal::CountryNotServed),
        Err(FieldRefusal::SmsStopped) => refuse!(RecoveryRefusal::SmsStopped),
        Err(_) => refuse!(RecoveryRefusal::TooManyMessages),
    }
    go_on(tx, rules, visit, browser, found.ticket, account, &found.flow)
}

/// Gives a code of the app or of the printed sheet.
pub fn give_factor(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
    factor: SecondFactor,
    code: &str,
) -> Decision<Secret, RecoveryRefusal> {
    let (mut found, account) = match find_proven(tx, rules, visit, browser, secret)? {
        Ok(proven) => proven,
        Err(refusal) => refuse!(refusal),
    };
    let ways = missing(tx, rules, visit, account, &found.flow)?.unwrap_or_default();
    if !ways.factors.contains(&factor) {
        refuse!(RecoveryRefusal::NotYours);
    }
    let Some(guesses) = count_guess(tx, rules, visit, account, factor)? else {
        refuse!(RecoveryRefusal::FactorLocked);
    };
    let is_right = match factor {
        SecondFactor::Totp => binding::take_totp(tx, rules, visit, account, code)?,
        SecondFactor::RecoveryCode => binding::take_recovery_code(tx, rules, visit, account, code)?,
        SecondFactor::Passkey | SecondFactor::Sms => false,
    };
    if !is_right {
        refuse!(RecoveryRefusal::FactorWrong);
    }
    throttle::forgive(tx, guesses)?;
    found.flow.sent = None;
    found.flow.factor = Some(factor);
    go_on(tx, rules, visit, browser, found.ticket, account, &found.flow)
}

/// A recovery whose first code was right, or that two people of the operator vouched for.
pub(super) fn find_proven(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
) -> Decision<(Found, AccountId), RecoveryRefusal> {
    let Some(found) = find_flow(tx, rules, visit, browser, secret)? else {
        refuse!(RecoveryRefusal::Gone);
    };
    match found.account {
        Some(account) if found.flow.is_proven() => Ok(Ok((found, account))),
        _ => refuse!(RecoveryRefusal::StepMissing),
    }
}

/// Takes the ticket of the step that was made and issues that of the next; of any number of parallel calls one does.
fn go_on(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    step: ticket::TicketId,
    account: AccountId,
    flow: &Flow,
) -> Decision<Secret, RecoveryRefusal> {
    if !ticket::take_found(tx, visit, Purpose::Recovery, step, browser)? {
        refuse!(RecoveryRefusal::Gone);
    }
    Ok(Ok(issue(tx, rules, visit, browser, Some(account), flow)?.secret))
}

fn may_guess(tx: &mut Tx<'_>, rules: &Rules, visit: &Visit, flow: &Flow) -> Result<bool, Failure> {
    let Some(login) = flow.login(rules) else {
        return Ok(false);
    };
    let limit = rules.contact.guesses_per_day;
    Ok(GUESSES.take(tx, rules, visit, &[&login.key()], limit)?.is_some())
}
