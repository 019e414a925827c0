//! Ranges of telephone numbers whose codes nobody types. Who is paid for text messages to a range has thousands of codes
//! sent there and answers none (threats, SMS-1).

use std::time::Duration;

use db::{Timestamp, Tx};

use super::E164;
use super::store::{self, PrefixCounts};
use crate::{Failure, Rules, Visit};

/// Seconds.
const HOUR: i64 = 3600;
/// How far back codes are counted.
const WINDOW: Duration = Duration::from_secs(24 * 3600);
/// Digits behind the country code that make a range.
const DIGITS: usize = 3;
/// Everybody who asks at once counts in a row of their own.
const POTS: u32 = 16;

/// A range whose codes are asked for and not typed: it gets no more until its day is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoppedPrefix {
    /// The country code and the first digits behind it: `+7707`.
    pub prefix: String,
    /// Codes sent in the last day.
    pub sent: u32,
    /// Codes of these that were typed.
    pub answered: u32,
}

/// The range of a number.
pub(super) fn of(number: &E164) -> String {
    let code = number.country_code().map_or(0, |code| code.to_string().len());
    number.as_str().chars().take(1 + code + DIGITS).collect()
}

/// Whether the range gets no more codes now.
pub(super) fn is_stopped(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    prefix: &str,
) -> Result<bool, Failure> {
    let (since, before) = window(visit.now);
    let counts = store::find_prefix(tx, prefix, since, before)?;
    Ok(is_unanswered(rules, &counts))
}

/// The ranges that get no more codes now.
pub fn stopped_prefixes(
    tx: &mut Tx<'_>,
    rules: &Rules,
    now: Timestamp,
) -> Result<Vec<StoppedPrefix>, Failure> {
    let (since, before) = window(now);
    let busy = store::list_prefixes(tx, since, before, rules.contact.sms_trial)?;
    let stopped = busy.into_iter().filter_map(|(prefix, sent, answered)| {
        let counts = PrefixCounts { sent, answered };
        is_unanswered(rules, &counts).then_some(StoppedPrefix {
            prefix,
            sent,
            answered,
        })
    });
    Ok(stopped.collect())
}

/// Counts a code on its way.
pub(super) fn count_sent(tx: &mut Tx<'_>, visit: &Visit, number: &E164) -> Result<(), Failure> {
    count(tx, visit, number, PrefixCounts { sent: 1, answered: 0 })
}

/// Counts a code that was typed.
pub(super) fn count_answered(tx: &mut Tx<'_>, visit: &Visit, number: &E164) -> Result<(), Failure> {
    count(tx, visit, number, PrefixCounts { sent: 0, answered: 1 })
}

fn count(tx: &mut Tx<'_>, visit: &Visit, number: &E164, add: PrefixCounts) -> Result<(), Failure> {
    let pot = u32::from_be_bytes(visit.entropy.bytes()) % POTS;
    store::add_prefix(tx, &of(number), hour(visit.now), pot, &add)?;
    Ok(())
}

fn is_unanswered(rules: &Rules, counts: &PrefixCounts) -> bool {
    let limits = &rules.contact;
    counts.sent >= limits.sms_trial
        && u64::from(counts.answered) * 100 < u64::from(counts.sent) * u64::from(limits.sms_answered_percent)
}

/// The full hours of the last day: codes of the present one may still be on somebody's screen.
fn window(now: Timestamp) -> (Timestamp, Timestamp) {
    let before = hour(now);
    (before.minus(WINDOW), before)
}

fn hour(now: Timestamp) -> Timestamp {
    Timestamp::from_seconds(now.as_seconds().div_euclid(HOUR) * HOUR)
}

/// Forgets what is out of the window.
pub(super) fn clean(tx: &mut Tx<'_>, now: Timestamp, limit: u32) -> Result<u64, Failure> {
    Ok(store::delete_prefixes(tx, window(now).0, limit)?)
}

/// Whether [`clean`] would find anything.
pub(super) fn needs_cleaning(tx: &mut Tx<'_>, now: Timestamp) -> Result<bool, Failure> {
    Ok(store::find_old_prefix(tx, window(now).0)?.is_some())
}
