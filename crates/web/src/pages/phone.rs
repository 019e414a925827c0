//! `/sign-in/phone`, `/step-up/phone`: by a key in the app eGov Mobile. The page shows a picture and links for the app, and
//! waits; then it shows who signed.

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use cabinet::sign_in::{PhonePage, PhoneState, SignInRefusal};
use serde::Serialize;

use super::shown::Way;
use super::{refuse, show};
use crate::cookie::{self, Life};
use crate::error::Error;
use crate::extract::Form;
use crate::remote_key::Errand;
use crate::view::enrolment::Picture;
use crate::view::phone::{ByPhone, Waiting};
use crate::visitor::Visitor;

pub(super) fn routes() -> Router {
    Router::new()
        .route("/sign-in/phone", get(sign_in_page).post(offer_sign_in))
        .route("/sign-in/phone/state", get(sign_in_state))
        .route("/sign-in/phone/enter", post(enter))
        .route("/sign-in/phone/cancel", post(cancel_sign_in))
        .route("/step-up/phone", get(step_up_page).post(offer_step_up))
        .route("/step-up/phone/state", get(step_up_state))
        .route("/step-up/phone/enter", post(strengthen))
        .route("/step-up/phone/cancel", post(cancel_step_up))
}

/// What has come so far, for the script of the page.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Progress {
    /// `waiting`, `refused`, `signed` or `gone`
    pub(crate) state: &'static str,
}

async fn offer_sign_in(visitor: Visitor, Form(way): Form<Way>) -> Result<Response, Error> {
    visitor.show_code(Errand::SignIn, &way).await
}

async fn offer_step_up(visitor: Visitor, Form(way): Form<Way>) -> Result<Response, Error> {
    visitor.show_code(Errand::StepUp, &way).await
}

async fn sign_in_page(visitor: Visitor) -> Result<Response, Error> {
    visitor.by_phone(Errand::SignIn).await
}

async fn step_up_page(visitor: Visitor) -> Result<Response, Error> {
    visitor.by_phone(Errand::StepUp).await
}

async fn sign_in_state(visitor: Visitor) -> Result<Json<Progress>, Error> {
    visitor.progress(Errand::SignIn).await
}

async fn step_up_state(visitor: Visitor) -> Result<Json<Progress>, Error> {
    visitor.progress(Errand::StepUp).await
}

async fn enter(visitor: Visitor) -> Result<Response, Error> {
    visitor.use_signature(Errand::SignIn).await
}

async fn strengthen(visitor: Visitor) -> Result<Response, Error> {
    visitor.use_signature(Errand::StepUp).await
}

async fn cancel_sign_in(visitor: Visitor) -> Result<Response, Error> {
    visitor.give_up_phone(Errand::SignIn).await
}

async fn cancel_step_up(visitor: Visitor) -> Result<Response, Error> {
    visitor.give_up_phone(Errand::StepUp).await
}

impl Visitor {
    async fn show_code(&self, errand: Errand, way: &Way) -> Result<Response, Error> {
        let secret = self.offer_to_phone(errand, way.onward(self)).await?;
        let page = format!("{}/phone", errand.page());
        let life = u32::try_from(self.app.rules.sign_in.challenge_life.as_secs()).unwrap_or(u32::MAX);
        let cookie = cookie::set(cookie::PHONE, &secret.expose(), Life::Seconds(life));
        let cookie = AppendHeaders([(header::SET_COOKIE, cookie)]);
        Ok((cookie, Redirect::to(&page)).into_response())
    }

    /// The page in its state: the code, who signed, or that the code is over.
    async fn by_phone(&self, errand: Errand) -> Result<Response, Error> {
        let occasion = self.occasion(errand).await?;
        match self.find_phone_page(&occasion, self.phone.clone()).await? {
            Some(page) if matches!(page.state, PhoneState::Signed(_)) => self.who_signed(errand, page).await,
            waiting => show(&self.phone_code(errand, waiting).await?),
        }
    }

    /// Who signed: look first, enter second. A code that was passed on is found out here.
    async fn who_signed(&self, errand: Errand, page: PhonePage) -> Result<Response, Error> {
        let mut view = self.this_is_you(errand, "phone", &page.onward).await?;
        let lang = view.page.lang;
        view.warning = Some(text::phone::only_you(lang).to_owned());
        let PhoneState::Signed(answer) = page.state else {
            return Ok(Redirect::to(errand.page()).into_response());
        };
        let recognised = self
            .recognise(*answer, move |visitor, signer| visitor.holder_card(lang, signer))
            .await?;
        match recognised {
            Ok(card) => {
                view.card = Some(card);
                show(&view)
            }
            Err(refusal) => {
                view.refusal = Some(self.refusal(&view.page, refusal.code()));
                refuse(&view)
            }
        }
    }

    async fn phone_code(&self, errand: Errand, page: Option<PhonePage>) -> Result<ByPhone, Error> {
        let session = self.session().await?;
        let frame = self.page(session.as_ref());
        let refused = page.as_ref().and_then(|page| match &page.state {
            PhoneState::Refused(refusal) => Some(*refusal),
            PhoneState::Waiting | PhoneState::Signed(_) => None,
        });
        let onward = page.as_ref().map(|page| page.onward.clone()).unwrap_or_default();
        Ok(ByPhone {
            is_entry: errand == Errand::SignIn,
            host: self.app.rules.host(),
            waiting: page.map(|page| self.shown_code(&page)),
            cancel: self.with_return_to(errand.page(), &onward.return_to),
            return_to: onward.return_to,
            organisation: onward.organisation,
            refusal: refused.map(|refusal| self.refusal(&frame, SignInRefusal::code(refusal))),
            page: frame,
        })
    }

    fn shown_code(&self, page: &PhonePage) -> Waiting {
        let links = self.egov_links(&page.phone);
        Waiting {
            picture: Picture::of(&links.code),
            code: links.code,
            mobile: links.mobile,
            business: links.business,
            until: self.time(page.expires_at),
        }
    }

    pub(crate) async fn progress(&self, errand: Errand) -> Result<Json<Progress>, Error> {
        let occasion = self.occasion(errand).await?;
        let page = self.find_phone_page(&occasion, self.phone.clone()).await?;
        let state = match page.map(|page| page.state) {
            None => "gone",
            Some(PhoneState::Waiting) => "waiting",
            Some(PhoneState::Refused(_)) => "refused",
            Some(PhoneState::Signed(_)) => "signed",
        };
        Ok(Json(Progress { state }))
    }

    async fn use_signature(&self, errand: Errand) -> Result<Response, Error> {
        let occasion = self.occasion(errand).await?;
        let page = self.find_phone_page(&occasion, self.phone.clone()).await?;
        let signed = page.map(|page| (page.state, page.onward));
        let Some((PhoneState::Signed(answer), onward)) = signed else {
            return show(&self.phone_code(errand, None).await?);
        };
        let finished = self
            .finish("egov-mobile", *answer, occasion, &onward.organisation)
            .await?;
        let mut response = self.finished(errand, "phone", finished, &onward).await?;
        let (name, value) = forget();
        response.headers_mut().append(name, value);
        Ok(response)
    }

    async fn give_up_phone(&self, errand: Errand) -> Result<Response, Error> {
        let return_to = self.cancel_phone(errand).await?;
        let back = self.with_return_to(errand.page(), &return_to);
        Ok((AppendHeaders([forget()]), Redirect::to(&back)).into_response())
    }
}

/// The code has done its work.
fn forget() -> (HeaderName, HeaderValue) {
    (header::SET_COOKIE, cookie::clear(cookie::PHONE))
}
