//! `/sign-in/provider/{id}/windows`: the account that somebody is signed in to Windows with (SPNEGO, RFC 4559).
//!
//! Browsers hand tickets over without asking anybody. So this address does nothing without a way that a button began in
//! this very browser, and the ticket takes that way up once (threat SPN-1).

use axum::Router;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use cabinet::provider::ProviderKey;
use data_encoding::BASE64;

use super::directory::Way;
use super::provider::key;
use crate::error::Error;
use crate::extract::{Path, Query};
use crate::visitor::Visitor;

pub(super) fn routes() -> Router {
    Router::new().route("/sign-in/provider/{id}/windows", get(page))
}

async fn page(
    visitor: Visitor,
    Path(id): Path<String>,
    Query(way): Query<Way>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let key = key(&id)?;
    let Some(ticket) = ticket(&headers) else {
        return visitor.ask_for_ticket(&key, &way.state).await;
    };
    let (arrived, reply) = visitor.prove_by_ticket(&key, &way.state, ticket).await?;
    let mut response = visitor.arrived(&key, arrived).await?;
    if let Some(reply) = reply {
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, negotiate(&reply)?);
    }
    Ok(response)
}

/// What the browser hands over; what is no ticket is an empty one.
fn ticket(headers: &HeaderMap) -> Option<Vec<u8>> {
    let mut sent = headers.get_all(header::AUTHORIZATION).iter();
    let only = sent.next()?;
    let text = only.to_str().ok().filter(|_| sent.next().is_none());
    let (scheme, token) = text.and_then(|text| text.split_once(' ')).unwrap_or_default();
    let token = Some(token).filter(|_| scheme.eq_ignore_ascii_case("negotiate"));
    let token = token.and_then(|token| BASE64.decode(token.trim().as_bytes()).ok());
    Some(token.unwrap_or_default())
}

/// `WWW-Authenticate` (RFC 4559 §4.1); with our own proof, where there is one (§4.2).
pub(crate) fn negotiate(reply: &[u8]) -> Result<HeaderValue, Error> {
    let value = format!("Negotiate {}", BASE64.encode(reply));
    HeaderValue::try_from(value.trim_end()).map_err(|error| cabinet::Failure::new(error.to_string()).into())
}

impl Visitor {
    /// Asks the browser for a ticket, once. A browser that has none shows the page that comes with the question.
    async fn ask_for_ticket(&self, key: &ProviderKey, state: &str) -> Result<Response, Error> {
        let errand = match self.look_at_way(key, state).await? {
            Ok(errand) => errand,
            Err(astray) => return self.arrived(key, Err(astray)).await,
        };
        let mut response = self.problem(key, "provider.no_ticket", Some(errand), "").await?;
        *response.status_mut() = StatusCode::UNAUTHORIZED;
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, negotiate(&[])?);
        Ok(response)
    }
}
