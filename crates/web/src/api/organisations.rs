use axum::Json;
use axum::http::StatusCode;
use cabinet::organisation::{self, KindId, Organisation, OrganisationId, Wanted};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Refused, refused};
use crate::error::Error;
use crate::extract::{self, Path, Query};
use crate::signed_in::Access;
use crate::visitor::Visitor;

const PAGE: usize = 20;

pub(super) fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(kinds))
        .routes(routes!(places))
        .routes(routes!(search))
        .routes(routes!(one))
        .routes(routes!(mine, switch))
}

/// A kind of organisation.
#[derive(Debug, Serialize, ToSchema)]
struct Kind {
    id: String,
    /// Its name in the language of the request.
    label: String,
}

/// The kinds of organisations
#[utoipa::path(
    get, path = "/api/v1/organisation-kinds", tag = "organisations",
    responses((status = 200, body = Vec<Kind>), Refused)
)]
async fn kinds(visitor: Visitor) -> Json<Vec<Kind>> {
    let kinds = visitor.app.rules.organisation.kinds.iter();
    let kind = |kind: &organisation::OrganisationKind| Kind {
        id: kind.id.as_str().to_owned(),
        label: kind.label.in_language(visitor.visit.language).to_owned(),
    };
    Json(kinds.map(kind).collect())
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Where {
    kind: String,
    /// Without it regions are given, with it the places of one.
    region: Option<String>,
}

/// A region, or a city or village.
#[derive(Debug, Serialize, ToSchema)]
struct Place {
    id: String,
    name: String,
}

/// Where organisations of a kind are
#[utoipa::path(
    get, path = "/api/v1/organisation-places", tag = "organisations", params(Where),
    responses((status = 200, body = Vec<Place>), Refused)
)]
async fn places(visitor: Visitor, Query(asked): Query<Where>) -> Result<Json<Vec<Place>>, Error> {
    visitor.may_search()?;
    let kind = KindId::parse(&asked.kind).ok_or(Error::refused("request.malformed"))?;
    let region = read(asked.region.as_deref())?;
    let places = visitor.app.db.read_heavy(move |tx| {
        let place = |id: String, name| Place { id, name };
        Ok::<_, cabinet::Failure>(match region {
            None => organisation::list_regions(tx, &kind)?
                .into_iter()
                .map(|region| place(region.id.to_string(), region.name))
                .collect(),
            Some(region) => organisation::list_localities(tx, &kind, region, "")?
                .into_iter()
                .map(|locality| place(locality.id.to_string(), locality.name))
                .collect(),
        })
    });
    Ok(Json(places.await?))
}

#[derive(Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
struct Asked {
    /// Parts of the name, the place or the code, in any order.
    q: String,
    kind: Option<String>,
    region: Option<String>,
    locality: Option<String>,
    /// The id of the last one of the page before; counts where a locality is given.
    after: Option<String>,
}

/// What anybody may know of an organisation.
#[derive(Debug, Serialize, ToSchema)]
struct Public {
    id: String,
    code: String,
    kind: String,
    name: String,
    short_name: String,
    region: String,
    locality: String,
}

impl From<Organisation> for Public {
    fn from(found: Organisation) -> Self {
        Self {
            id: found.id.to_string(),
            code: found.code.to_string(),
            kind: found.kind.as_str().to_owned(),
            name: found.name,
            short_name: found.short_name,
            region: found.region_name,
            locality: found.locality_name,
        }
    }
}

/// Organisations that were found, by name.
#[derive(Debug, Serialize, ToSchema)]
struct FoundOrganisations {
    organisations: Vec<Public>,
    /// There are more.
    has_more: bool,
}

