use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use esign::algorithm::Hash;
use esign::certificate::Certificate;
use esign::private_key::PrivateKey;
use esign::provider::native;

use super::Permission;
use crate::http::Endpoint;

/// How ESIA knows us, and what we ask of it.
#[derive(Debug, Clone)]
pub struct EsiaSettings {
    /// The root of its host: `https://esia.gosuslugi.ru`, or that of the test environment.
    pub host: Endpoint,
    /// Its name in tokens: `http://esia.gosuslugi.ru/`, without TLS and with a slash, whatever the host.
    pub issuer: String,
    /// The mnemonic of our system.
    pub client_id: String,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
    /// What is asked for of organisations.
    pub organisation_scopes: Vec<String>,
    /// What consent is asked for.
    pub permissions: Vec<Permission>,
    /// Our certificate, as it is registered there.
    pub certificate: Certificate,
    /// What signs our requests.
    pub signer: Signer,
    /// The certificates that ESIA signs tokens with: two while one follows the other.
    pub trusted: Vec<Certificate>,
}

/// What signs requests with the key of our certificate: GOST R 34.10-2012, 256 bits.
#[derive(Clone)]
pub enum Signer {
    /// A key that this process holds.
    Key(Arc<PrivateKey>),
    /// A command that reads a message and writes the 64 octets of its signature: for keys that cannot be copied.
    Command {
        /// the program
        program: PathBuf,
        /// its arguments
        arguments: Vec<String>,
    },
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(_) => f.write_str("Key(…)"),
            Self::Command { program, .. } => write!(f, "Command({})", program.display()),
        }
    }
}

impl EsiaSettings {
    /// `openid` and the others, as the parameter has it.
    pub(super) fn scope(&self) -> String {
        let others = self.scopes.iter().map(String::as_str);
        let others = others.filter(|scope| *scope != "openid");
        std::iter::once("openid")
            .chain(others)
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// `client_certificate_hash`: Streebog-256 of the certificate in DER, in capitals.
    pub(super) fn certificate_hash(&self) -> String {
        let digest = native().digest(Hash::Streebog256, self.certificate.der());
        data_encoding::HEXUPPER.encode(&digest)
    }

    pub(super) fn place(&self, path: &str) -> String {
        let host = self.host.as_str();
        format!("{}{path}", host.strip_suffix('/').unwrap_or(host))
    }
}
