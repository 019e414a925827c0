use axum::Json;
use axum::http::StatusCode;
use cabinet::binding::{self, Authenticator, AuthenticatorId, CertificateData, CertificateState};
use data_encoding::HEXLOWER;
use serde::Serialize;
use text::date;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Refused, refused};
use crate::error::Error;
use crate::extract::Path;
use crate::signed_in::Access;
use crate::visitor::Visitor;

pub(super) fn routes() -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(remove))
}

/// A way into the account.
#[derive(Debug, Serialize, ToSchema)]
struct Way {
    id: String,
    /// `certificate` or `password`.
    kind: &'static str,
    bound_at: String,
    bound_by: &'static str,
    last_used_at: Option<String>,
    certificate: Option<Certificate>,
}

/// What a certificate says of itself.
#[derive(Debug, Serialize, ToSchema)]
struct Certificate {
    owner: String,
    subject: String,
    issuer: String,
    serial: String,
    algorithm: String,
    not_before: String,
    not_after: String,
    /// SHA-256, hexadecimal.
    fingerprint: String,
    anchor_group: String,
    /// `valid`, `not_yet_valid`, `expired` or `removed`.
    state: &'static str,
}

impl From<Authenticator> for Way {
    fn from(way: Authenticator) -> Self {
        Self {
            id: way.id.to_string(),
            kind: way.kind.as_str(),
            bound_at: date::machine(way.bound_at.as_seconds()),
            bound_by: way.bound_by.as_str(),
            last_used_at: way.last_used_at.map(|at| date::machine(at.as_seconds())),
            certificate: way.certificate.map(Into::into),
        }
    }
}

impl From<CertificateData> for Certificate {
    fn from(data: CertificateData) -> Self {
        Self {
            owner: data.owner,
            subject: data.subject,
            issuer: data.issuer,
            serial: data.serial,
            algorithm: data.algorithm,
            not_before: date::machine(data.not_before.as_seconds()),
            not_after: date::machine(data.not_after.as_seconds()),
            fingerprint: HEXLOWER.encode(&data.fingerprint),
            anchor_group: data.anchor_group,
            state: match data.state {
                CertificateState::Valid => "valid",
                CertificateState::NotYetValid => "not_yet_valid",
                CertificateState::Expired => "expired",
                CertificateState::Removed { .. } => "removed",
            },
        }
    }
}

/// The ways into the account, and every certificate that ever was one
#[utoipa::path(
    get, path = "/api/v1/authenticators", tag = "authenticators",
    responses((status = 200, body = Vec<Way>), Refused)
)]
async fn list(visitor: Visitor) -> Result<Json<Vec<Way>>, Error> {
    let ways = visitor.read(Access::Whole, |tx, visitor, session| {
        binding::list(tx, visitor.visit.now, session.account)
    });
    Ok(Json(ways.await?.1.into_iter().map(Into::into).collect()))
}

/// Removes a certificate; the last usable way in stays. Needs a fresh proof
#[utoipa::path(
    delete, path = "/api/v1/authenticators/{id}", tag = "authenticators",
    params(("id" = String, Path)), responses((status = 204), Refused)
)]
async fn remove(visitor: Visitor, Path(id): Path<String>) -> Result<StatusCode, Error> {
    let id: AuthenticatorId = id.parse().map_err(|_| Error::refused("binding.not_found"))?;
    let removed = visitor.change(
        Access::Whole,
        "/profile/binding",
        (),
        move |tx, visitor, fresh, ()| {
            binding::remove_certificate(tx, &visitor.app.rules, &visitor.visit, fresh, id)
        },
    );
    removed.await?.map(|()| StatusCode::NO_CONTENT).map_err(refused)
}