/// Organisations, by a part of the name or by place
#[utoipa::path(
    get, path = "/api/v1/organisations", tag = "organisations", params(Asked),
    responses((status = 200, body = FoundOrganisations), Refused)
)]
async fn search(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Json<FoundOrganisations>, Error> {
    visitor.may_search()?;
    let kind = match &asked.kind {
        None => None,
        Some(kind) => Some(KindId::parse(kind).ok_or(Error::refused("request.malformed"))?),
    };
    let (region, locality) = (read(asked.region.as_deref())?, read(asked.locality.as_deref())?);
    let after = read(asked.after.as_deref())?;
    let found = visitor.app.db.read_heavy(move |tx| {
        let wanted = Wanted {
            kind: kind.as_ref(),
            region,
            locality,
            text: &asked.q,
            after,
            limit: PAGE,
        };
        organisation::search(tx, &wanted)
    });
    let found = found.await?;
    Ok(Json(FoundOrganisations {
        organisations: found.organisations.into_iter().map(Public::from).collect(),
        has_more: found.has_more,
    }))
}

/// An organisation with its ways in.
#[derive(Debug, Serialize, ToSchema)]
struct WithMethods {
    #[serde(flatten)]
    organisation: Public,
    /// Nobody enters through it any more.
    closed: bool,
    /// `password`, `certificate`, `passkey`, `provider/` and an id; the primary one first.
    methods: Vec<String>,
}

/// One organisation and the ways in that it offers
#[utoipa::path(
    get, path = "/api/v1/organisations/{code}", tag = "organisations",
    params(("code" = String, Path, description = "БИН, ИНН or a word of the operator's")),
    responses((status = 200, body = WithMethods), Refused)
)]
async fn one(visitor: Visitor, Path(code): Path<String>) -> Result<Json<WithMethods>, Error> {
    let found = visitor.find_organisation(&code).await?;
    let (found, offered) = found.ok_or(Error::refused("organisation.unknown"))?;
    Ok(Json(WithMethods {
        closed: found.closed_at.is_some(),
        organisation: found.into(),
        methods: offered.iter().map(organisation::Method::word).collect(),
    }))
}

/// An organisation of the person who is signed in.
#[derive(Debug, Serialize, ToSchema)]
struct Mine {
    organisation: String,
    short_name: String,
    position: String,
    department: String,
    /// The person is here for it now.
    current: bool,
}

/// The organisations of the person who is signed in
#[utoipa::path(
    get, path = "/api/v1/me/organisations", tag = "me", responses((status = 200, body = Vec<Mine>), Refused)
)]
async fn mine(visitor: Visitor) -> Result<Json<Vec<Mine>>, Error> {
    let (session, memberships) = visitor
        .read(Access::Whole, |tx, _, session| {
            organisation::list_memberships(tx, session.account)
        })
        .await?;
    let current = session.organisation.map(|current| current.id);
    let mine = |one: organisation::Membership| Mine {
        current: current == Some(one.organisation),
        organisation: one.organisation.to_string(),
        short_name: one.short_name,
        position: one.position,
        department: one.department,
    };
    Ok(Json(memberships.into_iter().map(mine).collect()))
}

/// For which organisation the person is here.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MyOrganisation {
    /// Its id; null for the person's own cabinet.
    organisation: Option<String>,
}

/// Moves to another organisation of the person
#[utoipa::path(
    put, path = "/api/v1/me/organisations", tag = "me",
    request_body = MyOrganisation, responses((status = 204), Refused)
)]
async fn switch(
    visitor: Visitor,
    extract::Json(choice): extract::Json<MyOrganisation>,
) -> Result<StatusCode, Error> {
    let wanted: Option<OrganisationId> = read(choice.organisation.as_deref())?;
    let switched = visitor.act(Access::Whole, move |tx, visitor, session| {
        organisation::switch(tx, &visitor.app.rules, &visitor.visit, session, wanted)
    });
    switched.await?.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT)
}

/// An id, where one was given.
fn read<T: std::str::FromStr>(id: Option<&str>) -> Result<Option<T>, Error> {
    id.map(str::parse)
        .transpose()
        .map_err(|_| Error::refused("request.malformed"))
}
