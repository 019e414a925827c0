//! Outside providers: the way there, what comes back, and linking. The browser's part is done by the client: it follows
//! the address and brings back the parameters of the callback.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use cabinet::account::PersonId;
use cabinet::contact::{Slot, Taken};
use cabinet::provider::ProviderKey;
use cabinet::sign_in::Entered;
use cabinet::sign_in::federation::{Arrived, Choice, Confirmation, FederationRefusal, Likeness};
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use text::date;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Refused, refused};
use crate::cookie;
use crate::draft::Kept;
use crate::error::Error;
use crate::extract::{self, Path, Query};
use crate::federation::{Astray, Back};
use crate::pages;
use crate::visitor::Visitor;

pub(super) fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(sign_in))
        .routes(routes!(link))
        .routes(routes!(step_up))
        .routes(routes!(merge))
        .routes(routes!(callback))
        .routes(routes!(password))
        .routes(routes!(ticket))
        .routes(routes!(both, confirm, give_up))
}

/// A provider that can be chosen.
#[derive(Debug, Serialize, ToSchema)]
struct Offered {
    id: String,
    /// What people call it, in the language of the request.
    label: String,
}

/// The providers that everybody is offered
#[utoipa::path(
    get, path = "/api/v1/providers", tag = "providers",
    responses((status = 200, body = Vec<Offered>), Refused)
)]
async fn list(visitor: Visitor) -> Json<Vec<Offered>> {
    let offered = visitor.provider_buttons().into_iter().map(|button| Offered {
        id: button.id,
        label: button.label,
    });
    Json(offered.collect())
}

/// Where somebody enters.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Entry {
    /// The code of an organisation, to enter as at its page; then its own rules count too.
    #[serde(default)]
    organisation: String,
}

/// Where the browser goes.
#[derive(Debug, Serialize, ToSchema)]
struct Departure {
    address: String,
}

/// Begins a sign-in through a provider, in this client
#[utoipa::path(
    post, path = "/api/v1/providers/{id}/sign-in", tag = "providers",
    params(("id" = String, Path), Entry), responses((status = 200, body = Departure), Refused)
)]
async fn sign_in(
    visitor: Visitor,
    Path(id): Path<String>,
    Query(entry): Query<Entry>,
) -> Result<Json<Departure>, Error> {
    departed(
        visitor
            .depart_to_sign_in(&key(&id)?, &entry.organisation, "")
            .await?,
    )
}

/// Begins the linking of an identity to the account; needs a fresh proof
#[utoipa::path(
    post, path = "/api/v1/providers/{id}/link", tag = "providers",
    params(("id" = String, Path)), responses((status = 200, body = Departure), Refused)
)]
async fn link(visitor: Visitor, Path(id): Path<String>) -> Result<Json<Departure>, Error> {
    match visitor.depart_to_link(&key(&id)?).await? {
        None => Err(Error::StepUp(Kept::nothing("/profile/binding"))),
        Some(address) => departed(address),
    }
}

/// Begins a step-up through a linked provider, which asks the person anew
#[utoipa::path(
    post, path = "/api/v1/providers/{id}/step-up", tag = "providers",
    params(("id" = String, Path)), responses((status = 200, body = Departure), Refused)
)]
async fn step_up(visitor: Visitor, Path(id): Path<String>) -> Result<Json<Departure>, Error> {
    departed(visitor.depart_to_step_up(&key(&id)?, "").await?)
}

/// Begins the proof of the other account through a provider, which asks the person anew
#[utoipa::path(
    post, path = "/api/v1/providers/{id}/merge", tag = "providers",
    params(("id" = String, Path)), responses((status = 200, body = Departure), Refused)
)]
async fn merge(visitor: Visitor, Path(id): Path<String>) -> Result<Json<Departure>, Error> {
    departed(visitor.depart_to_merge(&key(&id)?).await?)
}

/// What became of somebody who came back.
#[derive(Debug, Serialize, ToSchema)]
struct CameBack {
    /// `signed_in`, `not_linked`, `ready_to_confirm`, `stepped_up` or `other_proven`.
    outcome: &'static str,
    /// The account that was entered.
    account: Option<String>,
}

/// Takes up the parameters that a provider sent the browser back with; cookies say who it is
#[utoipa::path(
    post, path = "/api/v1/providers/{id}/callback", tag = "providers",
    params(("id" = String, Path)), request_body = Back, responses((status = 200, body = CameBack), Refused)
)]
async fn callback(
    visitor: Visitor,
    Path(id): Path<String>,
    extract::Json(back): extract::Json<Back>,
) -> Result<Response, Error> {
    let arrived = visitor.come_back(&key(&id)?, back).await?;
    answered(&visitor, arrived).await
}

