use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use cabinet::sign_in::Entered;
use cabinet::sign_in::unknown_certificate::{Choice, UnknownCertificateRefusal, Waiting, Why};
use serde::{Deserialize, Serialize};
use text::date;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::sign_in::{SignedIn, signed_in};
use super::{Refused, refused};
use crate::error::Error;
use crate::extract;
use crate::visitor::Visitor;

pub(super) fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(look, cancel))
        .routes(routes!(register))
        .routes(routes!(send_code))
        .routes(routes!(give_code))
        .routes(routes!(adopt))
        .routes(routes!(confirm))
}

/// A certificate that no account holds.
#[derive(Serialize, ToSchema)]
struct Unknown {
    issuer: String,
    serial: String,
    not_before: String,
    not_after: String,
    /// Why it waits: `known`, `several`, `newcomer`, `likely_known` or `nameless`. Whose account was found is not said.
    why: &'static str,
    /// A code by SMS proves the account.
    by_phone: bool,
    /// An account can be made of it.
    may_register: bool,
    /// An account was proved; it waits for a confirmation.
    is_adopted: bool,
    until: String,
}

impl From<Waiting> for Unknown {
    fn from(waiting: Waiting) -> Self {
        let data =
            cabinet::binding::CertificateData::of(&waiting.certificate, &waiting.anchor_group, waiting.until);
        Self {
            issuer: data.issuer,
            serial: data.serial,
            not_before: date::machine(data.not_before.as_seconds()),
            not_after: date::machine(data.not_after.as_seconds()),
            why: match waiting.why {
                Why::Known => "known",
                Why::Several => "several",
                Why::Newcomer {
                    is_likely_known: false,
                } => "newcomer",
                Why::Newcomer {
                    is_likely_known: true,
                } => "likely_known",
                Why::Nameless => "nameless",
            },
            by_phone: waiting.why == Why::Known,
            may_register: matches!(waiting.why, Why::Newcomer { .. }),
            is_adopted: waiting.is_adopted,
            until: date::machine(waiting.until.as_seconds()),
        }
    }
}

/// The certificate that waits for the proof of an account. Sign in by any other way, and it is added
#[utoipa::path(
    get, path = "/api/v1/new-certificate", tag = "sign-in", responses((status = 200, body = Unknown), Refused)
)]
async fn look(visitor: Visitor) -> Result<Json<Unknown>, Error> {
    let waiting = visitor.look_at_certificate().await?.map_err(refused)?;
    Ok(Json(waiting.into()))
}

/// Makes an account of the certificate, and signs in
#[utoipa::path(
    post, path = "/api/v1/new-certificate/register", tag = "sign-in",
    responses((status = 201, body = SignedIn), Refused)
)]
async fn register(visitor: Visitor) -> Result<impl IntoResponse, Error> {
    let entered = visitor.register_certificate().await?;
    came_in(&visitor, entered)
}

/// The phone that the account has.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Phone {
    phone: String,
}

/// Sends a code there, if that is the phone of the account; the answer is the same if it is not
#[utoipa::path(
    post, path = "/api/v1/new-certificate/code", tag = "sign-in",
    request_body = Phone, responses((status = 204), Refused)
)]
async fn send_code(
    visitor: Visitor,
    extract::Json(phone): extract::Json<Phone>,
) -> Result<StatusCode, Error> {
    visitor
        .send_certificate_code(phone.phone)
        .await?
        .map_err(refused)?;
    Ok(StatusCode::NO_CONTENT)
}

/// A code that came by SMS.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SmsCode {
    code: String,
}

/// Proves the account by the code, adds the certificate, and signs in
#[utoipa::path(
    post, path = "/api/v1/new-certificate/code/check", tag = "sign-in",
    request_body = SmsCode, responses((status = 201, body = SignedIn), Refused)
)]
async fn give_code(
    visitor: Visitor,
    extract::Json(code): extract::Json<SmsCode>,
) -> Result<impl IntoResponse, Error> {
    let entered = visitor.give_certificate_code(code.code).await?;
    came_in(&visitor, entered)
}

/// Ties the certificate to the account that is signed in; it waits for a confirmation there
#[utoipa::path(
    post, path = "/api/v1/new-certificate/account", tag = "sign-in", responses((status = 204), Refused)
)]
async fn adopt(visitor: Visitor) -> Result<StatusCode, Error> {
    visitor.adopt_certificate().await?.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a person says on seeing both sides.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Seen {
    /// They saw that the names differ.
    #[serde(default)]
    difference_seen: bool,
}

/// A certificate that was added.
#[derive(Serialize, ToSchema)]
struct Added {
    id: String,
}

/// Adds the certificate to the account that was proved
#[utoipa::path(
    post, path = "/api/v1/new-certificate/confirm", tag = "sign-in",
    request_body = Seen, responses((status = 201, body = Added), Refused)
)]
async fn confirm(
    visitor: Visitor,
    extract::Json(seen): extract::Json<Seen>,
) -> Result<impl IntoResponse, Error> {
    let choice = Choice {
        difference_seen: seen.difference_seen,
    };
    let id = visitor.confirm_certificate(choice).await?.map_err(refused)?;
    Ok((StatusCode::CREATED, Json(Added { id: id.to_string() })))
}

/// Forgets the certificate
#[utoipa::path(
    delete, path = "/api/v1/new-certificate", tag = "sign-in", responses((status = 204), Refused)
)]
async fn cancel(visitor: Visitor) -> Result<StatusCode, Error> {
    visitor.give_up_certificate().await?;
    Ok(StatusCode::NO_CONTENT)
}

fn came_in(
    visitor: &Visitor,
    entered: Result<Entered, UnknownCertificateRefusal>,
) -> Result<impl IntoResponse + use<>, Error> {
    let opened = visitor.whole(entered.map_err(refused)?, "")?;
    Ok(signed_in(visitor, &opened))
}
