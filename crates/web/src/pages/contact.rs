//! `/profile/contacts`

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use cabinet::Refusal as _;
use cabinet::audit;
use cabinet::contact::{self, Contacts, SaveRefusal, Saved, Slot};
use cabinet::session::Session;
use serde::{Deserialize, Serialize};

use super::{refuse, show};
use crate::draft;
use crate::error::Error;
use crate::extract::{Form, Path, Query};
use crate::signed_in::Access;
use crate::view::contact::Done;
use crate::view::error::ErrorKind;
use crate::visitor::Visitor;

mod fill;

pub(super) use fill::shown;

const PAGE: &str = "/profile/contacts";
/// How far back the change that a stale form missed is looked for.
const HISTORY: u32 = 20;

pub(super) fn routes() -> Router {
    Router::new()
        .route(PAGE, get(contacts).post(save))
        .route("/profile/contacts/{slot}/confirm", post(confirm))
        .route("/profile/contacts/{slot}/resend", post(resend))
        .route("/profile/contacts/{slot}/reconfirm", post(reconfirm))
        .route("/profile/contacts/{slot}/cancel", post(cancel))
}

/// The four fields as typed.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Typed {
    #[serde(default)]
    email: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    extra_email: String,
    #[serde(default)]
    extra_phone: String,
    version: i64,
}

impl Typed {
    fn get(&self, slot: Slot) -> &str {
        match slot {
            Slot::Email => &self.email,
            Slot::Phone => &self.phone,
            Slot::ExtraEmail => &self.extra_email,
            Slot::ExtraPhone => &self.extra_phone,
        }
    }

    fn form(&self) -> contact::Form {
        contact::Form {
            email: self.email.clone(),
            phone: self.phone.clone(),
            extra_email: self.extra_email.clone(),
            extra_phone: self.extra_phone.clone(),
            version: self.version,
        }
    }
}

#[derive(Deserialize)]
struct Flash {
    done: Option<String>,
}

async fn contacts(visitor: Visitor, Query(flash): Query<Flash>) -> Result<Response, Error> {
    let (session, (contacts, typed)) = visitor
        .read(Access::Whole, |tx, visitor, session| {
            let typed = draft::find::<Typed>(tx, visitor, session.account, PAGE)?;
            Ok((
                contact::list(tx, &visitor.app.rules, visitor.visit.now, session.account)?,
                typed,
            ))
        })
        .await?;
    let mut view = visitor.contacts(&session, &contacts, typed.as_ref());
    let kept = typed.map(|_| Done::Kept);
    view.done = flash.done.as_deref().and_then(fill::done).or(kept);
    show(&view)
}

async fn save(visitor: Visitor, Form(typed): Form<Typed>) -> Result<Response, Error> {
    let saved = visitor.change(Access::Whole, PAGE, typed.clone(), |tx, visitor, fresh, typed| {
        contact::save(tx, &visitor.app.rules, &visitor.visit, fresh, &typed.form())
    });
    match saved.await? {
        Ok(saved) => Ok((draft::forget(), back(outcome(&saved))).into_response()),
        Err(SaveRefusal::Stale(now)) => conflict(&visitor, &now, &typed).await,
        Err(refusal) => not_saved(&visitor, &refusal, &typed).await,
    }
}

/// The form was filled from an older state: both are shown, nothing is saved.
async fn conflict(visitor: &Visitor, now: &Contacts, typed: &Typed) -> Result<Response, Error> {
    let (session, history) = visitor
        .read(Access::Whole, |tx, _, session| {
            audit::history(tx, session.account, HISTORY)
        })
        .await?;
    let change = history
        .iter()
        .find(|line| line.act.as_str().starts_with("contact."));
    let changed_at = change.map_or(visitor.visit.now, |line| line.at);
    let view = visitor.contacts_conflict(&session, now, changed_at, typed);
    Ok((StatusCode::CONFLICT, show(&view)?).into_response())
}

