//! Linked identities on «Привязка»: link, unlink, resume, take what is new there.

use axum::Router;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::post;
use cabinet::Decision;
use cabinet::binding::{self, AuthenticatorId};
use cabinet::session::SteppedUp;
use cabinet::sign_in::federation::{self, Errand};
use db::Tx;

use super::binding::refused;
use super::provider::key;
use crate::draft::Kept;
use crate::error::Error;
use crate::extract::{Form, Path};
use crate::signed_in::Access;
use crate::view::error::ErrorKind;
use crate::visitor::Visitor;

const PAGE: &str = "/profile/binding";

pub(super) fn routes() -> Router {
    Router::new()
        .route("/profile/identities/{id}/link", post(link))
        .route("/profile/identities/{id}/unlink", post(unlink))
        .route("/profile/identities/{id}/resume", post(resume))
        .route("/profile/identities/{id}/contacts", post(contacts))
        .route("/step-up/provider/{id}", post(step_up))
}

/// To the provider; without a fresh proof there is nothing to begin (threats, SES-5).
async fn link(visitor: Visitor, Path(id): Path<String>) -> Result<Response, Error> {
    let key = key(&id)?;
    match visitor.depart_to_link(&key).await? {
        None => Err(Error::StepUp(Kept::nothing(PAGE))),
        Some(Ok(address)) => visitor.leave(&key, &address),
        Some(Err(code)) => visitor.problem(&key, code, Some(Errand::Link), "").await,
    }
}

async fn unlink(visitor: Visitor, Path(id): Path<String>) -> Result<Response, Error> {
    let id = authenticator(&id)?;
    let unlinked = visitor
        .with_proof(move |tx, visitor, by| binding::unlink(tx, &visitor.app.rules, &visitor.visit, by, id));
    ended(&visitor, unlinked.await?, "unlinked").await
}

async fn resume(visitor: Visitor, Path(id): Path<String>) -> Result<Response, Error> {
    let id = authenticator(&id)?;
    let resumed =
        visitor.with_proof(move |tx, visitor, by| binding::resume_identity(tx, &visitor.visit, by, id));
    ended(&visitor, resumed.await?, "resumed").await
}

/// What is ticked is taken, the rest is not asked about again (B-13.b).
async fn contacts(
    visitor: Visitor,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let id = authenticator(&id)?;
    let ticked = fields.into_iter().filter(|(name, _)| name == "contact");
    let chosen: Vec<String> = ticked.map(|(_, key)| key).collect();
    let answered = visitor.with_proof(move |tx, visitor, by| {
        let (rules, visit) = (&visitor.app.rules, &visitor.visit);
        federation::answer_new_contacts(tx, rules, visit, by, id, &chosen)
    });
    ended(&visitor, answered.await?, "answered").await
}

async fn step_up(visitor: Visitor, Path(id): Path<String>, Form(way): Form<Way>) -> Result<Response, Error> {
    let key = key(&id)?;
    let return_to = visitor.kept(&way.return_to);
    match visitor.depart_to_step_up(&key, &return_to).await? {
        Ok(address) => visitor.leave(&key, &address),
        Err(code) => {
            visitor
                .problem(&key, code, Some(Errand::StepUp), &return_to)
                .await
        }
    }
}

#[derive(serde::Deserialize)]
struct Way {
    #[serde(default)]
    return_to: String,
}

fn authenticator(id: &str) -> Result<AuthenticatorId, Error> {
    id.parse().map_err(|_| Error::Page(ErrorKind::NotFound))
}

async fn ended<T, R: cabinet::Refusal>(
    visitor: &Visitor,
    done: Option<Result<T, R>>,
    word: &str,
) -> Result<Response, Error> {
    match done {
        None => Err(Error::StepUp(Kept::nothing(PAGE))),
        Some(Ok(_)) => Ok(Redirect::to(&format!("{PAGE}?done={word}")).into_response()),
        Some(Err(refusal)) => refused(visitor, refusal.code()).await,
    }
}

impl Visitor {
    /// Acts with the fresh proof of this session; `None`: there is none.
    async fn with_proof<T, R>(
        &self,
        act: impl Fn(&mut Tx<'_>, &Self, &SteppedUp) -> Decision<T, R> + Send + 'static,
    ) -> Result<Option<Result<T, R>>, Error>
    where
        T: Send + 'static,
        R: Send + 'static,
    {
        let done = self.act(Access::Whole, move |tx, visitor, session| {
            match session.step_up(tx, &visitor.app.rules, &visitor.visit)? {
                Ok(by) => Ok(act(tx, visitor, &by)?.map(Some)),
                Err(_) => Ok(Ok(None)),
            }
        });
        Ok(done.await?.transpose())
    }
}
