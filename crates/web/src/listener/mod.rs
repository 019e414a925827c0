//! Connections: accepted under a cap, served with time-outs on everything a slow or silent client could hold,
//! ended gracefully.

use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tower::Service as _;

use self::places::{Place, Places};
use self::stall::StallGuard;
use crate::App;

mod places;
mod stall;

/// How long a client may take to send a request's head, and how long a kept connection may stay silent.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// How long a client may refuse to take any byte of an answer.
const STALL_TIME: Duration = Duration::from_secs(20);
/// How long requests under way may take to finish once the server stops.
const GRACE: Duration = Duration::from_secs(25);
/// The pause after a failed accept, in which a connection that was sent away ends.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);
/// How many connections make room then.
const ROOM: usize = 32;
const HEAD_BYTES: usize = 16 * 1024;
/// The same at the one address that takes tickets of Kerberos, which are long (SPN-2).
const TICKET_HEAD_BYTES: usize = 72 * 1024;
const HEADERS: usize = 64;

/// The other end of the connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// How many connections are held at once.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// By all clients together. A further one takes the place of the longest silent.
    pub connections: usize,
    /// By one IPv4 address or IPv6 /64. A further one takes the place of the longest silent of them; configured
    /// proxies are exempt.
    pub per_address: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4096,
            per_address: 512,
        }
    }
}

/// Serves `app` until `shutdown`, then finishes the requests under way.
pub async fn serve(
    listener: TcpListener,
    app: Arc<App>,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let places = Places::new(app.limits, app.proxies.clone());
    let head = if app.takes_tickets() {
        TICKET_HEAD_BYTES
    } else {
        HEAD_BYTES
    };
    run(listener, crate::router(app), places, head, shutdown).await;
    Ok(())
}

/// Serves the operator's pages alone (`/health`, `/ready`, `/metrics`) until `shutdown`.
pub async fn serve_operator(
    listener: TcpListener,
    app: Arc<App>,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let places = Places::new(app.limits, app.proxies.clone());
    run(
        listener,
        crate::operator_router(app),
        places,
        HEAD_BYTES,
        shutdown,
    )
    .await;
    Ok(())
}

async fn run(
    listener: TcpListener,
    router: Router,
    places: Arc<Places>,
    head: usize,
    shutdown: impl Future<Output = ()>,
) {
    let graceful = GracefulShutdown::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut shutdown => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let peer = peer.ip().to_canonical();
                if let Some(place) = places.take(peer) {
                    connect(stream, peer, place, router.clone(), head, &graceful);
                }
            }
            Err(error) => recover(&error, &places).await,
        }
    }
    drop(listener);
    if tokio::time::timeout(GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were cut off: they did not finish within the grace period");
    }
}

/// Out of file descriptors, most likely: the longest silent make room, also for files of the storage.
async fn recover(error: &io::Error, places: &Places) {
    tracing::warn!(%error, "a connection could not be accepted");
    places.make_room(ROOM);
    tokio::time::sleep(ACCEPT_PAUSE).await;
}

fn connect(
    stream: TcpStream,
    peer: IpAddr,
    place: Place,
    router: Router,
    head: usize,
    graceful: &GracefulShutdown,
) {
    // Without it small answers wait for the client's delayed acknowledgement; a socket that refuses is served anyway.
    let _ = stream.set_nodelay(true);
    let attendant = place.attendant();
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let serving = attendant.serve();
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer));
        let is_too_long = head > HEAD_BYTES && is_too_long(&request);
        let answer = router.clone().call(request);
        async move {
            if is_too_long {
                return Ok(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE.into_response());
            }
            let answer = answer.await;
            drop(serving);
            answer
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(head)
        .max_headers(HEADERS)
        .serve_connection(TokioIo::new(StallGuard::new(stream, STALL_TIME)), service);
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        tokio::select! {
            // Ends in an error whenever a client breaks off or breaks the protocol: nothing to act on.
            _ = connection => {}
            () = place.told_to_leave() => {}
        }
    });
}

/// Whether a head is longer than anything but a ticket can make it.
fn is_too_long(request: &hyper::Request<Body>) -> bool {
    let path = request.uri().path();
    let takes_ticket = path.starts_with("/sign-in/provider/") && path.ends_with("/windows");
    let lines = request.headers().iter();
    let bytes: usize = lines
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum();
    !takes_ticket && bytes + path.len() > HEAD_BYTES
}
