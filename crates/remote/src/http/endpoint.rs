use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

/// An address of the web that may be asked: `http` or `https`, a host, neither a password nor a fragment.
///
/// Numbers are read as browsers read them, so that `http://2130706433/` and `http://0x7f.1/` are 127.0.0.1 here too.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Endpoint(Url);

/// The text is not an address that may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an http or https address without password and fragment")]
pub struct MalformedEndpoint;

impl FromStr for Endpoint {
    type Err = MalformedEndpoint;

    fn from_str(text: &str) -> Result<Self, MalformedEndpoint> {
        let url = Url::parse(text).map_err(|_| MalformedEndpoint)?;
        let is_fit = matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.fragment().is_none();
        is_fit.then_some(Self(url)).ok_or(MalformedEndpoint)
    }
}

impl Endpoint {
    /// The whole address.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The host as it is compared: small letters, no dot at the end.
    pub fn host(&self) -> &str {
        let host = self.0.host_str().unwrap_or_default();
        host.strip_suffix('.').unwrap_or(host)
    }

    /// Scheme, host and port: what a connection belongs to.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// As an address for a browser.
    pub fn url(&self) -> &Url {
        &self.0
    }

    pub(super) fn address(&self) -> Option<Host<&str>> {
        self.0.host()
    }

    pub(super) fn port(&self) -> u16 {
        self.0.port_or_known_default().unwrap_or(80)
    }

    /// Whether it is asked over TLS.
    pub fn is_encrypted(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// What the `Host` header says.
    pub(super) fn authority(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        match self.0.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    /// What the request line says.
    pub(super) fn path(&self) -> String {
        match self.0.query() {
            Some(query) => format!("{}?{query}", self.0.path()),
            None => self.0.path().to_owned(),
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn net_1_only_the_web_is_asked() {
        for text in [
            "file:///etc/passwd",
            "ldap://directory.example/cn=CA",
            "ftp://host/a.crl",
            "http://",
            "http://user@host/",
            "http://:secret@host/",
            "http://host/#part",
            "host/a.crl",
            "//host/a.crl",
            "",
        ] {
            assert_eq!(text.parse::<Endpoint>(), Err(MalformedEndpoint), "{text}");
        }
        let endpoint: Endpoint = "HTTP://OCSP.Example:80/a?b".parse().unwrap();
        assert_eq!(endpoint.as_str(), "http://ocsp.example/a?b");
        assert_eq!(endpoint.authority(), "ocsp.example");
    }
}