async fn not_saved(visitor: &Visitor, refusal: &SaveRefusal, typed: &Typed) -> Result<Response, Error> {
    let (session, contacts) = current(visitor).await?;
    let mut view = visitor.contacts(&session, &contacts, Some(typed));
    match refusal {
        SaveRefusal::Fields(fields) => fill::mistakes(&mut view, *fields),
        other => view.refusal = Some(visitor.refusal(&view.page, other.code())),
    }
    refuse(&view)
}

#[derive(Deserialize)]
struct Code {
    #[serde(default)]
    code: String,
}

async fn confirm(
    visitor: Visitor,
    Path(slot): Path<String>,
    Form(typed): Form<Code>,
) -> Result<Response, Error> {
    let slot = parse(&slot)?;
    let code = typed.code.clone();
    let confirmed = visitor.act(Access::Whole, move |tx, visitor, session| {
        contact::confirm_by_code(tx, &visitor.app.rules, &visitor.visit, session, slot, &code)
    });
    match confirmed.await? {
        Ok(_) => Ok(back(&format!("confirmed-{}", slot.as_str())).into_response()),
        Err(refusal) => {
            let (session, contacts) = current(&visitor).await?;
            let mut view = visitor.contacts(&session, &contacts, None);
            if !fill::code_mistake(&mut view, slot, &typed.code, refusal.code()) {
                view.refusal = Some(visitor.refusal(&view.page, refusal.code()));
            }
            refuse(&view)
        }
    }
}

async fn resend(visitor: Visitor, Path(slot): Path<String>) -> Result<Response, Error> {
    let slot = parse(&slot)?;
    let sent = visitor.act(Access::Whole, move |tx, visitor, session| {
        contact::resend(tx, &visitor.app.rules, &visitor.visit, session, slot)
    });
    match sent.await? {
        Ok(()) => Ok(back(&format!("resent-{}", slot.as_str())).into_response()),
        Err(refusal) => refused(&visitor, refusal.code()).await,
    }
}

async fn reconfirm(visitor: Visitor, Path(slot): Path<String>) -> Result<Response, Error> {
    let slot = parse(&slot)?;
    let sent = visitor.act(Access::Whole, move |tx, visitor, session| {
        contact::reconfirm(tx, &visitor.app.rules, &visitor.visit, session, slot)
    });
    match sent.await? {
        Ok(()) => Ok(Redirect::to(&format!("{PAGE}#{}-code", slot.as_str())).into_response()),
        Err(refusal) => refused(&visitor, refusal.code()).await,
    }
}

async fn cancel(visitor: Visitor, Path(slot): Path<String>) -> Result<Response, Error> {
    let slot = parse(&slot)?;
    let cancelled = visitor.act(Access::Whole, move |tx, visitor, session| {
        contact::cancel(tx, &visitor.visit, session, slot)
    });
    match cancelled.await? {
        Ok(()) => Ok(back(&format!("cancelled-{}", slot.as_str())).into_response()),
        Err(refusal) => refused(&visitor, refusal.code()).await,
    }
}

fn parse(slot: &str) -> Result<Slot, Error> {
    Slot::parse(slot).ok_or(Error::Page(ErrorKind::NotFound))
}

/// The contacts as they are now, to show a form again.
async fn current(visitor: &Visitor) -> Result<(Session, Contacts), Error> {
    let contacts = visitor.read(Access::Whole, |tx, visitor, session| {
        contact::list(tx, &visitor.app.rules, visitor.visit.now, session.account)
    });
    contacts.await
}

async fn refused(visitor: &Visitor, code: &'static str) -> Result<Response, Error> {
    let (session, contacts) = current(visitor).await?;
    let mut view = visitor.contacts(&session, &contacts, None);
    view.refusal = Some(visitor.refusal(&view.page, code));
    refuse(&view)
}

fn outcome(saved: &Saved) -> &'static str {
    match (saved.asked.is_empty(), saved.removed.is_empty()) {
        (true, true) => "unchanged",
        (true, false) => "saved",
        (false, _) => "pending",
    }
}

fn back(done: &str) -> Redirect {
    Redirect::to(&format!("{PAGE}?done={done}"))
}
