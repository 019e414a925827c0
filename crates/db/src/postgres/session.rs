//! A connection that is replaced when it breaks, and closures that are run again when others were in the way.

use super::{
    Mode,
    connection::Connection,
    target::{Target, Use},
};
use crate::{Error, Tx, tx};
use std::{
    hash::{BuildHasher, Hasher, RandomState},
    sync::{Arc, PoisonError, RwLockReadGuard, RwLockWriteGuard},
    thread,
    time::Duration,
};

/// So often a writer may lose to others before it writes alone. Under SERIALIZABLE any number of writers can be in each
/// other's way, most of all in small tables; alone among the writers of this process it loses to other nodes only.
const LOSSES: u32 = 3;

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
            let target = Arc::clone(&self.target);
            let turn = (mode == Mode::Write).then(|| Turn::take(&target, tried));
            let outcome = self.attempt(mode, closure);
            drop(turn);
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

/// The right to write: with others, or alone.
enum Turn<'a> {
    Shared(#[expect(dead_code, reason = "held, not read")] RwLockReadGuard<'a, ()>),
    Alone(#[expect(dead_code, reason = "held, not read")] RwLockWriteGuard<'a, ()>),
}

impl<'a> Turn<'a> {
    fn take(target: &'a Target, losses: u32) -> Self {
        let turn = target.turn();
        if losses < LOSSES {
            Self::Shared(turn.read().unwrap_or_else(PoisonError::into_inner))
        } else {
            Self::Alone(turn.write().unwrap_or_else(PoisonError::into_inner))
        }
    }
}

/// Waits longer each time, and not as long as the others who wait.
fn pause(first: Duration, tried: u32) {
    let longest = first.saturating_mul(1 << tried.min(16)).min(LONGEST_PAUSE);
    let random = RandomState::new().build_hasher().finish() % 1000;
    let share = u32::try_from(random).unwrap_or(0) + 1;
    thread::park_timeout(longest * share / 1000);
}
