use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use cabinet::binding::AuthenticatorId;
use cabinet::organisation::Method;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::enrolment::{SetUp, set_up};
use super::second_factor::passed;
use super::sign_in::signed_in;
use super::step_up::stronger;
use super::{Refused, refused};
use crate::error::Error;
use crate::extract::{Json, Path, Query};
use crate::passkey::{Created, Creation, Request, Used};
use crate::visitor::Visitor;

pub(super) fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(challenge))
        .routes(routes!(enter))
        .routes(routes!(step_up_challenge))
        .routes(routes!(step_up))
        .routes(routes!(second_challenge))
        .routes(routes!(second))
        .routes(routes!(offer))
        .routes(routes!(add))
        .routes(routes!(rename))
}

/// Options for `navigator.credentials.get()`: any passkey of this site, good once, with this client's cookies
#[utoipa::path(
    post, path = "/api/v1/sign-in/passkey/challenge", tag = "sign-in",
    responses((status = 200, body = Request), Refused)
)]
async fn challenge(visitor: Visitor) -> Result<axum::Json<Request>, Error> {
    Ok(axum::Json(visitor.pose_passkey_sign_in().await?))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct At {
    /// The code of the organisation to be here for; it must offer this way in.
    organisation: Option<String>,
}

/// Signs in by passkey
#[utoipa::path(
    post, path = "/api/v1/sign-in/passkey", tag = "sign-in",
    params(At), request_body = Used, responses((status = 201), Refused)
)]
async fn enter(
    visitor: Visitor,
    Query(at): Query<At>,
    Json(used): Json<Used>,
) -> Result<impl IntoResponse, Error> {
    let organisation = at.organisation.unwrap_or_default();
    let entrance = visitor.entrance(&organisation, Method::Passkey).await?;
    let entered = visitor.enter_with_passkey(Ok(used), entrance).await?;
    let opened = visitor.whole(entered.map_err(refused)?, "")?;
    Ok(signed_in(&visitor, &opened))
}

/// Options for `navigator.credentials.get()`: a passkey of the account, good once, in this session
#[utoipa::path(
    post, path = "/api/v1/step-up/passkey/challenge", tag = "step-up",
    responses((status = 200, body = Request), Refused)
)]
async fn step_up_challenge(visitor: Visitor) -> Result<axum::Json<Request>, Error> {
    Ok(axum::Json(visitor.pose_passkey_step_up().await?))
}

/// A fresh proof by passkey; the session goes on under a new cookie
#[utoipa::path(
    post, path = "/api/v1/step-up/passkey", tag = "step-up",
    request_body = Used, responses((status = 204), Refused)
)]
async fn step_up(visitor: Visitor, Json(used): Json<Used>) -> Result<impl IntoResponse, Error> {
    let secret = visitor.step_up_with_passkey(Ok(used)).await?;
    Ok(stronger(&secret.map_err(refused)?))
}

/// Options for `navigator.credentials.get()`: a passkey beside the first proof that waits in this client
#[utoipa::path(
    post, path = "/api/v1/second-factor/passkey/challenge", tag = "second-factor",
    responses((status = 200, body = Request), Refused)
)]
async fn second_challenge(visitor: Visitor) -> Result<axum::Json<Request>, Error> {
    Ok(axum::Json(visitor.pose_passkey_second_factor().await?))
}

/// Gives a passkey as the second factor: a session is opened (201), or the session goes on under a new cookie (204)
#[utoipa::path(
    post, path = "/api/v1/second-factor/passkey", tag = "second-factor",
    request_body = Used, responses((status = 201), (status = 204), Refused)
)]
async fn second(visitor: Visitor, Json(used): Json<Used>) -> Result<Response, Error> {
    let given = visitor.give_passkey(Ok(used)).await?;
    Ok(passed(&visitor, given.map_err(refused)?))
}

/// Options for `navigator.credentials.create()`, good once, in this session. Needs a fresh proof
#[utoipa::path(
    post, path = "/api/v1/passkeys/challenge", tag = "authenticators",
    responses((status = 200, body = Creation), Refused)
)]
async fn offer(visitor: Visitor) -> Result<axum::Json<Creation>, Error> {
    let offer = visitor.offer_passkey().await?;
    let session = visitor.session().await?;
    let person = visitor.page(session.as_ref()).person.unwrap_or_default();
    Ok(axum::Json(visitor.creation(&offer, person)))
}

/// A passkey to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct New {
    /// How the person calls the device.
    name: String,
    credential: Created,
}

/// Adds a passkey; ends all other sessions. Needs a fresh proof
#[utoipa::path(
    post, path = "/api/v1/passkeys", tag = "authenticators",
    request_body = New, responses((status = 201, body = SetUp), Refused)
)]
async fn add(visitor: Visitor, Json(new): Json<New>) -> Result<impl IntoResponse, Error> {
    let bound = visitor.bind_passkey(new.name, Ok(new.credential)).await?;
    Ok(set_up(&bound.map_err(refused)?))
}

/// Another name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Name {
    name: String,
}

/// Renames a passkey. Needs a fresh proof
#[utoipa::path(
    patch, path = "/api/v1/passkeys/{id}", tag = "authenticators",
    params(("id" = String, Path)), request_body = Name, responses((status = 204), Refused)
)]
async fn rename(
    visitor: Visitor,
    Path(id): Path<String>,
    Json(other): Json<Name>,
) -> Result<StatusCode, Error> {
    let id: AuthenticatorId = id.parse().map_err(|_| Error::refused("passkey.unknown"))?;
    let renamed = visitor.rename_passkey(id, other.name).await?;
    renamed.map(|()| StatusCode::NO_CONTENT).map_err(refused)
}
