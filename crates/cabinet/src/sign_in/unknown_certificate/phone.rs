use db::Tx;

use super::UnknownCertificateRefusal as Refusal;
use super::bind::{bind, enter_with, obstacle, owners};
use super::held::{Held, Why, find, take};
use crate::account::{self, AccountId};
use crate::binding::SecondFactor;
use crate::contact::{self, E164, Value};
use crate::sign_in::enter::Entered;
use crate::sign_in::second_factor::{self, SecondFactorRefusal};
use crate::ticket::{self, TicketId};
use crate::{BrowserHash, Decision, Failure, Rules, Secret, Visit, refuse, throttle};

/// Sends a code to the phone of the account whose number the certificate states, if that is the phone that was typed:
/// which it is, or whether there is one, is not said (D-7.d).
pub fn send_code(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
    typed: &str,
) -> Decision<(), Refusal> {
    let (id, account, _) = match find_known(tx, rules, visit, browser, secret)? {
        Ok(known) => known,
        Err(refusal) => refuse!(refusal),
    };
    let Ok(Some(typed)) = contact::parse_phone(typed, &rules.default_region) else {
        refuse!(Refusal::PhoneMalformed);
    };
    if own_phone(tx, rules, visit, account)?.as_ref() != Some(&typed) {
        return Ok(if ticket::count_try(tx, visit, id)? {
            Ok(())
        } else {
            Err(Refusal::TooManyTries)
        });
    }
    let sent = second_factor::send_code_for(tx, rules, visit, browser, (account, id), typed)?;
    Ok(sent.map(|_| ()).map_err(Refusal::from))
}

/// Gives the code: the certificate is bound to the account, and opens it. It states the number of the account, so both
/// proofs are of one person.
pub fn give_code(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
    code: &str,
) -> Decision<Entered, Refusal> {
    let (id, account, held) = match find_known(tx, rules, visit, browser, secret)? {
        Ok(known) => known,
        Err(refusal) => refuse!(refusal),
    };
    account::lock(tx, account)?;
    if let Some(refusal) = obstacle(tx, account, &held)? {
        refuse!(refusal);
    }
    let Some(guesses) = second_factor::count_guess(tx, rules, visit, account, SecondFactor::Sms)? else {
        refuse!(Refusal::TooManyTries);
    };
    if !second_factor::take_code_for(tx, rules, visit, (account, id), code)? {
        refuse!(Refusal::CodeWrong);
    }
    throttle::forgive(tx, guesses)?;
    let (ticket, _) = match find(tx, rules, visit, browser, secret)? {
        Ok(found) => found,
        Err(refusal) => refuse!(refusal),
    };
    if let Err(refusal) = take(tx, visit, browser, &ticket)? {
        refuse!(refusal);
    }
    let authenticator = bind(tx, rules, visit, account, &held)?;
    enter_with(tx, rules, visit, browser, held, (account, authenticator), false)
}

/// The one account whose number the certificate that waits states.
fn find_known(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
) -> Decision<(TicketId, AccountId, Held), Refusal> {
    let (ticket, held) = match find(tx, rules, visit, browser, secret)? {
        Ok(found) => found,
        Err(refusal) => refuse!(refusal),
    };
    match owners(tx, &held.anchor_group, &held.person_ids)?.as_slice() {
        [account] if held.why == Why::Known => Ok(Ok((ticket.id, *account, held))),
        _ => refuse!(Refusal::NotByPhone),
    }
}

/// The confirmed phone, unless it may be another person's by now (threats, SMS-2).
fn own_phone(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
) -> Result<Option<E164>, Failure> {
    let in_force = contact::list(tx, rules, visit.now, account)?.phone.in_force;
    let fresh = in_force.filter(|own| !own.is_aged(rules, visit.now));
    Ok(fresh.and_then(|own| match own.value {
        Value::Phone(phone) => Some(phone),
        Value::Email(_) => None,
    }))
}

impl From<SecondFactorRefusal> for Refusal {
    fn from(refusal: SecondFactorRefusal) -> Self {
        match refusal {
            SecondFactorRefusal::TooSoon => Self::TooSoon,
            SecondFactorRefusal::CountryNotServed => Self::CountryNotServed,
            _ => Self::TooManyMessages,
        }
    }
}
