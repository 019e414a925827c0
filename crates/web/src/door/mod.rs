//! The address where a certificate is shown: browsers ask for one once for a whole connection, so it has a host or a port of
//! its own. It shows no page. It takes note of the certificate whose key the handshake has proven, and sends the browser back.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use cabinet::ticket::Purpose;
use cabinet::{Secret, sign_in};
use url::Url;

use crate::App;
use crate::error::Error;
use crate::headers;
use crate::listener::Peer;
use crate::pages::Standing;
use crate::visitor::Visitor;

mod proxied;
mod tls;

pub(crate) use proxied::is_forged;
pub use proxied::{HeaderError, ProxiedDoor};
pub(crate) use tls::Proven;
pub use tls::TlsDoor;

/// How certificates come in.
#[derive(Debug, Clone)]
pub enum Door {
    /// By handshakes made here.
    Tls(TlsDoor),
    /// By handshakes that a proxy made, and told us of.
    Proxied(Arc<ProxiedDoor>),
}

/// A certificate whose key the other end of a TLS connection has just proven, with those sent beside it. Only a handshake
/// made here and the header of a proxy that is believed make one.
#[derive(Debug, Clone)]
pub(crate) struct PresentedChain(Arc<[Vec<u8>]>);

/// The one address of the door.
pub(crate) fn router(app: Arc<App>, door: Door) -> Router {
    Router::new()
        .route("/{way}", get(show))
        .with_state((app, Arc::<Standing>::default(), door))
}

async fn show(
    State((app, standing, door)): State<(Arc<App>, Arc<Standing>, Door)>,
    Path(way): Path<String>,
    request: Request,
) -> Response {
    let visitor = Visitor::arrive(&app, &standing, &request);
    let chain = match &door {
        Door::Tls(_) => Ok(request.extensions().get::<Proven>().map(Proven::chain)),
        Door::Proxied(proxy) => {
            let peer = request.extensions().get::<Peer>().copied();
            proxy.chain(peer.map(|Peer(address)| address), request.headers())
        }
    };
    let mut response = match chain {
        Ok(chain) => visitor.show_certificate(&way, chain).await,
        Err(refused) => {
            tracing::warn!(
                request = visitor.visit.request_id,
                address = %visitor.visit.address,
                %refused,
                "a certificate that no believed proxy vouches for was refused"
            );
            StatusCode::BAD_REQUEST.into_response()
        }
    };
    headers::secure(&mut response, &app.site.keys, false);
    // what one connection has proven is nothing to the next request (threats, PRX-3)
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(header::CONNECTION, close);
    response
}

impl Visitor {
    /// Takes note of what was shown along a way, and sends the browser back to where the way began.
    async fn show_certificate(&self, way: &str, chain: Option<PresentedChain>) -> Response {
        match self.note_certificate(way, chain).await {
            Ok(path) => back(&self.app.rules.base_url, &path),
            Err(error) => {
                error.log(self);
                back(&self.app.rules.base_url, "/sign-in/shown/failed")
            }
        }
    }

    async fn note_certificate(&self, way: &str, chain: Option<PresentedChain>) -> Result<String, Error> {
        let Some(chain) = chain else {
            return Ok("/sign-in/shown/absent".to_owned());
        };
        let Some(way) = Secret::parse(way) else {
            return Ok("/sign-in/shown/gone".to_owned());
        };
        let visitor = self.clone();
        let shown = self.app.db.write(move |tx| {
            sign_in::present_certificate(tx, &visitor.app.rules, &visitor.visit, &way, &chain.0)
        });
        Ok(match shown.await? {
            None => "/sign-in/shown/gone".to_owned(),
            Some(shown) => {
                let page = match shown.purpose {
                    Purpose::StepUp => "/step-up",
                    _ => "/sign-in",
                };
                format!("{page}/shown/{}", shown.secret.expose())
            }
        })
    }
}

/// To a page of the site itself, whatever name the door was asked by.
fn back(base: &Url, path: &str) -> Response {
    let address = base.join(path).ok();
    let address = address.and_then(|address| HeaderValue::try_from(address.as_str()).ok());
    match address {
        Some(address) => (StatusCode::SEE_OTHER, [(header::LOCATION, address)]).into_response(),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
