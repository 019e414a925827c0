//! The one way out to the web (threat NET-2).
//!
//! A name is resolved, every address it has is checked, and the connection is made to an address that was checked:
//! a name that points elsewhere a moment later reaches nobody. There are no redirects, no proxies of the environment
//! and no cookies. Only [`HttpClient::ask`] uses a connection again, and for a minute at most: then the name is resolved
//! and checked anew.

mod address;
mod endpoint;
mod exchange;
mod question;

use std::collections::HashSet;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::AsyncWrite;

pub use endpoint::{Endpoint, MalformedEndpoint};
pub use question::{Question, Reply};

/// Finds the addresses of a host.
pub type Resolver = Arc<dyn Fn(String, u16) -> Found + Send + Sync>;

/// What a [`Resolver`] gives.
pub type Found = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// Asks servers of others.
#[derive(Clone)]
pub struct HttpClient {
    tls: Arc<ClientConfig>,
    internal: Arc<HashSet<String>>,
    resolver: Resolver,
    lines: Arc<question::Lines>,
}

/// Whom the client may reach, and whom it believes.
#[derive(Debug, Clone, Default)]
pub struct HttpSettings {
    /// Hosts, by name or number, that may have addresses inside the operator's own network.
    pub internal_hosts: Vec<String>,
    /// Authorities of servers beside those of the system, in PEM.
    pub authorities: Vec<Vec<u8>>,
}

/// What one exchange may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Until the connection stands, TLS included.
    pub connect: Duration,
    /// From the first step to the last byte.
    pub total: Duration,
    /// Bytes of the answer.
    pub body: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            total: Duration::from_secs(10),
            body: 1024 * 1024,
        }
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// The host has an address that is not on the public internet, and the configuration does not allow that.
    #[error("{host} is at {address}, which is not on the public internet; `internal_hosts` does not name it")]
    Internal {
        /// the host asked for
        host: String,
        /// one of its addresses
        address: IpAddr,
    },
    /// The name has no address.
    #[error("the name has no address: {0}")]
    Unresolved(String),
    /// Nobody took the connection.
    #[error("no connection: {0}")]
    Connect(String),
    /// The server's certificate is not believed, or TLS broke down.
    #[error("no protected connection: {0}")]
    Tls(String),
    /// The time was up.
    #[error("no complete answer in time")]
    TimedOut,
    /// Another status than success; a redirect is one, too.
    #[error("the answer has status {0}")]
    Status(u16),
    /// The answer is larger than allowed.
    #[error("the answer is larger than allowed")]
    TooLarge,
    /// It does not speak HTTP, or broke off.
    #[error("the answer broke off or is not HTTP: {0}")]
    Broken(String),
    /// What arrived could not be kept.
    #[error("the answer could not be stored: {0}")]
    Storage(String),
}

/// Settings that cannot work.
#[derive(Debug, thiserror::Error)]
pub enum HttpSettingsError {
    /// An authority's file holds no certificate.
    #[error("a file of `authorities` is no certificate in PEM")]
    Authority,
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
}

/// What is posted.
#[derive(Debug, Clone)]
pub struct Post<'a> {
    /// The media type of the body.
    pub media_type: &'static str,
    /// The media type that is asked for.
    pub accept: &'static str,
    /// The body.
    pub body: &'a [u8],
}

/// By what a server recognises that we have its newest version (RFC 9110 §8.8).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    pub(super) entity_tag: Option<String>,
    pub(super) last_modified: Option<String>,
}

/// What became of a download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Download {
    /// What we have is still the newest.
    NotModified,
    /// It was written in full.
    Complete(Validators),
}

impl HttpClient {
    /// Believes the authorities of the system and those of the settings.
    pub fn new(settings: &HttpSettings) -> Result<Self, HttpSettingsError> {
        let internal = settings.internal_hosts.iter().map(|host| comparable(host));
        Ok(Self {
            tls: client_config(&settings.authorities)?,
            internal: Arc::new(internal.collect()),
            resolver: Arc::new(|host, port| {
                Box::pin(async move { Ok(tokio::net::lookup_host((host, port)).await?.collect()) })
            }),
            lines: Arc::default(),
        })
    }

    /// The same with another way to find addresses.
    #[must_use]
    pub fn with_resolver(self, resolver: Resolver) -> Self {
        Self { resolver, ..self }
    }

    /// Whether the host of an endpoint may be asked at all, as far as that can be said without asking for its
    /// addresses: for the moment a configuration is read.
    pub fn allows(&self, endpoint: &Endpoint) -> Result<(), HttpError> {
        match exchange::literal(endpoint) {
            Some(address) => self.check(endpoint, &[SocketAddr::new(address, endpoint.port())]),
            None => Ok(()),
        }
    }

    /// Posts, and gives the whole answer.
    pub async fn post(&self, to: &Endpoint, post: Post<'_>, limits: &Limits) -> Result<Vec<u8>, HttpError> {
        let mut answer = Vec::new();
        let request = exchange::post(to, &post)?;
        self.exchange(to, request, limits, &mut answer).await?;
        Ok(answer)
    }

    /// Fetches into `into`, unless we have the newest version already.
    pub async fn download(
        &self,
        from: &Endpoint,
        known: &Validators,
        limits: &Limits,
        into: &mut (impl AsyncWrite + Unpin + Send),
    ) -> Result<Download, HttpError> {
        let request = exchange::get(from, known)?;
        self.exchange(from, request, limits, into).await
    }

    /// Every address must be one that may be reached, or none is.
    fn check(&self, endpoint: &Endpoint, addresses: &[SocketAddr]) -> Result<(), HttpError> {
        if self.internal.contains(endpoint.host()) {
            return Ok(());
        }
        let inside = addresses.iter().find(|address| !address::is_public(address.ip()));
        match inside {
            Some(address) => Err(HttpError::Internal {
                host: endpoint.host().to_owned(),
                address: address.ip(),
            }),
            None => Ok(()),
        }
    }
}

/// TLS that believes the authorities of the system and these, in PEM.
pub(crate) fn client_config(authorities: &[Vec<u8>]) -> Result<Arc<ClientConfig>, HttpSettingsError> {
    let mut roots = RootCertStore::empty();
    // A file of the system that cannot be read makes servers unknown, which is told when one is asked.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    for pem in authorities {
        let certificates: Vec<_> = CertificateDer::pem_slice_iter(pem)
            .collect::<Result<_, _>>()
            .map_err(|_| HttpSettingsError::Authority)?;
        if roots.add_parsable_certificates(certificates).0 == 0 {
            return Err(HttpSettingsError::Authority);
        }
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(tls))
}

/// A host of the configuration as [`Endpoint::host`] writes it.
fn comparable(host: &str) -> String {
    let endpoint = format!("http://{host}/").parse::<Endpoint>();
    endpoint.map_or_else(|_| host.to_lowercase(), |endpoint| endpoint.host().to_owned())
}
