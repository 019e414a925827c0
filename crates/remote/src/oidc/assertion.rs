//! `private_key_jwt`: a short word under a key of ours, in place of a shared secret (RFC 7523 §2.2, Core 1.0 §9).

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand::{self, SystemRandom};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use data_encoding::BASE64URL_NOPAD;
use esign::time::UnixTime;
use serde_json::json;

use crate::provider::ProviderFailure;

/// `client_assertion_type`
pub(super) const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// How long such a word is good, in seconds. It is used at once.
const LIFE: i64 = 60;

/// A private key whose public half the provider has.
#[derive(Clone)]
pub struct ClientKey {
    pair: Arc<Pair>,
    /// By which name the provider knows it (`kid`).
    id: Option<String>,
}

enum Pair {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
}

/// No key that signs by RS256 or ES256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither an RSA key of at least 2048 bits nor one on the curve P-256, in PKCS#8")]
pub struct UnusableKey;

impl ClientKey {
    /// From a PKCS#8 container in DER: RSA signs by RS256, P-256 by ES256.
    pub fn new(pkcs8: &[u8], id: Option<String>) -> Result<Self, UnusableKey> {
        let p256 = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).map(Pair::P256);
        let pair = p256.or_else(|_| RsaKeyPair::from_pkcs8(pkcs8).map(Pair::Rsa));
        let pair = Arc::new(pair.map_err(|_| UnusableKey)?);
        Ok(Self { pair, id })
    }

    /// What says that `client_id` asks at `audience` now, and has not asked so before.
    pub(super) fn assertion(
        &self,
        client_id: &str,
        audience: &str,
        now: UnixTime,
    ) -> Result<String, ProviderFailure> {
        let failed = |Unspecified| ProviderFailure::Unusable("our key cannot sign".to_owned());
        let mut once = [0_u8; 16];
        rand::fill(&mut once).map_err(failed)?;
        let mut header = json!({ "typ": "JWT", "alg": self.pair.algorithm() });
        if let (Some(header), Some(id)) = (header.as_object_mut(), &self.id) {
            header.insert("kid".to_owned(), id.as_str().into());
        }
        let claims = json!({
            "iss": client_id,
            "sub": client_id,
            "aud": audience,
            "iat": now.0,
            "exp": now.0.saturating_add(LIFE),
            "jti": BASE64URL_NOPAD.encode(&once),
        });
        let [header, claims] =
            [header, claims].map(|part| BASE64URL_NOPAD.encode(part.to_string().as_bytes()));
        let message = format!("{header}.{claims}");
        let signature = self.pair.sign(message.as_bytes()).map_err(failed)?;
        Ok(format!("{message}.{}", BASE64URL_NOPAD.encode(&signature)))
    }
}

impl Pair {
    /// RFC 7518 §3.1
    const fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "RS256",
            Self::P256(_) => "ES256",
        }
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Unspecified> {
        let random = SystemRandom::new();
        match self {
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)?;
                Ok(signature)
            }
            Self::P256(pair) => Ok(pair.sign(&random, message)?.as_ref().to_vec()),
        }
    }
}

impl fmt::Debug for ClientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientKey({}, …)", self.pair.algorithm())
    }
}