/// A user name and a password of a directory.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Typed {
    /// As it stands in the address that the way began with.
    state: String,
    login: String,
    password: String,
}

/// Proves who somebody is to a directory that checks passwords
#[utoipa::path(
    post, path = "/api/v1/providers/{id}/password", tag = "providers",
    params(("id" = String, Path)), request_body = Typed, responses((status = 200, body = CameBack), Refused)
)]
async fn password(
    visitor: Visitor,
    Path(id): Path<String>,
    extract::Json(typed): extract::Json<Typed>,
) -> Result<Response, Error> {
    let arrived = visitor
        .prove_by_password(&key(&id)?, &typed.state, &typed.login, &typed.password)
        .await?;
    answered(&visitor, arrived).await
}

/// A ticket of Kerberos.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Ticket {
    /// As it stands in the address that the way began with.
    state: String,
    /// The token of SPNEGO, in Base64.
    ticket: String,
}

/// Proves who somebody is by a ticket of Kerberos; `WWW-Authenticate` of the answer proves the server
#[utoipa::path(
    post, path = "/api/v1/providers/{id}/ticket", tag = "providers",
    params(("id" = String, Path)), request_body = Ticket, responses((status = 200, body = CameBack), Refused)
)]
async fn ticket(
    visitor: Visitor,
    Path(id): Path<String>,
    extract::Json(sent): extract::Json<Ticket>,
) -> Result<Response, Error> {
    let ticket = BASE64.decode(sent.ticket.as_bytes()).unwrap_or_default();
    let (arrived, reply) = visitor.prove_by_ticket(&key(&id)?, &sent.state, ticket).await?;
    let mut response = answered(&visitor, arrived).await?;
    if let Some(reply) = reply {
        let proof = pages::negotiate(&reply)?;
        response.headers_mut().insert(header::WWW_AUTHENTICATE, proof);
    }
    Ok(response)
}

async fn answered(visitor: &Visitor, arrived: Result<(Arrived, String), Astray>) -> Result<Response, Error> {
    let came_back = |outcome| {
        Json(CameBack {
            outcome,
            account: None,
        })
    };
    let (arrived, _) = arrived.map_err(|astray| Error::refused(astray.code))?;
    Ok(match arrived {
        Arrived::Opened(opened) => came_in(visitor, Entered::Opened(opened)).await?,
        Arrived::SecondFactorNeeded(pending) => {
            came_in(visitor, Entered::SecondFactorNeeded(pending)).await?
        }
        Arrived::NotLinked(pending) => {
            visitor.linking_is_now(Visitor::linking_cookie(&pending));
            came_back("not_linked").into_response()
        }
        Arrived::ReadyToConfirm(pending) => {
            visitor.linking_is_now(Visitor::linking_cookie(&pending));
            came_back("ready_to_confirm").into_response()
        }
        Arrived::OtherProven(secret) => {
            let cookie = AppendHeaders([(header::SET_COOKIE, visitor.merging_cookie(&secret))]);
            (cookie, came_back("other_proven")).into_response()
        }
        Arrived::SteppedUp(secret) => {
            let cookie = cookie::set(cookie::SESSION, &secret.expose(), cookie::Life::Browser);
            let cookie = AppendHeaders([(header::SET_COOKIE, cookie)]);
            (cookie, came_back("stepped_up")).into_response()
        }
    })
}

/// Both identities, before they are linked.
#[derive(Debug, Serialize, ToSchema)]
struct Both {
    provider: String,
    name_there: String,
    name_here: String,
    /// `same`, `partly`, `differ` or `unknown`; `differ` must be acknowledged.
    names: &'static str,
    person_ids_there: Vec<String>,
    person_ids_here: Vec<String>,
    contacts: Vec<Contact>,
    /// An identity of the same provider would be replaced; that must be wanted.
    replaces: bool,
    /// Without it a fresh proof is needed first.
    is_proven: bool,
    until: String,
}

/// A contact that can be taken over.
#[derive(Debug, Serialize, ToSchema)]
struct Contact {
    /// What it is chosen by.
    key: String,
    /// It needs no code.
    is_verified: bool,
    /// Where it would go; nothing if the account has it already.
    slot: Option<&'static str>,
    /// Something of the person's own would be displaced.
    displaces: bool,
}

