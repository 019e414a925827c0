use axum::Json;
use axum::http::StatusCode;
use cabinet::session::{self, OpenSession, SessionId, SessionRefusal, device_name};
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
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(end))
        .routes(routes!(end_others))
}

/// An open session.
#[derive(Debug, Serialize, ToSchema)]
struct Open {
    id: String,
    /// The one that asks.
    current: bool,
    opened_at: String,
    last_seen_at: String,
    address: String,
    /// That is the network of whoever asks.
    near: bool,
    device: String,
    /// `certificate`, `passkey`, `external-identity` or `password`.
    opened_by: &'static str,
}

impl From<OpenSession> for Open {
    fn from(open: OpenSession) -> Self {
        Self {
            id: open.id.to_string(),
            current: open.is_current,
            opened_at: date::machine(open.opened_at.as_seconds()),
            last_seen_at: date::machine(open.last_seen_at.as_seconds()),
            near: open.is_near,
            address: open.address,
            device: device_name(&open.device),
            opened_by: open.opened_by.as_str(),
        }
    }
}

/// The account's open sessions
#[utoipa::path(
    get, path = "/api/v1/sessions", tag = "sessions", responses((status = 200, body = Vec<Open>), Refused)
)]
async fn list(visitor: Visitor) -> Result<Json<Vec<Open>>, Error> {
    let sessions = visitor.read(Access::Whole, |tx, visitor, session| {
        session::list(tx, &visitor.app.rules, &visitor.visit, session)
    });
    Ok(Json(sessions.await?.1.into_iter().map(Into::into).collect()))
}

/// Ends one session
#[utoipa::path(
    delete, path = "/api/v1/sessions/{id}", tag = "sessions",
    params(("id" = String, Path)), responses((status = 204), Refused)
)]
async fn end(visitor: Visitor, Path(id): Path<String>) -> Result<StatusCode, Error> {
    let id: SessionId = id.parse().map_err(|_| Error::refused("session.not_found"))?;
    let ended = visitor.act(Access::Whole, move |tx, visitor, session| {
        session::end(tx, &visitor.visit, session, id)
    });
    ended.await?.map(|()| StatusCode::NO_CONTENT).map_err(refused)
}

/// How many sessions were ended.
#[derive(Debug, Serialize, ToSchema)]
struct Ended {
    ended: u64,
}

/// Ends all sessions but this one
#[utoipa::path(
    post, path = "/api/v1/sessions/end-others", tag = "sessions",
    responses((status = 200, body = Ended), Refused)
)]
async fn end_others(visitor: Visitor) -> Result<Json<Ended>, Error> {
    let ended = visitor.act(Access::Whole, |tx, visitor, session| {
        session::end_others(tx, &visitor.app.rules, &visitor.visit, session).map(Ok::<_, SessionRefusal>)
    });
    ended.await?.map(|ended| Json(Ended { ended })).map_err(refused)
}
