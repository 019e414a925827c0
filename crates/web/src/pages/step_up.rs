//! `/step-up`: a fresh proof before a change.

use axum::http::header;
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use cabinet::Secret;
use cabinet::binding::{self, IdentityState, Kind};
use cabinet::session::{self, Grown, Session};
use serde::Deserialize;

use super::{refuse, show, signing};
use crate::cookie::{self, Life};
use crate::error::Error;
use crate::extract::{Form, Query};
use crate::proof::{Answer, Posed, Signed};
use crate::remote_key::Errand;
use crate::signed_in::Access;
use crate::view::Page;
use crate::view::binding::Method;
use crate::view::key_rules::KeyRules;
use crate::view::provider::ProviderButton;
use crate::view::step_up::{Reason, StepUp};
use crate::visitor::Visitor;

const HOME: &str = "/profile/contacts";

pub(super) fn routes() -> Router {
    Router::new()
        .route("/step-up", get(page))
        .route("/step-up/challenge", post(challenge))
        .route("/step-up/certificate", get(back_to_dialog).post(certificate))
        .route("/step-up/password", get(back_to_dialog).post(password))
}

#[derive(Deserialize)]
struct Way {
    #[serde(default)]
    return_to: String,
    way: Option<String>,
}

async fn page(visitor: Visitor, Query(way): Query<Way>) -> Result<Response, Error> {
    let (session, kind) = visitor.step_up_kind().await?;
    if session.is_stepped_up(visitor.visit.now) {
        return Ok(visitor.back(&way.return_to).into_response());
    }
    let mut view = visitor.step_up_page(&session, kind, &way.return_to);
    view.providers = visitor.providers_of(kind).await?;
    if way.way.as_deref() == Some("certificate") {
        view.method = Method::Certificate;
    }
    Ok(signing(show(&view)?))
}

async fn back_to_dialog() -> Redirect {
    Redirect::to("/step-up")
}

async fn challenge(visitor: Visitor) -> Result<Json<Posed>, Error> {
    Ok(Json(visitor.pose_step_up().await?))
}

async fn certificate(visitor: Visitor, Form(signed): Form<Signed>) -> Result<Response, Error> {
    match visitor
        .step_up_with_certificate(Answer::read(&signed.cms, None))
        .await?
    {
        Ok(grown) => visitor.strengthen(grown, &signed.return_to),
        Err(code) => {
            let (session, kind) = visitor.step_up_kind().await?;
            let mut view = visitor.step_up_page(&session, kind, &signed.return_to);
            view.method = Method::Certificate;
            view.refusal = Some(visitor.refusal(&view.page, code));
            Ok(signing(refuse(&view)?))
        }
    }
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    password: String,
    #[serde(default)]
    return_to: String,
}

async fn password(visitor: Visitor, Form(typed): Form<Typed>) -> Result<Response, Error> {
    let (session, kind) = visitor.step_up_kind().await?;
    let mut view = visitor.step_up_page(&session, kind, &typed.return_to);
    if typed.password.is_empty() {
        view.password_error = Some(text::sign_in::password_empty(view.page.lang).into());
    } else {
        match visitor.step_up_with_password(typed.password).await? {
            Ok(grown) => return visitor.strengthen(grown, &typed.return_to),
            Err(refusal) => view.refusal = Some(visitor.refusal(&view.page, refusal.code())),
        }
    }
    Ok(signing(refuse(&view)?))
}

impl Visitor {
    async fn step_up_kind(&self) -> Result<(Session, Option<Kind>), Error> {
        let kind = self.read(Access::FirstEntry, |tx, visitor, session| {
            session::step_up_kind(tx, &visitor.app.rules, &visitor.visit, session)
        });
        kind.await
    }

    /// The strongest way of the account is the one that counts: the password is offered where there is none better.
    fn step_up_page(&self, session: &Session, kind: Option<Kind>, return_to: &str) -> StepUp {
        let return_to = self.kept(return_to);
        let reason = match return_to.split('?').next() {
            Some("/profile/contacts" | "/first-entry") | None => Reason::Contacts,
            Some("/profile/password") => Reason::Password,
            Some(_) => Reason::Binding,
        };
        StepUp {
            page: Page {
                path: self.with_return_to("/step-up", &return_to),
                ..self.page(Some(session))
            },
            reason,
            method: match kind {
                Some(Kind::Password) => Method::Password,
                Some(Kind::Passkey) => Method::Passkey,
                Some(Kind::ExternalIdentity) => Method::Provider,
                Some(Kind::Certificate) | None => Method::Certificate,
            },
            providers: Vec::new(),
            return_to,
            rules: KeyRules {
                remote: self.remote_ways(Errand::StepUp),
                ..self.key_rules()
            },
            password_error: None,
            refusal: None,
        }
    }

    /// The page again, with a refusal.
    pub(super) async fn step_up_refused(
        &self,
        code: &'static str,
        return_to: &str,
    ) -> Result<Response, Error> {
        let (session, kind) = self.step_up_kind().await?;
        let mut view = self.step_up_page(&session, kind, return_to);
        view.refusal = Some(self.refusal(&view.page, code));
        Ok(signing(refuse(&view)?))
    }

    /// Back to what was interrupted, or to the second factor.
    pub(super) fn strengthen(&self, grown: Grown, return_to: &str) -> Result<Response, Error> {
        let secret = self.grown(grown, return_to)?;
        Ok(self.stronger(&secret, return_to))
    }

    /// The linked providers where the person can prove themselves anew, if that is the way.
    async fn providers_of(&self, kind: Option<Kind>) -> Result<Vec<ProviderButton>, Error> {
        if kind != Some(Kind::ExternalIdentity) {
            return Ok(Vec::new());
        }
        let (_, ways) = self
            .read(Access::FirstEntry, |tx, visitor, session| {
                binding::list(tx, &visitor.app.rules, visitor.visit.now, session.account)
            })
            .await?;
        let linked = ways.into_iter().filter_map(|way| way.identity);
        let usable = linked.filter(|identity| identity.state == IdentityState::InForce);
        let rules = usable.filter_map(|identity| self.app.rules.provider(&identity.provider));
        let anew = rules.filter(|provider| provider.proves_anew);
        Ok(anew
            .map(|provider| ProviderButton {
                id: provider.key.to_string(),
                label: provider.label.get(self.visit.language).to_owned(),
            })
            .collect())
    }

    /// The session has a new secret from now on; back to what was interrupted.
    pub(super) fn stronger(&self, secret: &Secret, return_to: &str) -> Response {
        let cookie = cookie::set(cookie::SESSION, &secret.expose(), Life::Browser);
        (
            AppendHeaders([(header::SET_COOKIE, cookie)]),
            self.back(return_to),
        )
            .into_response()
    }

    fn back(&self, return_to: &str) -> Redirect {
        let page = self.return_to(return_to);
        Redirect::to(page.as_ref().map_or(HOME, |page| page.as_str()))
    }
}
