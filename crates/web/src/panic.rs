//! One request dies of a panic, not the process.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use axum::response::{IntoResponse as _, Response};
use cabinet::Failure;

use crate::error::Error;

/// The answer; where a handler panicked, that of a failure.
pub(crate) async fn survive(answer: impl Future<Output = Response>) -> Response {
    let mut answer = pin!(answer);
    // nothing that is shared is left half done: what panicked is never polled again
    poll_fn(
        |cx| match catch_unwind(AssertUnwindSafe(|| answer.as_mut().poll(cx))) {
            Ok(poll) => poll,
            Err(cause) => Poll::Ready(failed(cause)),
        },
    )
    .await
}

fn failed(cause: Box<dyn Any + Send>) -> Response {
    let text = cause
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| cause.downcast_ref::<String>().map(String::as_str));
    Error::from(Failure::new(format!(
        "panic: {}",
        text.unwrap_or("without words")
    )))
    .into_response()
}
