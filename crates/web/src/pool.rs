//! The bounded pool for costly mathematics: signature checks and password hashes never take the server from others.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Semaphore;

/// Runs at most so many tasks at once and lets at most so many wait.
#[derive(Debug)]
pub struct Pool {
    running: Arc<Semaphore>,
    waiting: AtomicUsize,
    queue: usize,
}

/// The queue is full: the client should come back in a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Busy;

impl Pool {
    /// A pool that runs `at_once` tasks and lets `queue` more wait.
    pub fn new(at_once: usize, queue: usize) -> Self {
        Self {
            running: Arc::new(Semaphore::new(at_once)),
            waiting: AtomicUsize::new(0),
            queue,
        }
    }

    /// Runs `task` on a thread of its own once there is room.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        task: impl FnOnce() -> T + Send + 'static,
    ) -> Result<Result<T, tokio::task::JoinError>, Busy> {
        let permit = match self.running.clone().try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => self.wait().await?,
        };
        Ok(tokio::task::spawn_blocking(move || {
            let result = task();
            drop(permit);
            result
        })
        .await)
    }

    /// How many tasks wait.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    async fn wait(&self) -> Result<tokio::sync::OwnedSemaphorePermit, Busy> {
        let _turn = Turn::take(&self.waiting, self.queue).ok_or(Busy)?;
        self.running.clone().acquire_owned().await.map_err(|_| Busy)
    }
}

/// A place in the queue, given back also when the client goes away.
struct Turn<'a>(&'a AtomicUsize);

impl<'a> Turn<'a> {
    fn take(waiting: &'a AtomicUsize, queue: usize) -> Option<Self> {
        let place = |waiting: usize| (waiting < queue).then_some(waiting + 1);
        waiting
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, place)
            .ok()
            .map(|_| Self(waiting))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn net_7_beyond_the_queue_the_answer_is_busy() {
        let pool = Arc::new(Pool::new(1, 1));
        let (release, held) = mpsc::channel::<()>();
        let first = tokio::spawn({
            let pool = pool.clone();
            async move { pool.run(move || held.recv().is_ok()).await }
        });
        while pool.running.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let second = tokio::spawn({
            let pool = pool.clone();
            async move { pool.run(|| 2).await }
        });
        while pool.waiting() == 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(pool.run(|| 3).await.unwrap_err(), Busy);
        release.send(()).unwrap();
        assert!(first.await.unwrap().unwrap().unwrap());
        assert_eq!(second.await.unwrap().unwrap().unwrap(), 2);
        assert_eq!(pool.waiting(), 0);
    }
}
