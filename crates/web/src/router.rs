//! Every address of the server.

use std::any::Any;
use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use cabinet::Failure;
use tower_http::catch_panic::CatchPanicLayer;

use crate::error::Error;
use crate::gate::gate;
use crate::view::error::ErrorKind;
use crate::{App, api, assets, csrf, operator, pages};

/// Pages, API, assets and probes.
pub fn router(app: Arc<App>) -> Router {
    let routes = Router::new()
        .merge(pages::routes(app.site.demo))
        .merge(api::routes())
        .route("/assets/{file}", get(assets::get))
        .route("/health", get(operator::health))
        .route("/ready", get(operator::ready))
        .route("/metrics", get(operator::metrics));
    guarded(routes, app)
}

/// The probes alone, in detail: for a listener that no stranger reaches.
pub fn operator_router(app: Arc<App>) -> Router {
    let routes = Router::new()
        .route("/health", get(operator::health))
        .route("/ready", get(operator::ready_in_detail))
        .route("/metrics", get(operator::metrics_in_detail));
    guarded(routes, app)
}

/// Puts the gate before all routes, and before the places where there is none.
fn guarded(routes: Router, app: Arc<App>) -> Router {
    routes
        .fallback(async || Error::Page(ErrorKind::NotFound))
        .method_not_allowed_fallback(async || Error::Page(ErrorKind::WrongMethod))
        .layer(from_fn(csrf::guard))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app, gate))
}

/// One request dies, not the process.
fn panicked(cause: Box<dyn Any + Send>) -> Response {
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
