use axum::Json;
use cabinet::security::{self, Finding};
use serde::Serialize;
use text::date;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Refused;
use super::history::Event;
use crate::error::Error;
use crate::signed_in::Access;
use crate::visitor::Visitor;

pub(super) fn routes() -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(look))
}

/// Whether all is well with the account.
#[derive(Debug, Serialize, ToSchema)]
struct Security {
    /// What the person should look at, the weightiest first; empty: all is well.
    findings: Vec<Found>,
    /// The last entry besides this session.
    last_entry: Option<Event>,
}

/// What the person should look at.
#[derive(Debug, Serialize, ToSchema)]
struct Found {
    /// `new_device`, `suspended`, `no_contact`, `bouncing`, `only_way`, `key_ends`, `no_second_factor` or `few_codes`.
    code: &'static str,
    /// When somebody entered from a new device.
    at: Option<String>,
    /// The only kind of way in.
    kind: Option<&'static str>,
    /// Days or codes that are left.
    left: Option<u64>,
}

impl From<Finding> for Found {
    fn from(finding: Finding) -> Self {
        let (at, kind, left) = match finding {
            Finding::NewDevice { at, .. } => (Some(date::machine(at.as_seconds())), None, None),
            Finding::OnlyWay(kind) => (None, Some(kind.as_str()), None),
            Finding::KeyEnds { days } => (None, None, Some(days)),
            Finding::FewCodes(left) => (None, None, u64::try_from(left).ok()),
            Finding::Suspended | Finding::NoContact | Finding::Bouncing | Finding::NoSecondFactor => {
                (None, None, None)
            }
        };
        Self {
            code: finding.code(),
            at,
            kind,
            left,
        }
    }
}

/// Whether all is well with the account
#[utoipa::path(
    get, path = "/api/v1/security", tag = "security", responses((status = 200, body = Security), Refused)
)]
async fn look(visitor: Visitor) -> Result<Json<Security>, Error> {
    let looked = visitor.read(Access::Enrolment, |tx, visitor, session| {
        security::look(tx, &visitor.app.rules, &visitor.visit, session)
    });
    let (session, seen) = looked.await?;
    Ok(Json(Security {
        last_entry: seen.last_entry(&session).cloned().map(Event::from),
        findings: seen.findings.into_iter().map(Found::from).collect(),
    }))
}
