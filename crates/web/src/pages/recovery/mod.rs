//! `/recover`: back into an account whose usual way in is lost.

mod assisted;
mod review;

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use cabinet::binding::SecondFactor;
use cabinet::contact::Slot;
use cabinet::organisation::Organisation;
use cabinet::recovery::{RecoveryRefusal, Sent, Step, UnderWay, Ways};
use serde::Deserialize;

use super::provider::to;
use super::{refuse, show};
use crate::cookie;
use crate::error::Error;
use crate::extract::{Form, Query};
use crate::recovery::{FINISH, Unfinished};
use crate::view::Page;
use crate::view::recovery::{NewPassword, Proof, Recover, TypeCode};
use crate::visitor::Visitor;

const PAGE: &str = "/recover";
const CODE: &str = "/recover/code";
const PROOF: &str = "/recover/proof";
const PASSWORD: &str = "/recover/password";

pub(super) fn routes() -> Router {
    Router::new()
        .route(PAGE, get(ways).post(begin))
        .route(CODE, get(step).post(code))
        .route(PROOF, get(step))
        .route("/recover/contact", get(step).post(contact))
        .route("/recover/factor", get(step).post(factor))
        .route(PASSWORD, get(step).post(password))
        .merge(assisted::routes())
        .merge(review::routes())
}

#[derive(Deserialize)]
struct From {
    #[serde(default)]
    organisation: String,
}

async fn ways(visitor: Visitor, Query(from): Query<From>) -> Result<Response, Error> {
    let organisation = visitor.organisation_of(&from.organisation).await?;
    show(&visitor.recover_page(organisation.as_ref()).await?)
}

#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    login: String,
    /// Where the login is a user name.
    #[serde(default)]
    organisation: String,
}

/// The answer is the same whoever is named (threats, PWD-5).
async fn begin(visitor: Visitor, Form(named): Form<Named>) -> Result<Response, Error> {
    let organisation = visitor.organisation_of(&named.organisation).await?;
    let refusal = if named.login.trim().is_empty() {
        None
    } else {
        let place = organisation.as_ref().map(|found| found.id);
        match visitor.begin_recovery(named.login.clone(), place).await? {
            Ok(cookie) => return Ok(to(CODE, cookie)),
            Err(refusal) => Some(refusal),
        }
    };
    let mut view = visitor.recover_page(organisation.as_ref()).await?;
    match refusal {
        None => view.login_error = Some(text::recovery::login_empty(view.page.lang).into()),
        Some(RecoveryRefusal::LoginMalformed) => {
            view.login_error = Some(Visitor::mistake(
                &view.page,
                RecoveryRefusal::LoginMalformed.code(),
            ));
        }
        Some(refusal) => view.refusal = Some(visitor.refusal(&view.page, refusal.code())),
    }
    view.login = named.login;
    refuse(&view)
}

/// The page of the step that the recovery waits for, whichever was asked for.
async fn step(visitor: Visitor) -> Result<Response, Error> {
    let Some(under_way) = visitor.recovery().await? else {
        return visitor.recovery_gone().await;
    };
    let page = page_of(&under_way.step);
    if visitor.path != page {
        return Ok(Redirect::to(page).into_response());
    }
    match &under_way.step {
        Step::Code(sent) => show(&visitor.recovery_code_page(sent, &under_way)),
        Step::Proof(ways) => show(&visitor.proof_page(ways)),
        Step::Password => show(&visitor.new_password_page()),
    }
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    code: String,
}

async fn code(visitor: Visitor, Form(typed): Form<Typed>) -> Result<Response, Error> {
    let Some(under_way) = visitor.recovery().await? else {
        return visitor.recovery_gone().await;
    };
    let Step::Code(sent) = &under_way.step else {
        return Ok(Redirect::to(page_of(&under_way.step)).into_response());
    };
    let mut view = visitor.recovery_code_page(sent, &under_way);
    if typed.code.trim().is_empty() {
        view.error = Some(text::recovery::code_empty(view.page.lang).into());
        return refuse(&view);
    }
    match visitor.give_recovery_code(typed.code).await? {
        Ok(cookie) => Ok(to(PROOF, cookie)),
        Err(RecoveryRefusal::Gone) => visitor.recovery_gone().await,
        Err(refusal) => {
            view.refusal = Some(visitor.refusal(&view.page, refusal.code()));
            refuse(&view)
        }
    }
}

#[derive(Deserialize)]
struct Chosen {
    #[serde(default)]
    contact: String,
}

