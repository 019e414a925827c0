use axum::Router;
use axum::http::header;
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};
use axum::routing::post;
use cabinet::account;
use serde::Deserialize;

use crate::cookie::{self, Life};
use crate::error::Error;
use crate::extract::Form;
use crate::language::from_code;
use crate::signed_in::Access;
use crate::view::error::ErrorKind;
use crate::visitor::Visitor;

pub(super) fn routes() -> Router {
    Router::new().route("/language", post(choose))
}

#[derive(Deserialize)]
struct Choice {
    language: String,
    #[serde(default)]
    return_to: String,
}

/// The choice holds for this browser; for a person who is signed in, for the account too.
async fn choose(visitor: Visitor, Form(choice): Form<Choice>) -> Result<Response, Error> {
    let language = from_code(&choice.language).ok_or(Error::Page(ErrorKind::BadRequest))?;
    if visitor.session.is_some() {
        let kept = visitor.act(Access::FirstEntry, move |tx, visitor, session| {
            account::set_language(tx, &visitor.visit, session, language).map(Ok::<_, ()>)
        });
        match kept.await {
            Ok(_) | Err(Error::SignIn) => {}
            Err(error) => return Err(error),
        }
    }
    let cookie = cookie::set(cookie::LANGUAGE, language.as_str(), Life::Year);
    let back = visitor.return_to(&choice.return_to);
    let back = Redirect::to(back.as_ref().map_or("/", |back| back.as_str()));
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), back).into_response())
}
