//! Keys and signed tokens, by hand: what reads them is tested, so it must not make them.

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKey, KeySize};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

/// How tokens are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// ECDSA on P-256
    Es256,
    /// RSA 2048
    Rs256,
}

/// The keys of a provider.
pub(super) struct Keys {
    ecdsa: EcdsaKeyPair,
    rsa: RsaKey,
}

impl Keys {
    pub(super) fn new() -> Self {
        Self {
            ecdsa: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key"),
            rsa: RsaKey::generate(KeySize::Rsa2048).expect("a key"),
        }
    }

    /// As `jwks_uri` publishes them (RFC 7517).
    pub(super) fn published(&self) -> Value {
        let point = self.ecdsa.public_key().as_ref();
        let (x, y) = point.split_at(1).1.split_at(32);
        let rsa = self.rsa.public_key();
        json!({ "keys": [
            { "kty": "EC", "crv": "P-256", "use": "sig", "kid": "es", "x": encoded(x), "y": encoded(y) },
            {
                "kty": "RSA", "use": "sig", "kid": "rs", "alg": "RS256",
                "n": encoded(rsa.modulus().big_endian_without_leading_zero()),
                "e": encoded(rsa.exponent().big_endian_without_leading_zero()),
            },
            { "kty": "of the future", "kid": "new", "z": 1 },
            { "kty": "EC", "crv": "P-256", "use": "enc", "kid": "enc", "x": encoded(x), "y": encoded(y) },
        ] })
    }

    /// A signed token (RFC 7515 §3.1).
    pub(super) fn signed(&self, header: &Value, claims: &Value, algorithm: Algorithm) -> String {
        let input = input(header, claims);
        let random = SystemRandom::new();
        let signature = match algorithm {
            Algorithm::Es256 => {
                let signature = self.ecdsa.sign(&random, input.as_bytes()).expect("a signature");
                signature.as_ref().to_vec()
            }
            Algorithm::Rs256 => {
                let mut signature = vec![0; self.rsa.public_modulus_len()];
                let signed = self
                    .rsa
                    .sign(&RSA_PKCS1_SHA256, &random, input.as_bytes(), &mut signature);
                signed.expect("a signature");
                signature
            }
        };
        format!("{input}.{}", encoded(&signature))
    }

    /// The same with an HMAC under the public key: what a verifier takes that lets the token choose the algorithm.
    pub(super) fn confused(&self, claims: &Value) -> String {
        let input = input(&json!({"alg": "HS256", "kid": "rs"}), claims);
        let public = self.rsa.public_key().as_der().expect("a public key");
        let key = hmac::Key::new(hmac::HMAC_SHA256, public.as_ref());
        format!("{input}.{}", encoded(hmac::sign(&key, input.as_bytes()).as_ref()))
    }
}

/// A token that nobody signed.
pub(super) fn unsigned(claims: &Value) -> String {
    input(&json!({"alg": "none"}), claims) + "."
}

fn input(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| encoded(value.to_string().as_bytes());
    format!("{}.{}", part(header), part(claims))
}

pub(super) fn encoded(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}
