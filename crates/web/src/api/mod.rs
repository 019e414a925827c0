//! `/api/v1`: the twin of every act of the pages, by the same functions of the domain.
//!
//! A client keeps cookies, asks `GET /api/v1/session` for its token, and sends that as `X-CSRF-Token` with whatever
//! changes something. Errors are problem documents (RFC 9457) with stable codes.

use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use cabinet::Refusal;
use utoipa::IntoResponses;
use utoipa::openapi::{Info, OpenApi, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;

use crate::error::{Error, Problem};

mod authenticators;
mod certificates;
mod contacts;
mod enrolment;
mod federation;
mod history;
mod links;
mod me;
mod merge;
mod organisations;
mod passkeys;
mod password;
mod recovery;
mod remote_keys;
mod second_factor;
mod security;
mod session;
mod sessions;
mod sign_in;
mod step_up;
mod unknown_certificate;

pub(crate) fn routes() -> Router {
    let info = Info::builder()
        .title("Kabinet")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Keep cookies; send the token of `GET /api/v1/session` as `X-CSRF-Token` with every change.",
        ))
        .build();
    let document = OpenApiBuilder::new().info(info).build();
    let (routes, document) = OpenApiRouter::<()>::with_openapi(document)
        .merge(session::routes())
        .merge(sign_in::routes())
        .merge(remote_keys::routes())
        .merge(unknown_certificate::routes())
        .merge(second_factor::routes())
        .merge(recovery::routes())
        .merge(step_up::routes())
        .merge(me::routes())
        .merge(organisations::routes())
        .merge(contacts::routes())
        .merge(authenticators::routes())
        .merge(certificates::routes())
        .merge(passkeys::routes())
        .merge(enrolment::routes())
        .merge(federation::routes())
        .merge(password::routes())
        .merge(sessions::routes())
        .merge(merge::routes())
        .merge(links::routes())
        .merge(security::routes())
        .merge(history::routes())
        .split_for_parts();
    let document: Arc<str> = write(&document).into();
    routes.route("/api/v1/openapi.json", get(async move || published(&document)))
}

fn write(document: &OpenApi) -> String {
    // It is made of plain maps and texts; were it not writable, the test of its snapshot would say so.
    document.to_pretty_json().unwrap_or_default()
}

fn published(document: &str) -> impl IntoResponse + use<> {
    ([(header::CONTENT_TYPE, "application/json")], document.to_owned())
}

/// What any request may be answered with instead.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "read by the document's generator alone")]
enum Refused {
    /// A problem document with a stable code
    #[response(status = "default", content_type = "application/problem+json")]
    Problem(#[to_schema] Problem),
}

fn refused(refusal: impl Refusal) -> Error {
    Error::refused(refusal.code())
}
