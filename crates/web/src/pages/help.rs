use axum::Router;
use axum::response::Response;
use axum::routing::get;

use super::show;
use crate::error::Error;
use crate::view::help::{Accessibility, Help, HelpCertificate};
use crate::visitor::Visitor;

pub(super) fn routes() -> Router {
    Router::new()
        .route("/help", get(help))
        .route("/help/certificate", get(certificate))
        .route("/accessibility", get(accessibility))
}

async fn help(visitor: Visitor) -> Result<Response, Error> {
    let session = visitor.session().await?;
    show(&Help {
        page: visitor.page(session.as_ref()),
    })
}

async fn certificate(visitor: Visitor) -> Result<Response, Error> {
    let session = visitor.session().await?;
    show(&HelpCertificate {
        page: visitor.page(session.as_ref()),
    })
}

async fn accessibility(visitor: Visitor) -> Result<Response, Error> {
    let session = visitor.session().await?;
    show(&Accessibility {
        page: visitor.page(session.as_ref()),
    })
}
