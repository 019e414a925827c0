//! Passkeys: to enter, to confirm, to add, to rename, to remove.

use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use cabinet::binding::{AuthenticatorId, PasskeyRefusal, SecondFactor};
use cabinet::session::Session;
use serde::Deserialize;

use super::{binding, refuse, show};
use crate::enrolment::PASSKEY;
use crate::error::Error;
use crate::extract::{Form, Path};
use crate::passkey::{Answered, Created, Creation, Request, Used};
use crate::view::Page;
use crate::view::enrolment::NewPasskey;
use crate::view::error::ErrorKind;
use crate::visitor::Visitor;

pub(super) fn routes() -> Router {
    Router::new()
        .route("/sign-in/passkey/challenge", post(challenge))
        .route("/sign-in/passkey", get(to_sign_in).post(enter))
        .route("/step-up/passkey/challenge", post(step_up_challenge))
        .route("/step-up/passkey", get(to_step_up).post(step_up))
        .route("/second-factor/passkey/challenge", post(second_challenge))
        .route("/second-factor/passkey", get(to_second_factor).post(second))
        .route(PASSKEY, get(page))
        .route("/profile/passkeys/challenge", post(offer))
        .route("/profile/passkeys", get(to_page).post(add))
        .route("/profile/passkeys/{id}/rename", post(rename))
        .route("/profile/passkeys/{id}/remove", post(remove))
}

async fn challenge(visitor: Visitor) -> Result<Json<Request>, Error> {
    Ok(Json(visitor.pose_passkey_sign_in().await?))
}

async fn to_sign_in() -> Redirect {
    Redirect::to("/sign-in/password")
}

async fn enter(visitor: Visitor, Form(answered): Form<Answered>) -> Result<Response, Error> {
    match visitor
        .enter_with_passkey(Used::read(&answered.credential), None)
        .await?
    {
        Ok(entered) => visitor.let_in(entered, &answered.return_to),
        Err(refusal) => {
            let mut view = visitor.password_tab(&answered.return_to);
            view.refusal = Some(visitor.refusal(&view.page, refusal.code()));
            refuse(&view)
        }
    }
}

async fn step_up_challenge(visitor: Visitor) -> Result<Json<Request>, Error> {
    Ok(Json(visitor.pose_passkey_step_up().await?))
}

async fn to_step_up() -> Redirect {
    Redirect::to("/step-up")
}

async fn step_up(visitor: Visitor, Form(answered): Form<Answered>) -> Result<Response, Error> {
    match visitor
        .step_up_with_passkey(Used::read(&answered.credential))
        .await?
    {
        Ok(secret) => Ok(visitor.stronger(&secret, &answered.return_to)),
        Err(refusal) => visitor.step_up_refused(refusal.code(), &answered.return_to).await,
    }
}

async fn second_challenge(visitor: Visitor) -> Result<Json<Request>, Error> {
    Ok(Json(visitor.pose_passkey_second_factor().await?))
}

async fn to_second_factor() -> Redirect {
    Redirect::to("/second-factor")
}

async fn second(visitor: Visitor, Form(answered): Form<Answered>) -> Result<Response, Error> {
    let Some(waits) = visitor.waiting().await? else {
        return visitor.second_factor_gone(&answered.return_to);
    };
    let mut view = visitor.second_factor_page(&waits, Some(SecondFactor::Passkey), &answered.return_to);
    let used = Used::read(&answered.credential);
    if visitor.is_proving_for(&waits).await? {
        let proven = visitor.merge_with_second_passkey(used).await?;
        return visitor.merge_proven_by_factor(proven, view).await;
    }
    match visitor.give_passkey(used).await? {
        Ok(passed) => Ok(visitor.pass(passed, &answered.return_to)),
        Err(refusal) => {
            view.refusal = Some(visitor.refusal(&view.page, refusal.code()));
            refuse(&view)
        }
    }
}

/// The proof comes first: the device must not make a key in vain.
async fn page(visitor: Visitor) -> Result<Response, Error> {
    let session = visitor.proven(PASSKEY).await?;
    show(&visitor.new_passkey(&session, String::new()))
}

async fn to_page() -> Redirect {
    Redirect::to(PASSKEY)
}

async fn offer(visitor: Visitor) -> Result<Json<Creation>, Error> {
    let session = visitor.proven(PASSKEY).await?;
    let offer = visitor.offer_passkey().await?;
    let person = visitor.page(Some(&session)).person.unwrap_or_default();
    Ok(Json(visitor.creation(&offer, person)))
}

#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    name: String,
    #[serde(default)]
    credential: String,
}

async fn add(visitor: Visitor, Form(named): Form<Named>) -> Result<Response, Error> {
    let session = visitor.proven(PASSKEY).await?;
    let mut view = visitor.new_passkey(&session, named.name.clone());
    if named.name.trim().is_empty() {
        view.error = Some(text::passkey::name_empty(view.page.lang).into());
        return refuse(&view);
    }
    let created = Created::read(&named.credential);
    match visitor.bind_passkey(named.name, created).await? {
        Ok(enrolled) => visitor.enrolled(
            &session,
            enrolled.recovery_codes,
            "/profile/binding?done=passkey-bound",
        ),
        Err(refusal) => {
            view.refusal = Some(visitor.refusal(&view.page, refusal.code()));
            refuse(&view)
        }
    }
}

async fn rename(
    visitor: Visitor,
    Path(id): Path<String>,
    Form(named): Form<Named>,
) -> Result<Response, Error> {
    match visitor.rename_passkey(authenticator(&id)?, named.name).await? {
        Ok(()) => Ok(Redirect::to("/profile/binding?done=passkey-renamed").into_response()),
        Err(PasskeyRefusal::Unknown) => binding::refused(&visitor, "binding.not_found").await,
        Err(refusal) => binding::refused(&visitor, refusal.code()).await,
    }
}

async fn remove(visitor: Visitor, Path(id): Path<String>) -> Result<Response, Error> {
    match visitor.remove_way(authenticator(&id)?).await? {
        Ok(()) => Ok(Redirect::to("/profile/binding?done=passkey-removed").into_response()),
        Err(refusal) => binding::refused(&visitor, refusal.code()).await,
    }
}

fn authenticator(id: &str) -> Result<AuthenticatorId, Error> {
    id.parse().map_err(|_| Error::Page(ErrorKind::NotFound))
}

impl Visitor {
    fn new_passkey(&self, session: &Session, name: String) -> NewPasskey {
        NewPasskey {
            page: Page {
                path: PASSKEY.into(),
                ..self.page(Some(session))
            },
            name,
            error: None,
            refusal: None,
        }
    }
}
