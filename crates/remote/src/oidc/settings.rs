use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use esign::profile::PersonIdKind;
use jsonwebtoken::{Algorithm, AlgorithmFamily};

use super::ClientKey;
use crate::http::Endpoint;

/// How a provider knows us, and what we ask of it.
#[derive(Debug, Clone)]
pub struct OidcSettings {
    /// Its name for itself; discovery begins there.
    pub issuer: Issuer,
    /// Other hosts that its metadata may name.
    pub other_hosts: Vec<String>,
    /// Our name there.
    pub client_id: String,
    /// What proves that it is us; nothing where the provider registered us without.
    pub client_proof: Option<ClientProof>,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
    /// How its ID tokens may be signed.
    pub algorithms: Algorithms,
    /// Where it puts what we read.
    pub mapping: ClaimMapping,
}

/// The name of a provider for itself: an address, compared byte by byte (OpenID Connect Core 1.0 §2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    text: String,
    endpoint: Endpoint,
}

/// The text names no issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an http or https address without query")]
pub struct MalformedIssuer;

/// The algorithms of signatures that are accepted; none of them is symmetric (threat OIDC-5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Algorithms(Vec<Algorithm>);

/// The name of no algorithm that an ID token may be signed with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is none of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, EdDSA")]
pub struct UnknownAlgorithm(String);

/// What proves to a provider that it is us (OpenID Connect Core 1.0 §9).
#[derive(Debug, Clone)]
pub enum ClientProof {
    /// A shared secret: `client_secret_basic`, `client_secret_post`.
    Secret(ClientSecret),
    /// A key whose public half the provider has: `private_key_jwt`.
    Key(ClientKey),
}

/// The secret that we share with a provider.
#[derive(Clone)]
pub struct ClientSecret(String);

/// The names of a provider's claims.
#[derive(Debug, Clone)]
pub struct ClaimMapping {
    /// фамилия
    pub surname: String,
    /// имя
    pub given_name: String,
    /// отчество
    pub patronymic: String,
    /// the whole name, where there are no parts
    pub name: String,
    /// the e-mail address; whether it is verified stands in the claim with `_verified` behind this name
    pub email: String,
    /// the phone number; likewise
    pub phone: String,
    /// numbers of the person
    pub person_ids: BTreeMap<PersonIdKind, String>,
}

impl OidcSettings {
    /// The usual: no proof of ours, no further scopes, any usual algorithm, the standard claims.
    pub fn new(issuer: Issuer, client_id: impl Into<String>) -> Self {
        Self {
            issuer,
            other_hosts: Vec::new(),
            client_id: client_id.into(),
            client_proof: None,
            scopes: Vec::new(),
            algorithms: Algorithms::default(),
            mapping: ClaimMapping::default(),
        }
    }

    /// Whether an address of the provider may be on this host.
    pub(super) fn is_host(&self, host: &str) -> bool {
        let mut others = self.other_hosts.iter();
        self.issuer.endpoint.host() == host || others.any(|known| known.eq_ignore_ascii_case(host))
    }

    /// The issuer's origin and the other hosts, as a content security policy has them.
    pub(super) fn origins(&self) -> Vec<String> {
        let others = self.other_hosts.iter().map(|host| format!("https://{host}"));
        std::iter::once(self.issuer.endpoint.origin())
            .chain(others)
            .collect()
    }

    /// `openid` and the others, as the parameter has it.
    pub(super) fn scope(&self) -> String {
        let others = self.scopes.iter().map(String::as_str);
        let others = others.filter(|scope| *scope != "openid");
        std::iter::once("openid")
            .chain(others)
            .collect::<Vec<_>>()
            .join(" ")
    }
}

impl Issuer {
    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// As an address.
    pub const fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    pub(super) fn is_encrypted(&self) -> bool {
        self.endpoint.is_encrypted()
    }
}

impl FromStr for Issuer {
    type Err = MalformedIssuer;

    fn from_str(text: &str) -> Result<Self, MalformedIssuer> {
        let endpoint: Endpoint = text.parse().map_err(|_| MalformedIssuer)?;
        if endpoint.url().query().is_some() {
            return Err(MalformedIssuer);
        }
        Ok(Self {
            text: text.to_owned(),
            endpoint,
        })
    }
}

impl Algorithms {
    /// The algorithms of these names (RFC 7518 §3.1, RFC 8037 §3.1).
    pub fn named(names: &[String]) -> Result<Self, UnknownAlgorithm> {
        let named = names.iter().map(|name| {
            let algorithm = name.parse::<Algorithm>().ok();
            algorithm
                .filter(|algorithm| algorithm.family() != AlgorithmFamily::Hmac)
                .ok_or_else(|| UnknownAlgorithm(name.clone()))
        });
        named.collect::<Result<_, _>>().map(Self)
    }

    pub(super) fn contains(&self, algorithm: Algorithm) -> bool {
        self.0.contains(&algorithm)
    }
}

/// What providers use.
impl Default for Algorithms {
    fn default() -> Self {
        use Algorithm::{ES256, ES384, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512};
        Self(vec![
            RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, EdDSA,
        ])
    }
}

impl ClientSecret {
    /// The secret of this text.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret(…)")
    }
}

/// The standard claims (OpenID Connect Core 1.0 §5.1).
impl Default for ClaimMapping {
    fn default() -> Self {
        Self {
            surname: "family_name".to_owned(),
            given_name: "given_name".to_owned(),
            patronymic: "middle_name".to_owned(),
            name: "name".to_owned(),
            email: "email".to_owned(),
            phone: "phone_number".to_owned(),
            person_ids: BTreeMap::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn oidc_5_no_symmetric_algorithm_can_be_configured() {
        for wrong in ["none", "HS256", "HS512", "rs256", ""] {
            let named = Algorithms::named(&["RS256".to_owned(), wrong.to_owned()]);
            assert_eq!(named, Err(UnknownAlgorithm(wrong.to_owned())));
        }
        assert!(Algorithms::named(&["RS256".to_owned()]).is_ok());
    }

    #[test]
    fn oidc_5_an_issuer_stays_as_it_was_written() {
        let issuer: Issuer = "https://ID.example".parse().unwrap();
        assert_eq!(issuer.as_str(), "https://ID.example");
        assert_eq!(issuer.endpoint().as_str(), "https://id.example/");
        for wrong in [
            "id.example",
            "https://id.example/?a",
            "https://id.example/#a",
            "ldap://id",
        ] {
            assert!(wrong.parse::<Issuer>().is_err(), "{wrong}");
        }
    }
}
