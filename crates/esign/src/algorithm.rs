//! Algorithm identifiers and public keys, and which of them are strong enough (threat CRT-8).

mod edwards;

use std::fmt;

use crate::asn1::{self, Element, Reader, Rules, oids, tag};

/// Hash functions that may appear in signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hash {
    /// SHA-256
    Sha256,
    /// SHA-384
    Sha384,
    /// SHA-512
    Sha512,
}

/// Why an algorithm or a key cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlgorithmError {
    /// Broken or too short: MD5, SHA-1, RSA below 2048 bits, explicit curve parameters …
    Weak,
    /// Not known here (yet).
    Unsupported,
    /// Not a sound encoding.
    Malformed,
}

impl From<asn1::Error> for AlgorithmError {
    fn from(_: asn1::Error) -> Self {
        Self::Malformed
    }
}

/// An AlgorithmIdentifier taken apart.
struct Identifier<'a> {
    oid: asn1::Oid<'a>,
    parameters: Option<Element<'a>>,
}

impl<'a> Identifier<'a> {
    fn read(element: Element<'a>) -> asn1::Result<Self> {
        let mut fields = element.sequence()?;
        let oid = fields.expect(tag::OID)?.oid()?;
        let parameters = if fields.is_empty() {
            None
        } else {
            Some(fields.element()?)
        };
        fields.finish()?;
        Ok(Self { oid, parameters })
    }

    fn no_parameters<T>(&self, value: T) -> Result<T, AlgorithmError> {
        if self.parameters.is_none() {
            Ok(value)
        } else {
            Err(AlgorithmError::Malformed)
        }
    }

    fn null_or_no_parameters<T>(&self, value: T) -> Result<T, AlgorithmError> {
        match self.parameters {
            None => Ok(value),
            Some(null) if null.tag() == tag::NULL && null.content().is_empty() => Ok(value),
            Some(_) => Err(AlgorithmError::Malformed),
        }
    }
}

impl Hash {
    /// Reads a digest AlgorithmIdentifier (RFC 5754 §2): parameters NULL or absent.
    pub fn from_identifier(element: Element<'_>) -> Result<Self, AlgorithmError> {
        let identifier = Identifier::read(element)?;
        let hash = match identifier.oid {
            oids::SHA256 => Self::Sha256,
            oids::SHA384 => Self::Sha384,
            oids::SHA512 => Self::Sha512,
            oids::SHA1 | oids::MD5 => return Err(AlgorithmError::Weak),
            _ => return Err(AlgorithmError::Unsupported),
        };
        identifier.null_or_no_parameters(hash)
    }

    /// Length of the digest in octets.
    pub const fn length(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

/// What a signature was made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5 (RFC 8017 §8.2)
    RsaPkcs1(Hash),
    /// RSASSA-PSS with MGF1 over the same hash and a salt as long as the hash (RFC 8017 §8.1)
    RsaPss(Hash),
    /// ECDSA (RFC 5758 §3.2)
    Ecdsa(Hash),
    /// Ed25519 (RFC 8410)
    Ed25519,
}

impl SignatureAlgorithm {
    /// Reads the AlgorithmIdentifier of a signature.
    pub fn from_identifier(element: Element<'_>) -> Result<Self, AlgorithmError> {
        let identifier = Identifier::read(element)?;
        match identifier.oid {
            oids::RSA_SHA256 => identifier.null_or_no_parameters(Self::RsaPkcs1(Hash::Sha256)),
            oids::RSA_SHA384 => identifier.null_or_no_parameters(Self::RsaPkcs1(Hash::Sha384)),
            oids::RSA_SHA512 => identifier.null_or_no_parameters(Self::RsaPkcs1(Hash::Sha512)),
            oids::RSA_PSS => pss(identifier.parameters),
            oids::ECDSA_SHA256 => identifier.no_parameters(Self::Ecdsa(Hash::Sha256)),
            oids::ECDSA_SHA384 => identifier.no_parameters(Self::Ecdsa(Hash::Sha384)),
            oids::ECDSA_SHA512 => identifier.no_parameters(Self::Ecdsa(Hash::Sha512)),
            oids::ED25519 => identifier.no_parameters(Self::Ed25519),
            oids::RSA_MD5 | oids::RSA_SHA1 | oids::ECDSA_SHA1 => Err(AlgorithmError::Weak),
            _ => Err(AlgorithmError::Unsupported),
        }
    }

