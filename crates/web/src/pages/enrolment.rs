//! Setting up second factors: an app with codes, codes by SMS, the sheet of recovery codes.

use axum::Router;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use cabinet::binding::{AuthenticatorId, RecoveryCodes, Seed, TotpRefusal};
use cabinet::session::Session;
use serde::Deserialize;

use super::{binding, refuse, show};
use crate::draft::Kept;
use crate::enrolment::TOTP;
use crate::error::Error;
use crate::extract::{Form, Path};
use crate::signed_in::Access;
use crate::view::Page;
use crate::view::enrolment::{AppOffer, ConnectApp, Picture, Sheet};
use crate::view::error::ErrorKind;
use crate::visitor::Visitor;

pub(super) fn routes() -> Router {
    Router::new()
        .route(TOTP, get(page).post(offer))
        .route("/profile/totp/confirm", get(back_to_page).post(confirm))
        .route("/profile/sms-factor", post(sms))
        .route("/profile/recovery-codes", post(renew))
        .route("/profile/second-factors/{id}/remove", post(remove))
}

/// The proof comes first; the picture is there once it was asked for.
async fn page(visitor: Visitor) -> Result<Response, Error> {
    let session = visitor.proven(TOTP).await?;
    let offered = visitor.offered_totp().await?;
    show(&visitor.connect_app(&session, offered.as_ref()))
}

async fn offer(visitor: Visitor) -> Result<Response, Error> {
    match visitor.offer_totp().await? {
        Ok(_) => Ok(Redirect::to(TOTP).into_response()),
        Err(refusal) => binding::refused(&visitor, refusal.code()).await,
    }
}

async fn back_to_page() -> Redirect {
    Redirect::to(TOTP)
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    code: String,
}

async fn confirm(visitor: Visitor, Form(typed): Form<Typed>) -> Result<Response, Error> {
    let (session, offered) = (visitor.proven(TOTP).await?, visitor.offered_totp().await?);
    let mut view = visitor.connect_app(&session, offered.as_ref());
    if typed.code.trim().is_empty() {
        view.error = Some(text::second_factor::code_empty(view.page.lang).into());
        return refuse(&view);
    }
    match visitor.confirm_totp(typed.code).await? {
        Ok(enrolled) => visitor.enrolled(
            &session,
            enrolled.recovery_codes,
            "/profile/binding?done=totp-set",
        ),
        Err(TotpRefusal::CodeWrong) => {
            view.error = Some(Visitor::mistake(&view.page, TotpRefusal::CodeWrong.code()));
            refuse(&view)
        }
        Err(refusal) => binding::refused(&visitor, refusal.code()).await,
    }
}

async fn sms(visitor: Visitor) -> Result<Response, Error> {
    let session = visitor.proven(crate::enrolment::LIST).await?;
    match visitor.set_sms_factor().await? {
        Ok(enrolled) => visitor.enrolled(&session, enrolled.recovery_codes, "/profile/binding?done=sms-set"),
        Err(refusal) => binding::refused(&visitor, refusal.code()).await,
    }
}

async fn renew(visitor: Visitor) -> Result<Response, Error> {
    let session = visitor.proven(crate::enrolment::LIST).await?;
    let codes = visitor.renew_recovery_codes().await?;
    visitor.enrolled(&session, Some(codes), "/profile/binding")
}

async fn remove(visitor: Visitor, Path(id): Path<String>) -> Result<Response, Error> {
    let id: AuthenticatorId = id.parse().map_err(|_| Error::Page(ErrorKind::NotFound))?;
    match visitor.remove_way(id).await? {
        Ok(()) => Ok(Redirect::to("/profile/binding?done=factor-removed").into_response()),
        Err(refusal) => binding::refused(&visitor, refusal.code()).await,
    }
}

impl Visitor {
    /// The session, if a fresh proof was made in it; else the proof, and then `back`.
    pub(super) async fn proven(&self, back: &'static str) -> Result<Session, Error> {
        let (session, ()) = self.read(Access::Enrolment, |_, _, _| Ok(())).await?;
        if session.is_stepped_up(self.visit.now) {
            Ok(session)
        } else {
            Err(Error::StepUp(Kept::nothing(back)))
        }
    }

    /// The sheet that came with the first second factor, or the list.
    pub(super) fn enrolled(
        &self,
        session: &Session,
        codes: Option<RecoveryCodes>,
        then: &'static str,
    ) -> Result<Response, Error> {
        let Some(codes) = codes else {
            return Ok(Redirect::to(then).into_response());
        };
        show(&Sheet {
            page: Page {
                path: "/profile/binding".into(),
                ..self.page(Some(session))
            },
            codes: codes.printed().collect(),
            date: self.day(self.visit.now),
            then,
        })
    }

    fn connect_app(&self, session: &Session, seed: Option<&Seed>) -> ConnectApp {
        let page = Page {
            path: TOTP.into(),
            ..self.page(Some(session))
        };
        let offer = seed.map(|seed| {
            let login = page.person.clone().unwrap_or_default();
            AppOffer {
                picture: Picture::of(&seed.uri(&page.product, &login)),
                secret: groups(&seed.text()),
            }
        });
        ConnectApp {
            page,
            offer,
            error: None,
            refusal: None,
        }
    }
}

/// Letters in groups of four, as they are read aloud.
fn groups(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}
