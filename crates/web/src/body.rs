//! Reading what a client sends: within a size, and without waiting for ever.

use std::time::Duration;

use axum::body::{Body, Bytes};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use tokio::time::{Instant, timeout, timeout_at};

use crate::error::Error;
use crate::view::error::ErrorKind;

/// The greatest body of any request that has no smaller limit of its own.
pub(crate) const LIMIT: usize = 1024 * 1024;
/// How long a client may pause in the middle of a body.
const PAUSE: Duration = Duration::from_secs(10);
/// How long a whole body may take.
const WHOLE: Duration = Duration::from_secs(60);

/// The whole body.
pub(crate) async fn read(body: Body, limit: usize) -> Result<Bytes, Error> {
    let mut body = Limited::new(body, limit);
    let deadline = Instant::now() + WHOLE;
    let mut first = Bytes::new();
    let mut rest = Vec::new();
    while let Some(frame) = timeout_at(deadline, timeout(PAUSE, body.frame())).await?? {
        let Ok(data) = frame.map_err(refuse)?.into_data() else {
            continue;
        };
        if first.is_empty() {
            first = data;
        } else {
            rest.extend_from_slice(&data);
        }
    }
    Ok(if rest.is_empty() {
        first
    } else {
        [first.as_ref(), rest.as_slice()].concat().into()
    })
}

fn refuse(error: Box<dyn std::error::Error + Send + Sync>) -> Error {
    let kind = if error.is::<LengthLimitError>() {
        ErrorKind::TooLarge
    } else {
        ErrorKind::BadRequest
    };
    Error::Page(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn web_8_a_body_has_a_limit() {
        let read = async |size| read(Body::from(vec![7; size]), 1000).await;
        assert_eq!(read(1000).await.unwrap().len(), 1000);
        assert!(matches!(read(1001).await, Err(Error::Page(ErrorKind::TooLarge))));
    }
}
