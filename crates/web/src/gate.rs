//! The gate before every route: who asks, whether under our name, and what every answer carries.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tokio::time::Instant;
use url::Url;

use crate::cookie::{self, Life};
use crate::error::Error;
use crate::pages::{Standing, egov};
use crate::view::error::ErrorKind;
use crate::visitor::Visitor;
use crate::{App, csrf, door, headers, panic};

/// Asked by their address, not by our name: probes know only that.
const PROBES: [&str; 3] = ["/health", "/ready", "/metrics"];

/// Lets a request in, and sees its answer off: errors into words, cookies, headers, log, metrics.
pub(crate) async fn gate(
    State((app, standing)): State<(Arc<App>, Arc<Standing>)>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let method = name(request.method());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let visitor = Visitor::arrive(&app, &standing, &request);
    let mut response = panic::survive(answer(&visitor, request, next)).await;
    if let Some(error) = response.extensions_mut().remove::<Error>() {
        response = error.answer(&visitor).await;
    }
    set_cookies(&visitor, response.headers_mut());
    headers::secure(
        &mut response,
        &app.site.keys,
        app.rules.base_url.scheme() == "https",
    );

    let took = started.elapsed();
    let status = response.status().as_u16();
    let route = route.as_ref().map_or("unknown", MatchedPath::as_str);
    app.metrics.request(method, route, status, took);
    let request = visitor.visit.request_id.as_str();
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    tracing::info!(target: "access", method, route, status, micros, request);
    response
}

/// The answer of a handler, where the request may have one.
async fn answer(visitor: &Visitor, mut request: Request, next: Next) -> Response {
    if is_forged(&visitor.app, &request) {
        tracing::warn!(
            request = visitor.visit.request_id,
            address = %visitor.visit.address,
            "a header with a certificate came where none is believed"
        );
        return Error::Page(ErrorKind::BadRequest).into_response();
    }
    if !is_addressed_to_us(&request, &visitor.app.rules.base_url) {
        return Error::Page(ErrorKind::WrongHost).into_response();
    }
    request.extensions_mut().insert(visitor.clone());
    if egov::is_asked(request.uri().path()) {
        return next.run(request).await;
    }
    match csrf::guard(visitor, request).await {
        Ok(request) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

/// Whether a certificate comes in a header, which is believed at the door alone (threats, PRX-1).
fn is_forged(app: &App, request: &Request) -> bool {
    let configured = app.remote_keys.certificates.as_ref();
    let configured = configured.and_then(|address| address.header.as_ref());
    door::is_forged(request.headers(), configured)
}

/// Whether the operator's monitoring asks.
pub(crate) fn is_probe(request: &Request) -> bool {
    PROBES.contains(&request.uri().path())
}

/// Whether exactly one host is named, and it is ours: links in messages and the text people sign come from the
/// configuration, and a page under another name is a trap.
fn is_addressed_to_us(request: &Request, base: &Url) -> bool {
    if is_probe(request) {
        return true;
    }
    let uri = request.uri();
    let ours = &base[url::Position::BeforeHost..url::Position::AfterPort];
    uri.authority()
        .is_none_or(|authority| authority.as_str().eq_ignore_ascii_case(ours))
        && host(request.headers()).is_some_and(|host| host.eq_ignore_ascii_case(ours))
}

fn host(headers: &HeaderMap) -> Option<&str> {
    let mut hosts = headers.get_all(header::HOST).iter();
    hosts.next().filter(|_| hosts.next().is_none())?.to_str().ok()
}

fn set_cookies(visitor: &Visitor, headers: &mut HeaderMap) {
    let already = |headers: &HeaderMap, name: &str| {
        let sets = |line: &HeaderValue| {
            line.to_str()
                .is_ok_and(|line| line.split('=').next() == Some(name))
        };
        headers.get_all(header::SET_COOKIE).iter().any(sets)
    };
    if visitor.must_drop_session() && !already(headers, cookie::SESSION) {
        headers.append(header::SET_COOKIE, cookie::clear(cookie::SESSION));
    }
    if let Some(cookie) = visitor.linking_now()
        && !already(headers, cookie::LINKING)
    {
        headers.append(header::SET_COOKIE, cookie.clone());
    }
    if let Some(cookie) = visitor.certificate_now()
        && !already(headers, cookie::CERTIFICATE)
    {
        headers.append(header::SET_COOKIE, cookie.clone());
    }
    let keep = visitor.must_keep();
    if keep.browser && !already(headers, cookie::BROWSER) {
        headers.append(
            header::SET_COOKIE,
            cookie::set(cookie::BROWSER, &visitor.browser.expose(), Life::Year),
        );
    }
    if keep.form && !already(headers, cookie::FORM) {
        headers.append(
            header::SET_COOKIE,
            cookie::set(cookie::FORM, &visitor.form.expose(), Life::Browser),
        );
    }
}

/// Methods come from outside: what is not known has no name in logs and metrics.
fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
