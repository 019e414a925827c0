//! After a crash the file is checked, in the background: a start does not wait for it.

use super::{connection::Place, fault};
use crate::Error;
use rusqlite::Connection;
use std::{fs, io, path::Path, sync::Arc, thread};

/// Whether the last process that wrote to the file did not come to its end: then the log is not empty.
pub(super) fn is_due(place: &Place) -> bool {
    let log = |file: &Path| {
        let mut log = file.as_os_str().to_owned();
        log.push("-wal");
        fs::metadata(log).is_ok_and(|log| log.len() > 0)
    };
    place.file().is_some_and(log)
}

/// Looks at every page once. A damaged file is not written to any more.
pub(super) fn start(place: &Arc<Place>) -> Result<(), Error> {
    let (connection, place) = (place.reader()?, Arc::downgrade(place));
    let check = move || {
        let damage = match found(&connection) {
            Ok(None) => return tracing::info!("the database is whole after the crash"),
            Ok(Some(damage)) => Arc::new(io::Error::new(io::ErrorKind::InvalidData, damage)),
            Err(error) => Arc::new(io::Error::other(fault::transaction(error))),
        };
        tracing::error!(%damage, "the database is damaged: nothing more is written to it; restore a copy");
        if let Some(place) = place.upgrade() {
            place.is_damaged(damage);
        }
    };
    let started = thread::Builder::new().name("db-check".into()).spawn(check);
    started.map(drop).map_err(|cause| Error::Open {
        reason: "the system gives it no thread".into(),
        cause: Some(Arc::new(cause)),
    })
}

fn found(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let first: String = connection.query_row("pragma quick_check(1)", [], |row| row.get(0))?;
    Ok((first != "ok").then_some(first))
}
