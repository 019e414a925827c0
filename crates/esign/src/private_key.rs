//! Private keys, as containers hold them. They sign, and are wiped from memory when dropped.

mod gost;
mod rsa;

use p256::ecdsa::signature::Signer;

use self::gost::GostKey;
use self::rsa::RsaKey;
use crate::algorithm::Gost;
use crate::asn1::{Element, Oid, Reader, Rules, integer, oids, only, sequence, tag};

/// Where random bytes come from; the caller knows, this crate does not.
pub type Random<'a> = &'a mut dyn FnMut(&mut [u8]);

/// A private key.
pub struct PrivateKey(Kind);

enum Kind {
    Rsa(Box<RsaKey>),
    P256(Box<p256::ecdsa::SigningKey>),
    P384(Box<p384::ecdsa::SigningKey>),
    Ed25519(Box<ed25519_dalek::SigningKey>),
    Gost(Box<GostKey>),
}

/// Why a private key cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrivateKeyError {
    /// Sound, as far as one can see, but of an algorithm that is not known here: its dotted identifier.
    Unsupported(String),
    /// Not a key, or its numbers do not belong together.
    Malformed,
}

/// How a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SigningAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256
    RsaSha256,
    /// ECDSA on P-256 with SHA-256
    EcdsaP256,
    /// ECDSA on P-384 with SHA-384
    EcdsaP384,
    /// Ed25519 (RFC 8032)
    Ed25519,
    /// GOST of 2012 or 2015
    Gost(Gost),
}

impl From<crate::asn1::Error> for PrivateKeyError {
    fn from(_: crate::asn1::Error) -> Self {
        Self::Malformed
    }
}

impl core::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "PrivateKey({:?}, …)", self.algorithm())
    }
}

impl PrivateKey {
    /// Reads PrivateKeyInfo (PKCS#8, RFC 5958).
    pub fn from_pkcs8(encoded: &[u8]) -> Result<Self, PrivateKeyError> {
        let mut fields = only(encoded, Rules::Ber)?.children()?;
        fields.expect(tag::INTEGER)?;
        let mut algorithm = fields.sequence()?;
        let key_type = algorithm.element()?.oid()?;
        let octets = fields.expect(tag::OCTET_STRING)?.octets()?;
        let kind = match key_type {
            oids::RSA_ENCRYPTION => Kind::Rsa(Box::new(RsaKey::read(&octets)?)),
            oids::EC_PUBLIC_KEY => elliptic(algorithm.element()?, &octets)?,
            oids::ED25519 => {
                let seed = only(&octets, Rules::Ber)?.octets()?;
                let key =
                    ed25519_dalek::SigningKey::try_from(&*seed).map_err(|_| PrivateKeyError::Malformed)?;
                Kind::Ed25519(Box::new(key))
            }
            other => {
                let gost = Gost::from_key(other).ok_or_else(|| PrivateKeyError::unsupported(other))?;
                let parameters = algorithm.element().ok();
                Kind::Gost(Box::new(GostKey::read(gost, parameters, &octets)?))
            }
        };
        Ok(Self(kind))
    }

    /// How this key signs; `None` if it must not any more, as its standard is only good for old signatures.
    pub fn algorithm(&self) -> Option<SigningAlgorithm> {
        Some(match &self.0 {
            Kind::Rsa(_) => SigningAlgorithm::RsaSha256,
            Kind::P256(_) => SigningAlgorithm::EcdsaP256,
            Kind::P384(_) => SigningAlgorithm::EcdsaP384,
            Kind::Ed25519(_) => SigningAlgorithm::Ed25519,
            Kind::Gost(key) if key.standard().may_sign() => SigningAlgorithm::Gost(key.standard()),
            Kind::Gost(_) => return None,
        })
    }

    /// Whether this is the private half of a SubjectPublicKeyInfo: the public half is computed, not believed.
    pub fn belongs_to(&self, public_key_info: &[u8]) -> bool {
        self.compare(public_key_info).unwrap_or(false)
    }

    fn compare(&self, public_key_info: &[u8]) -> crate::asn1::Result<bool> {
        let mut fields = only(public_key_info, Rules::Ber)?.children()?;
        let mut algorithm = fields.sequence()?;
        let key_type = algorithm.element()?.oid()?;
        let given = fields.element()?.bit_octets()?;
        let named_curve = |curve| {
            Reader::ber(algorithm.rest())
                .element()
                .and_then(|name| Ok(name.oid()? == curve))
        };
        Ok(match &self.0 {
            Kind::Rsa(key) => key_type == oids::RSA_ENCRYPTION && given == key.public(),
            Kind::P256(key) => {
                let public = key.verifying_key().to_sec1_point(false);
                key_type == oids::EC_PUBLIC_KEY && named_curve(oids::P256)? && given == public.as_bytes()
            }
            Kind::P384(key) => {
                let public = key.verifying_key().to_sec1_point(false);
                key_type == oids::EC_PUBLIC_KEY && named_curve(oids::P384)? && given == public.as_bytes()
            }
            Kind::Ed25519(key) => key_type == oids::ED25519 && given == key.verifying_key().as_bytes(),
            Kind::Gost(key) => key.belongs_to(public_key_info),
        })
    }

    /// Signs a message. The random bytes blind RSA and go into the one-time numbers of GOST; the others need none.
    pub fn sign(&self, message: &[u8], random: Random<'_>) -> Option<Vec<u8>> {
        match &self.0 {
            Kind::Rsa(key) => key.sign(message, random),
            Kind::P256(key) => {
                let signature: p256::ecdsa::Signature = key.try_sign(message).ok()?;
                Some(ecdsa_value(&signature.to_bytes()))
            }
            Kind::P384(key) => {
                let signature: p384::ecdsa::Signature = key.try_sign(message).ok()?;
                Some(ecdsa_value(&signature.to_bytes()))
            }
            Kind::Ed25519(key) => Some(key.try_sign(message).ok()?.to_bytes().to_vec()),
            Kind::Gost(key) => key.sign(message, random),
        }
    }
}

impl PrivateKeyError {
    fn unsupported(algorithm: Oid<'_>) -> Self {
        Self::Unsupported(algorithm.to_string())
    }
}

/// ECDSA-Sig-Value (RFC 3279 §2.2.3) of r ‖ s.
fn ecdsa_value(numbers: &[u8]) -> Vec<u8> {
    let (r, s) = numbers.split_at(numbers.len() / 2);
    sequence(&[integer(r), integer(s)])
}

/// ECPrivateKey (RFC 5915) on the curve that PKCS#8 names.
fn elliptic(curve: Element<'_>, encoded: &[u8]) -> Result<Kind, PrivateKeyError> {
    let mut fields = only(encoded, Rules::Ber)?.children()?;
    fields.expect(tag::INTEGER)?;
    let scalar = fields.element()?.octets()?;
    match curve.oid()? {
        oids::P256 => p256::ecdsa::SigningKey::from_slice(&scalar).map(|key| Kind::P256(Box::new(key))),
        oids::P384 => p384::ecdsa::SigningKey::from_slice(&scalar).map(|key| Kind::P384(Box::new(key))),
        other => return Err(PrivateKeyError::unsupported(other)),
    }
    .map_err(|_| PrivateKeyError::Malformed)
}
