//! Handshakes made here.

use std::sync::Arc;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{NoServerSessionStorage, ServerConfig, ServerConnection};
use rustls::{DigitallySignedStruct, DistinguishedName, Error, SignatureScheme};
use tokio_rustls::TlsAcceptor;

use super::PresentedChain;
use esign::trust::TrustStore;

/// Names of authorities that browsers are told of, at most: a longer list does not fit into one message of the handshake
/// everywhere.
const HINT_BYTES: usize = 16 * 1024;

/// What makes the handshakes.
#[derive(Clone)]
pub struct TlsDoor(TlsAcceptor);

/// The certificate of a connection, if the browser sent one.
#[derive(Debug, Clone)]
pub(crate) struct Proven(PresentedChain);

impl TlsDoor {
    /// From the chain and the key of the server's own certificate, in PEM, and the authorities whose certificates browsers
    /// are to offer.
    pub fn new(chain: &[u8], key: &[u8], trust: &TrustStore) -> Result<Self, Error> {
        let unreadable = |what: &str| Error::General(format!("{what} cannot be read as PEM"));
        let chain: Vec<_> = CertificateDer::pem_slice_iter(chain)
            .collect::<Result<_, _>>()
            .map_err(|_| unreadable("the certificate"))?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| unreadable("the key"))?;
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let verifier = Arc::new(KeyHolder::new(&provider, trust));
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_client_cert_verifier(verifier)
            .with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        // a session that is resumed brings its old certificate along, without asking its key again
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(Self(TlsAcceptor::from(Arc::new(config))))
    }

    pub(crate) fn acceptor(&self) -> &TlsAcceptor {
        &self.0
    }
}

impl std::fmt::Debug for TlsDoor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TlsDoor")
    }
}

impl Proven {
    /// What a finished handshake has proven.
    pub(crate) fn by(connection: &ServerConnection) -> Option<Self> {
        let chain = connection.peer_certificates().filter(|chain| !chain.is_empty())?;
        let chain = chain.iter().map(|der| der.to_vec()).collect();
        Some(Self(PresentedChain(chain)))
    }

    pub(super) fn chain(&self) -> PresentedChain {
        self.0.clone()
    }
}

/// Lets in whoever proves to hold the key of any certificate. Whose it is, and what it opens, is judged by our own rules
/// afterwards, and said in words on a page: a handshake that fails is a blank page with a number.
#[derive(Debug)]
struct KeyHolder {
    algorithms: WebPkiSupportedAlgorithms,
    authorities: Vec<DistinguishedName>,
}

impl KeyHolder {
    fn new(provider: &CryptoProvider, trust: &TrustStore) -> Self {
        let groups = trust.groups().iter();
        let authorities = groups.flat_map(|group| group.anchors.iter().chain(&group.intermediates));
        let mut authorities: Vec<DistinguishedName> = authorities
            .map(|authority| authority.subject().as_der().to_vec().into())
            .collect();
        let bytes: usize = authorities.iter().map(|name| name.as_ref().len() + 2).sum();
        if bytes > HINT_BYTES {
            // none at all means any
            authorities.clear();
        }
        Self {
            algorithms: provider.signature_verification_algorithms,
            authorities,
        }
    }
}

impl ClientCertVerifier for KeyHolder {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &self.authorities
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
