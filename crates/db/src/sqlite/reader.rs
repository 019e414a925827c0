//! Reads: in place on a connection of the calling thread, or on a thread of their own.

use super::{connection::Place, fault, tx};
use crate::{
    Error, Tx,
    job::{self, Job},
    queue::Queue,
};
use rusqlite::Connection;
use std::{
    cell::RefCell,
    sync::{Arc, Weak},
};

thread_local! {
    static CONNECTIONS: RefCell<Vec<(Weak<Place>, Connection)>> = const { RefCell::new(Vec::new()) };
}

/// Runs a closure on the calling thread, in one snapshot.
pub(super) fn in_place<T, E: From<Error>>(
    place: &Arc<Place>,
    closure: &impl Fn(&mut Tx<'_>) -> Result<T, E>,
) -> Result<T, E> {
    if place.is_closed() {
        return Err(Error::Closed.into());
    }
    let (owner, connection) = match take(place) {
        Some(kept) => kept,
        None => (Arc::downgrade(place), place.reader()?),
    };
    let result = snapshot(&connection, |tx| job::run(closure, tx));
    CONNECTIONS.with_borrow_mut(|kept| kept.push((owner, connection)));
    result
}

/// Takes this thread's connection to that place; forgets those to places that are gone.
fn take(place: &Arc<Place>) -> Option<(Weak<Place>, Connection)> {
    CONNECTIONS.with_borrow_mut(|kept| {
        if let Some(index) = kept
            .iter()
            .position(|(owner, _)| owner.as_ptr() == Arc::as_ptr(place))
        {
            return Some(kept.swap_remove(index));
        }
        kept.retain(|(owner, _)| owner.upgrade().is_some_and(|place| !place.is_closed()));
        None
    })
}

/// The body of a thread for heavy reads.
pub(super) fn run(connection: &Connection, queue: &Queue<Box<dyn Job>>) {
    while let Some(mut job) = queue.take() {
        let outcome = snapshot(connection, |tx| {
            job.run(tx);
            Ok(())
        });
        job.answer(outcome);
    }
}

/// All that the closure reads is of one moment: while a statement is open, so is its snapshot. That costs half of
/// what `BEGIN` and `COMMIT` cost.
fn snapshot<T, E: From<Error>>(
    connection: &Connection,
    closure: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let mut open = connection
        .prepare_cached("SELECT 1 FROM sqlite_schema")
        .map_err(fault::transaction)?;
    let mut rows = open.raw_query();
    rows.next().map_err(fault::transaction)?;
    closure(&mut tx(connection))
}
