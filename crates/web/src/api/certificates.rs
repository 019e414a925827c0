use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use cabinet::binding::AuthenticatorId;
use cabinet::renewal::{self, RenewalId, RenewalState};
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use text::date;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Refused, refused};
use crate::error::Error;
use crate::extract::{self, Path};
use crate::proof::{Answer, Posed};
use crate::signed_in::Access;
use crate::visitor::Visitor;

pub(super) fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(download))
        .routes(routes!(choose))
        .routes(routes!(list, offer))
        .routes(routes!(challenge))
        .routes(routes!(sign))
        .routes(routes!(evidence, revoke))
}

/// A certificate of the person, in DER
#[utoipa::path(
    get, path = "/api/v1/certificates/{id}", tag = "authenticators",
    params(("id" = String, Path,)),
    responses((status = 200, body = Vec<u8>, content_type = "application/pkix-cert"), Refused)
)]
async fn download(visitor: Visitor, Path(id): Path<String>) -> Result<impl IntoResponse, Error> {
    let certificate = visitor.own_certificate(authenticator(&id)?).await?;
    Ok((
        [(header::CONTENT_TYPE, "application/pkix-cert")],
        certificate.der().to_vec(),
    ))
}

/// Makes this certificate the one that signs where the person chooses no other
#[utoipa::path(
    post, path = "/api/v1/certificates/{id}/default", tag = "authenticators",
    params(("id" = String, Path,)), responses((status = 204), Refused)
)]
async fn choose(visitor: Visitor, Path(id): Path<String>) -> Result<StatusCode, Error> {
    let chosen = visitor.choose_certificate(authenticator(&id)?).await?;
    chosen.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT)
}

/// A renewal that was prepared.
#[derive(Serialize, ToSchema)]
struct Prepared {
    id: String,
    /// The serial number of the certificate that follows.
    serial: String,
    not_after: String,
    made_at: String,
    /// `waiting`, `used` or `revoked`.
    state: &'static str,
}

impl From<renewal::Renewal> for Prepared {
    fn from(made: renewal::Renewal) -> Self {
        Self {
            id: made.id.to_string(),
            serial: made.serial,
            not_after: date::machine(made.not_after.as_seconds()),
            made_at: date::machine(made.made_at.as_seconds()),
            state: match made.state {
                RenewalState::Waiting => "waiting",
                RenewalState::Used { .. } => "used",
                RenewalState::Revoked { .. } => "revoked",
            },
        }
    }
}

/// The renewals that were prepared, the newest first
#[utoipa::path(
    get, path = "/api/v1/renewals", tag = "authenticators", responses((status = 200, body = [Prepared]), Refused)
)]
async fn list(visitor: Visitor) -> Result<Json<Vec<Prepared>>, Error> {
    let listed = visitor.read(Access::Whole, |tx, _, session| renewal::list(tx, session.account));
    let (_, renewals) = listed.await?;
    Ok(Json(renewals.into_iter().map(Prepared::from).collect()))
}

/// The certificate that is to follow.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Successor {
    /// PEM, or DER or PKCS #7 in base64. A private key is refused.
    certificate: String,
}

/// Names the certificate that is to follow; next, the statement about it is signed
#[utoipa::path(
    post, path = "/api/v1/renewals", tag = "authenticators",
    request_body = Successor, responses((status = 204), Refused)
)]
async fn offer(
    visitor: Visitor,
    extract::Json(successor): extract::Json<Successor>,
) -> Result<StatusCode, Error> {
    let offered = visitor.offer_renewal(successor.certificate.as_bytes()).await?;
    offered.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT)
}

/// The statement, to be signed with the key of a certificate of the account
#[utoipa::path(
    post, path = "/api/v1/renewals/challenge", tag = "authenticators",
    responses((status = 200, body = Posed), Refused)
)]
async fn challenge(visitor: Visitor) -> Result<Json<Posed>, Error> {
    Ok(Json(visitor.pose_renewal().await?))
}

/// A signed statement.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignedStatement {
    /// CMS in base64.
    cms: String,
    /// The nonce of the statement, where the text is not in the CMS.
    nonce: Option<String>,
}

/// A renewal that is prepared.
#[derive(Serialize, ToSchema)]
struct Made {
    id: String,
}

/// Stores the signed statement: the first sign-in with the new certificate needs nothing further
#[utoipa::path(
    post, path = "/api/v1/renewals/sign", tag = "authenticators",
    request_body = SignedStatement, responses((status = 201, body = Made), Refused)
)]
async fn sign(
    visitor: Visitor,
    extract::Json(signed): extract::Json<SignedStatement>,
) -> Result<impl IntoResponse, Error> {
    let answer = Answer::read(&signed.cms, signed.nonce.as_deref());
    let id = visitor.make_renewal(answer).await?.map_err(Error::refused)?;
    Ok((StatusCode::CREATED, Json(Made { id: id.to_string() })))
}

/// What was stated, and the signature under it.
#[derive(Serialize, ToSchema)]
struct Evidence {
    statement: String,
    /// CMS in base64.
    signature: String,
}

/// The evidence of a renewal
#[utoipa::path(
    get, path = "/api/v1/renewals/{id}", tag = "authenticators",
    params(("id" = String, Path,)), responses((status = 200, body = Evidence), Refused)
)]
async fn evidence(visitor: Visitor, Path(id): Path<String>) -> Result<Json<Evidence>, Error> {
    let found = visitor.renewal_evidence(renewal_id(&id)?).await?;
    Ok(Json(Evidence {
        statement: found.statement,
        signature: BASE64.encode(&found.signature),
    }))
}

/// Takes a renewal back
#[utoipa::path(
    delete, path = "/api/v1/renewals/{id}", tag = "authenticators",
    params(("id" = String, Path,)), responses((status = 204), Refused)
)]
async fn revoke(visitor: Visitor, Path(id): Path<String>) -> Result<StatusCode, Error> {
    visitor.revoke_renewal(renewal_id(&id)?).await?.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT)
}

fn authenticator(id: &str) -> Result<AuthenticatorId, Error> {
    id.parse().map_err(|_| Error::refused("binding.not_found"))
}

fn renewal_id(id: &str) -> Result<RenewalId, Error> {
    id.parse().map_err(|_| Error::refused("renewal.not_found"))
}
