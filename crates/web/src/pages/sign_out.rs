use axum::Router;
use axum::http::{HeaderName, header};
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::show;
use crate::cookie;
use crate::error::Error;
use crate::extract::Query;
use crate::remote_key::Errand;
use crate::view::start::{SignOutReason, SignedOut};
use crate::visitor::Visitor;

pub(super) fn routes() -> Router {
    Router::new()
        .route("/sign-out", post(sign_out))
        .route("/signed-out", get(signed_out))
}

/// Pressed twice, or in an old tab, it ends the same way.
async fn sign_out(visitor: Visitor) -> Result<Response, Error> {
    visitor.end_session().await?;
    Ok((forget(), Redirect::to("/signed-out")).into_response())
}

/// What makes the browser forget the visit. The choice of language and of the key's place is the device's, not the
/// person's, and stays.
pub(crate) fn forget() -> AppendHeaders<[(HeaderName, axum::http::HeaderValue); 4]> {
    AppendHeaders([
        (header::SET_COOKIE, cookie::clear(cookie::SESSION)),
        (header::SET_COOKIE, cookie::clear(cookie::FORM)),
        (header::SET_COOKIE, cookie::clear(cookie::DRAFT)),
        (
            HeaderName::from_static("clear-site-data"),
            axum::http::HeaderValue::from_static("\"cache\""),
        ),
    ])
}

#[derive(Deserialize)]
struct Ended {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    return_to: String,
}

async fn signed_out(visitor: Visitor, Query(ended): Query<Ended>) -> Result<Response, Error> {
    let reason = match ended.reason.as_str() {
        "timed-out" => SignOutReason::TimedOut,
        "ended" => SignOutReason::EndedElsewhere,
        _ => SignOutReason::Chosen,
    };
    let return_to = visitor
        .return_to(&ended.return_to)
        .map(|back| back.as_str().to_owned())
        .unwrap_or_default();
    show(&SignedOut {
        page: visitor.page(None),
        reason,
        return_to,
        remembers: visitor.certificate_address(Errand::SignIn).is_some(),
        kept: visitor.draft.is_some() && reason != SignOutReason::Chosen,
    })
}