async fn contact(visitor: Visitor, Form(chosen): Form<Chosen>) -> Result<Response, Error> {
    let sent = match Slot::parse(&chosen.contact) {
        Some(slot) => visitor.send_recovery_code(slot).await?,
        None => Err(RecoveryRefusal::NotYours),
    };
    visitor.after_proof(sent, CODE).await
}

#[derive(Deserialize)]
struct Given {
    #[serde(default)]
    way: String,
    #[serde(default)]
    code: String,
}

async fn factor(visitor: Visitor, Form(given): Form<Given>) -> Result<Response, Error> {
    let passed = match SecondFactor::parse(&given.way) {
        Some(factor) => visitor.give_recovery_factor(factor, given.code).await?,
        None => Err(RecoveryRefusal::NotYours),
    };
    visitor.after_proof(passed, PROOF).await
}

#[derive(Deserialize)]
struct Chose {
    #[serde(default)]
    password: String,
}

async fn password(visitor: Visitor, Form(chose): Form<Chose>) -> Result<Response, Error> {
    let refusal = match visitor.complete_recovery(chose.password).await? {
        Ok(opened) => {
            let mut response = (visitor.opened(&opened), Redirect::to(review::PAGE)).into_response();
            let forget = cookie::clear(cookie::RECOVERY);
            response.headers_mut().append(header::SET_COOKIE, forget);
            return Ok(response);
        }
        Err(refusal) => refusal,
    };
    let mut view = visitor.new_password_page();
    match refusal {
        Unfinished::Recovery(RecoveryRefusal::Gone) => return visitor.recovery_gone().await,
        Unfinished::Recovery(refusal) => {
            view.refusal = Some(visitor.refusal(&view.page, refusal.code()));
        }
        Unfinished::Password(refusal) => view.error = Some(Visitor::mistake(&view.page, refusal.code())),
    }
    refuse(&view)
}

const fn page_of(step: &Step) -> &'static str {
    match step {
        Step::Code(_) => CODE,
        Step::Proof(_) => PROOF,
        Step::Password => PASSWORD,
    }
}

impl Visitor {
    async fn recover_page(&self, organisation: Option<&Organisation>) -> Result<Recover, Error> {
        let session = self.session().await?;
        Ok(Recover {
            page: Page {
                path: PAGE.into(),
                ..self.page(session.as_ref())
            },
            return_to: FINISH.into(),
            providers: self.provider_buttons(),
            organisation: organisation.map(|found| (found.code.to_string(), found.short_name.clone())),
            login: String::new(),
            login_error: None,
            refusal: None,
        })
    }

    fn recovery_code_page(&self, sent: &Sent, under_way: &UnderWay) -> TypeCode {
        TypeCode {
            page: self.recovery_frame(CODE),
            sent: sent.clone(),
            until: self.time(under_way.until),
            error: None,
            refusal: None,
        }
    }

    fn proof_page(&self, ways: &Ways) -> Proof {
        Proof {
            page: self.recovery_frame(PROOF),
            contacts: ways.contacts.clone(),
            factors: ways.factors.clone(),
            refusal: None,
        }
    }

    fn new_password_page(&self) -> NewPassword {
        NewPassword {
            page: self.recovery_frame(PASSWORD),
            error: None,
            refusal: None,
        }
    }

    fn recovery_frame(&self, path: &str) -> Page {
        Page {
            path: path.into(),
            ..self.page(None)
        }
    }

    /// On to the next step, or the choice again with a refusal.
    async fn after_proof(
        &self,
        given: Result<HeaderValue, RecoveryRefusal>,
        next: &str,
    ) -> Result<Response, Error> {
        let refusal = match given {
            Ok(cookie) => return Ok(to(next, cookie)),
            Err(refusal) => refusal,
        };
        match self.recovery().await? {
            Some(UnderWay {
                step: Step::Proof(ways),
                ..
            }) => {
                let mut view = self.proof_page(&ways);
                view.refusal = Some(self.refusal(&view.page, refusal.code()));
                refuse(&view)
            }
            Some(under_way) => Ok(Redirect::to(page_of(&under_way.step)).into_response()),
            None => self.recovery_gone().await,
        }
    }

    /// Nothing is under way in this browser any more.
    async fn recovery_gone(&self) -> Result<Response, Error> {
        let mut view = self.recover_page(None).await?;
        view.refusal = Some(self.refusal(&view.page, RecoveryRefusal::Gone.code()));
        let mut response = show(&view)?;
        *response.status_mut() = StatusCode::GONE;
        Ok(response)
    }
}
