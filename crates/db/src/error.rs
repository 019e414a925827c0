//! Why the database did not do what was asked.

use crate::value::Mismatch;
use std::{error::Error as StdError, sync::Arc};

/// The cause beneath; shared, because one failed commit has many waiters.
pub(crate) type Cause = Arc<dyn StdError + Send + Sync>;

/// A failure of storage. None of them is for a person's eyes.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A row that must be there is not.
    #[error("a row that must be there is missing: {sql}")]
    Missing {
        /// The statement.
        sql: &'static str,
    },
    /// More than one row came where one was asked for.
    #[error("more than one row: {sql}")]
    Ambiguous {
        /// The statement.
        sql: &'static str,
    },
    /// The statement returns another number of columns than the record has.
    #[error("{found} columns where the record has {expected}: {sql}")]
    Columns {
        /// The statement.
        sql: &'static str,
        /// What the record has.
        expected: usize,
        /// What the statement returns.
        found: usize,
    },
    /// The statement was given another number of parameters than its text has.
    #[error("{given} parameters where the text has {expected}: {sql}")]
    Parameters {
        /// The statement.
        sql: &'static str,
        /// What its text has.
        expected: usize,
        /// What it was given.
        given: usize,
    },
    /// A stored value is not what the code takes it for.
    #[error("column {column}: {mismatch}")]
    Column {
        /// Its number, from 1.
        column: usize,
        /// What it should have been.
        mismatch: Mismatch,
    },
    /// The database refused the statement; the whole closure is undone.
    #[error("a statement failed: {sql}")]
    Statement {
        /// The statement.
        sql: &'static str,
        /// What the database said.
        #[source]
        cause: Cause,
    },
    /// The transaction could not be begun or committed; nothing of it remains.
    #[error("the transaction failed")]
    Transaction(#[source] Cause),
    /// Others were in the way until patience ended; nothing was done, and the same may succeed later.
    #[error("the database is busy")]
    Busy(#[source] Cause),
    /// The disk is full; nothing was done, and writing goes on by itself when there is space again.
    #[error("the disk is full")]
    DiskFull(#[source] Cause),
    /// The disk failed, or the file is damaged. If that was while writing, nothing more is written until a restart.
    #[error("the disk failed")]
    DiskFailed(#[source] Cause),
    /// The disk failed before, so that nothing written since could be trusted.
    #[error("writing stopped after a failure of the disk")]
    WritingStopped(#[source] Cause),
    /// The database cannot be reached; nothing was done.
    #[error("the database is not available")]
    Unavailable(#[source] Cause),
    /// The connection broke during the commit: it happened or it did not. Ask by a fresh read before repeating.
    #[error("it is not known whether the transaction was committed")]
    CommitUnknown(#[source] Cause),
    /// The closure panicked; it is undone.
    #[error("a transaction panicked")]
    Panicked,
    /// The database was closed.
    #[error("the database is closed")]
    Closed,
    /// The database cannot be opened.
    #[error("the database cannot be opened: {reason}")]
    Open {
        /// What stands in the way.
        reason: String,
        /// What the database said, if it was asked.
        #[source]
        cause: Option<Cause>,
    },
    /// A migration cannot be applied.
    #[error("migration {number}: {reason}")]
    Migration {
        /// Its number.
        number: u32,
        /// What stands in the way.
        reason: String,
    },
}

impl Error {
    /// Whether the same may succeed in a while, so that a client is told to come again (503, not 500).
    pub fn is_temporary(&self) -> bool {
        matches!(
            self,
            Self::Busy(_) | Self::DiskFull(_) | Self::Unavailable(_) | Self::Closed
        )
    }
}
