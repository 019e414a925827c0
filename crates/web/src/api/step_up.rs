use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse};
use cabinet::Secret;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::sign_in::Signed;
use super::{Refused, refused};
use crate::cookie::{self, Life};
use crate::error::Error;
use crate::extract::Json;
use crate::proof::Posed;
use crate::visitor::Visitor;

pub(super) fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(challenge))
        .routes(routes!(certificate))
        .routes(routes!(password))
}

/// A text to be signed before a change, good once, for five minutes, in this session
#[utoipa::path(
    post, path = "/api/v1/step-up/challenge", tag = "step-up",
    responses((status = 200, body = Posed), Refused)
)]
async fn challenge(visitor: Visitor) -> Result<axum::Json<Posed>, Error> {
    Ok(axum::Json(visitor.pose_step_up().await?))
}

/// A fresh proof by certificate; the session goes on under a new cookie
#[utoipa::path(
    post, path = "/api/v1/step-up/certificate", tag = "step-up",
    request_body = Signed, responses((status = 204), Refused)
)]
async fn certificate(visitor: Visitor, Json(signed): Json<Signed>) -> Result<impl IntoResponse, Error> {
    let grown = visitor.step_up_with_certificate(signed.answer()).await?;
    let secret = visitor.grown(grown.map_err(Error::refused)?, "")?;
    Ok(stronger(&secret))
}

/// A password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Password {
    password: String,
}

/// A fresh proof by password, where the account has no stronger way; the session goes on under a new cookie
#[utoipa::path(
    post, path = "/api/v1/step-up/password", tag = "step-up",
    request_body = Password, responses((status = 204), Refused)
)]
async fn password(visitor: Visitor, Json(typed): Json<Password>) -> Result<impl IntoResponse, Error> {
    let grown = visitor.step_up_with_password(typed.password).await?;
    let secret = visitor.grown(grown.map_err(refused)?, "")?;
    Ok(stronger(&secret))
}

pub(super) fn stronger(secret: &Secret) -> impl IntoResponse + use<> {
    let cookie = cookie::set(cookie::SESSION, &secret.expose(), Life::Browser);
    (
        StatusCode::NO_CONTENT,
        AppendHeaders([(header::SET_COOKIE, cookie)]),
    )
}
