//! What the operator's probes ask: is it alive, does it work, how is it doing.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use cabinet::{lease, message};
use serde::Serialize;
use std::time::Duration;
use tokio::time::Instant;

use crate::app::Operator;
use crate::error::Error;
use crate::view::error::ErrorKind;
use crate::visitor::Visitor;

/// `GET /health`: the process answers.
pub(crate) async fn health() -> &'static str {
    "ok\n"
}

#[derive(Debug, Serialize)]
struct Readiness {
    ready: bool,
    write_micros: Option<u64>,
}

/// `GET /ready`: a durable write succeeds. Strangers learn yes or no; the operator sees the detail.
pub(crate) async fn ready(visitor: Visitor) -> Response {
    if is_operator(&visitor) {
        return ready_in_detail(visitor).await;
    }
    match probe(&visitor).await {
        Ok(_) => "ready\n".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response(),
    }
}

/// The same on the operator's own listener.
pub(crate) async fn ready_in_detail(visitor: Visitor) -> Response {
    let write_micros = probe(&visitor).await.ok();
    let status = if write_micros.is_some() {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (
        status,
        Json(Readiness {
            ready: write_micros.is_some(),
            write_micros,
        }),
    )
        .into_response()
}

/// `GET /metrics`
pub(crate) async fn metrics(visitor: Visitor) -> Result<Response, Error> {
    if is_operator(&visitor) {
        metrics_in_detail(visitor).await
    } else {
        Err(Error::Page(ErrorKind::NotFound))
    }
}

/// The same on the operator's own listener.
pub(crate) async fn metrics_in_detail(visitor: Visitor) -> Result<Response, Error> {
    let app = &visitor.app;
    let outbox = app.db.read(message::counts).await?;
    app.metrics.outbox("queued", u64::from(outbox.queued));
    app.metrics.outbox("dead", u64::from(outbox.dead));
    app.metrics.pool("signatures", app.signatures.waiting());
    app.metrics.pool("passwords", app.passwords.waiting());
    let media = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, media)], app.metrics.encode()).into_response())
}

/// Detail goes to this machine itself, unless the operator has a listener for it, where no stranger comes.
fn is_operator(visitor: &Visitor) -> bool {
    visitor.app.operator == Operator::Loopback && visitor.is_local
}

/// Writes one row durably and measures it.
async fn probe(visitor: &Visitor) -> Result<u64, Error> {
    let started = Instant::now();
    let (now, holder) = (visitor.visit.now, visitor.visit.entropy.bytes());
    let write = visitor
        .app
        .db
        .write(move |tx| lease::take(tx, now, "readiness", holder, Duration::ZERO));
    write.await?;
    let took = started.elapsed();
    visitor.app.metrics.database(took);
    Ok(u64::try_from(took.as_micros()).unwrap_or(u64::MAX))
}
