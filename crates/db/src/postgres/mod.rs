//! PostgreSQL and what speaks its protocol: connections, each on a thread of its own.
//!
//! Only the plain of SQL is used (no advisory locks, no `LISTEN`, no sequences), so that distributed engines serve too.

mod connection;
mod fault;
mod session;
mod target;
mod tls;
mod value;

pub(crate) use connection::Connection;
pub(crate) use value::cell;

use crate::{Error, Migration, job::Job, migration, queue::Queue, threads::Threads};
use session::Session;
use std::{path::Path, sync::Arc, thread};
use target::{Target, Use};

pub(crate) struct Postgres {
    short: Arc<Queue<Task>>,
    heavy: Arc<Queue<Task>>,
    threads: Threads,
}

struct Task {
    mode: Mode,
    job: Box<dyn Job>,
}

/// What a transaction may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Read,
    Write,
}

impl Postgres {
    pub(crate) fn open(
        url: &str,
        ca: Option<&Path>,
        connections: usize,
        migrations: &'static [Migration],
    ) -> Result<Self, Error> {
        let target = Arc::new(Target::parse(url, ca)?);
        migrate(&target, migrations)?;
        let postgres = Self {
            short: Arc::new(Queue::new()),
            heavy: Arc::new(Queue::new()),
            threads: Threads::default(),
        };
        let connections = connections.max(1);
        for _ in 0..connections {
            postgres.serve(Session::new(&target, Use::Short), &postgres.short)?;
        }
        for _ in 0..connections.div_ceil(4) {
            postgres.serve(Session::new(&target, Use::Heavy), &postgres.heavy)?;
        }
        Ok(postgres)
    }

    pub(crate) async fn push(&self, mode: Mode, job: Box<dyn Job>) -> Result<(), Error> {
        self.short.push(Task { mode, job }).await
    }

    pub(crate) async fn push_heavy(&self, job: Box<dyn Job>) -> Result<(), Error> {
        self.heavy
            .push(Task {
                mode: Mode::Read,
                job,
            })
            .await
    }

    pub(crate) fn close(&self) {
        self.stop();
        self.threads.join();
    }

    fn stop(&self) {
        self.short.close();
        self.heavy.close();
    }

    fn serve(&self, mut session: Session, queue: &Arc<Queue<Task>>) -> Result<(), Error> {
        let queue = Arc::clone(queue);
        self.threads.spawn("db-postgres", move || {
            while let Some(Task { mode, mut job }) = queue.take() {
                let outcome = session.transact(mode, &mut |tx| job.run(tx));
                job.answer(outcome);
            }
        })
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.stop();
    }
}

/// On a thread of its own, because the client must not run inside an async runtime.
fn migrate(target: &Arc<Target>, migrations: &'static [Migration]) -> Result<(), Error> {
    let mut session = Session::new(target, Use::Migration);
    let apply = move || {
        migration::apply(migrations, &mut |closure| {
            let mut result = Err(Error::Closed);
            session.transact(Mode::Write, &mut |tx| {
                result = closure(tx);
                result.is_ok()
            })?;
            result
        })
    };
    thread::scope(|scope| scope.spawn(apply).join()).unwrap_or(Err(Error::Panicked))
}
