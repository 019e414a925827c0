//! `/sign-in`: by certificate and by password.

use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use cabinet::organisation::{Method, OrganisationCode};
use cabinet::provider::ProviderRules;
use cabinet::sign_in::{Entered, SignInRefusal, federation};
use esign::cms::claimed_certificate;
use serde::Deserialize;

use super::unknown_certificate::ADDED;
use super::{refuse, show, signing};
use crate::error::Error;
use crate::extract::{Form, Query};
use crate::language::lang;
use crate::proof::{Answer, Posed, Signed};
use crate::remote_key::Errand;
use crate::view::Page;
use crate::view::certificate::CertificateCard;
use crate::view::key_rules::KeyRules;
use crate::view::provider::{Expected, ProviderButton};
use crate::view::sign_in::{SignInCertificate, SignInPassword};
use crate::view::sign_in_help::SignInHelp;
use crate::visitor::Visitor;
use crate::words::full_name;

pub(super) fn routes() -> Router {
    Router::new()
        .route("/sign-in", get(by_certificate))
        .route("/sign-in/ended", get(ended))
        .route("/sign-in/challenge", post(challenge))
        .route("/sign-in/certificate", get(back_to_dialog).post(certificate))
        .route("/sign-in/password", get(by_password).post(password))
}

#[derive(Deserialize)]
struct Way {
    #[serde(default)]
    return_to: String,
    /// The code of the organisation whose page led here.
    #[serde(default)]
    organisation: String,
}

async fn by_certificate(visitor: Visitor, Query(way): Query<Way>) -> Result<Response, Error> {
    if visitor.session().await?.is_some() {
        return Ok(visitor.onward(&way.return_to).into_response());
    }
    visitor.look_for_organisations().await?;
    let expected = visitor.expected().await?;
    let view = || visitor.certificate_tab(&way.return_to, &way.organisation);
    // what one person is told stands on no page for all
    Ok(signing(match expected {
        None => visitor.show_standing("/sign-in", view)?,
        expected => show(&SignInCertificate { expected, ..view() })?,
    }))
}

async fn by_password(visitor: Visitor, Query(way): Query<Way>) -> Result<Response, Error> {
    if visitor.session().await?.is_some() {
        return Ok(visitor.onward(&way.return_to).into_response());
    }
    visitor.look_for_organisations().await?;
    let expected = visitor.expected().await?;
    let view = || visitor.password_tab(&way.return_to);
    match expected {
        None => visitor.show_standing("/sign-in/password", view),
        expected => show(&SignInPassword { expected, ..view() }),
    }
}

/// After a refused answer the address bar holds the form's address: opened again, it is the dialog.
async fn back_to_dialog() -> Redirect {
    Redirect::to("/sign-in")
}

/// For whoever has no key that is valid today.
async fn ended(visitor: Visitor, Query(way): Query<Way>) -> Result<Response, Error> {
    show(&visitor.sign_in_help(None, None, &way.return_to))
}

/// Whether the certificate itself is in order, and only its time or what is known of it is not.
fn is_helped(refusal: SignInRefusal) -> bool {
    let is_about_time = matches!(
        refusal,
        SignInRefusal::CertificateExpired | SignInRefusal::CertificateNotYetValid
    );
    is_about_time || refusal.is_about_revocation()
}

/// Whether it leads to somebody else, or nowhere any more (D-8.b, D-8.c).
const fn is_stopped(refusal: SignInRefusal) -> bool {
    matches!(
        refusal,
        SignInRefusal::CertificateBoundElsewhere
            | SignInRefusal::CertificatePersonIdDiffers
            | SignInRefusal::CertificateRemoved
    )
}

/// The text to be signed.
async fn challenge(visitor: Visitor) -> Result<Json<Posed>, Error> {
    Ok(Json(visitor.pose_sign_in().await?))
}

async fn certificate(visitor: Visitor, Form(signed): Form<Signed>) -> Result<Response, Error> {
    let answer = Answer::read(&signed.cms, None);
    let cms = answer.as_ref().ok().map(Answer::cms);
    let entrance = visitor
        .entrance(&signed.organisation, Method::Certificate)
        .await?;
    match visitor.enter_with_certificate(answer, entrance).await? {
        Ok(entered) => visitor.let_in(entered, &signed.return_to),
        Err(refusal) if is_helped(refusal) => {
            refuse(&visitor.sign_in_help(Some(refusal), cms.as_deref(), &signed.return_to))
        }
        Err(refusal) if is_stopped(refusal) => {
            let card = visitor.claimed_card(cms.as_deref());
            visitor.stopped_page(refusal.code(), card).await
        }
        Err(refusal) => {
            let mut view = visitor.certificate_tab(&signed.return_to, &signed.organisation);
            view.refusal = Some(visitor.refusal(&view.page, refusal.code()));
            view.expected = visitor.expected().await?;
            Ok(signing(refuse(&view)?))
        }
    }
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    return_to: String,
}

