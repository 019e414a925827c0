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
    match visitor.session().await? {
        None => visitor.show_standing("/", || Start {
            page: visitor.page(None),
        }),
        session => show(&Start {
            page: visitor.page(session.as_ref()),
        }),
    }
}
