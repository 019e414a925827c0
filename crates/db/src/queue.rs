//! The bounded queue between the callers and the threads of an engine.

use crate::{Error, job::Job};
use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Semaphore;

/// How many jobs may wait before callers have to.
const ROOM: usize = 1024;

pub(crate) struct Queue {
    state: Mutex<State>,
    arrived: Condvar,
    room: Semaphore,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Box<dyn Job>>,
    closed: bool,
}

impl Queue {
    pub(crate) fn new() -> Self {
        Self {
            state: Mutex::default(),
            arrived: Condvar::new(),
            room: Semaphore::new(ROOM),
        }
    }

    /// Adds a job, after waiting for room.
    pub(crate) async fn push(&self, job: Box<dyn Job>) -> Result<(), Error> {
        self.room.acquire().await.map_err(|_| Error::Closed)?.forget();
        let mut state = self.state();
        if state.closed {
            return Err(Error::Closed);
        }
        state.jobs.push_back(job);
        drop(state);
        self.arrived.notify_one();
        Ok(())
    }

    /// Takes up to `limit` jobs, waiting for the first; none when the queue is closed and empty.
    pub(crate) fn take(&self, limit: usize) -> Vec<Box<dyn Job>> {
        let mut state = self
            .arrived
            .wait_while(self.state(), |state| state.jobs.is_empty() && !state.closed)
            .unwrap_or_else(PoisonError::into_inner);
        let count = state.jobs.len().min(limit);
        let jobs: Vec<_> = state.jobs.drain(..count).collect();
        drop(state);
        self.room.add_permits(jobs.len());
        jobs
    }

    /// Lets nothing more in; what waits is still taken.
    pub(crate) fn close(&self) {
        self.state().closed = true;
        self.room.close();
        self.arrived.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
