use axum::Json;
use axum::http::StatusCode;
use cabinet::account;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Refused;
use crate::error::Error;
use crate::extract;
use crate::language::from_code;
use crate::signed_in::Access;
use crate::visitor::Visitor;

pub(super) fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(me))
        .routes(routes!(set_language))
}

/// The person who is signed in.
#[derive(Debug, Serialize, ToSchema)]
struct Me {
    account: String,
    surname: String,
    given_name: String,
    patronymic: String,
    person_ids: Vec<PersonId>,
    /// `ru`, `kk` or `en`.
    language: &'static str,
    /// An address must be confirmed before the cabinet opens.
    first_entry_needed: bool,
}

/// A number that a state gave to a person.
#[derive(Debug, Serialize, ToSchema)]
struct PersonId {
    country: String,
    kind: String,
    value: String,
}

/// The person who is signed in
#[utoipa::path(get, path = "/api/v1/me", tag = "me", responses((status = 200, body = Me), Refused))]
async fn me(visitor: Visitor) -> Result<Json<Me>, Error> {
    let (session, profile) = visitor
        .read(Access::FirstEntry, |tx, _, session| {
            account::profile(tx, session.account)
        })
        .await?;
    let person_id = |id: account::PersonId| PersonId {
        country: id.country,
        kind: id.kind,
        value: id.value,
    };
    Ok(Json(Me {
        account: profile.account.to_string(),
        surname: profile.name.surname,
        given_name: profile.name.given_name,
        patronymic: profile.name.patronymic,
        person_ids: profile.person_ids.into_iter().map(person_id).collect(),
        language: profile.language.as_str(),
        first_entry_needed: session.needs_first_entry(&visitor.app.rules),
    }))
}

/// A language.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Choice {
    /// `ru`, `kk` or `en`.
    language: String,
}

/// Chooses the language of pages and messages
#[utoipa::path(
    put, path = "/api/v1/me/language", tag = "me",
    request_body = Choice, responses((status = 204), Refused)
)]
async fn set_language(
    visitor: Visitor,
    extract::Json(choice): extract::Json<Choice>,
) -> Result<StatusCode, Error> {
    let language = from_code(&choice.language).ok_or(Error::refused("request.malformed"))?;
    let set = visitor.act(Access::FirstEntry, move |tx, visitor, session| {
        account::set_language(tx, &visitor.visit, session, language).map(Ok::<_, ()>)
    });
    set.await?
        .map_or(Err(Error::SignIn), |()| Ok(StatusCode::NO_CONTENT))
}
