//! One request and its answer.

use std::net::{IpAddr, SocketAddr};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{self, HeaderMap, HeaderName};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use url::Host;

use super::{Download, Endpoint, HttpClient, HttpError, Limits, Post, Validators};

/// Largest head of an answer.
const MAX_HEAD: usize = 64 * 1024;

pub(super) type Outgoing = Request<Full<Bytes>>;

pub(super) fn post(to: &Endpoint, post: &Post<'_>) -> Result<Outgoing, HttpError> {
    let request = request(Method::POST, to)
        .header(header::CONNECTION, "close")
        .header(header::CONTENT_TYPE, post.media_type)
        .header(header::ACCEPT, post.accept);
    complete(request, Bytes::copy_from_slice(post.body))
}

pub(super) fn get(from: &Endpoint, known: &Validators) -> Result<Outgoing, HttpError> {
    let mut request = request(Method::GET, from).header(header::CONNECTION, "close");
    if let Some(tag) = &known.entity_tag {
        request = request.header(header::IF_NONE_MATCH, tag);
    }
    if let Some(date) = &known.last_modified {
        request = request.header(header::IF_MODIFIED_SINCE, date);
    }
    complete(request, Bytes::new())
}

pub(super) fn request(method: Method, endpoint: &Endpoint) -> hyper::http::request::Builder {
    Request::builder()
        .method(method)
        .uri(endpoint.path())
        .header(header::HOST, endpoint.authority())
        .header(header::USER_AGENT, "Kabinet")
}

pub(super) fn complete(request: hyper::http::request::Builder, body: Bytes) -> Result<Outgoing, HttpError> {
    request
        .body(Full::new(body))
        .map_err(|error| HttpError::Broken(error.to_string()))
}

/// The address, where the host is a number.
pub(super) fn literal(endpoint: &Endpoint) -> Option<IpAddr> {
    match endpoint.address()? {
        Host::Domain(_) => None,
        Host::Ipv4(address) => Some(address.into()),
        Host::Ipv6(address) => Some(address.into()),
    }
}

pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

impl HttpClient {
    pub(super) async fn exchange(
        &self,
        endpoint: &Endpoint,
        request: Outgoing,
        limits: &Limits,
        into: &mut (impl AsyncWrite + Unpin + Send),
    ) -> Result<Download, HttpError> {
        let asked_if_modified = request.headers().contains_key(header::IF_NONE_MATCH)
            || request.headers().contains_key(header::IF_MODIFIED_SINCE);
        let exchange = async {
            let connected = timeout(limits.connect, self.connect(endpoint)).await;
            let stream = connected.map_err(|_| HttpError::TimedOut)??;
            // Dropped with this exchange, and the connection with it.
            let mut connection = JoinSet::new();
            let mut sender = speak(stream, &mut connection).await?;
            let answer = sender.send_request(request).await.map_err(broken)?;
            match answer.status() {
                StatusCode::OK => {
                    let validators = Validators::of(answer.headers());
                    receive(answer, limits.body, into).await?;
                    Ok(Download::Complete(validators))
                }
                StatusCode::NOT_MODIFIED if asked_if_modified => Ok(Download::NotModified),
                status => Err(HttpError::Status(status.as_u16())),
            }
        };
        timeout(limits.total, exchange)
            .await
            .map_err(|_| HttpError::TimedOut)?
    }

    /// A connection to an address that was checked.
    pub(super) async fn connect(&self, endpoint: &Endpoint) -> Result<Box<dyn Stream>, HttpError> {
        let addresses = self.addresses(endpoint).await?;
        self.check(endpoint, &addresses)?;
        let stream = first_that_answers(&addresses).await?;
        if !endpoint.is_encrypted() {
            return Ok(Box::new(stream));
        }
        let tls_error = |error: &dyn std::error::Error| HttpError::Tls(error.to_string());
        let name = match literal(endpoint) {
            Some(address) => ServerName::from(address),
            None => ServerName::try_from(endpoint.host().to_owned()).map_err(|error| tls_error(&error))?,
        };
        let tls = TlsConnector::from(self.tls.clone()).connect(name, stream).await;
        Ok(Box::new(tls.map_err(|error| tls_error(&error))?))
    }

    async fn addresses(&self, endpoint: &Endpoint) -> Result<Vec<SocketAddr>, HttpError> {
        if let Some(address) = literal(endpoint) {
            return Ok(vec![SocketAddr::new(address, endpoint.port())]);
        }
        let found = (self.resolver)(endpoint.host().to_owned(), endpoint.port()).await;
        match found {
            Ok(addresses) if !addresses.is_empty() => Ok(addresses),
            Ok(_) => Err(HttpError::Unresolved(endpoint.host().to_owned())),
            Err(error) => Err(HttpError::Unresolved(error.to_string())),
        }
    }
}

async fn first_that_answers(addresses: &[SocketAddr]) -> Result<TcpStream, HttpError> {
    let mut refused = None;
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => refused = refused.or(Some(error)),
        }
    }
    Err(HttpError::Connect(
        refused.map(|error| error.to_string()).unwrap_or_default(),
    ))
}

/// Speaks HTTP over a stream; the connection lives as long as its driver in `connection`.
pub(super) async fn speak(
    stream: Box<dyn Stream>,
    connection: &mut JoinSet<()>,
) -> Result<SendRequest<Full<Bytes>>, HttpError> {
    let mut builder = http1::Builder::new();
    builder.max_buf_size(MAX_HEAD);
    let (sender, driver) = builder.handshake(TokioIo::new(stream)).await.map_err(broken)?;
    connection.spawn(async move {
        // What ends the connection early is told by the answer's body.
        let _ = driver.await;
    });
    Ok(sender)
}

pub(super) async fn receive(
    mut answer: Response<Incoming>,
    limit: u64,
    into: &mut (impl AsyncWrite + Unpin),
) -> Result<(), HttpError> {
    let announced = answer.headers().get(header::CONTENT_LENGTH);
    let announced = announced
        .and_then(|length| length.to_str().ok())
        .and_then(|length| length.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(HttpError::TooLarge);
    }
    let mut left = limit;
    while let Some(frame) = answer.frame().await {
        let frame = frame.map_err(broken)?;
        let Some(chunk) = frame.data_ref() else { continue };
        left = left.checked_sub(chunk.len() as u64).ok_or(HttpError::TooLarge)?;
        into.write_all(chunk).await.map_err(storage)?;
    }
    into.flush().await.map_err(storage)
}

impl Validators {
    fn of(headers: &HeaderMap) -> Self {
        let text = |name: HeaderName| {
            let value = headers.get(name)?.to_str().ok()?;
            (value.len() <= 512).then(|| value.to_owned())
        };
        Self {
            entity_tag: text(header::ETAG),
            last_modified: text(header::LAST_MODIFIED),
        }
    }
}

pub(super) fn broken(error: hyper::Error) -> HttpError {
    HttpError::Broken(error.to_string())
}

fn storage(error: std::io::Error) -> HttpError {
    HttpError::Storage(error.to_string())
}
