//! Private keys, as containers hold them. They sign, and are wiped from memory when dropped.

mod gost;

use p256::ecdsa::signature::{RandomizedSigner, SignatureEncoding, Signer};
use rsa::BoxedUint;
use rsa::pkcs1v15;
use rsa::rand_core::{TryCryptoRng, TryRng};
use rsa::traits::PublicKeyParts;
use sha2::Sha256;

use self::gost::GostKey;
use crate::algorithm::Gost;
use crate::asn1::{Element, Oid, Reader, Rules, integer, oids, only, sequence, tag};

/// Where random bytes come from; the caller knows, this crate does not.
pub type Random<'a> = &'a mut dyn FnMut(&mut [u8]);

/// Sizes of RSA keys that can be used, in bits.
const RSA_BITS: core::ops::RangeInclusive<u32> = 1024..=8192;

/// A private key.
pub struct PrivateKey(Kind);

enum Kind {
    Rsa(Box<pkcs1v15::SigningKey<Sha256>>),
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
            oids::RSA_ENCRYPTION => rsa(&octets)?,
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
            Kind::Rsa(key) => {
                let key: &rsa::RsaPrivateKey = key.as_ref().as_ref();
                let public = sequence(&[integer(&key.n().to_be_bytes()), integer(&key.e().to_be_bytes())]);
                key_type == oids::RSA_ENCRYPTION && given == public
            }
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
            Kind::Rsa(key) => Some(key.try_sign_with_rng(&mut Source(random), message).ok()?.to_vec()),
            Kind::P256(key) => {
                let signature: p256::ecdsa::DerSignature = key.try_sign(message).ok()?;
                Some(signature.as_bytes().to_vec())
            }
            Kind::P384(key) => {
                let signature: p384::ecdsa::DerSignature = key.try_sign(message).ok()?;
                Some(signature.as_bytes().to_vec())
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

/// RSAPrivateKey with two primes (RFC 8017, appendix A.1.2). The library checks that the numbers fit together.
fn rsa(encoded: &[u8]) -> Result<Kind, PrivateKeyError> {
    let mut fields = only(encoded, Rules::Ber)?.children()?;
    if fields.element()?.small()? != 0 {
        return Err(PrivateKeyError::Malformed);
    }
    let modulus = BoxedUint::from_be_slice_vartime(fields.element()?.unsigned()?);
    let exponent = fields.element()?.unsigned()?;
    if !RSA_BITS.contains(&modulus.bits()) || exponent.len() > 8 {
        return Err(PrivateKeyError::Malformed);
    }
    let exponent = BoxedUint::from_be_slice_vartime(exponent);
    let bits = modulus.bits_precision();
    let mut secret = || {
        let octets = fields.element()?.unsigned()?;
        BoxedUint::from_be_slice(octets, bits).map_err(|_| PrivateKeyError::Malformed)
    };
    let private_exponent = secret()?;
    let primes = vec![secret()?, secret()?];
    let key = rsa::RsaPrivateKey::from_components(modulus, exponent, private_exponent, primes)
        .map_err(|_| PrivateKeyError::Malformed)?;
    Ok(Kind::Rsa(Box::new(pkcs1v15::SigningKey::new(key))))
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

/// The caller's random bytes in the shape the RSA library asks for.
struct Source<'a>(Random<'a>);

impl TryRng for Source<'_> {
    type Error = core::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        (self.0)(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        (self.0)(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, destination: &mut [u8]) -> Result<(), Self::Error> {
        (self.0)(destination);
        Ok(())
    }
}

impl TryCryptoRng for Source<'_> {}