    /// Reads the signatureAlgorithm of a CMS SignerInfo, which may name only the key type and leave the hash to
    /// digestAlgorithm (RFC 3370 §3.2, RFC 5753 §2.1.1).
    pub fn from_signer_info(element: Element<'_>, digest: Hash) -> Result<Self, AlgorithmError> {
        let identifier = Identifier::read(element)?;
        match identifier.oid {
            oids::RSA_ENCRYPTION => identifier.null_or_no_parameters(Self::RsaPkcs1(digest)),
            oids::EC_PUBLIC_KEY => Ok(Self::Ecdsa(digest)),
            _ => Self::from_identifier(element),
        }
    }

    /// The hash the signature is made over; Ed25519 hashes inside.
    pub const fn hash(self) -> Option<Hash> {
        match self {
            Self::RsaPkcs1(hash) | Self::RsaPss(hash) | Self::Ecdsa(hash) => Some(hash),
            Self::Ed25519 => None,
        }
    }
}

/// RSASSA-PSS-params (RFC 4055 §3.1). The defaults are SHA-1, so every field must be there.
fn pss(parameters: Option<Element<'_>>) -> Result<SignatureAlgorithm, AlgorithmError> {
    let mut fields = parameters.ok_or(AlgorithmError::Weak)?.sequence()?;
    let hash = fields
        .optional(tag::context_constructed(0))?
        .ok_or(AlgorithmError::Weak)?;
    let hash = Hash::from_identifier(hash.child()?)?;
    let mask = fields
        .optional(tag::context_constructed(1))?
        .ok_or(AlgorithmError::Weak)?;
    let mask = Identifier::read(mask.child()?)?;
    let mask_hash = Hash::from_identifier(mask.parameters.ok_or(AlgorithmError::Malformed)?)?;
    let salt = fields
        .optional(tag::context_constructed(2))?
        .ok_or(AlgorithmError::Unsupported)?;
    let salt = salt.child()?.small()?;
    if let Some(trailer) = fields.optional(tag::context_constructed(3))?
        && trailer.child()?.small()? != 1
    {
        return Err(AlgorithmError::Malformed);
    }
    fields.finish()?;
    if mask.oid != oids::MGF1 || mask_hash != hash || usize::try_from(salt) != Ok(hash.length()) {
        return Err(AlgorithmError::Unsupported);
    }
    Ok(SignatureAlgorithm::RsaPss(hash))
}

/// A named curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Curve {
    /// secp256r1
    P256,
    /// secp384r1
    P384,
}

/// The key of a SubjectPublicKeyInfo, checked as far as can be without arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicKey<'a> {
    /// RSA: 2048 to 8192 bits, odd exponent from 3 to 2³²+1
    Rsa {
        /// RSAPublicKey (RFC 8017 §A.1.1)
        der: &'a [u8],
        /// big-endian, without leading zeros
        modulus: &'a [u8],
        /// big-endian, without leading zeros
        exponent: &'a [u8],
    },
    /// A point on a named curve (RFC 5480 §2.2)
    Ec {
        /// the curve
        curve: Curve,
        /// the uncompressed point
        point: &'a [u8],
    },
    /// Ed25519 (RFC 8410 §4)
    Ed25519(&'a [u8; 32]),
}

const EXPONENT_MAX: u64 = (1 << 32) + 1;

impl<'a> PublicKey<'a> {
    /// Reads a SubjectPublicKeyInfo.
    pub fn from_spki(spki: &'a [u8]) -> Result<Self, AlgorithmError> {
        let (identifier, bits) = split_spki(spki)?;
        match identifier.oid {
            oids::RSA_ENCRYPTION => {
                identifier.null_or_no_parameters(())?;
                rsa(bits)
            }
            oids::EC_PUBLIC_KEY => ec(identifier.parameters, bits),
            oids::ED25519 => {
                identifier.no_parameters(())?;
                let key = bits.try_into().map_err(|_| AlgorithmError::Malformed)?;
                if edwards::is_weak(key) {
                    return Err(AlgorithmError::Weak);
                }
                Ok(Self::Ed25519(key))
            }
            _ => Err(AlgorithmError::Unsupported),
        }
    }
}

/// The contents of the BIT STRING in a SubjectPublicKeyInfo: what key identifiers are computed over.
pub fn public_key_bits(spki: &[u8]) -> asn1::Result<&[u8]> {
    split_spki(spki).map(|(_, bits)| bits)
}

fn split_spki(spki: &[u8]) -> asn1::Result<(Identifier<'_>, &[u8])> {
    let mut fields = asn1::only(spki, Rules::Der)?.sequence()?;
    let identifier = Identifier::read(fields.expect(tag::SEQUENCE)?)?;
    let bits = fields.expect(tag::BIT_STRING)?.bit_octets()?;
    fields.finish()?;
    Ok((identifier, bits))
}

