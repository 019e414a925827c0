//! How many messages a day a person can make us send (SMS-1), and how many codes they may guess (OTP-2).

use std::time::Duration;

use db::Tx;

use super::{FieldRefusal, Value};
use crate::account::AccountId;
use crate::throttle::{self, Pace, Subject, network_of};
use crate::{Failure, Rules, Visit};

const DAY: Duration = Duration::from_secs(24 * 3600);

const fn a_day(name: &'static str) -> Pace {
    Pace {
        name,
        free: u32::MAX,
        first: Duration::ZERO,
        longest: Duration::ZERO,
        forget: DAY,
    }
}

static TO_ADDRESS: Pace = a_day("contact.address");
static BY_ACCOUNT: Pace = a_day("contact.account");
static BY_NETWORK: Pace = a_day("contact.network");
static ALL_SMS: Pace = a_day("contact.sms");
static GUESSES: Pace = a_day("contact.guesses");

/// Counts one message to this address; `Err`: it must not be sent.
pub(super) fn spend(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    value: &Value,
) -> Result<Result<(), FieldRefusal>, Failure> {
    let (limits, account) = (&rules.contact, account.to_string());
    if let Value::Phone(number) = value {
        let allowed = &limits.sms_countries;
        if !allowed.is_empty() && !number.country_code().is_some_and(|code| allowed.contains(&code)) {
            return Ok(Err(FieldRefusal::CountryNotServed));
        }
    }
    // What is refused by a narrow budget costs nothing of a wider one: one person must not spend what is everybody's.
    let network = network_of(visit.address);
    let within = counted(tx, rules, visit, &BY_ACCOUNT, &account, limits.sends_per_account)?
        && counted(tx, rules, visit, &BY_NETWORK, &network, limits.sends_per_network)?
        && counted(
            tx,
            rules,
            visit,
            &TO_ADDRESS,
            &value.key(),
            limits.sends_per_address,
        )?
        && (matches!(value, Value::Email(_)) || counted(tx, rules, visit, &ALL_SMS, "", limits.sms_per_day)?);
    Ok(if within {
        Ok(())
    } else {
        Err(FieldRefusal::TooManyMessages)
    })
}

/// Counts a guess at a code, before it is checked; `false`: no more today.
pub(super) fn may_guess(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
) -> Result<bool, Failure> {
    counted(
        tx,
        rules,
        visit,
        &GUESSES,
        &account.to_string(),
        rules.contact.guesses_per_day,
    )
}

fn counted(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    pace: &'static Pace,
    who: &str,
    limit: u32,
) -> Result<bool, Failure> {
    let day = visit.now.as_seconds().div_euclid(24 * 3600).to_string();
    Ok(throttle::count(tx, visit, Subject::new(rules, pace, &[who, &day]))? <= limit)
}
