//! Throws away what is over: tickets, sessions, counters, merges, recoveries. In small bounded steps, so that nobody waits for it.

use std::time::Duration;

use db::{Error, Timestamp, Tx, params};

use crate::{Failure, Rules, Visit, throttle};

/// So long a link from a message still says that its time is over.
const KEEP_LINKS: Duration = Duration::from_secs(3 * 24 * 3600);

/// What one step removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Tickets used or expired.
    pub tickets: u64,
    /// Sessions ended or expired longer ago than [`crate::SessionRules::keep_ended`].
    pub sessions: u64,
    /// Browsers unused for longer than [`crate::SessionRules::forget_device`].
    pub devices: u64,
    /// Counters of guesses that are forgotten.
    pub throttles: u64,
    /// Merges that can be undone no more, for as long as ended sessions are kept.
    pub merges: u64,
    /// Assisted recoveries that are over for as long.
    pub recoveries: u64,
}

impl Swept {
    /// Whether a kind was full to its limit, so that another step is due at once.
    pub fn is_full(&self, limit: u32) -> bool {
        let all = [
            self.tickets,
            self.sessions,
            self.devices,
            self.throttles,
            self.merges,
            self.recoveries,
        ];
        all.contains(&u64::from(limit))
    }
}

/// Whether [`sweep`] would find anything: a read, so that an idle server writes nothing.
pub fn is_due(tx: &mut Tx<'_>, rules: &Rules, visit: &Visit) -> Result<bool, Failure> {
    let tickets = find_expired_ticket(tx, visit.now)?;
    let kept = visit.now.minus(rules.session.keep_ended);
    let sessions = find_old_session(tx, kept)?;
    let devices = find_old_device(tx, visit.now.minus(rules.session.forget_device))?;
    let others = [find_old_merge(tx, kept)?, find_old_recovery(tx, kept)?];
    let is_due = [tickets, sessions, devices]
        .iter()
        .chain(&others)
        .any(Option::is_some);
    Ok(is_due || throttle::has_forgotten(tx, visit)?)
}

/// Removes at most `limit` rows of each kind.
pub fn sweep(tx: &mut Tx<'_>, rules: &Rules, visit: &Visit, limit: u32) -> Result<Swept, Failure> {
    let kept = visit.now.minus(rules.session.keep_ended);
    Ok(Swept {
        tickets: delete_expired_tickets(tx, visit.now, limit)?,
        sessions: delete_old_sessions(tx, kept, limit)?,
        devices: delete_old_devices(tx, visit.now.minus(rules.session.forget_device), limit)?,
        throttles: throttle::sweep(tx, visit, limit)?,
        merges: delete_old_merges(tx, kept, limit)?,
        recoveries: delete_old_recoveries(tx, kept, limit)?,
    })
}

fn find_expired_ticket(tx: &mut Tx<'_>, now: Timestamp) -> Result<Option<Timestamp>, Error> {
    tx.optional(
        "select expires_at from ticket
         where expires_at <= $1 and (purpose not in ('confirm-contact', 'undo-contact', 'not-me') or expires_at <= $2)
         order by expires_at limit 1",
        params![now, now.minus(KEEP_LINKS)],
    )
}

/// An ended session is past its absolute end too, sooner or later: one index serves both.
fn find_old_session(tx: &mut Tx<'_>, before: Timestamp) -> Result<Option<Timestamp>, Error> {
    tx.optional(
        "select expires_at from session where expires_at <= $1 order by expires_at limit 1",
        params![before],
    )
}

fn delete_expired_tickets(tx: &mut Tx<'_>, now: Timestamp, limit: u32) -> Result<u64, Error> {
    tx.execute(
        "delete from ticket where id in
             (select id from ticket
              where expires_at <= $1
                  and (purpose not in ('confirm-contact', 'undo-contact', 'not-me') or expires_at <= $2)
              order by expires_at limit $3)",
        params![now, now.minus(KEEP_LINKS), limit],
    )
}

fn delete_old_sessions(tx: &mut Tx<'_>, before: Timestamp, limit: u32) -> Result<u64, Error> {
    tx.execute(
        "delete from session where id in (select id from session where expires_at <= $1 order by expires_at limit $2)",
        params![before, limit],
    )
}

fn find_old_device(tx: &mut Tx<'_>, before: Timestamp) -> Result<Option<Timestamp>, Error> {
    tx.optional(
        "select last_used_at from known_device where last_used_at <= $1 order by last_used_at limit 1",
        params![before],
    )
}

fn delete_old_devices(tx: &mut Tx<'_>, before: Timestamp, limit: u32) -> Result<u64, Error> {
    tx.execute(
        "delete from known_device where (account_id, browser_hash) in
             (select account_id, browser_hash from known_device
              where last_used_at <= $1 order by last_used_at limit $2)",
        params![before, limit],
    )
}

fn find_old_merge(tx: &mut Tx<'_>, before: Timestamp) -> Result<Option<Timestamp>, Error> {
    tx.optional(
        "select undo_until from account_merge where undo_until <= $1 order by undo_until limit 1",
        params![before],
    )
}

fn delete_old_merges(tx: &mut Tx<'_>, before: Timestamp, limit: u32) -> Result<u64, Error> {
    tx.execute(
        "delete from account_merge where id in
             (select id from account_merge where undo_until <= $1 order by undo_until limit $2)",
        params![before, limit],
    )
}

fn find_old_recovery(tx: &mut Tx<'_>, before: Timestamp) -> Result<Option<Timestamp>, Error> {
    tx.optional(
        "select until from assisted_recovery where until <= $1 order by until limit 1",
        params![before],
    )
}

fn delete_old_recoveries(tx: &mut Tx<'_>, before: Timestamp, limit: u32) -> Result<u64, Error> {
    tx.execute(
        "delete from assisted_recovery where id in
             (select id from assisted_recovery where until <= $1 order by until limit $2)",
        params![before, limit],
    )
}
