use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use cabinet::binding::SecondFactor;
use cabinet::sign_in::second_factor::{Passed, WaitingFor};
use serde::{Deserialize, Serialize};
use text::date;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::sign_in::signed_in;
use super::step_up::stronger;
use super::{Refused, refused};
use crate::error::Error;
use crate::extract::Json;
use crate::second_factor::forget;
use crate::visitor::Visitor;

pub(super) fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(waits, code))
        .routes(routes!(sms))
}

/// A first proof that waits for its second factor.
#[derive(Debug, Serialize, ToSchema)]
struct Waiting {
    /// `entry` or `step-up`.
    waiting_for: &'static str,
    /// `passkey`, `totp`, `sms`, `recovery-code`: last used first.
    ways: Vec<&'static str>,
}

/// What waits in this client for a second factor
#[utoipa::path(
    get, path = "/api/v1/second-factor", tag = "second-factor",
    responses((status = 200, body = Waiting), Refused)
)]
async fn waits(visitor: Visitor) -> Result<axum::Json<Waiting>, Error> {
    let waits = visitor.waiting().await?;
    let waits = waits.ok_or_else(|| Error::refused("second_factor.gone"))?;
    Ok(axum::Json(Waiting {
        waiting_for: match waits.waiting_for {
            WaitingFor::Entry => "entry",
            WaitingFor::StepUp => "step-up",
        },
        ways: waits.ways.iter().map(|own| own.factor.as_str()).collect(),
    }))
}

/// A code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Code {
    /// `totp`, `sms` or `recovery-code`.
    way: String,
    code: String,
}

/// Gives a code as the second factor: a session is opened (201), or the session goes on under a new cookie (204)
#[utoipa::path(
    post, path = "/api/v1/second-factor", tag = "second-factor",
    request_body = Code, responses((status = 201), (status = 204), Refused)
)]
async fn code(visitor: Visitor, Json(typed): Json<Code>) -> Result<Response, Error> {
    let way = SecondFactor::parse(&typed.way).ok_or_else(|| Error::refused("second_factor.not_yours"))?;
    let given = visitor.give_code(way, typed.code).await?;
    Ok(passed(&visitor, given.map_err(refused)?))
}

/// A code on its way.
#[derive(Debug, Serialize, ToSchema)]
struct Sent {
    /// The number, masked.
    phone: String,
    until: String,
}

/// Sends a code to the confirmed phone
#[utoipa::path(
    post, path = "/api/v1/second-factor/sms", tag = "second-factor",
    responses((status = 202, body = Sent), Refused)
)]
async fn sms(visitor: Visitor) -> Result<impl IntoResponse, Error> {
    let sent = visitor.send_code().await?.map_err(refused)?;
    let body = axum::Json(Sent {
        phone: sent.phone.masked(),
        until: date::machine(sent.until.as_seconds()),
    });
    Ok((StatusCode::ACCEPTED, body))
}

pub(super) fn passed(visitor: &Visitor, passed: Passed) -> Response {
    match passed {
        Passed::Entered(opened) => (forget(), signed_in(visitor, &opened)).into_response(),
        Passed::Stronger(secret) => (forget(), stronger(&secret)).into_response(),
    }
}
