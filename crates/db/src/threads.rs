//! The threads of an engine.

use crate::Error;
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::{Builder, JoinHandle},
};

#[derive(Default)]
pub(crate) struct Threads(Mutex<Vec<JoinHandle<()>>>);

impl Threads {
    pub(crate) fn spawn(&self, name: &str, body: impl FnOnce() + Send + 'static) -> Result<(), Error> {
        let thread = Builder::new()
            .name(name.into())
            .spawn(body)
            .map_err(|cause| Error::Open {
                reason: "the system gives it no thread".into(),
                cause: Some(Arc::new(cause)),
            })?;
        self.handles().push(thread);
        Ok(())
    }

    /// Waits until all have ended.
    pub(crate) fn join(&self) {
        let handles = std::mem::take(&mut *self.handles());
        for handle in handles {
            // A thread that died has already said why.
            drop(handle.join());
        }
    }

    fn handles(&self) -> MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
