use axum::Json;
use axum::http::StatusCode;
use cabinet::Refusal as _;
use cabinet::contact::{self, Contact, Contacts, SaveRefusal, Slot};
use serde::{Deserialize, Serialize};
use text::date;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Refused, refused};
use crate::error::Error;
use crate::extract::{self, Path};
use crate::signed_in::Access;
use crate::visitor::Visitor;

pub(super) fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(get, save))
        .routes(routes!(confirm))
        .routes(routes!(resend))
        .routes(routes!(reconfirm))
        .routes(routes!(cancel))
        .routes(routes!(first_entry))
}

/// The four contacts.
#[derive(Debug, Serialize, ToSchema)]
struct All {
    email: One,
    phone: One,
    extra_email: One,
    extra_phone: One,
    /// Goes back with a change, so that a stale one is noticed.
    version: i64,
}

/// One contact.
#[derive(Debug, Serialize, ToSchema)]
struct One {
    /// What is in force.
    value: Option<String>,
    confirmed_at: Option<String>,
    /// Since when messages come back.
    bouncing_since: Option<String>,
    pending: Option<Waiting>,
}

/// A value that waits for confirmation.
#[derive(Debug, Serialize, ToSchema)]
struct Waiting {
    value: String,
    until: String,
    code_until: String,
    resend_at: String,
}

impl From<&Contacts> for All {
    fn from(contacts: &Contacts) -> Self {
        Self {
            email: (&contacts.email).into(),
            phone: (&contacts.phone).into(),
            extra_email: (&contacts.extra_email).into(),
            extra_phone: (&contacts.extra_phone).into(),
            version: contacts.version,
        }
    }
}

impl From<&Contact> for One {
    fn from(contact: &Contact) -> Self {
        let at = |at: db::Timestamp| date::machine(at.as_seconds());
        let current = contact.in_force.as_ref();
        Self {
            value: current.map(|current| current.value.as_str().to_owned()),
            confirmed_at: current.map(|current| at(current.since)),
            bouncing_since: current.and_then(|current| current.bouncing_since).map(at),
            pending: contact.pending.as_ref().map(|pending| Waiting {
                value: pending.value.as_str().to_owned(),
                until: at(pending.until),
                code_until: at(pending.code_until),
                resend_at: at(pending.resend_at),
            }),
        }
    }
}

/// The contacts with their states
#[utoipa::path(get, path = "/api/v1/contacts", tag = "contacts", responses((status = 200, body = All), Refused))]
async fn get(visitor: Visitor) -> Result<Json<All>, Error> {
    let contacts = visitor.read(Access::FirstEntry, |tx, visitor, session| {
        contact::list(tx, &visitor.app.rules, visitor.visit.now, session.account)
    });
    Ok(Json((&contacts.await?.1).into()))
}

/// The whole form; an empty text is no contact.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Form {
    email: String,
    phone: String,
    extra_email: String,
    extra_phone: String,
    version: i64,
}

/// What saving did.
#[derive(Debug, Serialize, ToSchema)]
struct Saved {
    /// Contacts that now wait for confirmation.
    asked: Vec<&'static str>,
    /// Contacts that are gone.
    removed: Vec<&'static str>,
}

/// Saves the contacts; new values wait for confirmation. Needs a fresh proof
#[utoipa::path(
    put, path = "/api/v1/contacts", tag = "contacts",
    request_body = Form, responses((status = 200, body = Saved), Refused)
)]
async fn save(visitor: Visitor, extract::Json(form): extract::Json<Form>) -> Result<Json<Saved>, Error> {
    let saved = visitor.change(
        Access::Whole,
        "/profile/contacts",
        form,
        |tx, visitor, fresh, form| {
            let form = contact::Form {
                email: form.email.clone(),
                phone: form.phone.clone(),
                extra_email: form.extra_email.clone(),
                extra_phone: form.extra_phone.clone(),
                version: form.version,
            };
            contact::save(tx, &visitor.app.rules, &visitor.visit, fresh, &form)
        },
    );
    let saved = saved.await?.map_err(|refusal| not_saved(&refusal))?;
    let names = |slots: &[Slot]| slots.iter().map(|slot| slot.as_str()).collect();
    Ok(Json(Saved {
        asked: names(&saved.asked),
        removed: names(&saved.removed),
    }))
}

