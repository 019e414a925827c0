//! SQLite: reads in place, one writer that commits in groups.

mod check;
mod connection;
mod copy;
mod fault;
mod reader;
mod statement;
mod writer;

pub(crate) use statement::{batch, cell, each, execute};
pub(crate) use writer::Durability;

use crate::{Error, Migration, Tx, job::Job, migration, queue::Queue, threads::Threads, tx::Session};
use connection::Place;
use std::{path::Path, sync::Arc};
use writer::{Write, Writer};

/// Threads for reads that take long.
const HEAVY_READERS: usize = 2;

pub(crate) struct Sqlite {
    place: Arc<Place>,
    writes: Arc<Queue<Write>>,
    heavy: Arc<Queue<Box<dyn Job>>>,
    threads: Threads,
}

impl Sqlite {
    pub(crate) fn open(path: &Path, migrations: &'static [Migration]) -> Result<Self, Error> {
        let place = Arc::new(Place::new(path));
        let crashed = check::is_due(&place);
        let connection = place.writer()?;
        copy::before_migrations(&place, &connection, migrations)?;
        migration::apply(migrations, &mut |closure| writer::transact(&connection, closure))?;
        let sqlite = Self {
            place,
            writes: Arc::new(Queue::new()),
            heavy: Arc::new(Queue::new()),
            threads: Threads::default(),
        };
        let (writes, writer) = (
            Arc::clone(&sqlite.writes),
            Writer::new(connection, &sqlite.place)?,
        );
        sqlite.threads.spawn("db-write", move || writer.run(&writes))?;
        for _ in 0..HEAVY_READERS {
            let (heavy, connection) = (Arc::clone(&sqlite.heavy), sqlite.place.reader()?);
            sqlite
                .threads
                .spawn("db-read", move || reader::run(&connection, &heavy))?;
        }
        if crashed {
            check::start(&sqlite.place)?;
        }
        Ok(sqlite)
    }

    pub(crate) fn read_in_place<T, E: From<Error>>(
        &self,
        closure: &impl Fn(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        reader::in_place(&self.place, closure)
    }

    pub(crate) async fn push_write(&self, job: Box<dyn Job>, durability: Durability) -> Result<(), Error> {
        self.writes.push(Write { job, durability }).await
    }

    pub(crate) async fn push_heavy(&self, job: Box<dyn Job>) -> Result<(), Error> {
        self.heavy.push(job).await
    }

    pub(crate) fn close(&self) {
        self.stop();
        self.threads.join();
    }

    fn stop(&self) {
        self.place.close();
        self.writes.close();
        self.heavy.close();
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.stop();
    }
}

fn tx(connection: &rusqlite::Connection) -> Tx<'_> {
    Tx::new(Session::Sqlite(connection))
}