fn rsa(der: &[u8]) -> Result<PublicKey<'_>, AlgorithmError> {
    let (modulus, exponent) = rsa_numbers(der)?;
    let bits = bit_length(modulus);
    if bits > 8192 || modulus.last().is_none_or(|last| last & 1 == 0) {
        return Err(AlgorithmError::Malformed);
    }
    let value = exponent
        .iter()
        .fold(0_u64, |value, byte| value.saturating_mul(256) | u64::from(*byte));
    if bits < 2048 || exponent.len() > 5 || !(3..=EXPONENT_MAX).contains(&value) || value % 2 == 0 {
        return Err(AlgorithmError::Weak);
    }
    Ok(PublicKey::Rsa {
        der,
        modulus,
        exponent,
    })
}

fn rsa_numbers(der: &[u8]) -> asn1::Result<(&[u8], &[u8])> {
    let mut numbers = asn1::only(der, Rules::Der)?.sequence()?;
    let modulus = numbers.element()?.unsigned()?;
    let exponent = numbers.element()?.unsigned()?;
    numbers.finish()?;
    Ok((modulus, exponent))
}

fn bit_length(magnitude: &[u8]) -> usize {
    magnitude
        .first()
        .map_or(0, |first| magnitude.len() * 8 - first.leading_zeros() as usize)
}

fn ec<'a>(parameters: Option<Element<'_>>, point: &'a [u8]) -> Result<PublicKey<'a>, AlgorithmError> {
    let parameters = parameters.ok_or(AlgorithmError::Malformed)?;
    if parameters.tag() == tag::SEQUENCE {
        // explicit parameters let a forger choose the base point (CVE-2020-0601)
        return Err(AlgorithmError::Weak);
    }
    let (curve, length) = match parameters.oid()? {
        oids::P256 => (Curve::P256, 65),
        oids::P384 => (Curve::P384, 97),
        _ => return Err(AlgorithmError::Unsupported),
    };
    match (point.first(), point.len() == length) {
        (Some(4), true) => Ok(PublicKey::Ec { curve, point }),
        (Some(2 | 3), _) => Err(AlgorithmError::Unsupported),
        _ => Err(AlgorithmError::Malformed),
    }
}

/// What kind of key a certificate holds, in words that need no translation. Also for keys that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyName {
    /// RSA with its length in bits
    Rsa(usize),
    /// A name
    Named(&'static str),
    /// Anything else, by its identifier
    Other(String),
}

impl KeyName {
    /// Names the key of a SubjectPublicKeyInfo.
    pub fn from_spki(spki: &[u8]) -> Self {
        let Ok((identifier, bits)) = split_spki(spki) else {
            return Self::Named("?");
        };
        match identifier.oid {
            oids::RSA_ENCRYPTION => {
                Self::Rsa(rsa_numbers(bits).map_or(0, |(modulus, _)| bit_length(modulus)))
            }
            oids::ED25519 => Self::Named("Ed25519"),
            oids::EC_PUBLIC_KEY => Self::ec(identifier.parameters),
            oids::GOST_2012_256 => Self::Named("GOST R 34.10-2012 (256)"),
            oids::GOST_2012_512 => Self::Named("GOST R 34.10-2012 (512)"),
            oids::GOST_2001 => Self::Named("GOST R 34.10-2001"),
            oids::KZ_GOST_2004 => Self::Named("GOST 34.310-2004"),
            oids::KZ_GOST_2015_256 => Self::Named("GOST R 34.10-2015 (256)"),
            oids::KZ_GOST_2015_512 => Self::Named("GOST R 34.10-2015 (512)"),
            other => Self::Other(other.to_string()),
        }
    }

    fn ec(parameters: Option<Element<'_>>) -> Self {
        match parameters.and_then(|curve| curve.oid().ok()) {
            Some(oids::P256) => Self::Named("ECDSA P-256"),
            Some(oids::P384) => Self::Named("ECDSA P-384"),
            Some(other) => Self::Other(format!("ECDSA {other}")),
            None => Self::Named("ECDSA"),
        }
    }

    /// Length of an RSA modulus.
    pub const fn rsa_bits(&self) -> Option<usize> {
        if let Self::Rsa(bits) = self {
            Some(*bits)
        } else {
            None
        }
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa(bits) => write!(f, "RSA {bits}"),
            Self::Named(name) => f.write_str(name),
            Self::Other(name) => f.write_str(name),
        }
    }
}

/// Reads one AlgorithmIdentifier from its own DER.
pub(crate) fn signature_algorithm(der: &[u8]) -> Result<SignatureAlgorithm, AlgorithmError> {
    let mut reader = Reader::der(der);
    SignatureAlgorithm::from_identifier(reader.expect(tag::SEQUENCE)?)
}
