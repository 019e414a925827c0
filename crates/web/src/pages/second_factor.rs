//! `/second-factor`: what is asked for after the first proof.

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use cabinet::binding::SecondFactor;
use cabinet::contact::E164;
use cabinet::sign_in::second_factor::{Passed, SecondFactorRefusal, WaitingFor};
use serde::Deserialize;

use super::{refuse, show};
use crate::error::Error;
use crate::extract::{Form, Query};
use crate::second_factor::{Waits, forget};
use crate::view::Page;
use crate::view::second_factor::{Factor, Occasion, SecondFactorPage};
use crate::visitor::Visitor;

const PAGE: &str = "/second-factor";

pub(super) fn routes() -> Router {
    Router::new()
        .route(PAGE, get(page))
        .route("/second-factor/code", get(back_to_page).post(code))
        .route("/second-factor/sms", get(back_to_page).post(sms))
}

#[derive(Deserialize)]
struct Shown {
    #[serde(default)]
    way: String,
    #[serde(default)]
    sent: String,
    #[serde(default)]
    return_to: String,
}

async fn page(visitor: Visitor, Query(shown): Query<Shown>) -> Result<Response, Error> {
    let Some(waits) = visitor.waiting().await? else {
        return visitor.second_factor_gone(&shown.return_to);
    };
    let mut view = visitor.second_factor_page(&waits, SecondFactor::parse(&shown.way), &shown.return_to);
    view.sent = !shown.sent.is_empty();
    show(&view)
}

async fn back_to_page() -> Redirect {
    Redirect::to(PAGE)
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    way: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    return_to: String,
}

async fn code(visitor: Visitor, Form(typed): Form<Typed>) -> Result<Response, Error> {
    let Some(waits) = visitor.waiting().await? else {
        return visitor.second_factor_gone(&typed.return_to);
    };
    let way = SecondFactor::parse(&typed.way);
    let mut view = visitor.second_factor_page(&waits, way, &typed.return_to);
    let Some(way) = way.filter(|_| !typed.code.trim().is_empty()) else {
        view.error = Some(text::second_factor::code_empty(view.page.lang).into());
        return refuse(&view);
    };
    if visitor.is_proving_for(&waits).await? {
        let proven = visitor.merge_with_code(way, typed.code).await?;
        return visitor.merge_proven_by_factor(proven, view).await;
    }
    match visitor.give_code(way, typed.code).await? {
        Ok(passed) => Ok(visitor.pass(passed, &typed.return_to)),
        Err(SecondFactorRefusal::Gone) => visitor.second_factor_gone(&typed.return_to),
        Err(refusal) => {
            view.refusal = Some(visitor.refusal(&view.page, refusal.code()));
            refuse(&view)
        }
    }
}

#[derive(Deserialize)]
struct Back {
    #[serde(default)]
    return_to: String,
}

async fn sms(visitor: Visitor, Form(back): Form<Back>) -> Result<Response, Error> {
    match visitor.send_code().await? {
        Ok(_) => {
            let page = visitor.with_return_to("/second-factor?way=sms&sent=1", &back.return_to);
            Ok(Redirect::to(&page).into_response())
        }
        Err(refusal) => {
            let Some(waits) = visitor.waiting().await? else {
                return visitor.second_factor_gone(&back.return_to);
            };
            let mut view = visitor.second_factor_page(&waits, Some(SecondFactor::Sms), &back.return_to);
            view.refusal = Some(visitor.refusal(&view.page, refusal.code()));
            refuse(&view)
        }
    }
}

impl Visitor {
    /// Into the cabinet, or back to what was interrupted.
    pub(super) fn pass(&self, passed: Passed, return_to: &str) -> Response {
        match passed {
            Passed::Entered(opened) => {
                (forget(), self.opened(&opened), self.onward(return_to)).into_response()
            }
            Passed::Stronger(secret) => (forget(), self.stronger(&secret, return_to)).into_response(),
        }
    }

    /// The way that was asked for, or the one used last.
    pub(super) fn second_factor_page(
        &self,
        waits: &Waits,
        way: Option<SecondFactor>,
        return_to: &str,
    ) -> SecondFactorPage {
        let ways: Vec<SecondFactor> = waits.ways.iter().map(|own| own.factor).collect();
        let chosen = way.filter(|way| ways.contains(way)).or(ways.first().copied());
        let phone = waits.ways.iter().find_map(|own| own.phone.as_ref());
        SecondFactorPage {
            page: Page {
                path: self.with_return_to(PAGE, return_to),
                ..self.page(None)
            },
            occasion: match waits.waiting_for {
                WaitingFor::Entry => Occasion::Entry,
                WaitingFor::StepUp => Occasion::StepUp,
            },
            chosen: chosen.map(factor),
            others: ways
                .into_iter()
                .filter(|way| Some(*way) != chosen)
                .map(factor)
                .collect(),
            phone: phone.map(E164::masked).unwrap_or_default(),
            sent: false,
            return_to: self.kept(return_to),
            error: None,
            refusal: None,
        }
    }

    /// Nothing waits in this browser any more.
    pub(super) fn second_factor_gone(&self, return_to: &str) -> Result<Response, Error> {
        let nothing = Waits {
            waiting_for: WaitingFor::Entry,
            ways: Vec::new(),
        };
        let mut view = self.second_factor_page(&nothing, None, return_to);
        view.refusal = Some(self.refusal(&view.page, SecondFactorRefusal::Gone.code()));
        let mut response = (forget(), show(&view)?).into_response();
        *response.status_mut() = StatusCode::GONE;
        Ok(response)
    }
}

const fn factor(factor: SecondFactor) -> Factor {
    match factor {
        SecondFactor::Passkey => Factor::Passkey,
        SecondFactor::Totp => Factor::Totp,
        SecondFactor::Sms => Factor::Sms,
        SecondFactor::RecoveryCode => Factor::RecoveryCode,
    }
}
