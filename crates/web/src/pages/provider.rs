//! `/sign-in/provider`: through an outside provider, and what follows when nobody is linked to who arrives.

use axum::Router;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use cabinet::provider::ProviderKey;
use cabinet::sign_in::Entered;
use cabinet::sign_in::federation::{self, Arrived, Errand, FederationRefusal};
use remote::provider::ProviderFailure;
use serde::Deserialize;
use url::{Position, Url};

use super::show;
use crate::cookie;
use crate::error::Error;
use crate::extract::{Form, Path, Query};
use crate::federation::{Astray, Back};
use crate::merge;
use crate::signed_in::Access;
use crate::view::Page;
use crate::view::error::ErrorKind;
use crate::view::provider::{Departing, NotLinked, ProviderProblem};
use crate::visitor::Visitor;
use crate::words::full_name;

/// Where who arrived says who they are here.
const PAGE: &str = "/sign-in/provider";
/// Where both identities are shown side by side.
const LINKING: &str = "/profile/linking";

pub(super) fn routes() -> Router {
    Router::new()
        .route(PAGE, get(not_linked))
        .route("/sign-in/provider/account", post(account))
        .route("/sign-in/provider/cancel", post(cancel))
        .route("/sign-in/provider/{id}", get(back_to_sign_in).post(depart))
        .route("/sign-in/provider/{id}/callback", get(callback))
}

#[derive(Deserialize)]
struct Way {
    #[serde(default)]
    return_to: String,
    /// The code of the organisation whose page led here.
    #[serde(default)]
    organisation: String,
}

/// A way begins with the button alone: its address opened from elsewhere begins nothing (threats, LNK-8).
async fn back_to_sign_in() -> Redirect {
    Redirect::to("/sign-in")
}

async fn depart(visitor: Visitor, Path(id): Path<String>, Form(way): Form<Way>) -> Result<Response, Error> {
    let key = key(&id)?;
    match visitor
        .depart_to_sign_in(&key, &way.organisation, &visitor.kept(&way.return_to))
        .await?
    {
        Ok(address) => visitor.leave(&key, &address),
        Err(code) => {
            visitor
                .problem(&key, code, Some(Errand::SignIn), &way.return_to)
                .await
        }
    }
}

async fn callback(
    visitor: Visitor,
    Path(id): Path<String>,
    Query(back): Query<Back>,
) -> Result<Response, Error> {
    let key = key(&id)?;
    let arrived = visitor.come_back(&key, back).await?;
    visitor.arrived(&key, arrived).await
}

async fn not_linked(visitor: Visitor) -> Result<Response, Error> {
    let Some((browser, secret)) = visitor.linking() else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    let asking = visitor.clone();
    let waiting = visitor
        .app
        .db
        .read(move |tx| federation::waiting(tx, &asking.app.rules, &asking.visit, browser, &secret));
    let session = visitor.session().await?;
    let page = visitor.page(session.as_ref());
    match waiting.await? {
        Ok(waiting) => show(&NotLinked {
            provider: visitor.provider_label(&waiting.arrival.provider, visitor.language(session.as_ref())),
            name: full_name(page.lang, &waiting.arrival.name),
            until: visitor.time(waiting.until),
            page,
        }),
        Err(refusal) => {
            visitor
                .astray(None, refusal.code(), Some(Errand::SignIn), "")
                .await
        }
    }
}

/// «I have an account here»: to the proof, and from there to both identities side by side.
async fn account(visitor: Visitor) -> Result<Response, Error> {
    if visitor.session().await?.is_none() {
        return Ok(Redirect::to(&visitor.with_return_to("/sign-in", LINKING)).into_response());
    }
    let Some((browser, secret)) = visitor.linking() else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    let adopted = visitor.act(Access::FirstEntry, move |tx, visitor, session| {
        let (rules, visit) = (&visitor.app.rules, &visitor.visit);
        federation::adopt_by_session(tx, rules, visit, browser, &secret, session)
    });
    match adopted.await? {
        Ok(pending) => Ok(to(LINKING, Visitor::linking_cookie(&pending))),
        Err(refusal) => {
            visitor
                .astray(None, refusal.code(), Some(Errand::SignIn), "")
                .await
        }
    }
}

async fn cancel(visitor: Visitor) -> Result<Response, Error> {
    visitor.give_up_linking().await?;
    Ok(to("/sign-in", cookie::clear(cookie::LINKING)))
}

/// The provider that an address names.
pub(super) fn key(id: &str) -> Result<ProviderKey, Error> {
    id.parse().map_err(|_| Error::Page(ErrorKind::NotFound))
}

/// To a page, with a cookie.
pub(super) fn to(page: &str, cookie: HeaderValue) -> Response {
    (AppendHeaders([(header::SET_COOKIE, cookie)]), Redirect::to(page)).into_response()
}

