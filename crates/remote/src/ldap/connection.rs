//! One connection to one server: protected before anything is said, one question at a time, every answer bounded.

use std::sync::Arc;

use esign::asn1::tag;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::Server;
use super::message::{Entry, Filter, Malformed, Outcome, Request, Response, Scope};
use super::server::Encryption;

/// Longest answer of a server.
const MAX_MESSAGE: usize = 256 * 1024;
/// Most answers to one question.
const MAX_ANSWERS: usize = 16;

/// `success` (RFC 4511 §4.1.9).
pub(super) const SUCCESS: u32 = 0;

/// Why a server could not be asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    #[error("no connection: {0}")]
    Io(#[from] std::io::Error),
    #[error("its name is no name of a server: {0}")]
    Name(#[from] rustls::pki_types::InvalidDnsNameError),
    #[error("it speaks no LDAP, or floods")]
    Protocol,
    #[error("it refuses TLS: {0}")]
    NoTls(String),
}

impl From<Malformed> for Broken {
    fn from(_: Malformed) -> Self {
        Self::Protocol
    }
}

/// A connection whose other end has proved its name.
pub(super) struct Connection {
    stream: TlsStream<TcpStream>,
    asked: u8,
}

impl Connection {
    pub(super) async fn open(server: &Server, tls: &Arc<ClientConfig>) -> Result<Self, Broken> {
        let mut stream = TcpStream::connect((server.host.as_str(), server.port)).await?;
        let mut asked = 0;
        if server.encryption == Encryption::StartTls {
            asked += 1;
            send(&mut stream, Request::StartTls, asked).await?;
            // read to its last octet and no further: nothing said in the clear is heard after it (CVE-2011-0411)
            match receive(&mut stream, asked).await? {
                Response::Done(Outcome { code: SUCCESS, .. }) => {}
                Response::Done(outcome) => return Err(Broken::NoTls(outcome.words)),
                Response::Entry(_) | Response::Reference => return Err(Broken::Protocol),
            }
        }
        let name = ServerName::try_from(server.host.clone())?;
        let stream = TlsConnector::from(tls.clone()).connect(name, stream).await?;
        Ok(Self { stream, asked })
    }

    /// Says who we are from now on. An empty password would be nobody's and yet succeed (RFC 4513 §5.1.2).
    pub(super) async fn bind(&mut self, dn: &str, password: &str) -> Result<Outcome, Broken> {
        if dn.is_empty() || password.is_empty() {
            return Err(Broken::Protocol);
        }
        self.ask(Request::Bind { dn, password }).await?;
        match self.answer().await? {
            Response::Done(outcome) => Ok(outcome),
            Response::Entry(_) | Response::Reference => Err(Broken::Protocol),
        }
    }

    /// What there is, and how the search ended. Referrals lead nowhere.
    pub(super) async fn search(
        &mut self,
        base: &str,
        scope: Scope,
        filter: &Filter<'_>,
        attributes: &[&str],
    ) -> Result<(Vec<Entry>, Outcome), Broken> {
        let request = Request::Search {
            base,
            scope,
            filter,
            attributes,
        };
        self.ask(request).await?;
        let mut found = Vec::new();
        for _ in 0..MAX_ANSWERS {
            match self.answer().await? {
                Response::Entry(entry) => found.push(entry),
                Response::Reference => {}
                Response::Done(outcome) => return Ok((found, outcome)),
            }
        }
        Err(Broken::Protocol)
    }

    async fn ask(&mut self, request: Request<'_>) -> Result<(), Broken> {
        self.asked += 1;
        send(&mut self.stream, request, self.asked).await
    }

    async fn answer(&mut self) -> Result<Response, Broken> {
        receive(&mut self.stream, self.asked).await
    }
}

async fn send(stream: &mut (impl AsyncWrite + Unpin), request: Request<'_>, id: u8) -> Result<(), Broken> {
    stream.write_all(&request.encode(id)).await?;
    Ok(stream.flush().await?)
}

/// One message, and not an octet more. Servers write definite lengths (RFC 4511 §5.1).
async fn receive(stream: &mut (impl AsyncRead + Unpin), id: u8) -> Result<Response, Broken> {
    let mut message = vec![0; 2];
    stream.read_exact(&mut message).await?;
    let length = match message.as_slice() {
        [tag::SEQUENCE, short @ 0..=0x7f] => usize::from(*short),
        [tag::SEQUENCE, long @ 0x81..=0x84] => {
            let mut octets = vec![0; usize::from(long & 0x7f)];
            stream.read_exact(&mut octets).await?;
            message.extend_from_slice(&octets);
            octets
                .iter()
                .fold(0, |length, octet| length << 8 | usize::from(*octet))
        }
        _ => return Err(Broken::Protocol),
    };
    if length > MAX_MESSAGE {
        return Err(Broken::Protocol);
    }
    let head = message.len();
    message.resize(head + length, 0);
    stream
        .read_exact(message.get_mut(head..).unwrap_or_default())
        .await?;
    Ok(Response::decode(&message, id)?)
}
