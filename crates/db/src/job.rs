//! A closure on its way to a thread of the engine, and its answer on the way back.

use crate::{Error, Tx};
use std::panic::{AssertUnwindSafe, catch_unwind};
use tokio::sync::oneshot;

/// A closure that waits for its transaction. It may be run again; it is answered once.
pub(crate) trait Job: Send {
    /// Runs the closure; says whether its changes are to be kept.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    /// Answers the waiter: with the closure's result, or with the error that undid it.
    fn answer(self: Box<Self>, outcome: Result<(), Error>);
}

struct Call<F, T, E> {
    closure: F,
    result: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

/// The job of a closure, and where its answer arrives.
pub(crate) fn call<F, T, E>(closure: F) -> (Box<dyn Job>, oneshot::Receiver<Result<T, E>>)
where
    F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    let (reply, answer) = oneshot::channel();
    (
        Box::new(Call {
            closure,
            result: None,
            reply,
        }),
        answer,
    )
}

impl<F, T, E> Job for Call<F, T, E>
where
    F: Fn(&mut Tx<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let result = run(&self.closure, tx);
        self.result.insert(result).is_ok()
    }

    fn answer(self: Box<Self>, outcome: Result<(), Error>) {
        let result = match (self.result, outcome) {
            (Some(Err(own)), _) => Err(own),
            (_, Err(error)) => Err(error.into()),
            (Some(done), Ok(())) => done,
            (None, Ok(())) => Err(Error::Closed.into()),
        };
        // The waiter may have gone away; what was committed stays committed.
        drop(self.reply.send(result));
    }
}

/// Runs a closure once. A closure that ignored a failed statement fails all the same: PostgreSQL could not commit it.
#[inline]
pub(crate) fn run<T, E: From<Error>>(
    closure: &impl Fn(&mut Tx<'_>) -> Result<T, E>,
    tx: &mut Tx<'_>,
) -> Result<T, E> {
    match catch_unwind(AssertUnwindSafe(|| closure(tx))) {
        Ok(Ok(value)) => tx.failure().map_or(Ok(value), |failure| Err(failure.into())),
        Ok(Err(error)) => Err(error),
        Err(_) => Err(Error::Panicked.into()),
    }
}
