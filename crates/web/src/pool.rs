//! The bounded pool for costly mathematics: signature checks and password hashes never take the server from others.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// Runs at most so many tasks at once and lets at most so many wait.
pub struct Pool {
    tasks: Arc<Tasks>,
    at_once: usize,
    queue: usize,
}

/// Why a task has no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Undone {
    /// The queue is full: the client should come back in a moment.
    #[error("too many tasks wait")]
    Busy,
    /// The task panicked.
    #[error("a task panicked")]
    Panicked,
}

type Tasks = Mutex<State>;

#[derive(Default)]
struct State {
    /// Threads that run tasks, one after the other, until none waits.
    running: usize,
    waiting: VecDeque<Box<dyn Task>>,
}

/// A task on its way to a thread.
trait Task: Send {
    /// Whether the client still waits for it.
    fn is_wanted(&self) -> bool;
    fn run(self: Box<Self>);
}

struct Call<F, T> {
    task: F,
    reply: oneshot::Sender<T>,
}

impl<F: FnOnce() -> T + Send, T: Send> Task for Call<F, T> {
    fn is_wanted(&self) -> bool {
        !self.reply.is_closed()
    }

    fn run(self: Box<Self>) {
        // The client may have gone away meanwhile.
        drop(self.reply.send((self.task)()));
    }
}

impl Pool {
    /// A pool that runs `at_once` tasks and lets `queue` more wait.
    pub fn new(at_once: usize, queue: usize) -> Self {
        Self {
            tasks: Arc::default(),
            at_once,
            queue,
        }
    }

    /// Runs `task` on another thread once there is room.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        task: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Undone> {
        let (reply, result) = oneshot::channel();
        self.push(Box::new(Call { task, reply }))?;
        result.await.map_err(|_| Undone::Panicked)
    }

    /// How many tasks wait.
    pub(crate) fn waiting(&self) -> usize {
        lock(&self.tasks).waiting.len()
    }

    fn push(&self, task: Box<dyn Task>) -> Result<(), Undone> {
        let mut state = lock(&self.tasks);
        if state.running < self.at_once {
            state.running += 1;
            let tasks = Arc::clone(&self.tasks);
            tokio::task::spawn_blocking(move || work(&tasks, task));
            return Ok(());
        }
        if state.waiting.len() >= self.queue {
            state.waiting.retain(|task| task.is_wanted());
        }
        if state.waiting.len() >= self.queue {
            return Err(Undone::Busy);
        }
        state.waiting.push_back(task);
        Ok(())
    }
}

/// Runs `first` and what waits after it. On the way from one task to the next nobody has to be woken.
fn work(tasks: &Tasks, first: Box<dyn Task>) {
    let mut next = Some(first);
    while let Some(task) = next {
        if task.is_wanted() {
            // Whoever waits for a task that panicked finds its reply gone.
            drop(catch_unwind(AssertUnwindSafe(|| task.run())));
        }
        let mut state = lock(tasks);
        next = state.waiting.pop_front();
        if next.is_none() {
            state.running -= 1;
        }
    }
}

fn lock(tasks: &Tasks) -> MutexGuard<'_, State> {
    tasks.lock().unwrap_or_else(PoisonError::into_inner)
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
        while lock(&pool.tasks).running == 0 {
            tokio::task::yield_now().await;
        }
        let second = tokio::spawn({
            let pool = pool.clone();
            async move { pool.run(|| 2).await }
        });
        while pool.waiting() == 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(pool.run(|| 3).await, Err(Undone::Busy));
        release.send(()).unwrap();
        assert!(first.await.unwrap().unwrap());
        assert_eq!(second.await.unwrap(), Ok(2));
        assert_eq!(pool.waiting(), 0);
    }

    #[tokio::test]
    async fn net_7_who_went_away_takes_nobodys_place() {
        let pool = Arc::new(Pool::new(1, 1));
        let (release, held) = mpsc::channel::<()>();
        let run = |task: Box<dyn FnOnce() -> u8 + Send>| {
            let pool = pool.clone();
            tokio::spawn(async move { pool.run(task).await })
        };
        let first = run(Box::new(move || held.recv().map_or(0, |()| 1)));
        let gone = run(Box::new(|| 2));
        while pool.waiting() == 0 {
            tokio::task::yield_now().await;
        }
        gone.abort();
        assert!(gone.await.unwrap_err().is_cancelled());
        let last = run(Box::new(|| 3));
        while lock(&pool.tasks).waiting.iter().any(|task| !task.is_wanted()) {
            tokio::task::yield_now().await;
        }
        release.send(()).unwrap();
        assert_eq!((first.await.unwrap(), last.await.unwrap()), (Ok(1), Ok(3)));
    }

    #[tokio::test]
    async fn a_panic_ends_one_task() {
        let pool = Pool::new(1, 1);
        assert_eq!(pool.run(|| -> u8 { panic!("one") }).await, Err(Undone::Panicked));
        assert_eq!(pool.run(|| 2).await, Ok(2));
    }
}
