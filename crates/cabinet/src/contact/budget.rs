//! How many messages a day a person can make us send (SMS-1), and how many codes they may guess (OTP-2).

use db::Tx;

use super::{E164, FieldRefusal, Value, prefix};
use crate::account::AccountId;
use crate::throttle::{Daily, network_of};
use crate::{Failure, Rules, Visit};

static BY_ACCOUNT: Daily = Daily::narrow("contact.account");
static BY_ACCOUNT_TO_ADDRESS: Daily = Daily::narrow("contact.account_to_address");
static TO_ADDRESS: Daily = Daily::narrow("contact.address");
static BY_NETWORK: Daily = Daily::wide("contact.network");
static TO_PREFIX: Daily = Daily::wide("contact.sms_prefix");
static ALL_SMS: Daily = Daily::wide("contact.sms");
static GUESSES: Daily = Daily::narrow("contact.guesses");

/// So many codes a day an account gets to an address whatever others asked for: strangers cannot use up the day of the
/// one whose address it is.
const OWN_CODES: u32 = 2;

/// Counts one message to this address; `Err`: it must not be sent. What is refused by a narrow budget costs nothing of a
/// wider one: one person must not spend what is everybody's.
pub(super) fn spend(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    value: &Value,
) -> Result<Result<(), FieldRefusal>, Failure> {
    if let Value::Phone(number) = value {
        let allowed = &rules.contact.sms_countries;
        if !allowed.is_empty() && !number.country_code().is_some_and(|code| allowed.contains(&code)) {
            return Ok(Err(FieldRefusal::CountryNotServed));
        }
        if prefix::is_stopped(tx, rules, visit, &prefix::of(number))? {
            return Ok(Err(FieldRefusal::SmsStopped));
        }
    }
    if !is_own_within(tx, rules, visit, account, value)? {
        return Ok(Err(FieldRefusal::TooManyMessages));
    }
    match value {
        Value::Phone(number) if !is_sms_within(tx, rules, visit, number)? => {
            Ok(Err(FieldRefusal::SmsStopped))
        }
        _ => Ok(Ok(())),
    }
}

/// The budgets of the account, the address and the network.
fn is_own_within(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    value: &Value,
) -> Result<bool, Failure> {
    let limits = &rules.contact;
    let (account, address, network) = (account.to_string(), value.key(), network_of(visit.address));
    let mut take = |budget: &Daily, whose: &[&str], limit| budget.take(tx, rules, visit, whose, limit);
    if take(&BY_ACCOUNT, &[&account], limits.sends_per_account)?.is_none() {
        return Ok(false);
    }
    let pair = [account.as_str(), address.as_str()];
    let Some(own) = take(&BY_ACCOUNT_TO_ADDRESS, &pair, limits.sends_per_address)? else {
        return Ok(false);
    };
    let ceiling = if own > OWN_CODES {
        limits.sends_per_address_by_all
    } else {
        u32::MAX
    };
    Ok(take(&TO_ADDRESS, &[&address], ceiling)?.is_some()
        && take(&BY_NETWORK, &[&network], limits.sends_per_network)?.is_some())
}

/// The budgets of the number's range and of the whole installation.
fn is_sms_within(tx: &mut Tx<'_>, rules: &Rules, visit: &Visit, number: &E164) -> Result<bool, Failure> {
    let limits = &rules.contact;
    let prefix = prefix::of(number);
    Ok(TO_PREFIX
        .take(tx, rules, visit, &[&prefix], limits.sms_per_prefix)?
        .is_some()
        && ALL_SMS.take(tx, rules, visit, &[], limits.sms_per_day)?.is_some())
}

/// Counts a guess at a code, before it is checked; `false`: no more today.
pub(super) fn may_guess(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
) -> Result<bool, Failure> {
    let limit = rules.contact.guesses_per_day;
    let guess = GUESSES.take(tx, rules, visit, &[&account.to_string()], limit)?;
    Ok(guess.is_some())
}
