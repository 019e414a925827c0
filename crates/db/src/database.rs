//! The database as the other rooms see it.

use crate::{
    Error, Migration, Tx,
    job::{self, Job},
    postgres::{Mode, Postgres},
    sqlite::{Durability, Sqlite},
};
use std::{path::PathBuf, sync::Arc};

/// Which database to open.
#[derive(Debug, Clone)]
pub enum Engine {
    /// A file of SQLite; the path `:memory:` means a database that lives as long as the [`Db`], for tests.
    Sqlite {
        /// The file; it is created if it does not exist.
        path: PathBuf,
    },
    /// A server that speaks PostgreSQL's protocol.
    Postgres {
        /// `postgres://user@host/database` or `host=… user=… dbname=…`. With `sslmode=require` (or `verify-full`, which
        /// is the same here) nothing is said in the clear, and the server's certificate and name are checked.
        url: String,
        /// Who vouches for the server, in PEM; without it the authorities of the system. It asks for TLS by itself.
        ca: Option<PathBuf>,
        /// How many connections to hold.
        connections: usize,
    },
}

/// An open database. A clone is the same database.
///
/// A closure given to it runs inside one transaction, may be run again, and has no effect but through its [`Tx`].
/// `Err` undoes it; so does a panic, which becomes [`Error::Panicked`]. A closure that was handed over runs to its
/// end even if the caller goes away.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

enum Inner {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Db {
    /// Opens the database and brings its schema up to date. Blocks.
    pub fn open(engine: Engine, migrations: &'static [Migration]) -> Result<Self, Error> {
        let inner = match engine {
            Engine::Sqlite { path } => Inner::Sqlite(Sqlite::open(&path, migrations)?),
            Engine::Postgres { url, ca, connections } => {
                Inner::Postgres(Postgres::open(&url, ca.as_deref(), connections, migrations)?)
            }
        };
        Ok(Self(Arc::new(inner)))
    }

    /// Reads a few rows by key. On SQLite the closure runs at once, on the calling thread.
    pub async fn read<T, E>(
        &self,
        closure: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        match &*self.0 {
            Inner::Sqlite(sqlite) => sqlite.read_in_place(&closure),
            Inner::Postgres(postgres) => {
                let (job, answer) = job::call(closure);
                postgres.push(Mode::Read, job).await?;
                answer.await.unwrap_or_else(|_| Err(Error::Closed.into()))
            }
        }
    }

    /// Reads much (lists, searches, exports), on a thread of its own.
    pub async fn read_heavy<T, E>(
        &self,
        closure: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (job, answer) = job::call(closure);
        self.push_heavy(job).await?;
        answer.await.unwrap_or_else(|_| Err(Error::Closed.into()))
    }

    /// Reads and changes. The answer comes after the commit.
    pub async fn write<T, E>(
        &self,
        closure: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.write_with(Durability::Synced, closure).await
    }

    /// Reads and changes what is no loss if the power fails right after the answer: it comes after the commit, but
    /// perhaps before the disk has it. Others see it at once, and nothing that [`Self::write`] acknowledges later
    /// lasts without it.
    pub async fn write_unsynced<T, E>(
        &self,
        closure: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.write_with(Durability::Unsynced, closure).await
    }

    /// Closes the database: lets nothing more in, finishes what waits. Blocks.
    pub fn close(&self) {
        match &*self.0 {
            Inner::Sqlite(sqlite) => sqlite.close(),
            Inner::Postgres(postgres) => postgres.close(),
        }
    }

    async fn write_with<T, E>(
        &self,
        durability: Durability,
        closure: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (job, answer) = job::call(closure);
        match &*self.0 {
            Inner::Sqlite(sqlite) => sqlite.push_write(job, durability).await?,
            Inner::Postgres(postgres) => postgres.push(Mode::Write, job).await?,
        }
        answer.await.unwrap_or_else(|_| Err(Error::Closed.into()))
    }

    async fn push_heavy(&self, job: Box<dyn Job>) -> Result<(), Error> {
        match &*self.0 {
            Inner::Sqlite(sqlite) => sqlite.push_heavy(job).await,
            Inner::Postgres(postgres) => postgres.push_heavy(job).await,
        }
    }
}
