use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Refused, refused};
use crate::error::Error;
use crate::extract::Json;
use crate::visitor::Visitor;

pub(super) fn routes() -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(set))
}

/// A new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct New {
    password: String,
}

/// Sets or changes the password; ends all other sessions. Needs a fresh proof
#[utoipa::path(
    put, path = "/api/v1/password", tag = "authenticators",
    request_body = New, responses((status = 204), Refused)
)]
async fn set(visitor: Visitor, Json(new): Json<New>) -> Result<StatusCode, Error> {
    visitor
        .set_password(new.password)
        .await?
        .map(|()| StatusCode::NO_CONTENT)
        .map_err(refused)
}