fn not_saved(refusal: &SaveRefusal) -> Error {
    let SaveRefusal::Fields(wrong) = refusal else {
        return Error::refused(refusal.code());
    };
    let field = |slot: &Slot| wrong.get(*slot).map(|refusal| (slot.as_str(), refusal.code()));
    Error::Refused {
        code: refusal.code(),
        status: StatusCode::UNPROCESSABLE_ENTITY,
        fields: Slot::ALL.iter().filter_map(field).collect(),
    }
}

/// The six digits that were sent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Code {
    code: String,
}

/// Confirms a contact by its code, in the session that asked for it
#[utoipa::path(
    post, path = "/api/v1/contacts/{slot}/confirm", tag = "contacts",
    params(("slot" = String, Path, description = "`email`, `phone`, `extra_email` or `extra_phone`")),
    request_body = Code, responses((status = 204), Refused)
)]
async fn confirm(
    visitor: Visitor,
    Path(slot): Path<String>,
    extract::Json(code): extract::Json<Code>,
) -> Result<StatusCode, Error> {
    let slot = parse(&slot)?;
    let confirmed = visitor.act(Access::FirstEntry, move |tx, visitor, session| {
        contact::confirm_by_code(tx, &visitor.app.rules, &visitor.visit, session, slot, &code.code)
    });
    confirmed.await?.map(|_| StatusCode::NO_CONTENT).map_err(refused)
}

/// Sends a new code; the old one is void
#[utoipa::path(
    post, path = "/api/v1/contacts/{slot}/resend", tag = "contacts",
    params(("slot" = String, Path, description = "`email`, `phone`, `extra_email` or `extra_phone`")),
    responses((status = 204), Refused)
)]
async fn resend(visitor: Visitor, Path(slot): Path<String>) -> Result<StatusCode, Error> {
    let slot = parse(&slot)?;
    let sent = visitor.act(Access::FirstEntry, move |tx, visitor, session| {
        contact::resend(tx, &visitor.app.rules, &visitor.visit, session, slot)
    });
    sent.await?.map(|()| StatusCode::NO_CONTENT).map_err(refused)
}

/// Sends a code to a phone that was confirmed long ago, so that it is confirmed anew
#[utoipa::path(
    post, path = "/api/v1/contacts/{slot}/reconfirm", tag = "contacts",
    params(("slot" = String, Path, description = "`phone` or `extra_phone`")),
    responses((status = 204), Refused)
)]
async fn reconfirm(visitor: Visitor, Path(slot): Path<String>) -> Result<StatusCode, Error> {
    let slot = parse(&slot)?;
    let sent = visitor.act(Access::FirstEntry, move |tx, visitor, session| {
        contact::reconfirm(tx, &visitor.app.rules, &visitor.visit, session, slot)
    });
    sent.await?.map(|()| StatusCode::NO_CONTENT).map_err(refused)
}

/// Gives a waiting value up; what is in force stays
#[utoipa::path(
    post, path = "/api/v1/contacts/{slot}/cancel", tag = "contacts",
    params(("slot" = String, Path, description = "`email`, `phone`, `extra_email` or `extra_phone`")),
    responses((status = 204), Refused)
)]
async fn cancel(visitor: Visitor, Path(slot): Path<String>) -> Result<StatusCode, Error> {
    let slot = parse(&slot)?;
    let cancelled = visitor.act(Access::FirstEntry, move |tx, visitor, session| {
        contact::cancel(tx, &visitor.visit, session, slot)
    });
    cancelled.await?.map(|()| StatusCode::NO_CONTENT).map_err(refused)
}

/// The address of the first entry.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Address {
    /// E-mail or phone, as the installation asks.
    address: String,
}

/// A contact that now waits for its code.
#[derive(Debug, Serialize, ToSchema)]
struct Asked {
    slot: &'static str,
}

/// Gives the address that the first entry asks for; again to correct it
#[utoipa::path(
    post, path = "/api/v1/first-entry", tag = "contacts",
    request_body = Address, responses((status = 200, body = Asked), Refused)
)]
async fn first_entry(
    visitor: Visitor,
    extract::Json(given): extract::Json<Address>,
) -> Result<Json<Asked>, Error> {
    let asked = visitor.act(Access::FirstEntry, move |tx, visitor, session| {
        contact::first_entry_request(tx, &visitor.app.rules, &visitor.visit, session, &given.address)
    });
    asked
        .await?
        .map(|slot| Json(Asked { slot: slot.as_str() }))
        .map_err(refused)
}

fn parse(slot: &str) -> Result<Slot, Error> {
    Slot::parse(slot).ok_or(Error::refused("page.not_found"))
}
