//! `/first-entry`: an address is given and confirmed before the cabinet opens.

use axum::Router;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use cabinet::contact::{self, Contacts, FirstEntryRefusal, Pending, Slot};
use cabinet::session::Session;
use cabinet::{Failure, FirstEntry as Rule};
use db::Tx;
use serde::Deserialize;

use super::{refuse, show};
use crate::draft::Kept;
use crate::error::Error;
use crate::extract::{Form, Query};
use crate::signed_in::Access;
use crate::view::Page;
use crate::view::first_entry::{AddressKind, FirstEntry, FirstEntryCode, Required};
use crate::visitor::Visitor;

const PAGE: &str = "/first-entry";
const CODE: &str = "/first-entry/code";

pub(super) fn routes() -> Router {
    Router::new()
        .route(PAGE, get(address).post(request))
        .route(CODE, get(code).post(confirm))
        .route("/first-entry/resend", post(resend))
}

#[derive(Deserialize)]
struct Way {
    kind: Option<String>,
}

async fn address(visitor: Visitor, Query(way): Query<Way>) -> Result<Response, Error> {
    let (session, Some(contacts)) = visitor.read(Access::FirstEntry, unfinished).await? else {
        return Ok(Redirect::to("/cabinet").into_response());
    };
    let mut view = visitor.first_entry(&session, way.kind.as_deref());
    let waiting = contacts.get(slot(view.kind)).pending.as_ref();
    view.value = waiting.map(|pending| pending.value.display()).unwrap_or_default();
    show(&view)
}

#[derive(Deserialize)]
struct Typed {
    kind: Option<String>,
    #[serde(default)]
    email: String,
    #[serde(default)]
    phone: String,
}

async fn request(visitor: Visitor, Form(typed): Form<Typed>) -> Result<Response, Error> {
    let (session, ()) = visitor.read(Access::FirstEntry, |_, _, _| Ok(())).await?;
    let mut view = visitor.first_entry(&session, typed.kind.as_deref());
    view.value = if view.kind == AddressKind::Phone {
        typed.phone
    } else {
        typed.email
    };
    let value = view.value.clone();
    let asked = visitor.act(Access::FirstEntry, move |tx, visitor, session| {
        contact::first_entry_request(tx, &visitor.app.rules, &visitor.visit, session, &value)
    });
    match asked.await? {
        Ok(_) => return Ok(Redirect::to(CODE).into_response()),
        Err(FirstEntryRefusal::StepUpRequired) => {
            return Err(Error::StepUp(Kept::nothing(PAGE)));
        }
        Err(refusal @ (FirstEntryRefusal::TooManyMessages | FirstEntryRefusal::SmsStopped)) => {
            view.refusal = Some(visitor.refusal(&view.page, refusal.code()));
        }
        Err(mistake) => view.error = Some(Visitor::mistake(&view.page, mistake.code())),
    }
    refuse(&view)
}

#[derive(Deserialize)]
struct Flash {
    #[serde(default)]
    resent: bool,
}

async fn code(visitor: Visitor, Query(flash): Query<Flash>) -> Result<Response, Error> {
    match visitor.first_entry_code().await? {
        Ok((_, mut view)) => {
            view.resent = flash.resent;
            show(&view)
        }
        Err(elsewhere) => Ok(elsewhere),
    }
}

#[derive(Deserialize)]
struct Code {
    #[serde(default)]
    code: String,
}

async fn confirm(visitor: Visitor, Form(typed): Form<Code>) -> Result<Response, Error> {
    let (slot, mut view) = match visitor.first_entry_code().await? {
        Ok(waiting) => waiting,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let confirmed = visitor.act(Access::FirstEntry, move |tx, visitor, session| {
        contact::confirm_by_code(tx, &visitor.app.rules, &visitor.visit, session, slot, &typed.code)
    });
    match confirmed.await? {
        Ok(_) => return Ok(Redirect::to("/cabinet").into_response()),
        Err(contact::ConfirmRefusal::CodeWrong) => {
            let code = contact::ConfirmRefusal::CodeWrong.code();
            view.error = Some(Visitor::mistake(&view.page, code));
        }
        Err(refusal) => view.refusal = Some(visitor.refusal(&view.page, refusal.code())),
    }
    refuse(&view)
}

async fn resend(visitor: Visitor) -> Result<Response, Error> {
    let (slot, mut view) = match visitor.first_entry_code().await? {
        Ok(waiting) => waiting,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let sent = visitor.act(Access::FirstEntry, move |tx, visitor, session| {
        contact::resend(tx, &visitor.app.rules, &visitor.visit, session, slot)
    });
    match sent.await? {
        Ok(()) => Ok(Redirect::to("/first-entry/code?resent=true").into_response()),
        Err(refusal) => {
            view.refusal = Some(visitor.refusal(&view.page, refusal.code()));
            refuse(&view)
        }
    }
}

/// The contacts of a person whose first entry is not complete.
fn unfinished(tx: &mut Tx<'_>, visitor: &Visitor, session: &Session) -> Result<Option<Contacts>, Failure> {
    let rules = &visitor.app.rules;
    if !session.needs_first_entry(rules) {
        return Ok(None);
    }
    contact::list(tx, rules, visitor.visit.now, session.account).map(Some)
}

impl Visitor {
    fn first_entry(&self, session: &Session, chosen: Option<&str>) -> FirstEntry {
        let required = match self.app.rules.first_entry {
            Rule::EmailRequired | Rule::Nothing => Required::Email,
            Rule::PhoneRequired => Required::Phone,
            Rule::Either => Required::Either,
        };
        let kind = match (required, chosen) {
            (Required::Phone, _) | (Required::Either, Some("phone")) => AddressKind::Phone,
            _ => AddressKind::Email,
        };
        FirstEntry {
            page: Page {
                path: PAGE.into(),
                ..self.page(Some(session))
            },
            required,
            kind,
            value: String::new(),
            error: None,
            refusal: None,
        }
    }

    fn code_page(&self, session: &Session, slot: Slot, pending: &Pending) -> FirstEntryCode {
        let now = self.visit.now;
        let works = (now < pending.code_until).then(|| self.time_or_moment(pending.code_until));
        FirstEntryCode {
            page: Page {
                path: CODE.into(),
                ..self.page(Some(session))
            },
            kind: if slot.is_email() {
                AddressKind::Email
            } else {
                AddressKind::Phone
            },
            address: pending.value.display(),
            until: works.unwrap_or_default(),
            resend_at: (now < pending.resend_at).then(|| self.time_or_moment(pending.resend_at)),
            resent: false,
            error: None,
            refusal: None,
        }
    }

    /// The page for the code that was sent, or where to go when none was.
    async fn first_entry_code(&self) -> Result<Result<(Slot, FirstEntryCode), Response>, Error> {
        let (session, Some(contacts)) = self.read(Access::FirstEntry, unfinished).await? else {
            return Ok(Err(Redirect::to("/cabinet").into_response()));
        };
        let waiting = |slot| contacts.get(slot).pending.as_ref().map(|pending| (slot, pending));
        let Some((slot, pending)) = waiting(Slot::Email).or_else(|| waiting(Slot::Phone)) else {
            return Ok(Err(Redirect::to(PAGE).into_response()));
        };
        let view = self.code_page(&session, slot, pending);
        Ok(Ok((slot, view)))
    }
}

fn slot(kind: AddressKind) -> Slot {
    match kind {
        AddressKind::Email => Slot::Email,
        AddressKind::Phone => Slot::Phone,
    }
}
