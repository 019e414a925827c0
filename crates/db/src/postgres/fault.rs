//! What PostgreSQL's errors mean for the caller.

use super::tls;
use crate::Error;
use ::postgres::{
    Error as Cause,
    error::{DbError, Severity, SqlState},
};
use std::{error::Error as StdError, io, sync::Arc};

/// The meaning of an error while connecting or beginning: the connection is of no use.
pub(super) fn connecting(cause: Cause) -> Error {
    if tls::is_refused(&cause) {
        return Error::Open {
            reason: "no TLS with PostgreSQL".into(),
            cause: Some(Arc::new(cause)),
        };
    }
    Error::Unavailable(Arc::new(cause))
}

/// The meaning of an error of a statement.
pub(super) fn statement(sql: &'static str, cause: Cause) -> Error {
    classify(cause, |cause| Error::Statement {
        sql,
        cause: Arc::new(cause),
    })
}

/// The meaning of an error of a commit. Answered with an error, it did not happen; without an answer it may have.
pub(super) fn commit(cause: Cause) -> Error {
    if cause.as_db_error().is_none() {
        return Error::CommitUnknown(Arc::new(cause));
    }
    match classify(cause, |cause| Error::Transaction(Arc::new(cause))) {
        Error::Unavailable(cause) => Error::CommitUnknown(cause),
        settled => settled,
    }
}

/// Whether the server does not take writes, as a former leader does not.
pub(super) fn is_read_only(cause: &Cause) -> bool {
    cause.code() == Some(&SqlState::READ_ONLY_SQL_TRANSACTION)
}

fn classify(cause: Cause, other: impl FnOnce(Cause) -> Error) -> Error {
    match cause.as_db_error() {
        Some(answer) if is_conflict(answer.code()) => Error::Busy(Arc::new(cause)),
        Some(answer) if is_farewell(answer) => Error::Unavailable(Arc::new(cause)),
        Some(answer) if *answer.code() == SqlState::DISK_FULL => Error::DiskFull(Arc::new(cause)),
        None if is_broken(&cause) => Error::Unavailable(Arc::new(cause)),
        _ => other(cause),
    }
}

fn is_conflict(code: &SqlState) -> bool {
    [
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::LOCK_NOT_AVAILABLE,
    ]
    .contains(code)
}

/// The server ends the connection, or cannot tell how the statement ended.
fn is_farewell(answer: &DbError) -> bool {
    !matches!(answer.parsed_severity(), Some(Severity::Error))
        || answer.code().code().starts_with("08")
        || *answer.code() == SqlState::T_R_STATEMENT_COMPLETION_UNKNOWN
}

fn is_broken(cause: &Cause) -> bool {
    cause.is_closed() || cause.source().is_some_and(<dyn StdError>::is::<io::Error>)
}
