use axum::Router;
use axum::response::Response;
use axum::routing::get;

use super::show;
use crate::error::Error;
use crate::view::start::Start;
use crate::visitor::Visitor;

pub(super) fn routes() -> Router {
    Router::new().route("/", get(start))
}

async fn start(visitor: Visitor) -> Result<Response, Error> {
    visitor.look_for_organisations().await?;
    let session = visitor.session().await?;
    let view = || Start {
        page: visitor.page(session.as_ref()),
        organisations: visitor.knows_organisations(),
    };
    match session {
        None => visitor.show_standing("/", view),
        Some(_) => show(&view()),
    }
}
