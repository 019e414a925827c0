//! Only this site's own pages, and programs that asked for a token, change anything.
//!
//! The token is a keyed hash of a `__Host-` cookie that is replaced at every sign-in and sign-out: it exists before
//! sign-in too, lasts through a step-up (so that other tabs go on), and dies with the visit it was made for.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use cabinet::{Rules, Secret};
use data_encoding::HEXLOWER;
use url::Url;

use crate::body;
use crate::error::Error;
use crate::view::error::ErrorKind;
use crate::visitor::Visitor;

const HEADER: &str = "x-csrf-token";
const FIELD: &str = "csrf";

/// The token that goes with the cookie `form`.
pub(crate) fn token(rules: &Rules, form: &Secret) -> String {
    HEXLOWER.encode(&rules.server_key.keyed_hash("form token", &form.hash()))
}

/// Lets a request that may change something pass only with the token of its own visit, from this origin, as a form
/// or as JSON; the body is read here, within its limits, once for all handlers. What the API says of a person, another
/// site may not even read (WEB-9).
pub(crate) async fn guard(visitor: &Visitor, request: Request) -> Result<Request, Error> {
    let is_safe = request.method().is_safe();
    let is_personal = visitor.wants_json && visitor.session.is_some();
    if (!is_safe || is_personal) && !same_origin(request.headers(), &visitor.app.rules.base_url) {
        return Err(Error::Page(ErrorKind::StaleForm));
    }
    if is_safe {
        return Ok(request);
    }
    let (parts, body) = request.into_parts();
    let body = body::read(body, body::LIMIT).await?;
    let given = given(&parts.headers, &body).ok_or(Error::Page(ErrorKind::StaleForm))?;
    let expected = visitor.csrf();
    if visitor.new.form || verify_slices_are_equal(given.as_bytes(), expected.as_bytes()).is_err() {
        return Err(Error::Page(ErrorKind::StaleForm));
    }
    Ok(Request::from_parts(parts, Body::from(body)))
}

/// Whether the browser says, in either of its two ways, that the request comes from this site or from its own
/// address bar. Programs that say nothing have only the token to show.
fn same_origin(headers: &HeaderMap, base: &Url) -> bool {
    let text = |name| {
        headers
            .get(name)
            .map(|value| value.to_str().unwrap_or("unreadable"))
    };
    let own_site = text("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    let own_origin = match text("origin") {
        None => true,
        // a form of a page without referrers hides its origin; the browser still says whose form it is
        Some("null") => text("sec-fetch-site") == Some("same-origin"),
        Some(origin) => origin == base.origin().ascii_serialization(),
    };
    own_site && own_origin
}

/// The token that came along: as a field of a form, or as a header of a JSON or empty request.
fn given(headers: &HeaderMap, body: &Bytes) -> Option<String> {
    let media = headers
        .get(header::CONTENT_TYPE)
        .map_or(Some(""), |value| value.to_str().ok())?;
    match media.split(';').next()?.trim() {
        "application/x-www-form-urlencoded" => {
            let mut fields = url::form_urlencoded::parse(body);
            fields
                .find(|(name, _)| name == FIELD)
                .map(|(_, value)| value.into_owned())
        }
        "application/json" => header_token(headers),
        "" if body.is_empty() => header_token(headers),
        _ => None,
    }
}

fn header_token(headers: &HeaderMap) -> Option<String> {
    headers.get(HEADER)?.to_str().ok().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn ses_3_the_browsers_word_on_the_origin() {
        let base = Url::parse("https://kabinet.example/").unwrap();
        let check = |pairs: &[(&'static str, &'static str)]| {
            let headers = pairs
                .iter()
                .map(|(name, value)| {
                    (
                        header::HeaderName::from_static(name),
                        HeaderValue::from_static(value),
                    )
                })
                .collect();
            same_origin(&headers, &base)
        };
        assert!(check(&[]));
        assert!(check(&[
            ("sec-fetch-site", "same-origin"),
            ("origin", "https://kabinet.example")
        ]));
        assert!(check(&[("sec-fetch-site", "none")]));
        assert!(check(&[("sec-fetch-site", "same-origin"), ("origin", "null")]));
        assert!(!check(&[("sec-fetch-site", "none"), ("origin", "null")]));
        for site in ["cross-site", "same-site", "", "nonsense"] {
            assert!(!check(&[("sec-fetch-site", site)]), "{site}");
        }
        for origin in [
            "null",
            "https://evil.example",
            "http://kabinet.example",
            "https://kabinet.example:444",
        ] {
            assert!(!check(&[("origin", origin)]), "{origin}");
        }
    }
}
