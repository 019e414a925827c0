use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Serialize;
use text::date;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Refused;
use crate::error::Error;
use crate::pages::forget;
use crate::visitor::Visitor;

pub(super) fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(session))
        .routes(routes!(sign_out))
}

/// The visit of this client.
#[derive(Debug, Serialize, ToSchema)]
struct VisitState {
    /// Whether a person is signed in.
    signed_in: bool,
    /// What `X-CSRF-Token` must hold; another one after every sign-in and sign-out.
    csrf_token: String,
    /// When the session ends if nothing more is done.
    expires_at: Option<String>,
    /// Until when changes need no further proof.
    stepped_up_until: Option<String>,
}

/// The visit, with the token for changes
#[utoipa::path(get, path = "/api/v1/session", tag = "session", responses((status = 200, body = VisitState), Refused))]
async fn session(visitor: Visitor) -> Result<Json<VisitState>, Error> {
    let session = visitor.session().await?;
    let stepped_up = session
        .as_ref()
        .filter(|session| session.is_stepped_up(visitor.visit.now));
    Ok(Json(VisitState {
        signed_in: session.is_some(),
        csrf_token: visitor.csrf(),
        expires_at: session
            .as_ref()
            .map(|session| date::machine(session.expires_at.as_seconds())),
        stepped_up_until: stepped_up
            .and_then(|session| session.stepped_up_until)
            .map(|until| date::machine(until.as_seconds())),
    }))
}

/// Signs out; without a session nothing happens
#[utoipa::path(post, path = "/api/v1/sign-out", tag = "session", responses((status = 204), Refused))]
async fn sign_out(visitor: Visitor) -> Result<impl IntoResponse, Error> {
    visitor.end_session().await?;
    Ok((StatusCode::NO_CONTENT, forget()))
}
