//! Opening a connection, and what every one of them must be set to.

use super::fault;
use crate::{Error, error::Cause};
use rusqlite::{Connection, ErrorCode, OpenFlags, config::DbConfig};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

/// Before it, connections that write and checkpoint at once could corrupt the file (the WAL-reset bug).
const OLDEST: i32 = 3_051_003;

/// How long to wait for another process that writes to the same file.
const PATIENCE: Duration = Duration::from_secs(5);

const STATEMENTS: usize = 512;

/// Where the database is.
pub(super) struct Place {
    path: PathBuf,
    memory: bool,
    closed: AtomicBool,
    damage: OnceLock<Cause>,
}

impl Place {
    pub(super) fn new(path: &Path) -> Self {
        static MEMORIES: AtomicU64 = AtomicU64::new(1);
        let memory = path == Path::new(":memory:");
        let path = if memory {
            let number = MEMORIES.fetch_add(1, Ordering::Relaxed);
            PathBuf::from(format!("file:/kabinet-{number}?vfs=memdb"))
        } else {
            path.to_owned()
        };
        Self {
            path,
            memory,
            closed: AtomicBool::new(false),
            damage: OnceLock::new(),
        }
    }

    /// The file, unless the database is in memory.
    pub(super) fn file(&self) -> Option<&Path> {
        (!self.memory).then_some(self.path.as_path())
    }

    /// From now on nothing is written.
    pub(super) fn is_damaged(&self, damage: Cause) {
        // The first damage is as good a reason as any other.
        drop(self.damage.set(damage));
    }

    /// Why nothing may be written.
    pub(super) fn damage(&self) -> Option<&Cause> {
        self.damage.get()
    }

    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }

    #[inline]
    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// The connection that writes; there is one per process.
    pub(super) fn writer(&self) -> Result<Connection, Error> {
        self.open_writer().map_err(|cause| self.unopened(cause))
    }

    /// A connection that reads.
    pub(super) fn reader(&self) -> Result<Connection, Error> {
        self.open_reader().map_err(|cause| self.unopened(cause))
    }

    fn open_writer(&self) -> rusqlite::Result<Connection> {
        if rusqlite::version_number() < OLDEST {
            return Err(fault::unsuitable("this SQLite is older than 3.51.3"));
        }
        let connection = self.connect(OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        if !self.memory && enable_log(&connection)? != "wal" {
            return Err(fault::unsuitable(
                "the file system does not allow a write-ahead log",
            ));
        }
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "foreign_keys", "on")?;
        Ok(connection)
    }

    fn open_reader(&self) -> rusqlite::Result<Connection> {
        // In memory there is no file to protect, and read-only means empty there.
        let access = if self.memory {
            OpenFlags::SQLITE_OPEN_READ_WRITE
        } else {
            OpenFlags::SQLITE_OPEN_READ_ONLY
        };
        let connection = self.connect(access)?;
        connection.pragma_update(None, "query_only", "on")?;
        Ok(connection)
    }

    fn connect(&self, access: OpenFlags) -> rusqlite::Result<Connection> {
        let uri = if self.memory {
            OpenFlags::SQLITE_OPEN_URI
        } else {
            OpenFlags::empty()
        };
        let connection =
            Connection::open_with_flags(&self.path, access | uri | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(PATIENCE)?;
        connection.pragma_update(None, "mmap_size", 0)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        // A cached statement keeps its plan, whatever is bound; SQLite would parse and plan some anew at each use.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        // The writer does that, in view of errors.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        Ok(connection)
    }

    fn unopened(&self, cause: rusqlite::Error) -> Error {
        Error::Open {
            reason: self.path.display().to_string(),
            cause: Some(Arc::new(cause)),
        }
    }
}

/// Two that make the same file at once are in each other's way, and here SQLite does not wait by itself.
fn enable_log(connection: &Connection) -> rusqlite::Result<String> {
    let mut tries = 0..100;
    loop {
        match connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0)) {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && tries.next().is_some() =>
            {
                thread::park_timeout(PATIENCE / 100);
            }
            settled => return settled,
        }
    }
}
