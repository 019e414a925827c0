//! The life of a message after its cause: claim, word, hand over, settle.
//!
//! A claim is a lease with a fence: whoever claims next gets a higher number, and a worker that was away for too long
//! can no longer mark anything.

use std::time::Duration;

use db::{Timestamp, Tx};

use super::{BODY, Body, Channel, MessageId, NOTICE, Notice, open, seal, store};
use crate::account::{AccountId, Language};
use crate::{Failure, Rules, Visit, contact};

/// Attempts end after two days.
pub const GIVE_UP_AFTER: Duration = Duration::from_secs(48 * 3600);
const FIRST_PAUSE: Duration = Duration::from_secs(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);

/// A message that one worker may hand over until its lease ends.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The message.
    pub id: MessageId,
    /// Which claim of this message it is.
    pub fence: i64,
    /// The account it concerns.
    pub account: Option<AccountId>,
    /// The way it goes.
    pub channel: Channel,
    /// The address or number.
    pub to: String,
    /// The recipient's language.
    pub language: Language,
    /// When it was caused.
    pub created_at: Timestamp,
    /// How many attempts there were, this one included.
    pub attempts: u32,
    /// What to send.
    pub content: Content,
}

/// What a claimed message holds.
#[derive(Debug, Clone)]
pub enum Content {
    /// It was never worded.
    Notice(Notice),
    /// It was worded before the first attempt; these are the bytes to send.
    Body(Body),
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    /// The gateway took it. The wording is erased, unless it is kept for the page of the demo.
    Sent {
        /// Whether the wording stays.
        keep: bool,
    },
    /// It was not taken this time.
    Retry {
        /// What the gateway said.
        reason: String,
        /// Whether the gateway may have it after all.
        maybe_taken: bool,
    },
    /// It will never be taken.
    Refused {
        /// What the gateway said.
        reason: String,
    },
}

/// Whether [`claim`] would find anything: a read, so that an idle server writes nothing.
pub fn is_due(tx: &mut Tx<'_>, now: Timestamp, channel: Channel) -> Result<bool, Failure> {
    Ok(store::find_due(tx, now, channel)?.is_some())
}

/// Claims up to `limit` messages, never two to the same recipient, and settles those whose codes have expired.
pub fn claim(
    tx: &mut Tx<'_>,
    rules: &Rules,
    now: Timestamp,
    channel: Channel,
    lease: Duration,
    limit: u32,
) -> Result<Vec<Claim>, Failure> {
    store::update_expired(tx, now, channel)?;
    let mut rows = store::claim(tx, now, now.plus(lease), channel, limit)?;
    rows.sort_by_key(|row| (row.created_at, row.id));
    rows.into_iter().map(|row| opened(rules, row)).collect()
}

fn opened(rules: &Rules, row: store::Row) -> Result<Claim, Failure> {
    let content = match (&row.body, &row.notice) {
        (Some(body), _) => Content::Body(open(&rules.server_key, BODY, body)?),
        (None, Some(notice)) => Content::Notice(open(&rules.server_key, NOTICE, notice)?),
        (None, None) => return Err(Failure::new(format!("message {} is queued but empty", row.id))),
    };
    Ok(Claim {
        id: row.id,
        fence: row.fence,
        account: row.account,
        channel: row.channel,
        to: row.recipient,
        language: row.language,
        created_at: row.created_at,
        attempts: row.attempts,
        content,
    })
}

/// Notes, before the gateway hears of it, that it may now have the message, and in which words. `false`: the lease
/// was lost and nothing may be sent.
pub fn begin(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    claim: &Claim,
    body: &Body,
) -> Result<bool, Failure> {
    let sealed = seal(&rules.server_key, BODY, body, visit)?;
    Ok(store::update_handing_over(tx, claim.id, claim.fence, visit.now, &sealed)? == 1)
}

/// Marks how the attempt ended. `false`: the lease was lost, and somebody else will mark it.
pub fn settle(
    tx: &mut Tx<'_>,
    now: Timestamp,
    claim: &Claim,
    settlement: Settlement,
) -> Result<bool, Failure> {
    let (id, fence) = (claim.id, claim.fence);
    let changed = match settlement {
        Settlement::Sent { keep } => {
            if let Some(account) = claim.account {
                contact::mark_reached(tx, account, &claim.to)?;
            }
            store::update_sent(tx, id, fence, now, keep)?
        }
        Settlement::Refused { reason } => bury(tx, now, claim, &reason)?,
        Settlement::Retry { reason, maybe_taken } => {
            let due_at = now.plus(pause(claim.attempts));
            if due_at > claim.created_at.plus(GIVE_UP_AFTER) {
                bury(tx, now, claim, &reason)?
            } else {
                store::update_retry(tx, id, fence, due_at, maybe_taken, &reason)?
            }
        }
    };
    Ok(changed == 1)
}

fn bury(tx: &mut Tx<'_>, now: Timestamp, claim: &Claim, reason: &str) -> Result<u64, Failure> {
    let changed = store::update_dead(tx, claim.id, claim.fence, now, reason)?;
    if let (1, Some(account)) = (changed, claim.account) {
        contact::mark_bouncing(tx, now, account, &claim.to)?;
    }
    Ok(changed)
}

/// 10 s, 20 s, 40 s … an hour.
fn pause(attempts: u32) -> Duration {
    let doublings = attempts.saturating_sub(1).min(16);
    FIRST_PAUSE.saturating_mul(1 << doublings).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_11_2_pauses_grow_from_ten_seconds_to_an_hour() {
        let pauses: Vec<u64> = (1..=11).map(|attempts| pause(attempts).as_secs()).collect();
        assert_eq!(pauses, [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]);
        assert_eq!(pause(u32::MAX), LONGEST_PAUSE);
    }
}