impl From<Confirmation> for Both {
    fn from(both: Confirmation) -> Self {
        let written = |ids: &[PersonId]| ids.iter().map(ToString::to_string).collect();
        let contacts = both.contacts.iter().map(|offer| Contact {
            key: offer.stated.key(),
            is_verified: offer.stated.is_verified,
            slot: offer.slot.map(Slot::as_str),
            displaces: offer.replaces.is_some(),
        });
        Self {
            provider: both.arrival.provider.to_string(),
            name_there: both.arrival.name.to_string(),
            name_here: both.profile.name.to_string(),
            names: match both.names {
                Likeness::Same => "same",
                Likeness::Partly => "partly",
                Likeness::Differ => "differ",
                Likeness::Unknown => "unknown",
            },
            person_ids_there: written(&both.arrival.person_ids),
            person_ids_here: written(&both.profile.person_ids),
            contacts: contacts.collect(),
            replaces: both.replaces.is_some(),
            is_proven: both.is_proven,
            until: date::machine(both.until.as_seconds()),
        }
    }
}

/// Shows both identities of the link that waits in this client
#[utoipa::path(
    get, path = "/api/v1/linking", tag = "providers",
    responses((status = 200, body = Both), Refused)
)]
async fn both(visitor: Visitor) -> Result<Json<Both>, Error> {
    let Some((_, both)) = visitor.confirmation().await? else {
        return Err(refused(FederationRefusal::Gone));
    };
    Ok(Json(both.map_err(refused)?.into()))
}

/// What the person says of both identities.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Chosen {
    /// Keys of the contacts to take.
    #[serde(default)]
    contacts: Vec<String>,
    /// The difference of the names was seen.
    #[serde(default)]
    difference_seen: bool,
    /// The other identity of this provider is to be replaced.
    #[serde(default)]
    replace: bool,
}

/// A link that was made.
#[derive(Debug, Serialize, ToSchema)]
struct Made {
    /// The new way in.
    authenticator: String,
    /// Contacts in force now.
    in_force: Vec<&'static str>,
    /// Contacts that wait for a code.
    asked: Vec<&'static str>,
}

/// Makes the link
#[utoipa::path(
    post, path = "/api/v1/linking", tag = "providers",
    request_body = Chosen, responses((status = 201, body = Made), Refused)
)]
async fn confirm(
    visitor: Visitor,
    extract::Json(chosen): extract::Json<Chosen>,
) -> Result<impl IntoResponse, Error> {
    let choice = Choice {
        contacts: chosen.contacts,
        difference_seen: chosen.difference_seen,
        replace: chosen.replace,
    };
    let linked = visitor.confirm_linking(choice).await?;
    let linked = linked.unwrap_or(Err(FederationRefusal::Gone)).map_err(refused)?;
    visitor.linking_is_now(cookie::clear(cookie::LINKING));
    let mut made = Made {
        authenticator: linked.authenticator.to_string(),
        in_force: Vec::new(),
        asked: Vec::new(),
    };
    for taken in linked.contacts {
        match taken {
            Taken::InForce(slot) => made.in_force.push(slot.as_str()),
            Taken::Asked(slot) => made.asked.push(slot.as_str()),
            Taken::NotTaken(_) => {}
        }
    }
    Ok((StatusCode::CREATED, Json(made)))
}

/// Gives the link up
#[utoipa::path(delete, path = "/api/v1/linking", tag = "providers", responses((status = 204), Refused))]
async fn give_up(visitor: Visitor) -> Result<StatusCode, Error> {
    visitor.give_up_linking().await?;
    visitor.linking_is_now(cookie::clear(cookie::LINKING));
    Ok(StatusCode::NO_CONTENT)
}

async fn came_in(visitor: &Visitor, entered: Entered) -> Result<Response, Error> {
    let entered = visitor
        .entered("provider", Ok(entered), FederationRefusal::code)
        .await?;
    let opened = visitor.whole(entered.map_err(refused)?, "")?;
    let body = Json(CameBack {
        outcome: "signed_in",
        account: Some(opened.account.to_string()),
    });
    Ok((visitor.opened(&opened), body).into_response())
}

fn departed(address: Result<url::Url, &'static str>) -> Result<Json<Departure>, Error> {
    let address = address.map_err(Error::refused)?.into();
    Ok(Json(Departure { address }))
}

fn key(id: &str) -> Result<ProviderKey, Error> {
    id.parse().map_err(|_| Error::refused("provider.off"))
}
