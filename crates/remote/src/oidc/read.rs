//! One question to a provider: bounded in size and time, JSON or nothing (threat OIDC-7).

use std::time::Duration;

use serde::de::DeserializeOwned;

use crate::http::{Endpoint, HttpClient, Limits, Question};
use crate::provider::ProviderFailure;

pub(crate) const LIMITS: Limits = Limits {
    connect: Duration::from_secs(5),
    total: Duration::from_secs(5),
    body: 256 * 1024,
};

/// Fetches JSON of this shape.
pub(crate) async fn get<T: DeserializeOwned>(
    http: &HttpClient,
    from: &Endpoint,
    authorization: Option<&str>,
) -> Result<T, ProviderFailure> {
    let question = Question {
        form: None,
        authorization,
    };
    let reply = http.ask(from, &question, &LIMITS).await?;
    match reply.status {
        200 => json(&reply.body),
        status => Err(status_of(status)),
    }
}

pub(crate) fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, ProviderFailure> {
    // Where it breaks off is told, what stands there is not: it may be a token.
    serde_json::from_slice(body).map_err(|error| {
        ProviderFailure::Unusable(format!(
            "the answer is not as it must be, at byte {}",
            error.column()
        ))
    })
}

/// A status without an explanation in the body.
pub(crate) fn status_of(status: u16) -> ProviderFailure {
    let told = format!("the answer has status {status}");
    match status {
        429 | 500.. => ProviderFailure::Unreachable(told),
        _ => ProviderFailure::Unusable(told),
    }
}
