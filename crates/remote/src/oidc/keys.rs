//! The keys that a provider publishes (RFC 7517), from its `jwks_uri` and from nowhere else (threat OIDC-5).

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Header};
use serde::Deserialize;
use serde_json::Value;

use super::read;
use crate::http::{Endpoint, HttpClient};
use crate::provider::ProviderFailure;

/// More than any provider publishes.
const MAX_KEYS: usize = 64;

/// The keys of a provider that may sign.
pub(super) struct Keys(Vec<Key>);

struct Key {
    id: Option<String>,
    /// The algorithms it is for.
    algorithms: Vec<Algorithm>,
    decoding: DecodingKey,
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<Value>,
}

pub(super) async fn fetch(http: &HttpClient, from: &Endpoint) -> Result<Keys, ProviderFailure> {
    let document: Document = read::get(http, from, None).await?;
    if document.keys.len() > MAX_KEYS {
        return Err(ProviderFailure::Unusable("too many keys".to_owned()));
    }
    // A key of a kind that we do not know hides none of the others.
    Ok(Keys(document.keys.into_iter().filter_map(Key::read).collect()))
}

impl Keys {
    /// The key that a token names; the only one that fits where it names none.
    pub(super) fn find(&self, header: &Header) -> Option<&DecodingKey> {
        let mut fitting = self
            .0
            .iter()
            .filter(|key| key.algorithms.contains(&header.alg))
            .filter(|key| header.kid.is_none() || key.id == header.kid);
        match (fitting.next(), fitting.next()) {
            (Some(key), None) => Some(&key.decoding),
            _ => None,
        }
    }
}

impl Key {
    fn read(value: Value) -> Option<Self> {
        let jwk: Jwk = serde_json::from_value(value).ok()?;
        let is_for_signing =
            !matches!(&jwk.common.public_key_use, Some(of) if *of != PublicKeyUse::Signature);
        let algorithms = algorithms(&jwk).filter(|_| is_for_signing)?;
        Some(Self {
            decoding: DecodingKey::from_jwk(&jwk).ok()?,
            id: jwk.common.key_id,
            algorithms,
        })
    }
}

/// What a key may be used with: by its kind, and by its own word where it has one.
fn algorithms(jwk: &Jwk) -> Option<Vec<Algorithm>> {
    use Algorithm::{ES256, ES384, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512};

    let mut by_kind = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => vec![RS256, RS384, RS512, PS256, PS384, PS512],
        AlgorithmParameters::EllipticCurve(key) => match key.curve {
            EllipticCurve::P256 => vec![ES256],
            EllipticCurve::P384 => vec![ES384],
            _ => return None,
        },
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => vec![EdDSA],
        _ => return None,
    };
    if let Some(stated) = jwk.common.key_algorithm {
        by_kind.retain(|algorithm| KeyAlgorithm::from(*algorithm) == stated);
    }
    Some(by_kind)
}
