use std::time::Duration;

use db::Tx;

use super::store;
use crate::{Failure, Rules, Visit};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// So much a day. The count is exact: never more than the limit, and never a refusal while something is left.
#[derive(Debug)]
pub(crate) struct Daily {
    /// Keeps the counters of different kinds apart.
    name: &'static str,
    /// A row that everybody counts in would make everybody wait for everybody: what many people share lies in several
    /// pots, and each takes from one at random, from the next where that is empty.
    pots: u32,
}

impl Daily {
    /// An allowance of one person, or of one address.
    pub(crate) const fn narrow(name: &'static str) -> Self {
        Self { name, pots: 1 }
    }

    /// An allowance that many people use at once.
    pub(crate) const fn wide(name: &'static str) -> Self {
        Self { name, pots: 16 }
    }

    /// Takes one; tells which of the day it was in its pot, or nothing: the day's allowance is used up.
    pub(crate) fn take(
        &self,
        tx: &mut Tx<'_>,
        rules: &Rules,
        visit: &Visit,
        whose: &[&str],
        limit: u32,
    ) -> Result<Option<u32>, Failure> {
        let day = visit.now.as_seconds().div_euclid(24 * 3600).to_string();
        let first = u32::from(u16::from_be_bytes(visit.entropy.bytes())) % self.pots;
        for pot in (first..self.pots).chain(0..first) {
            let number = pot.to_string();
            let name = [&[self.name], whose, &[&day, &number]].concat().join("\0");
            let subject = rules.server_key.keyed_hash("throttle", name.as_bytes());
            let share = limit / self.pots + u32::from(pot < limit % self.pots);
            if share > 0
                && let Some(taken) = store::take(tx, subject, share, visit.now, visit.now.plus(DAY))?
            {
                return Ok(Some(taken));
            }
        }
        Ok(None)
    }
}
