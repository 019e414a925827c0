//! The one thread that writes: it gathers the waiting closures and commits them together.

use super::{fault, tx};
use crate::{Error, Tx, error::Cause, job::Job, queue::Queue};
use rusqlite::Connection;

/// Closures in one commit, at most: the first of them waits for all.
const GROUP: usize = 256;

/// The body of the writing thread.
pub(super) fn run(connection: Connection, queue: &Queue<Box<dyn Job>>) {
    let mut stopped: Option<Cause> = None;
    let mut last = 0;
    loop {
        let mut jobs = queue.take_group(last, GROUP);
        if jobs.is_empty() {
            break;
        }
        last = jobs.len();
        let outcome = match &stopped {
            Some(cause) => Err(Error::WritingStopped(cause.clone())),
            None => group(&connection, &mut jobs),
        };
        if let (None, Err(Error::WritingStopped(cause))) = (&stopped, &outcome) {
            tracing::error!(%cause, "writing stopped");
            stopped = Some(cause.clone());
        }
        for job in jobs {
            job.answer(outcome.clone());
        }
    }
    if stopped.is_none() {
        // What is not copied into the file now is copied at the next start.
        drop(connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())));
    }
}

/// Runs a closure alone, in a transaction of its own.
pub(super) fn transact<T>(
    connection: &Connection,
    closure: impl Fn(&mut Tx<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    control(connection, "BEGIN IMMEDIATE")?;
    let result = closure(&mut tx(connection)).and_then(|value| {
        control(connection, "COMMIT")?;
        Ok(value)
    });
    if result.is_err() {
        roll_back(connection);
    }
    result
}

/// Runs the closures and commits them together. An error here is every closure's.
fn group(connection: &Connection, jobs: &mut [Box<dyn Job>]) -> Result<(), Error> {
    let outcome = control(connection, "BEGIN IMMEDIATE")
        .and_then(|()| {
            jobs.iter_mut()
                .try_for_each(|job| member(connection, job.as_mut()))
        })
        .and_then(|()| control(connection, "COMMIT"));
    if outcome.is_err() {
        roll_back(connection);
    }
    outcome
}

/// Runs one closure of a group; what it did goes if it fails, what the others did stays.
fn member(connection: &Connection, job: &mut dyn Job) -> Result<(), Error> {
    control(connection, "SAVEPOINT member")?;
    let mut tx = tx(connection);
    if !job.run(&mut tx) {
        // A full disk or a failed one undoes the whole transaction, so the rest of the group goes with it.
        if connection.is_autocommit() {
            return Err(tx.failure().unwrap_or(Error::Closed));
        }
        control(connection, "ROLLBACK TO member")?;
    }
    control(connection, "RELEASE member")
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
