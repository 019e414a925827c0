//! What the operator's probes ask: is it alive, does it work, how is it doing.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use cabinet::{contact, lease, message};
use db::Timestamp;
use esign::time::UnixTime;
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::app::Operator;
use crate::error::Error;
use crate::view::error::ErrorKind;
use crate::visitor::Visitor;

/// How long a probe's result counts.
const REMEMBERED: Duration = Duration::from_secs(1);

/// `GET /health`: the process answers.
pub(crate) async fn health() -> &'static str {
    "ok\n"
}

#[derive(Debug, Serialize)]
struct Readiness {
    ready: bool,
    write_micros: Option<u64>,
    /// What is wrong with lists and responders, in a sentence each. The server works without them, by its rules.
    revocation: Vec<String>,
}

/// `GET /ready`: a durable write succeeds. Strangers learn yes or no; the operator sees the detail.
pub(crate) async fn ready(visitor: Visitor) -> Response {
    if is_operator(&visitor) {
        return ready_in_detail(visitor).await;
    }
    match probe(visitor).await {
        Some(_) => "ready\n".into_response(),
        None => (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response(),
    }
}

/// The same on the operator's own listener.
pub(crate) async fn ready_in_detail(visitor: Visitor) -> Response {
    let now = UnixTime(visitor.visit.now.as_seconds());
    let report = visitor.app.revocation.as_ref().map(|known| known.report());
    let revocation = report.map(|report| report.problems(now)).unwrap_or_default();
    let write_micros = probe(visitor).await;
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
            revocation,
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
    let (rules, now) = (Arc::clone(&app.rules), visitor.visit.now);
    let stopped = app.db.read(move |tx| contact::stopped_prefixes(tx, &rules, now));
    app.metrics.sms_prefixes_stopped(stopped.await?.len());
    app.metrics.pool("signatures", app.signatures.waiting());
    app.metrics.pool("passwords", app.passwords.waiting());
    if let Some(known) = &app.revocation {
        let now = UnixTime(visitor.visit.now.as_seconds());
        app.metrics.revocation(&known.report(), now);
    }
    let media = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, media)], app.metrics.encode()).into_response())
}

/// Detail goes to this machine itself, unless the operator has a listener for it, where no stranger comes.
fn is_operator(visitor: &Visitor) -> bool {
    visitor.app.operator == Operator::Loopback && visitor.is_local
}

/// The last durable write: asked by however many, at most one a second is made.
#[derive(Debug, Default)]
pub struct Probe(Mutex<Option<Written>>);

#[derive(Debug, Clone, Copy)]
struct Written {
    at: Timestamp,
    /// How long it took; none where it failed.
    micros: Option<u64>,
}

/// How long one durable write took at most a second ago, or nothing where it failed.
async fn probe(visitor: Visitor) -> Option<u64> {
    // A task of its own: a client that goes away does not make the next one write again.
    let probe = tokio::spawn(async move {
        let mut last = visitor.app.probe.0.lock().await;
        let now = visitor.visit.now;
        if let Some(written) = *last
            && written.at.minus(REMEMBERED) < now
            && now < written.at.plus(REMEMBERED)
        {
            return written.micros;
        }
        let micros = write(&visitor).await.ok();
        *last = Some(Written { at: now, micros });
        micros
    });
    probe.await.ok().flatten()
}

/// Writes one row durably and measures it.
async fn write(visitor: &Visitor) -> Result<u64, Error> {
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
