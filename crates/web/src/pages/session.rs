//! Ending sessions from the list on `/profile/binding`.

use axum::Router;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::post;
use cabinet::session::{self, SessionId, SessionRefusal};

use super::binding;
use crate::error::Error;
use crate::extract::Path;
use crate::signed_in::Access;
use crate::view::error::ErrorKind;
use crate::visitor::Visitor;

pub(super) fn routes() -> Router {
    Router::new()
        .route("/profile/sessions/{id}/end", post(end))
        .route("/profile/sessions/end-others", post(end_others))
}

async fn end(visitor: Visitor, Path(id): Path<String>) -> Result<Response, Error> {
    let id: SessionId = id.parse().map_err(|_| Error::Page(ErrorKind::NotFound))?;
    let ended = visitor.act(Access::Whole, move |tx, visitor, session| {
        session::end(tx, &visitor.visit, session, id)
    });
    match ended.await? {
        Ok(()) => Ok(Redirect::to("/profile/binding?done=session-ended").into_response()),
        Err(refusal) => binding::refused(&visitor, refusal.code()).await,
    }
}

async fn end_others(visitor: Visitor) -> Result<Redirect, Error> {
    let ended = visitor.act(Access::Whole, |tx, visitor, session| {
        session::end_others(tx, &visitor.app.rules, &visitor.visit, session).map(Ok::<_, SessionRefusal>)
    });
    match ended.await? {
        Ok(_) | Err(_) => Ok(Redirect::to("/profile/binding?done=others-ended")),
    }
}
