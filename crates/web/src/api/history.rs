use axum::Json;
use cabinet::audit::{self, Line};
use cabinet::binding::Kind;
use cabinet::session::device_name;
use serde::{Deserialize, Serialize};
use text::date;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Refused;
use crate::error::Error;
use crate::extract::Query;
use crate::signed_in::Access;
use crate::visitor::Visitor;

const MOST: u32 = 200;
const USUAL: u32 = 50;

pub(super) fn routes() -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(history))
}

/// How much.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Span {
    limit: Option<u32>,
}

/// Something that happened with the account.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Event {
    seq: i64,
    at: String,
    /// A stable word, such as `session.opened`.
    act: &'static str,
    /// By what somebody entered, or proved themselves: `certificate`, `password` and so on.
    by: Option<&'static str>,
    /// An entry from a device that was not known before.
    new_device: bool,
    address: String,
    device: String,
    /// The request's reference.
    reference: String,
}

impl From<Line> for Event {
    fn from(line: Line) -> Self {
        Self {
            seq: line.seq,
            at: date::machine(line.at.as_seconds()),
            act: line.act.as_str(),
            by: line.by().map(Kind::as_str),
            new_device: line.is_of_new_device(),
            address: line.address,
            device: device_name(&line.device),
            reference: line.request_id,
        }
    }
}

/// What happened with the account, the newest first
#[utoipa::path(
    get, path = "/api/v1/history", tag = "history",
    params(("limit" = Option<u32>, Query, description = "At most so many lines; never more than 200")),
    responses((status = 200, body = Vec<Event>), Refused)
)]
async fn history(visitor: Visitor, Query(span): Query<Span>) -> Result<Json<Vec<Event>>, Error> {
    let limit = span.limit.unwrap_or(USUAL).min(MOST);
    let lines = visitor.read(Access::Whole, move |tx, _, session| {
        audit::history(tx, session.account, limit)
    });
    Ok(Json(lines.await?.1.into_iter().map(Into::into).collect()))
}
