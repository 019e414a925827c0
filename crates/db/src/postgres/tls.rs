//! TLS to the server: whoever asks for it gets all of it, with the certificate and the name checked.

use crate::Error;
use ::postgres::{
    Error as Fault, Socket,
    error::DbError,
    tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream},
};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, InvalidDnsNameError, ServerName, pem::PemObject as _},
};
use std::{
    error::Error as StdError,
    io,
    path::Path,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::{TlsConnector, client};

/// Whom to believe.
#[derive(Clone)]
pub(super) struct Tls(Arc<ClientConfig>);

/// The handshake with one server.
pub(super) struct Handshake {
    connector: TlsConnector,
    server: ServerName<'static>,
}

/// A connection that nobody reads along.
pub(super) struct Encrypted(client::TlsStream<Socket>);

impl Tls {
    /// Believes the authorities in the file, or else those of the system.
    pub(super) fn trusting(ca: Option<&Path>) -> Result<Self, Error> {
        let mut roots = RootCertStore::empty();
        let found = match ca {
            None => rustls_native_certs::load_native_certs().certs,
            Some(file) => CertificateDer::pem_file_iter(file)
                .and_then(Iterator::collect)
                .map_err(|cause| Error::Open {
                    reason: format!("the authorities of PostgreSQL: {}", file.display()),
                    cause: Some(Arc::new(cause)),
                })?,
        };
        if roots.add_parsable_certificates(found).0 == 0 {
            return Err(Error::Open {
                reason: "there is no authority to check PostgreSQL's certificate by".into(),
                cause: None,
            });
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|cause| Error::Open {
                reason: "TLS".into(),
                cause: Some(Arc::new(cause)),
            })?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self(Arc::new(config)))
    }
}

/// Whether the other side is not to be trusted or speaks no TLS; trying again would not help.
pub(super) fn is_refused(cause: &Fault) -> bool {
    cause
        .source()
        .is_some_and(|source| match source.downcast_ref::<io::Error>() {
            Some(error) => error
                .get_ref()
                .is_some_and(<dyn StdError + Send + Sync>::is::<rustls::Error>),
            None => !source.is::<DbError>() && cause.to_string().contains("TLS"),
        })
}

impl MakeTlsConnect<Socket> for Tls {
    type Stream = Encrypted;
    type TlsConnect = Handshake;
    type Error = InvalidDnsNameError;

    fn make_tls_connect(&mut self, host: &str) -> Result<Handshake, InvalidDnsNameError> {
        Ok(Handshake {
            connector: Arc::clone(&self.0).into(),
            server: ServerName::try_from(host.to_owned())?,
        })
    }
}

impl TlsConnect<Socket> for Handshake {
    type Stream = Encrypted;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Encrypted>> + Send>>;

    fn connect(self, socket: Socket) -> Self::Future {
        Box::pin(async move { self.connector.connect(self.server, socket).await.map(Encrypted) })
    }
}

impl TlsStream for Encrypted {
    /// The certificate was checked, so that the password need not be bound to it.
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl AsyncRead for Encrypted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl AsyncWrite for Encrypted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
