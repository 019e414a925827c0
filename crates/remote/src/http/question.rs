//! Questions to a service that is asked again and again: its connections are kept for a while.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::http1::SendRequest;
use hyper::{Method, Response, header};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

use super::exchange::{Outgoing, broken, complete, receive, request, speak};
use super::{Endpoint, HttpClient, HttpError, Limits};

/// Below the least that servers keep an idle connection for.
const LONGEST_IDLE: Duration = Duration::from_secs(4);
/// After this the name is resolved and its addresses are checked again.
const LONGEST_LIFE: Duration = Duration::from_secs(60);
/// Idle connections to one host.
const MAX_IDLE: usize = 64;

/// A question to a service.
#[derive(Clone, Default)]
pub struct Question<'a> {
    /// What is posted as `application/x-www-form-urlencoded`; without it the question is a GET.
    pub form: Option<&'a str>,
    /// The `Authorization` header.
    pub authorization: Option<&'a str>,
}

/// Its answer, whatever the status.
pub struct Reply {
    /// The status; never a redirect.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// Idle connections by scheme, host and port.
#[derive(Default)]
pub(super) struct Lines(Mutex<HashMap<String, Vec<Line>>>);

/// A connection to an address that was checked.
struct Line {
    sender: SendRequest<Full<Bytes>>,
    /// Its driver; dropped with it.
    _connection: JoinSet<()>,
    opened: Instant,
    idle_since: Instant,
}

impl HttpClient {
    /// Asks, over a connection that is used again where there is one.
    pub async fn ask(
        &self,
        endpoint: &Endpoint,
        question: &Question<'_>,
        limits: &Limits,
    ) -> Result<Reply, HttpError> {
        let request = outgoing(endpoint, question)?;
        let exchange = async {
            let (answer, line) = self.send(endpoint, request, limits).await?;
            let status = answer.status().as_u16();
            if (300..400).contains(&status) {
                return Err(HttpError::Status(status));
            }
            let mut body = Vec::new();
            receive(answer, limits.body, &mut body).await?;
            self.lines.keep(endpoint, line);
            Ok(Reply { status, body })
        };
        timeout(limits.total, exchange)
            .await
            .map_err(|_| HttpError::TimedOut)?
    }

    async fn send(
        &self,
        endpoint: &Endpoint,
        mut request: Outgoing,
        limits: &Limits,
    ) -> Result<(Response<Incoming>, Line), HttpError> {
        while let Some(mut line) = self.lines.take(endpoint) {
            if line.sender.ready().await.is_err() {
                continue;
            }
            match line.sender.try_send_request(request).await {
                Ok(answer) => return Ok((answer, line)),
                // Only what never left may be sent again.
                Err(mut error) => match error.take_message() {
                    Some(unsent) => request = unsent,
                    None => return Err(broken(error.into_error())),
                },
            }
        }
        let mut line = self.open(endpoint, limits).await?;
        let answer = line.sender.send_request(request).await.map_err(broken)?;
        Ok((answer, line))
    }

    async fn open(&self, endpoint: &Endpoint, limits: &Limits) -> Result<Line, HttpError> {
        let connected = timeout(limits.connect, self.connect(endpoint)).await;
        let stream = connected.map_err(|_| HttpError::TimedOut)??;
        let mut connection = JoinSet::new();
        let sender = speak(stream, &mut connection).await?;
        let now = Instant::now();
        Ok(Line {
            sender,
            _connection: connection,
            opened: now,
            idle_since: now,
        })
    }
}

impl Lines {
    fn take(&self, endpoint: &Endpoint) -> Option<Line> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = lines.get_mut(&endpoint.origin())?;
        idle.retain(|line| line.opened.elapsed() < LONGEST_LIFE && line.idle_since.elapsed() < LONGEST_IDLE);
        idle.pop()
    }

    fn keep(&self, endpoint: &Endpoint, line: Line) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = lines.entry(endpoint.origin()).or_default();
        if idle.len() < MAX_IDLE {
            idle.push(Line {
                idle_since: Instant::now(),
                ..line
            });
        }
    }
}

fn outgoing(endpoint: &Endpoint, question: &Question<'_>) -> Result<Outgoing, HttpError> {
    let method = if question.form.is_some() {
        Method::POST
    } else {
        Method::GET
    };
    let mut request = request(method, endpoint).header(header::ACCEPT, "application/json");
    if let Some(authorization) = question.authorization {
        request = request.header(header::AUTHORIZATION, authorization);
    }
    if question.form.is_some() {
        request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    let body = question.form.unwrap_or_default();
    complete(request, Bytes::copy_from_slice(body.as_bytes()))
}
