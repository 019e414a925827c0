//! What SQLite's errors mean for the caller.

use crate::Error;
use rusqlite::{ErrorCode, ffi};
use std::sync::Arc;

/// The meaning of an error outside any statement of a caller.
pub(super) fn transaction(cause: rusqlite::Error) -> Error {
    classify(cause, |cause| Error::Transaction(Arc::new(cause)))
}

/// The meaning of an error of a statement.
pub(super) fn statement(sql: &'static str, cause: rusqlite::Error) -> Error {
    classify(cause, |cause| Error::Statement {
        sql,
        cause: Arc::new(cause),
    })
}

/// An error of our own, where the binding's type is wanted.
pub(super) fn unsuitable(why: &str) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_MISUSE), Some(why.into()))
}

fn classify(cause: rusqlite::Error, other: impl FnOnce(rusqlite::Error) -> Error) -> Error {
    match cause.sqlite_error() {
        Some(error) if is_full(*error) => Error::DiskFull(Arc::new(cause)),
        Some(error) => match error.code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Error::Busy(Arc::new(cause)),
            ErrorCode::SystemIoFailure | ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
                Error::DiskFailed(Arc::new(cause))
            }
            _ => other(cause),
        },
        None => other(cause),
    }
}

/// The shared-memory file beside the log cannot grow on a full disk either.
fn is_full(error: ffi::Error) -> bool {
    error.code == ErrorCode::DiskFull || error.extended_code == ffi::SQLITE_IOERR_SHMSIZE
}
