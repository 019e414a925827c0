//! Handshakes that a proxy made, and told us of in a header (threats, PRX-1, PRX-2).

use std::net::IpAddr;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::http::{HeaderMap, HeaderName};
use data_encoding::BASE64;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::PresentedChain;
use crate::proxy::Proxies;

/// In which a proxy shows that it is ours.
const SECRET: &str = "x-kabinet-proxy-secret";
/// The whole certificate, as RFC 9440 §2.2 has it.
const CLIENT_CERT: &str = "client-cert";
/// Those beside it, RFC 9440 §2.3.
const CLIENT_CERT_CHAIN: &str = "client-cert-chain";
/// The shortest secret that is one.
const SECRET_LENGTH: usize = 32;

/// The proxy that makes the handshakes.
#[derive(Debug)]
pub struct ProxiedDoor {
    proxies: Proxies,
    header: HeaderName,
    secret: String,
}

/// Why a header is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// Whoever sent it is not on the list.
    #[error("the address is not on the list of proxies")]
    Stranger,
    /// Or does not know the secret.
    #[error("the secret of the proxy is missing or wrong")]
    Secret,
    /// Twice, or beside one whose name only looks the same.
    #[error("the header came twice, or under a second name")]
    Ambiguous,
    /// Not a certificate.
    #[error("the header cannot be read")]
    Malformed,
}

impl ProxiedDoor {
    /// Believes these proxies, when they know the secret. Nothing if the header's name is none, or the secret too short.
    pub fn new(proxies: Proxies, header: &str, secret: &str) -> Option<Self> {
        let header: HeaderName = header.parse().ok()?;
        let is_usable = !header.as_str().contains('_') && secret.len() >= SECRET_LENGTH;
        is_usable.then(|| Self {
            proxies,
            header,
            secret: secret.to_owned(),
        })
    }

    /// The header that holds the certificate.
    pub const fn header(&self) -> &HeaderName {
        &self.header
    }

    /// What the proxy says of the connection behind it; nothing if no certificate was sent there.
    pub(super) fn chain(
        &self,
        peer: Option<IpAddr>,
        headers: &HeaderMap,
    ) -> Result<Option<PresentedChain>, HeaderError> {
        if !peer.is_some_and(|peer| self.proxies.contains(peer)) {
            return Err(HeaderError::Stranger);
        }
        let secret = only(headers, SECRET)?.unwrap_or_default();
        if verify_slices_are_equal(secret.as_bytes(), self.secret.as_bytes()).is_err() {
            return Err(HeaderError::Secret);
        }
        let certificate = only(headers, self.header.as_str())?.filter(|text| !text.is_empty());
        let Some(certificate) = certificate else {
            return Ok(None);
        };
        let read = if self.header == CLIENT_CERT {
            structured(certificate, only(headers, CLIENT_CERT_CHAIN)?)
        } else {
            escaped_pem(certificate)
        };
        let chain = read.filter(|chain| !chain.is_empty());
        let chain = chain.ok_or(HeaderError::Malformed)?;
        Ok(Some(PresentedChain(chain.into())))
    }
}

/// Whether a request to the pages themselves bears a certificate: there no header is believed, nor passed over in silence.
/// `configured` is the one that a proxy fills at the door.
pub(crate) fn is_forged(headers: &HeaderMap, configured: Option<&HeaderName>) -> bool {
    let bears = |name: &str| headers.contains_key(name) || headers.contains_key(name.replace('-', "_"));
    bears(CLIENT_CERT) || configured.is_some_and(|name| bears(name.as_str()))
}

/// The value of a header that came once, under exactly this name.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, HeaderError> {
    let mut values = headers.get_all(name).iter();
    let (value, another) = (values.next(), values.next());
    if another.is_some() || headers.contains_key(name.replace('-', "_")) {
        return Err(HeaderError::Ambiguous);
    }
    let text = value.map(|value| value.to_str().map_err(|_| HeaderError::Malformed));
    text.transpose()
}

/// Byte sequences of RFC 8941 §3.3.5: `:base64:`, of the chain several with commas between.
fn structured(certificate: &str, chain: Option<&str>) -> Option<Vec<Vec<u8>>> {
    let sequence = |text: &str| {
        let text = text.trim().strip_prefix(':')?.strip_suffix(':')?;
        BASE64.decode(text.as_bytes()).ok()
    };
    let first = sequence(certificate)?;
    let others = chain.filter(|chain| !chain.trim().is_empty());
    let others = others.map_or(Some(Vec::new()), |chain| chain.split(',').map(sequence).collect());
    Some([vec![first], others?].concat())
}

