//! A connection that is replaced when it breaks, and closures that are run again when others were in the way.

use super::{
    Mode,
    connection::Connection,
    target::{Target, Use},
};
use crate::{Error, Tx, tx};
use std::{
    hash::{BuildHasher, Hasher, RandomState},
    sync::Arc,
    thread,
    time::Duration,
};

const CONFLICT_PAUSE: Duration = Duration::from_millis(2);
const RECONNECT_PAUSE: Duration = Duration::from_millis(25);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

pub(super) struct Session {
    target: Arc<Target>,
    purpose: Use,
    connection: Option<Connection>,
}

impl Session {
    pub(super) fn new(target: &Arc<Target>, purpose: Use) -> Self {
        Self {
            target: Arc::clone(target),
            purpose,
            connection: None,
        }
    }

    /// Runs the closure in a transaction until it is settled; the closure says whether to commit.
    pub(super) fn transact(
        &mut self,
        mode: Mode,
        closure: &mut dyn FnMut(&mut Tx<'_>) -> bool,
    ) -> Result<(), Error> {
        let mut tried = 0;
        loop {
            let outcome = self.attempt(mode, closure);
            tried += 1;
            let may_try = tried < self.purpose.tries();
            match outcome {
                Err(Error::Busy(_)) if may_try => pause(CONFLICT_PAUSE, tried),
                // At first only the connection may be stale.
                Err(Error::Unavailable(_)) if tried == 1 => {}
                Err(Error::Unavailable(_)) if may_try && !self.target.is_down() => {
                    pause(RECONNECT_PAUSE, tried);
                }
                Err(Error::Unavailable(cause)) => {
                    self.target.went_down();
                    return Err(Error::Unavailable(cause));
                }
                settled => return settled,
            }
        }
    }

    /// Runs the closure once. `Busy` and `Unavailable` mean that nothing was done.
    fn attempt(&mut self, mode: Mode, closure: &mut dyn FnMut(&mut Tx<'_>) -> bool) -> Result<(), Error> {
        let mut connection = match self.connection.take() {
            Some(kept) if kept.is_usable() => kept,
            _ => Connection::open(&self.target, self.purpose)?,
        };
        connection.begin(mode)?;
        let mut tx = Tx::new(tx::Session::Postgres(&mut connection));
        let keep = closure(&mut tx);
        let outcome = match tx.failure() {
            Some(error @ Error::Unavailable(_)) => return Err(error),
            Some(error @ Error::Busy(_)) => Err(error),
            _ => Ok(()),
        };
        if outcome.is_ok() && keep && mode == Mode::Write {
            let committed = connection.commit();
            if !matches!(committed, Err(Error::CommitUnknown(_))) {
                self.connection = Some(connection);
            }
            return committed;
        }
        if connection.roll_back().is_ok() {
            self.connection = Some(connection);
        }
        outcome
    }
}

/// Waits longer each time, and not as long as the others who wait.
fn pause(first: Duration, tried: u32) {
    let longest = first.saturating_mul(1 << tried.min(16)).min(LONGEST_PAUSE);
    let random = RandomState::new().build_hasher().finish() % 1000;
    let share = u32::try_from(random).unwrap_or(0) + 1;
    thread::park_timeout(longest * share / 1000);
}
