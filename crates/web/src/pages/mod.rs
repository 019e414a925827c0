//! Pages: parse, call the use case, show or redirect.

use askama::Template;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use crate::error::Error;
use crate::headers::{self, Signing};

mod binding;
mod certificates;
mod check;
mod contact;
mod demo;
mod directory;
pub(crate) mod egov;
mod enrolment;
mod first_entry;
mod help;
mod home;
mod identity;
mod language;
mod link;
mod linking;
mod merge;
mod organisation;
mod passkey;
mod password;
pub(crate) mod phone;
mod provider;
mod recovery;
mod second_factor;
pub(crate) mod security;
mod session;
mod shown;
mod sign_in;
mod sign_out;
mod standing;
mod start;
mod step_up;
mod unknown_certificate;
mod windows;

pub(crate) use sign_out::forget;
pub(crate) use standing::Standing;
pub(crate) use windows::negotiate;

pub(crate) fn routes(demo: bool) -> Router {
    let routes = Router::new()
        .merge(start::routes())
        .merge(language::routes())
        .merge(sign_out::routes())
        .merge(first_entry::routes())
        .merge(contact::routes())
        .merge(link::routes())
        .merge(organisation::routes())
        .merge(recovery::routes())
        .merge(help::routes())
        .merge(check::routes())
        .merge(home::routes())
        .merge(binding::routes())
        .merge(certificates::routes())
        .merge(password::routes())
        .merge(session::routes())
        .merge(sign_in::routes())
        .merge(unknown_certificate::routes())
        .merge(step_up::routes())
        .merge(second_factor::routes())
        .merge(enrolment::routes())
        .merge(passkey::routes())
        .merge(provider::routes())
        .merge(directory::routes())
        .merge(windows::routes())
        .merge(shown::routes())
        .merge(phone::routes())
        .merge(linking::routes())
        .merge(merge::routes())
        .merge(identity::routes());
    if demo {
        routes.merge(demo::routes())
    } else {
        routes
    }
}

/// Bytes of a usual page, and some to spare.
const PAGE: usize = 16 * 1024;

/// A page.
fn show(view: &impl Template) -> Result<Response, Error> {
    Ok(page(written(view)?))
}

/// With room for all its headers.
fn page(html: String) -> Response {
    let mut response = Response::new(Body::from(html));
    *response.headers_mut() = HeaderMap::with_capacity(headers::COUNT);
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, html);
    response
}

/// A page that says why the form it shows again was refused.
fn refuse(view: &impl Template) -> Result<Response, Error> {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(written(view)?)).into_response())
}

/// The page in one piece of memory that it seldom outgrows.
fn written(view: &impl Template) -> Result<String, Error> {
    let mut page = String::with_capacity(PAGE);
    view.render_into(&mut page)?;
    Ok(page)
}

/// Lets the page compile and run the signing module.
fn signing(mut response: Response) -> Response {
    response.extensions_mut().insert(Signing);
    response
}
