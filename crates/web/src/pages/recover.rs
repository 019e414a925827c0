//! `/recover`: what to do without the password.

use axum::Router;
use axum::response::Response;
use axum::routing::get;

use super::show;
use crate::error::Error;
use crate::view::recover::Recover;
use crate::visitor::Visitor;

pub(super) fn routes() -> Router {
    Router::new().route("/recover", get(recover))
}

async fn recover(visitor: Visitor) -> Result<Response, Error> {
    let session = visitor.session().await?;
    show(&Recover {
        page: visitor.page(session.as_ref()),
    })
}
