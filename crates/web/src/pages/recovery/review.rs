//! `/recover/methods` and `/recover/finish`: what follows when somebody is in again.

use axum::Router;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use cabinet::binding::{Authenticator, AuthenticatorId, Kind, OwnFactor, SecondFactor};
use cabinet::recovery::{self, Review, What};
use cabinet::session::Session;
use text::Lang;

use crate::error::Error;
use crate::extract::Form;
use crate::pages::{binding, show};
use crate::recovery::FINISH;
use crate::signed_in::Access;
use crate::view::Page;
use crate::view::recovery::{Finish, MethodRow, Methods};
use crate::visitor::Visitor;

pub(super) const PAGE: &str = "/recover/methods";

pub(super) fn routes() -> Router {
    Router::new()
        .route(PAGE, get(methods).post(finish_review))
        .route(FINISH, get(page).post(finish))
}

async fn methods(visitor: Visitor) -> Result<Response, Error> {
    let (session, review) = visitor.recovery_review().await?;
    match review {
        Some(review) => show(&visitor.methods_page(&session, &review)),
        None => Ok(Redirect::to("/profile/binding").into_response()),
    }
}

/// What is ticked goes, one by one.
async fn finish_review(
    visitor: Visitor,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let ticked = fields.iter().filter(|(name, _)| name == "remove");
    let unknown: Vec<AuthenticatorId> = ticked.filter_map(|(_, id)| id.parse().ok()).collect();
    match visitor.finish_recovery_review(unknown).await? {
        Ok(()) => Ok(Redirect::to("/profile/binding?done=recovered").into_response()),
        Err(refusal) => binding::refused(&visitor, refusal.code()).await,
    }
}

async fn page(visitor: Visitor) -> Result<Response, Error> {
    let (session, ()) = visitor.read(Access::Enrolment, |_, _, _| Ok(())).await?;
    show(&Finish {
        page: visitor.page(Some(&session)),
    })
}

async fn finish(visitor: Visitor) -> Result<Response, Error> {
    visitor.finish_recovery().await?;
    Ok(Redirect::to(PAGE).into_response())
}

impl Visitor {
    fn methods_page(&self, session: &Session, review: &Review) -> Methods {
        let page = Page {
            path: PAGE.into(),
            ..self.page(Some(session))
        };
        let row = |method: &recovery::Method| {
            let row = match &method.what {
                What::Way(way) => self.way_row(page.lang, way),
                What::Factor(factor) => self.factor_row(page.lang, factor),
            };
            MethodRow {
                id: method.id.to_string(),
                is_suspect: method.is_suspect,
                ..row
            }
        };
        Methods {
            is_by_contact: session
                .recovered
                .is_some_and(|recovered| recovered.contact_since.is_some()),
            methods: review.methods.iter().map(row).collect(),
            until: self.time(review.until),
            page,
        }
    }

    fn way_row(&self, lang: Lang, way: &Authenticator) -> MethodRow {
        let certificate = way.certificate.as_ref().map(|data| {
            let about = text::recovery::issued(lang, &data.issuer, &self.day(data.not_after));
            (text::name::from_capitals(&data.owner), about)
        });
        let identity = way.identity.as_ref().map(|data| {
            let provider = self.provider_label(&data.provider, self.visit.language);
            (provider, text::name::from_capitals(&data.name))
        });
        let passkey = way.passkey.as_ref().map(|data| data.name.clone());
        let kind = match way.kind {
            Kind::Certificate => text::recovery::kind_certificate(lang),
            Kind::ExternalIdentity => text::recovery::kind_identity(lang),
            Kind::Passkey => text::recovery::kind_passkey(lang),
            Kind::Password => text::recovery::kind_password(lang),
        };
        let (name, about) = certificate
            .or(identity)
            .unwrap_or_else(|| (passkey.unwrap_or_default(), String::new()));
        MethodRow {
            id: String::new(),
            name: text::recovery::named(lang, kind, &name),
            about,
            bound: self.moment(way.bound_at),
            last_used: way.last_used_at.map(|at| self.moment(at)),
            is_suspect: false,
            is_only_way: way.is_only_way,
        }
    }

    fn factor_row(&self, lang: Lang, factor: &OwnFactor) -> MethodRow {
        let name = match factor.factor {
            SecondFactor::Passkey => text::recovery::kind_passkey(lang),
            SecondFactor::Totp => text::message::factor_totp(lang),
            SecondFactor::Sms => text::message::factor_sms(lang),
            SecondFactor::RecoveryCode => text::message::factor_recovery_code(lang),
        };
        MethodRow {
            id: String::new(),
            name: name.to_owned(),
            about: text::recovery::second_step(lang).to_owned(),
            bound: factor.bound_at.map(|at| self.moment(at)).unwrap_or_default(),
            last_used: factor.last_used_at.map(|at| self.moment(at)),
            is_suspect: false,
            is_only_way: false,
        }
    }
}