impl Visitor {
    /// Sends the browser to a provider. By a page of our own: the answer to a form may not lead to another site.
    pub(super) fn leave(&self, key: &ProviderKey, address: &Url) -> Result<Response, Error> {
        if address.origin() == self.app.rules.base_url.origin() {
            let here = &address[Position::BeforePath..];
            return Ok(Redirect::to(here).into_response());
        }
        let page = Page {
            path: "/sign-in".into(),
            ..self.page(None)
        };
        let view = Departing {
            provider: self.provider_label(key, self.visit.language),
            address: address.to_string(),
            page,
        };
        let mut response = show(&view)?;
        if let Ok(refresh) = HeaderValue::try_from(format!("0; url={address}")) {
            response
                .headers_mut()
                .insert(HeaderName::from_static("refresh"), refresh);
        }
        Ok(response)
    }

    /// What follows from who came, or did not.
    pub(super) async fn arrived(
        &self,
        key: &ProviderKey,
        arrived: Result<(Arrived, String), Astray>,
    ) -> Result<Response, Error> {
        match arrived {
            Err(Astray {
                code,
                errand,
                return_to,
            }) => self.problem(key, code, errand, &return_to).await,
            Ok((Arrived::Opened(opened), return_to)) => {
                self.came_in(Entered::Opened(opened), &return_to).await
            }
            Ok((Arrived::SecondFactorNeeded(pending), return_to)) => {
                self.came_in(Entered::SecondFactorNeeded(pending), &return_to)
                    .await
            }
            Ok((Arrived::NotLinked(pending), _)) => Ok(to(PAGE, Self::linking_cookie(&pending))),
            Ok((Arrived::ReadyToConfirm(pending), _)) => Ok(to(LINKING, Self::linking_cookie(&pending))),
            Ok((Arrived::OtherProven(secret), _)) => Ok(to(merge::CONFIRM, self.merging_cookie(&secret))),
            Ok((Arrived::SteppedUp(secret), return_to)) => Ok(self.stronger(&secret, &return_to)),
        }
    }

    /// Lets somebody in whom a provider vouched for.
    async fn came_in(&self, entered: Entered, return_to: &str) -> Result<Response, Error> {
        let entered = self
            .entered("provider", Ok(entered), FederationRefusal::code)
            .await?;
        match entered {
            Ok(entered) => self.let_in(entered, return_to),
            Err(refusal) => {
                self.astray(None, refusal.code(), Some(Errand::SignIn), return_to)
                    .await
            }
        }
    }

    /// Why a way to a provider did not end where it should, and where to go from there.
    pub(super) async fn problem(
        &self,
        key: &ProviderKey,
        code: &'static str,
        errand: Option<Errand>,
        return_to: &str,
    ) -> Result<Response, Error> {
        self.astray(Some(key), code, errand, return_to).await
    }

    pub(super) async fn astray(
        &self,
        key: Option<&ProviderKey>,
        code: &'static str,
        errand: Option<Errand>,
        return_to: &str,
    ) -> Result<Response, Error> {
        let session = self.session().await?;
        let page = Page {
            path: "/sign-in".into(),
            ..self.page(session.as_ref())
        };
        let view = ProviderProblem {
            refusal: self.refusal(&page, code),
            provider: key.map(|key| self.provider_label(key, self.language(session.as_ref()))),
            again: again(key, errand),
            sign_out_there: key.filter(|_| is_stale(code)).and_then(|key| self.way_out(key)),
            way_back: match (errand, &session) {
                (Some(Errand::Merge), Some(_)) => "/profile/merge/prove?way=other".to_owned(),
                (Some(Errand::StepUp), Some(_)) => self.with_return_to("/step-up", return_to),
                (_, Some(_)) => "/profile/binding".to_owned(),
                (_, None) => self.with_return_to("/sign-in", return_to),
            },
            return_to: self.kept(return_to),
            page,
        };
        let status = Error::refused(code).status();
        let status = if status == StatusCode::UNAUTHORIZED {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            status
        };
        Ok((status, show(&view)?).into_response())
    }

    /// Forgets the link that waits in this browser.
    pub(crate) async fn give_up_linking(&self) -> Result<(), Error> {
        let (visitor, Some((browser, secret))) = (self.clone(), self.linking()) else {
            return Ok(());
        };
        let given_up = self
            .app
            .db
            .write(move |tx| federation::give_up(tx, &visitor.app.rules, &visitor.visit, browser, &secret));
        Ok(given_up.await?)
    }
}

/// The provider knew the person by a proof of before.
fn is_stale(code: &str) -> bool {
    code == ProviderFailure::NotFresh.code() || code == FederationRefusal::NotFresh.code()
}

/// Where the same way begins again.
fn again(key: Option<&ProviderKey>, errand: Option<Errand>) -> Option<String> {
    let key = key?;
    match errand? {
        Errand::SignIn => Some(format!("/sign-in/provider/{key}")),
        Errand::Link => Some(format!("/profile/identities/{key}/link")),
        Errand::StepUp => Some(format!("/step-up/provider/{key}")),
        Errand::Merge => Some(format!("/profile/merge/provider/{key}")),
    }
}
