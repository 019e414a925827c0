//! `/new-certificate`: a certificate that no account holds, and what its owner can do (D-7 … D-9).

use axum::Router;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use cabinet::session::Session;
use cabinet::sign_in::unknown_certificate::{
    Choice, Confirmation, UnknownCertificateRefusal as Refusal, Waiting,
};
use serde::Deserialize;

use super::{refuse, show};
use crate::draft::Kept;
use crate::error::Error;
use crate::extract::{Form, Query};
use crate::view::Page;
use crate::view::certificate::CertificateCard;
use crate::view::holder;
use crate::view::linking::IdRow;
use crate::view::unknown_certificate::{
    CertificateCode, ConfirmCertificate, JoinOrganisation, StoppedCertificate, UnknownCertificate,
};
use crate::visitor::Visitor;
use crate::words::full_name;

pub(super) const PAGE: &str = "/new-certificate";
const CODE: &str = "/new-certificate/code";
/// Where the certificate is found once it was added.
pub(super) const ADDED: &str = "/profile/certificates?done=added";

pub(super) fn routes() -> Router {
    Router::new()
        .route(PAGE, get(page))
        .route("/new-certificate/organisation", get(organisation))
        .route("/new-certificate/account", post(account))
        .route("/new-certificate/register", post(register))
        .route(CODE, get(code_page).post(send_code))
        .route("/new-certificate/code/check", get(back_to_code).post(give_code))
        .route("/new-certificate/confirm", get(back).post(confirm))
        .route("/new-certificate/cancel", post(cancel))
}

async fn page(visitor: Visitor) -> Result<Response, Error> {
    let session = visitor.session().await?;
    match visitor.look_at_certificate().await? {
        Ok(waiting) if waiting.is_adopted && session.is_some() => visitor.confirm_page(None).await,
        Ok(waiting) => show(&visitor.unknown_page(session.as_ref(), &waiting)),
        Err(_) if visitor.waiting_certificate().is_none() => Ok(Redirect::to("/sign-in").into_response()),
        Err(refusal) => visitor.stopped_page(refusal.code(), None).await,
    }
}

async fn organisation(visitor: Visitor) -> Result<Response, Error> {
    let session = visitor.session().await?;
    show(&JoinOrganisation {
        page: visitor.page(session.as_ref()),
    })
}

async fn account(visitor: Visitor) -> Result<Response, Error> {
    match visitor.adopt_certificate().await? {
        Ok(()) => Ok(Redirect::to(PAGE).into_response()),
        Err(refusal) => visitor.stopped_page(refusal.code(), None).await,
    }
}

