//! A form that waits for a fresh proof or the next sign-in: kept sealed in a ticket, so that nothing typed is lost.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};
use cabinet::Failure;
use cabinet::account::AccountId;
use cabinet::ticket::{self, New, Purpose};
use db::Tx;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::cookie::{self, Life};
use crate::visitor::Visitor;

const LIFE: Duration = Duration::from_secs(15 * 60);
/// No field of a form is longer: what is cut off here the form itself would refuse.
const FIELD_CHARS: usize = 512;
const LIMIT: usize = 8 * 1024;

/// Where the person was, and the cookie that finds the form again.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    back: &'static str,
    cookie: Option<HeaderValue>,
}

impl Kept {
    /// Nothing was typed: only the way back.
    pub(crate) fn nothing(back: &'static str) -> Self {
        Self { back, cookie: None }
    }

    pub(crate) fn to_step_up(&self, visitor: &Visitor) -> Response {
        self.to(&visitor.with_return_to("/step-up", self.back))
    }

    pub(crate) fn to_sign_in(&self, visitor: &Visitor) -> Response {
        self.to(&visitor.sign_in_page(self.back))
    }

    fn to(&self, page: &str) -> Response {
        let cookie = self.cookie.clone().map(|cookie| (header::SET_COOKIE, cookie));
        (AppendHeaders(cookie), Redirect::to(page)).into_response()
    }
}

/// Keeps `form` for the page `back` of `account`, in this browser. An account has one draft, the last; what is too
/// large for any form of ours is not kept.
pub(crate) fn keep<T: Serialize>(
    tx: &mut Tx<'_>,
    visitor: &Visitor,
    account: AccountId,
    back: &'static str,
    form: &T,
) -> Result<Kept, Failure> {
    ticket::discard_kind(tx, &visitor.visit, account, Purpose::Draft)?;
    let payload = serde_json::to_vec(&(back, cut(serde_json::to_value(form)?)))?;
    if payload.len() > LIMIT {
        return Ok(Kept::nothing(back));
    }
    let new = New {
        purpose: Purpose::Draft,
        browser: Some(visitor.browser_hash()),
        account: Some(account),
        session: None,
        life: LIFE,
        tries: 0,
        payload: &payload,
    };
    let issued = ticket::issue(tx, &visitor.app.rules, &visitor.visit, new)?;
    let seconds = u32::try_from(LIFE.as_secs()).unwrap_or(u32::MAX);
    let cookie = cookie::set(cookie::DRAFT, &issued.secret.expose(), Life::Seconds(seconds));
    Ok(Kept {
        back,
        cookie: Some(cookie),
    })
}

/// The form with no field longer than a field can be.
fn cut(mut form: Value) -> Value {
    let fields = form
        .as_object_mut()
        .into_iter()
        .flat_map(|form| form.values_mut());
    for field in fields {
        if let Value::String(text) = field
            && let Some((end, _)) = text.char_indices().nth(FIELD_CHARS)
        {
            text.truncate(end);
        }
    }
    form
}

/// The form kept for the page `back`, if there is one. Looking does not use it up.
pub(crate) fn find<T: DeserializeOwned>(
    tx: &mut Tx<'_>,
    visitor: &Visitor,
    account: AccountId,
    back: &'static str,
) -> Result<Option<T>, Failure> {
    let Some(secret) = &visitor.draft else {
        return Ok(None);
    };
    let (rules, visit) = (&visitor.app.rules, &visitor.visit);
    let found = ticket::find(
        tx,
        rules,
        visit,
        Purpose::Draft,
        secret,
        Some(visitor.browser_hash()),
    )?;
    let kept = found
        .filter(|ticket| ticket.account == Some(account))
        .and_then(|ticket| serde_json::from_slice::<(String, T)>(&ticket.payload).ok());
    Ok(kept.filter(|(page, _)| page == back).map(|(_, form)| form))
}

/// Makes the browser forget the form, once it did its work.
pub(crate) fn forget() -> AppendHeaders<[(HeaderName, HeaderValue); 1]> {
    AppendHeaders([(header::SET_COOKIE, cookie::clear(cookie::DRAFT))])
}
