//! `/check`: the component check, before and after sign-in.

use axum::Router;
use axum::response::Response;
use axum::routing::get;

use super::{show, signing};
use crate::error::Error;
use crate::view::check::Check;
use crate::visitor::Visitor;

pub(super) fn routes() -> Router {
    Router::new().route("/check", get(check))
}

async fn check(visitor: Visitor) -> Result<Response, Error> {
    let session = visitor.session().await?;
    Ok(signing(show(&Check {
        page: visitor.page(session.as_ref()),
        rules: visitor.key_rules(),
    })?))
}
