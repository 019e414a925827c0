use std::str::FromStr;

use url::{Host, Url};

/// A server of a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) encryption: Encryption,
}

/// How a connection is protected; one that is not does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encryption {
    /// TLS from the first octet: `ldaps`.
    Tls,
    /// Begins in the clear, then must upgrade (RFC 4511 §4.14): `ldap`.
    StartTls,
}

/// The text names no server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected ldaps://host, or ldap://host for StartTLS, without a path")]
pub struct MalformedServer;

impl FromStr for Server {
    type Err = MalformedServer;

    fn from_str(text: &str) -> Result<Self, MalformedServer> {
        let url: Url = text.parse().map_err(|_| MalformedServer)?;
        let (encryption, usual) = match url.scheme() {
            "ldaps" => (Encryption::Tls, 636),
            "ldap" => (Encryption::StartTls, 389),
            _ => return Err(MalformedServer),
        };
        let is_bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
        if !is_bare || !url.username().is_empty() || url.password().is_some() {
            return Err(MalformedServer);
        }
        let host = match url.host() {
            Some(Host::Domain(name)) if !name.is_empty() => name.to_owned(),
            Some(Host::Ipv4(address)) => address.to_string(),
            Some(Host::Ipv6(address)) => address.to_string(),
            _ => return Err(MalformedServer),
        };
        Ok(Self {
            host,
            port: url.port().unwrap_or(usual),
            encryption,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_reached_by_tls_alone() {
        let server: Server = "ldaps://dc1.school.example".parse().unwrap();
        assert_eq!((server.port, server.encryption), (636, Encryption::Tls));
        let server: Server = "ldap://10.0.0.7:3389/".parse().unwrap();
        assert_eq!((server.host.as_str(), server.port), ("10.0.0.7", 3389));
        assert_eq!(server.encryption, Encryption::StartTls);
        for wrong in [
            "dc1.school.example",
            "https://dc1",
            "ldapi:///",
            "ldap://",
            "ldap://a/dc=b",
            "ldap://u:p@a",
        ] {
            assert_eq!(wrong.parse::<Server>(), Err(MalformedServer), "{wrong}");
        }
    }
}