/// PEM with `%` before whatever a header cannot hold: `$ssl_client_escaped_cert` of nginx.
fn escaped_pem(text: &str) -> Option<Vec<Vec<u8>>> {
    let pem: Vec<u8> = percent_decoded(text)?;
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    Some(read.ok()?.iter().map(|der| der.to_vec()).collect())
}

/// A plus is a plus, as base64 has it.
fn percent_decoded(text: &str) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        if first == b'%' {
            let (digits, after) = tail.split_at_checked(2)?;
            decoded.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
            rest = after;
        } else {
            decoded.push(first);
        }
    }
    Some(decoded)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const KEY: &str = "0123456789abcdef0123456789abcdef";

    fn door(header: &str) -> ProxiedDoor {
        let proxies = Proxies::parse(&["10.0.0.1".to_owned()]).unwrap();
        ProxiedDoor::new(proxies, header, KEY).unwrap()
    }

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    fn read(header: &str, peer: &str, pairs: &[(&'static str, &'static str)]) -> Result<usize, HeaderError> {
        let chain = door(header).chain(Some(peer.parse().unwrap()), &headers(pairs));
        chain.map(|chain| chain.map_or(0, |PresentedChain(chain)| chain.len()))
    }

    #[test]
    fn prx_1_only_a_listed_proxy_that_knows_the_secret_is_believed() {
        let sent = [(SECRET, KEY), (CLIENT_CERT, ":MAA=:")];
        assert_eq!(read(CLIENT_CERT, "10.0.0.1", &sent), Ok(1));
        assert_eq!(read(CLIENT_CERT, "10.0.0.2", &sent), Err(HeaderError::Stranger));
        assert_eq!(
            read(CLIENT_CERT, "10.0.0.1", &sent[1..]),
            Err(HeaderError::Secret)
        );
        let wrong = [
            (SECRET, "0123456789abcdef0123456789abcdeX"),
            (CLIENT_CERT, ":MAA=:"),
        ];
        assert_eq!(read(CLIENT_CERT, "10.0.0.1", &wrong), Err(HeaderError::Secret));
        assert_eq!(read(CLIENT_CERT, "10.0.0.1", &sent[..1]), Ok(0));
        let proxies = || Proxies::parse(&[]).unwrap();
        assert!(ProxiedDoor::new(proxies(), CLIENT_CERT, "short").is_none());
        assert!(ProxiedDoor::new(proxies(), "client_cert", KEY).is_none());
    }

    #[test]
    fn prx_2_one_header_of_exactly_that_name() {
        let twice = [(SECRET, KEY), (CLIENT_CERT, ":MAA=:"), (CLIENT_CERT, ":MAE=:")];
        assert_eq!(read(CLIENT_CERT, "10.0.0.1", &twice), Err(HeaderError::Ambiguous));
        let look_alike = [(SECRET, KEY), (CLIENT_CERT, ":MAA=:"), ("client_cert", ":MAE=:")];
        assert_eq!(
            read(CLIENT_CERT, "10.0.0.1", &look_alike),
            Err(HeaderError::Ambiguous)
        );
        for joined in [":MAA=:, :MAE=:", "MAA=", ":MA A=:", ":"] {
            let sent = [(SECRET, KEY), (CLIENT_CERT, joined)];
            assert_eq!(
                read(CLIENT_CERT, "10.0.0.1", &sent),
                Err(HeaderError::Malformed),
                "{joined}"
            );
        }
        let with_chain = [
            (SECRET, KEY),
            (CLIENT_CERT, ":MAA=:"),
            (CLIENT_CERT_CHAIN, ":MAE=:, :MAI=:"),
        ];
        assert_eq!(read(CLIENT_CERT, "10.0.0.1", &with_chain), Ok(3));
    }

    #[test]
    fn nginx_escapes_pem() {
        let header = "x-ssl-client-cert";
        let pem = "-----BEGIN%20CERTIFICATE-----%0AMAA%2B%0A-----END%20CERTIFICATE-----%0A";
        assert_eq!(read(header, "10.0.0.1", &[(SECRET, KEY), (header, pem)]), Ok(1));
        for broken in ["%", "%4", "%zz", "nothing"] {
            let sent = [(SECRET, KEY), (header, broken)];
            assert_eq!(
                read(header, "10.0.0.1", &sent),
                Err(HeaderError::Malformed),
                "{broken}"
            );
        }
    }

    #[test]
    fn prx_1_the_pages_take_no_certificate_from_a_header() {
        let configured: HeaderName = "x-ssl-client-cert".parse().unwrap();
        for name in [
            "client-cert",
            "client_cert",
            "x-ssl-client-cert",
            "x_ssl_client_cert",
        ] {
            assert!(is_forged(&headers(&[(name, "x")]), Some(&configured)), "{name}");
        }
        assert!(!is_forged(&headers(&[("x-ssl-client-cert", "x")]), None));
    }
}