async fn register(visitor: Visitor) -> Result<Response, Error> {
    match visitor.register_certificate().await? {
        Ok(entered) => visitor.let_in(entered, ""),
        Err(refusal) => visitor.stopped_page(refusal.code(), None).await,
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Typed {
    phone: String,
    code: String,
    sent: String,
}

async fn code_page(visitor: Visitor, Query(typed): Query<Typed>) -> Result<Response, Error> {
    if let Err(refusal) = visitor.look_at_certificate().await? {
        return visitor.stopped_page(refusal.code(), None).await;
    }
    show(&visitor.code_view(&typed))
}

async fn back_to_code() -> Redirect {
    Redirect::to("/new-certificate/code?sent=1")
}

async fn back() -> Redirect {
    Redirect::to(PAGE)
}

async fn send_code(visitor: Visitor, Form(typed): Form<Typed>) -> Result<Response, Error> {
    let mut view = visitor.code_view(&typed);
    if typed.phone.trim().is_empty() {
        view.phone_error = Some(text::unknown_certificate::phone_empty(view.page.lang).into());
        return refuse(&view);
    }
    match visitor.send_certificate_code(typed.phone).await? {
        Ok(()) => Ok(Redirect::to("/new-certificate/code?sent=1").into_response()),
        Err(refusal) => visitor.code_refused(view, refusal).await,
    }
}

async fn give_code(visitor: Visitor, Form(typed): Form<Typed>) -> Result<Response, Error> {
    let mut view = visitor.code_view(&typed);
    view.is_sent = true;
    if typed.code.trim().is_empty() {
        view.code_error = Some(text::unknown_certificate::code_empty(view.page.lang).into());
        return refuse(&view);
    }
    match visitor.give_certificate_code(typed.code).await? {
        Ok(entered) => visitor.let_in(entered, ""),
        Err(refusal) => visitor.code_refused(view, refusal).await,
    }
}

#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    difference_seen: String,
}

async fn confirm(visitor: Visitor, Form(said): Form<Said>) -> Result<Response, Error> {
    let choice = Choice {
        difference_seen: !said.difference_seen.is_empty(),
    };
    match visitor.confirm_certificate(choice).await? {
        Ok(_) => Ok(Redirect::to(ADDED).into_response()),
        Err(Refusal::StepUpRequired) => Err(Error::StepUp(Kept::nothing(PAGE))),
        Err(refusal) => visitor.confirm_page(Some(refusal)).await,
    }
}

async fn cancel(visitor: Visitor) -> Result<Response, Error> {
    visitor.give_up_certificate().await?;
    let is_signed_in = visitor.session().await?.is_some();
    Ok(Redirect::to(if is_signed_in {
        "/profile/binding"
    } else {
        "/sign-in"
    })
    .into_response())
}

impl Visitor {
    fn unknown_page(&self, session: Option<&Session>, waiting: &Waiting) -> UnknownCertificate {
        let page = Page {
            path: PAGE.into(),
            ..self.page(session)
        };
        UnknownCertificate {
            card: self.card_of(page.lang, &waiting.certificate, &waiting.anchor_group),
            why: waiting.why,
            until: self.time(waiting.until),
            refusal: None,
            page,
        }
    }

    /// Both sides, where nothing stands against it and the account was proved.
    async fn confirm_page(&self, refused: Option<Refusal>) -> Result<Response, Error> {
        let (session, both) = self.preview_certificate().await?;
        let both = match both {
            Ok(both) => both,
            Err(refusal) => return self.stopped_page(refused.unwrap_or(refusal).code(), None).await,
        };
        let page = Page {
            path: PAGE.into(),
            ..self.page(Some(&session))
        };
        let card = self.card_of(page.lang, &both.certificate, &both.anchor_group);
        if let Some(obstacle) = both.obstacle {
            return self.stopped_page(obstacle.code(), Some(card)).await;
        }
        if !both.is_proven {
            return Err(Error::StepUp(Kept::nothing(PAGE)));
        }
        let mut view = self.both_sides(page, card, &both);
        let Some(refusal) = refused else {
            return show(&view);
        };
        view.refusal = Some(self.refusal(&view.page, refusal.code()));
        refuse(&view)
    }

    fn both_sides(&self, page: Page, card: CertificateCard, both: &Confirmation) -> ConfirmCertificate {
        let lang = page.lang;
        let ids = both.person_ids.iter().map(|line| IdRow {
            label: holder::id_name(lang, &line.country, &line.kind),
            there: line.there.clone(),
            here: line.here.clone(),
        });
        ConfirmCertificate {
            card,
            name_there: full_name(lang, &both.name),
            name_here: full_name(lang, &both.profile.name),
            names: both.names,
            ids: ids.collect(),
            until: self.time(both.until),
            refusal: None,
            page,
        }
    }

    /// Why a certificate leads nowhere, and the ways out.
    pub(super) async fn stopped_page(
        &self,
        code: &'static str,
        card: Option<CertificateCard>,
    ) -> Result<Response, Error> {
        let session = self.session().await?;
        let page = Page {
            path: PAGE.into(),
            ..self.page(session.as_ref())
        };
        refuse(&StoppedCertificate {
            refusal: self.refusal(&page, code),
            card,
            page,
        })
    }

    fn code_view(&self, typed: &Typed) -> CertificateCode {
        CertificateCode {
            page: Page {
                path: CODE.into(),
                ..self.page(None)
            },
            phone: typed.phone.clone(),
            phone_error: None,
            is_sent: !typed.sent.is_empty(),
            code_error: None,
            refusal: None,
        }
    }

    async fn code_refused(&self, mut view: CertificateCode, refusal: Refusal) -> Result<Response, Error> {
        match refusal {
            Refusal::PhoneMalformed => view.phone_error = Some(Self::mistake(&view.page, refusal.code())),
            Refusal::CodeWrong => view.code_error = Some(Self::mistake(&view.page, refusal.code())),
            Refusal::TooManyTries
            | Refusal::TooSoon
            | Refusal::TooManyMessages
            | Refusal::CountryNotServed => {
                view.refusal = Some(self.refusal(&view.page, refusal.code()));
            }
            _ => return self.stopped_page(refusal.code(), None).await,
        }
        refuse(&view)
    }
}
