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
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tower::Service as _;

use self::places::{Attendant, Place, Places};
use self::stall::StallGuard;
use crate::App;
use crate::door::{self, Door, Proven};

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
    let house = House {
        router: crate::router(app),
        head,
        door: None,
    };
    run(listener, house, places, shutdown).await;
    Ok(())
}

/// Takes certificates at the door until `shutdown`.
pub async fn serve_door(
    listener: TcpListener,
    door: Door,
    app: Arc<App>,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let places = Places::new(app.limits, app.proxies.clone());
    let house = House {
        router: door::router(app, door.clone()),
        head: HEAD_BYTES,
        door: Some(door),
    };
    run(listener, house, places, shutdown).await;
    Ok(())
}

/// Serves the operator's pages alone (`/health`, `/ready`, `/metrics`) until `shutdown`.
pub async fn serve_operator(
    listener: TcpListener,
    app: Arc<App>,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let places = Places::new(app.limits, app.proxies.clone());
    let house = House {
        router: crate::operator_router(app),
        head: HEAD_BYTES,
        door: None,
    };
    run(listener, house, places, shutdown).await;
    Ok(())
}

/// What connections are let into.
#[derive(Clone)]
struct House {
    router: Router,
    /// The longest head of a request.
    head: usize,
    door: Option<Door>,
}

async fn run(listener: TcpListener, house: House, places: Arc<Places>, shutdown: impl Future<Output = ()>) {
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
                    connect(stream, peer, place, house.clone(), graceful.watcher());
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

fn connect(stream: TcpStream, peer: IpAddr, place: Place, house: House, watcher: Watcher) {
    // Without it small answers wait for the client's delayed acknowledgement; a socket that refuses is served anyway.
    let _ = stream.set_nodelay(true);
    let guest = Guest {
        attendant: place.attendant(),
        peer,
        proven: None,
    };
    tokio::spawn(async move {
        let serving = async {
            match &house.door {
                Some(Door::Tls(tls)) => {
                    let handshake = tls.acceptor().accept(stream);
                    // a client that breaks off, or has no key to its certificate, sees why in its own words
                    let Ok(Ok(stream)) = tokio::time::timeout(HEAD_TIME, handshake).await else {
                        return;
                    };
                    let proven = Proven::by(stream.get_ref().1);
                    converse(stream, Guest { proven, ..guest }, house, watcher).await;
                }
                Some(Door::Proxied(_)) | None => converse(stream, guest, house, watcher).await,
            }
        };
        tokio::select! {
            () = serving => {}
            () = place.told_to_leave() => {}
        }
    });
}

/// Whoever is at the other end.
struct Guest {
    attendant: Attendant,
    peer: IpAddr,
    proven: Option<Proven>,
}

/// Answers the requests of one connection.
async fn converse<S>(stream: S, guest: Guest, house: House, watcher: Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let House { router, head, .. } = house;
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let serving = guest.attendant.serve();
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(guest.peer));
        if let Some(proven) = &guest.proven {
            request.extensions_mut().insert(proven.clone());
        }
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
    // Ends in an error whenever a client breaks off or breaks the protocol: nothing to act on.
    let _ = watcher.watch(connection).await;
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
