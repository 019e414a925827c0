//! Reminders that a certificate ends (4.3.6): 30, 14, 7 and 1 days ahead and when it is over, each once. Who holds
//! its successor already is left in peace.

use std::time::Duration;

use db::{Error, Timestamp, Tx, params};

use super::AuthenticatorId;
use crate::account::AccountId;
use crate::message::Notice;
use crate::{Failure, Rules, Visit, contact};

/// Days before the end, the farthest first; none is the end itself.
const DAYS_AHEAD: [u32; 5] = [30, 14, 7, 1, 0];
const DAY: Duration = Duration::from_secs(24 * 3600);
/// Of an end longer ago nobody is told: the server was switched off, or the certificate came from elsewhere.
const STALE: Duration = Duration::from_secs(30 * 24 * 3600);

db::record! {
    /// A certificate of whose end its owner is to be told.
    struct Due {
        id: AuthenticatorId,
        account: AccountId,
        owner: String,
        serial: String,
        not_after: Timestamp,
        is_in_use: bool,
    }
}

/// When to remind next of this end; nothing once it is over.
pub(super) fn next(now: Timestamp, not_after: Timestamp) -> Option<Timestamp> {
    DAYS_AHEAD
        .iter()
        .map(|days| not_after.minus(DAY * *days))
        .find(|at| *at > now)
}

/// Whether [`remind`] would find anything: a read, so that an idle server writes nothing.
pub fn is_reminder_due(tx: &mut Tx<'_>, now: Timestamp) -> Result<bool, Failure> {
    let first: Option<Timestamp> = tx.optional(
        "select remind_at from certificate where remind_at <= $1 order by remind_at limit 1",
        params![now],
    )?;
    Ok(first.is_some())
}

/// Reminds the owners of at most `limit` certificates, and says of how many it was time. After a pause of the server
/// a person gets the reminder of today, not those that were missed.
pub fn remind(tx: &mut Tx<'_>, rules: &Rules, visit: &Visit, limit: u32) -> Result<u64, Failure> {
    let due = list_due(tx, visit.now, limit)?;
    for certificate in &due {
        if certificate.is_in_use && visit.now < certificate.not_after.plus(STALE) {
            let notice = notice(rules, visit.now, certificate);
            contact::tell_unhurried(tx, rules, visit, certificate.account, &notice)?;
        }
        update_remind_at(tx, certificate.id, next(visit.now, certificate.not_after))?;
    }
    Ok(due.len() as u64)
}

fn notice(rules: &Rules, now: Timestamp, certificate: &Due) -> Notice {
    let (owner, serial) = (certificate.owner.clone(), certificate.serial.clone());
    let (until, link) = (certificate.not_after, rules.link(&["help", "certificate"]));
    if now < until {
        Notice::CertificateEnds {
            owner,
            serial,
            until,
            link,
        }
    } else {
        Notice::CertificateEnded {
            owner,
            serial,
            until,
            link,
        }
    }
}

/// In use: not removed, and the account holds none of the same subject that ends later.
fn list_due(tx: &mut Tx<'_>, now: Timestamp, limit: u32) -> Result<Vec<Due>, Error> {
    tx.list(
        "select a.id, a.account_id, c.owner, c.serial, c.not_after,
             case when a.removed_at is null and not exists
                 (select 1 from certificate later join authenticator b on b.id = later.authenticator_id
                  where b.account_id = a.account_id and b.removed_at is null and later.subject = c.subject
                      and (later.not_after, b.id) > (c.not_after, a.id))
             then 1 else 0 end
         from certificate c join authenticator a on a.id = c.authenticator_id
         where c.remind_at <= $1 order by c.remind_at limit $2",
        params![now, limit],
    )
}

fn update_remind_at(tx: &mut Tx<'_>, id: AuthenticatorId, at: Option<Timestamp>) -> Result<(), Error> {
    tx.execute(
        "update certificate set remind_at = $1 where authenticator_id = $2",
        params![at, id],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_4_3_6_reminders_come_at_30_14_7_1_days_and_at_the_end() {
        let end = Timestamp::from_seconds(1_800_000_000);
        let mut now = end.minus(DAY * 365);
        let mut ahead = Vec::new();
        while let Some(at) = next(now, end) {
            assert!(at > now);
            ahead.push((end.as_seconds() - at.as_seconds()) / 86_400);
            now = at;
        }
        assert_eq!(ahead, [30, 14, 7, 1, 0]);
        assert_eq!(next(end.minus(DAY * 10), end), Some(end.minus(DAY * 7)));
    }
}