async fn password(visitor: Visitor, Form(typed): Form<Typed>) -> Result<Response, Error> {
    let mut view = visitor.password_tab(&typed.return_to);
    let lang = view.page.lang;
    if typed.login.trim().is_empty() {
        view.login_error = Some(text::sign_in::login_empty(lang).into());
    }
    if typed.password.is_empty() {
        view.password_error = Some(text::sign_in::password_empty(lang).into());
    }
    if view.login_error.is_none() && view.password_error.is_none() {
        match visitor
            .enter_with_password(&typed.login, typed.password, None)
            .await?
        {
            Ok(entered) => return visitor.let_in(entered, &typed.return_to),
            Err(SignInRefusal::LoginMalformed) => {
                view.login_error = Some(Visitor::mistake(&view.page, SignInRefusal::LoginMalformed.code()));
            }
            Err(refusal) => view.refusal = Some(visitor.refusal(&view.page, refusal.code())),
        }
    }
    view.login = typed.login;
    view.expected = visitor.expected().await?;
    refuse(&view)
}

impl Visitor {
    /// Into the cabinet, or to the second factor.
    pub(super) fn let_in(&self, entered: Entered, return_to: &str) -> Result<Response, Error> {
        let opened = self.whole(entered, return_to)?;
        Ok((self.opened(&opened), self.onward(return_to)).into_response())
    }

    /// To the page asked for before sign-in, or home; who has added a certificate on the way sees it.
    pub(super) fn onward(&self, return_to: &str) -> Redirect {
        if self.has_bound_certificate() {
            return Redirect::to(ADDED);
        }
        let page = self.return_to(return_to);
        Redirect::to(page.as_ref().map_or("/cabinet", |page| page.as_str()))
    }

    /// A key that does not open the cabinet today, and the ways that still do.
    fn sign_in_help(
        &self,
        refusal: Option<SignInRefusal>,
        cms: Option<&[u8]>,
        return_to: &str,
    ) -> SignInHelp {
        let page = Page {
            path: self.with_return_to("/sign-in", return_to),
            ..self.page(None)
        };
        SignInHelp {
            refusal: refusal.map(|refusal| self.refusal(&page, refusal.code())),
            card: self.claimed_card(cms),
            providers: self.provider_buttons(),
            return_to: self.kept(return_to),
            page,
        }
    }

    /// The certificate that somebody says to have signed with, for nobody but them.
    fn claimed_card(&self, cms: Option<&[u8]>) -> Option<CertificateCard> {
        let certificate = claimed_certificate(cms?).ok()?;
        if !certificate.subject().is_presentable() {
            return None;
        }
        let lang = lang(self.visit.language);
        Some(self.card_of(lang, &certificate, &self.group_of(&certificate)))
    }

    fn certificate_tab(&self, return_to: &str, organisation: &str) -> SignInCertificate {
        SignInCertificate {
            organisation: OrganisationCode::parse(organisation)
                .map(|code| code.to_string())
                .unwrap_or_default(),
            organisations: self.knows_organisations(),
            page: Page {
                path: self.with_return_to("/sign-in", return_to),
                ..self.page(None)
            },
            return_to: self.kept(return_to),
            providers: self.provider_buttons(),
            expected: None,
            rules: KeyRules {
                remote: self.remote_ways(Errand::SignIn),
                ..self.key_rules()
            },
            refusal: None,
        }
    }

    pub(super) fn password_tab(&self, return_to: &str) -> SignInPassword {
        SignInPassword {
            organisations: self.knows_organisations(),
            page: Page {
                path: self.with_return_to("/sign-in/password", return_to),
                ..self.page(None)
            },
            return_to: self.kept(return_to),
            providers: self.provider_buttons(),
            expected: None,
            login: String::new(),
            login_error: None,
            password_error: None,
            refusal: None,
        }
    }

    /// The providers that everybody is offered.
    pub(crate) fn provider_buttons(&self) -> Vec<ProviderButton> {
        let language = self.visit.language;
        let button = |provider: &ProviderRules| ProviderButton {
            id: provider.key.to_string(),
            label: provider.label.get(language).to_owned(),
        };
        let offered = self.providers().map(|provider| provider.id().as_str());
        let known = offered.filter_map(|id| self.app.rules.provider(&id.parse().ok()?));
        known.map(button).collect()
    }

    /// What waits in this browser for the proof of an account.
    async fn expected(&self) -> Result<Option<Expected>, Error> {
        let lang = lang(self.visit.language);
        if let Some((browser, secret)) = self.linking() {
            let visitor = self.clone();
            let waiting = self.app.db.read(move |tx| {
                federation::waiting(tx, &visitor.app.rules, &visitor.visit, browser, &secret)
            });
            if let Ok(waiting) = waiting.await? {
                let provider = self.provider_label(&waiting.arrival.provider, self.visit.language);
                return Ok(Some(Expected {
                    title: text::provider::expected(lang, &provider),
                    name: full_name(lang, &waiting.arrival.name),
                    why: text::provider::expected_why(lang),
                }));
            }
        }
        if self.waiting_certificate().is_none() {
            return Ok(None);
        }
        let waiting = self.look_at_certificate().await?.ok();
        Ok(waiting.map(|waiting| Expected {
            title: text::unknown_certificate::expected(lang).to_owned(),
            name: self
                .card_of(lang, &waiting.certificate, &waiting.anchor_group)
                .owner,
            why: text::unknown_certificate::expected_why(lang),
        }))
    }

    /// A place to return to, as a form carries it; empty for the home page.
    pub(crate) fn kept(&self, return_to: &str) -> String {
        self.return_to(return_to)
            .map(|page| page.as_str().to_owned())
            .unwrap_or_default()
    }
}
