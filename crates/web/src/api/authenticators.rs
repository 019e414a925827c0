use axum::Json;
use axum::http::StatusCode;
use cabinet::binding::{
    self, Authenticator, AuthenticatorId, BoundBy, CertificateData, CertificateState, IdentityData,
    IdentityState, OwnFactor, SecondFactor,
};
use cabinet::sign_in::federation::StatedContact;
use data_encoding::HEXLOWER;
use db::Timestamp;
use esign::profile::{KeyStorage, Role};
use esign::trust::KeyPurpose;
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
    /// `certificate`, `passkey`, `external-identity`, `password`; of second factors `totp`, `sms`, `recovery-code`.
    kind: &'static str,
    bound_at: String,
    bound_by: &'static str,
    last_used_at: Option<String>,
    /// Nothing else opens the account now.
    is_only: bool,
    certificate: Option<Certificate>,
    passkey: Option<Passkey>,
    identity: Option<Identity>,
    /// How many recovery codes are left.
    codes_left: Option<i64>,
}

/// What is known of a passkey.
#[derive(Debug, Serialize, ToSchema)]
struct Passkey {
    name: String,
    /// The device may copy it elsewhere.
    may_be_backed_up: bool,
    is_backed_up: bool,
}

/// An identity at an outside provider.
#[derive(Debug, Serialize, ToSchema)]
struct Identity {
    provider: String,
    /// The name it gave last; may be empty.
    name: String,
    /// How sure it was of the person when it was linked, in its own words.
    assurance: Option<String>,
    /// `in_force`, `suspended` or `provider_off`.
    state: &'static str,
    /// Contacts it gives that the person has neither taken nor declined.
    new_contacts: Vec<String>,
}

impl From<IdentityData> for Identity {
    fn from(data: IdentityData) -> Self {
        Self {
            provider: data.provider.to_string(),
            name: data.name,
            assurance: data.assurance,
            state: match data.state {
                IdentityState::InForce => "in_force",
                IdentityState::Suspended { .. } => "suspended",
                IdentityState::ProviderOff => "provider_off",
            },
            new_contacts: data.new_contacts.iter().map(StatedContact::key).collect(),
        }
    }
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
    /// In what capacity its owner acts: `person`, `head`, `employee` and so on, where it says so.
    role: Option<&'static str>,
    /// The owner's position, as the authority wrote it.
    title: Option<String>,
    organisation: Option<String>,
    organisation_ids: Vec<OrganisationId>,
    /// What the key is for: `sign_in`, `sign` or `both`.
    purpose: Option<&'static str>,
    /// Where the authority says the key is kept: `file`, `id_card`, `kaztoken` and so on.
    key_storage: Option<&'static str>,
}

/// A number of an organisation.
#[derive(Debug, Serialize, ToSchema)]
struct OrganisationId {
    country: String,
    kind: String,
    value: String,
}

impl Way {
    fn of(visitor: &Visitor, way: Authenticator) -> Self {
        Self {
            id: way.id.to_string(),
            kind: way.kind.as_str(),
            bound_at: date::machine(way.bound_at.as_seconds()),
            bound_by: way.bound_by.as_str(),
            last_used_at: way.last_used_at.map(|at| date::machine(at.as_seconds())),
            is_only: way.is_only_way,
            certificate: way.certificate.map(|data| Certificate::of(visitor, data)),
            passkey: way.passkey.map(|data| Passkey {
                name: data.name,
                may_be_backed_up: data.may_be_backed_up,
                is_backed_up: data.is_backed_up,
            }),
            codes_left: None,
            identity: way.identity.map(Identity::from),
        }
    }

    /// A second factor that opens nothing alone.
    fn of_factor(own: &OwnFactor) -> Option<Self> {
        let at = |at: Timestamp| date::machine(at.as_seconds());
        (own.factor != SecondFactor::Passkey).then_some(Self {
            id: own.id?.to_string(),
            kind: own.factor.as_str(),
            bound_at: at(own.bound_at?),
            bound_by: BoundBy::Person.as_str(),
            last_used_at: own.last_used_at.map(at),
            is_only: false,
            certificate: None,
            passkey: None,
            identity: None,
            codes_left: (own.factor == SecondFactor::RecoveryCode).then_some(own.codes_left),
        })
    }
}

impl Certificate {
    fn of(visitor: &Visitor, data: CertificateData) -> Self {
        let (subject, purpose) = visitor.holder(&data).unwrap_or_default();
        let organisation_ids = subject.organisation_ids.into_iter().map(|id| OrganisationId {
            country: id.country,
            kind: id.kind,
            value: id.value,
        });
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
            role: subject.role.map(Role::as_str),
            title: subject.title,
            organisation: subject.organisation,
            organisation_ids: organisation_ids.collect(),
            purpose: purpose.map(KeyPurpose::as_str),
            key_storage: subject.storage.map(KeyStorage::as_str),
        }
    }
}

/// The ways into the account, every certificate that ever was one, and second factors
#[utoipa::path(
    get, path = "/api/v1/authenticators", tag = "authenticators",
    responses((status = 200, body = Vec<Way>), Refused)
)]
async fn list(visitor: Visitor) -> Result<Json<Vec<Way>>, Error> {
    let ways = visitor.read(Access::Enrolment, |tx, visitor, session| {
        let ways = binding::list(tx, &visitor.app.rules, visitor.visit.now, session.account)?;
        Ok((ways, binding::list_second_factors(tx, session.account)?))
    });
    let (ways, factors) = ways.await?.1;
    let ways = ways.into_iter().map(|way| Way::of(&visitor, way));
    Ok(Json(
        ways.chain(factors.iter().filter_map(Way::of_factor)).collect(),
    ))
}

/// Removes a certificate, a passkey or a second factor, unlinks an identity; the last usable way in stays. Needs a fresh
/// proof
#[utoipa::path(
    delete, path = "/api/v1/authenticators/{id}", tag = "authenticators",
    params(("id" = String, Path)), responses((status = 204), Refused)
)]
async fn remove(visitor: Visitor, Path(id): Path<String>) -> Result<StatusCode, Error> {
    let id: AuthenticatorId = id.parse().map_err(|_| Error::refused("binding.not_found"))?;
    let removed = visitor.remove_way(id).await?;
    removed.map(|()| StatusCode::NO_CONTENT).map_err(refused)
}
