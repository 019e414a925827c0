//! The bounded queue between the callers and the threads of an engine.

use crate::Error;
use std::time::Duration;
use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Semaphore;

/// How many may wait inside; the others wait outside.
const ROOM: usize = 1024;

/// How long those who were just answered are given to come again; little beside the sync of a disk.
const LINGER: Duration = Duration::from_micros(200);

pub(crate) struct Queue<T> {
    state: Mutex<State<T>>,
    arrived: Condvar,
    room: Semaphore,
}

struct State<T> {
    waiting: VecDeque<T>,
    /// How many must wait before the taker is woken.
    wanted: usize,
    closed: bool,
}

impl<T> Queue<T> {
    pub(crate) fn new() -> Self {
        Self {
            state: Mutex::new(State {
                waiting: VecDeque::new(),
                wanted: 1,
                closed: false,
            }),
            arrived: Condvar::new(),
            room: Semaphore::new(ROOM),
        }
    }

    /// Adds one, after waiting for room.
    pub(crate) async fn push(&self, item: T) -> Result<(), Error> {
        self.room.acquire().await.map_err(|_| Error::Closed)?.forget();
        let mut state = self.state();
        if state.closed {
            return Err(Error::Closed);
        }
        state.waiting.push_back(item);
        let enough = state.waiting.len() >= state.wanted;
        drop(state);
        if enough {
            self.arrived.notify_one();
        }
        Ok(())
    }

    /// Takes the first, waiting for it; none when the queue is closed and empty.
    pub(crate) fn take(&self) -> Option<T> {
        let first = self.arrival().waiting.pop_front();
        self.room.add_permits(first.iter().len());
        first
    }

    /// Takes all that wait, up to `limit`, waiting for the first; none when the queue is closed and empty.
    ///
    /// If `expected` are likely to come, it waits a moment for the rest of them. For a queue with one taker.
    pub(crate) fn take_group(&self, expected: usize, limit: usize) -> Vec<T> {
        let mut state = self.arrival();
        if state.waiting.len() < expected {
            state.wanted = expected;
            state = self
                .arrived
                .wait_timeout_while(state, LINGER, |state| {
                    state.waiting.len() < expected && !state.closed
                })
                .map_or_else(|poisoned| poisoned.into_inner().0, |(state, _)| state);
            state.wanted = 1;
        }
        let count = state.waiting.len().min(limit);
        let group: Vec<T> = state.waiting.drain(..count).collect();
        drop(state);
        self.room.add_permits(group.len());
        group
    }

    /// Lets nothing more in; what waits is still taken.
    pub(crate) fn close(&self) {
        self.state().closed = true;
        self.room.close();
        self.arrived.notify_all();
    }

    fn arrival(&self) -> MutexGuard<'_, State<T>> {
        self.arrived
            .wait_while(self.state(), |state| state.waiting.is_empty() && !state.closed)
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
