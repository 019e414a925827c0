//! The one thread that writes: it gathers the waiting closures and commits them together.

use super::{connection::Place, fault, tx};
use crate::{Error, Tx, error::Cause, job::Job, queue::Queue};
use rusqlite::Connection;
use std::sync::{
    Arc,
    atomic::{AtomicI32, Ordering},
};

/// Closures in one commit, at most: the first of them waits for all.
const GROUP: usize = 256;

/// Pages in the log from which it is copied into the file.
const COPY: i32 = 1_000;

/// Pages in the log from which the readers that keep it from being reused are waited for.
const REUSE: i32 = 20_000;

/// A closure that waits for the writer.
pub(crate) struct Write {
    pub(super) job: Box<dyn Job>,
    pub(super) durability: Durability,
}

/// What a commit waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// The disk.
    Synced,
    /// The system, which keeps it as long as the machine runs.
    Unsynced,
}

pub(super) struct Writer {
    connection: Connection,
    /// How the connection commits.
    durability: Durability,
    place: Arc<Place>,
    /// Pages in the log after the last commit.
    log: Arc<AtomicI32>,
    /// Why nothing more is written.
    stopped: Option<Cause>,
}

impl Writer {
    pub(super) fn new(mut connection: Connection, place: &Arc<Place>) -> Result<Self, Error> {
        let log = Arc::new(AtomicI32::new(0));
        let counter = Arc::clone(&log);
        // It takes the place of SQLite's own checkpoints, which do not tell of their failures.
        let hook = move |_: &mut rusqlite::hooks::Wal, pages| {
            counter.store(pages, Ordering::Relaxed);
            Ok(())
        };
        connection.wal_hook(Some(hook)).map_err(fault::transaction)?;
        Ok(Self {
            connection,
            durability: Durability::Synced,
            place: Arc::clone(place),
            log,
            stopped: None,
        })
    }

    /// The body of the thread.
    pub(super) fn run(mut self, queue: &Queue<Write>) {
        let mut expected = 0;
        loop {
            let mut writes = queue.take_group(expected, GROUP);
            if writes.is_empty() {
                break;
            }
            expected = writes.len();
            let outcome = match self.stopped.as_ref().or(self.place.damage()) {
                Some(cause) => Err(Error::WritingStopped(cause.clone())),
                None => self.commit(&mut writes),
            };
            for write in writes {
                write.job.answer(outcome.clone());
            }
            self.tend_log();
        }
        if self.stopped.is_none() {
            // What is not copied now is copied after the next start.
            drop(self.checkpoint("TRUNCATE"));
        }
    }

    /// Commits the closures together, as the most careful of them asks.
    fn commit(&mut self, writes: &mut [Write]) -> Result<(), Error> {
        let is_careful = writes.iter().any(|write| write.durability == Durability::Synced);
        let durability = if is_careful {
            Durability::Synced
        } else {
            Durability::Unsynced
        };
        let done = self
            .wait_for(durability)
            .and_then(|()| group(&self.connection, writes));
        self.note(done)
    }

    fn wait_for(&mut self, durability: Durability) -> Result<(), Error> {
        if self.durability != durability {
            // not a prepared statement: it takes effect when it is prepared
            let level = match durability {
                Durability::Synced => "full",
                Durability::Unsynced => "normal",
            };
            self.connection
                .pragma_update(None, "synchronous", level)
                .map_err(fault::transaction)?;
            self.durability = durability;
        }
        Ok(())
    }

    fn tend_log(&mut self) {
        let pages = self.log.load(Ordering::Relaxed);
        if self.stopped.is_none() && pages >= COPY {
            let done = self.checkpoint(if pages < REUSE { "PASSIVE" } else { "RESTART" });
            // A full disk or a busy reader only puts it off.
            drop(self.note(done));
        }
    }

    fn checkpoint(&self, mode: &str) -> Result<(), Error> {
        let sql = format!("PRAGMA wal_checkpoint({mode})");
        self.connection
            .query_row(&sql, [], |_| Ok(()))
            .map_err(fault::transaction)
    }

    /// After a failed write or sync the page cache may claim what the disk does not hold, and a second try may
    /// claim success: so there is none.
    fn note(&mut self, outcome: Result<(), Error>) -> Result<(), Error> {
        if let Err(Error::DiskFailed(cause)) = &outcome {
            tracing::error!(%cause, "the disk failed: nothing more is written until a restart");
            self.stopped = Some(cause.clone());
        }
        outcome
    }
}

/// Runs a closure alone, in a transaction of its own.
pub(super) fn transact(
    connection: &Connection,
    closure: impl Fn(&mut Tx<'_>) -> Result<bool, Error>,
) -> Result<bool, Error> {
    let mut answer = false;
    transaction(connection, || {
        answer = closure(&mut tx(connection))?;
        Ok(true)
    })?;
    Ok(answer)
}

/// Runs the closures and commits them together. An error here is every closure's.
fn group(connection: &Connection, writes: &mut [Write]) -> Result<(), Error> {
    // A savepoint for each would be a third of the work, and hardly ever does one fail: so first without.
    let all_kept = transaction(connection, || {
        for write in &mut *writes {
            if !run(connection, write.job.as_mut())? {
                return Ok(false);
            }
        }
        Ok(true)
    })?;
    if all_kept || writes.len() == 1 {
        return Ok(());
    }
    transaction(connection, || {
        writes
            .iter_mut()
            .try_for_each(|write| member(connection, write.job.as_mut()))?;
        Ok(true)
    })
    .map(drop)
}

/// Runs one closure of a group; what it did goes if it fails, what the others did stays.
fn member(connection: &Connection, job: &mut dyn Job) -> Result<(), Error> {
    control(connection, "SAVEPOINT member")?;
    if !run(connection, job)? {
        control(connection, "ROLLBACK TO member")?;
    }
    control(connection, "RELEASE member")
}

/// Runs one closure. An error is one after which the whole transaction is gone or cannot be trusted.
fn run(connection: &Connection, job: &mut dyn Job) -> Result<bool, Error> {
    let mut tx = tx(connection);
    let keep = job.run(&mut tx);
    match tx.failure() {
        Some(error @ (Error::DiskFull(_) | Error::DiskFailed(_))) => Err(error),
        Some(error) if connection.is_autocommit() => Err(error),
        _ => Ok(keep),
    }
}

/// Commits what the body did if it says so.
fn transaction(connection: &Connection, body: impl FnOnce() -> Result<bool, Error>) -> Result<bool, Error> {
    let outcome = control(connection, "BEGIN IMMEDIATE")
        .and_then(|()| body())
        .and_then(|keep| {
            if keep {
                control(connection, "COMMIT")?;
            }
            Ok(keep)
        });
    if !matches!(outcome, Ok(true)) {
        roll_back(connection);
    }
    outcome
}

fn roll_back(connection: &Connection) {
    if !connection.is_autocommit() {
        // If even that fails, the next BEGIN says so.
        drop(control(connection, "ROLLBACK"));
    }
}

fn control(connection: &Connection, sql: &'static str) -> Result<(), Error> {
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.execute([]))
        .map(drop)
        .map_err(fault::transaction)
}
