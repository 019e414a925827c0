use axum::Json as Body;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use cabinet::binding::Enrolled;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Refused, refused};
use crate::error::Error;
use crate::extract::Json;
use crate::visitor::Visitor;

pub(super) fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(offer, confirm))
        .routes(routes!(sms))
        .routes(routes!(renew))
}

/// A seed for an app with one-time codes, shown once.
#[derive(Debug, Serialize, ToSchema)]
struct Offer {
    /// Base32.
    secret: String,
    /// `otpauth://totp/…`
    uri: String,
}

/// Offers a seed to this session, good for minutes; an older offer is void. Needs a fresh proof
#[utoipa::path(
    post, path = "/api/v1/totp", tag = "authenticators",
    responses((status = 201, body = Offer), Refused)
)]
async fn offer(visitor: Visitor) -> Result<impl IntoResponse, Error> {
    let seed = visitor.offer_totp().await?.map_err(refused)?;
    let session = visitor.session().await?;
    let login = visitor.page(session.as_ref()).person.unwrap_or_default();
    let offer = Offer {
        secret: seed.text(),
        uri: seed.uri(&visitor.app.rules.product_name, &login),
    };
    Ok((StatusCode::CREATED, Body(offer)))
}

/// The first code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct First {
    code: String,
}

/// What was set up.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SetUp {
    id: String,
    /// The sheet that comes with the first second factor; shown once.
    recovery_codes: Vec<String>,
}

/// Connects the app by its first code; ends all other sessions. Needs a fresh proof
#[utoipa::path(
    put, path = "/api/v1/totp", tag = "authenticators",
    request_body = First, responses((status = 201, body = SetUp), Refused)
)]
async fn confirm(visitor: Visitor, Json(first): Json<First>) -> Result<impl IntoResponse, Error> {
    let enrolled = visitor.confirm_totp(first.code).await?;
    Ok(set_up(&enrolled.map_err(refused)?))
}

/// Turns codes to the confirmed phone on; ends all other sessions. Needs a fresh proof
#[utoipa::path(
    put, path = "/api/v1/sms-factor", tag = "authenticators",
    responses((status = 201, body = SetUp), Refused)
)]
async fn sms(visitor: Visitor) -> Result<impl IntoResponse, Error> {
    let enrolled = visitor.set_sms_factor().await?;
    Ok(set_up(&enrolled.map_err(refused)?))
}

/// A sheet of recovery codes; shown once.
#[derive(Debug, Serialize, ToSchema)]
struct Sheet {
    codes: Vec<String>,
}

/// Makes a new sheet of recovery codes; the old one is void. Needs a fresh proof
#[utoipa::path(
    post, path = "/api/v1/recovery-codes", tag = "authenticators",
    responses((status = 201, body = Sheet), Refused)
)]
async fn renew(visitor: Visitor) -> Result<impl IntoResponse, Error> {
    let codes = visitor.renew_recovery_codes().await?;
    let sheet = Sheet {
        codes: codes.printed().collect(),
    };
    Ok((StatusCode::CREATED, Body(sheet)))
}

pub(super) fn set_up(enrolled: &Enrolled) -> impl IntoResponse + use<> {
    let codes = enrolled.recovery_codes.as_ref();
    let body = SetUp {
        id: enrolled.id.to_string(),
        recovery_codes: codes.map(|codes| codes.printed().collect()).unwrap_or_default(),
    };
    (StatusCode::CREATED, Body(body))
}
