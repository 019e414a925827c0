//! Algorithm identifiers and public keys, and which of them are strong enough (threat CRT-8).

mod edwards;
mod gost;
mod name;

use ::gost::ParameterSet;

use crate::asn1::{self, Element, Reader, Rules, oids, tag};

pub use self::gost::Gost;
pub use name::KeyName;

/// Hash functions that may appear in signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hash {
    /// SHA-256
    Sha256,
    /// SHA-384
    Sha384,
    /// SHA-512
    Sha512,
    /// GOST R 34.11-2012, 256 bits
    Streebog256,
    /// GOST R 34.11-2012, 512 bits
    Streebog512,
    /// GOST R 34.11-94 with the S-box of CryptoPro
    Gost94CryptoPro,
    /// GOST R 34.11-94 with the test S-box, which is GOST 34.311-95 of Kazakhstan
    Gost94Test,
}

/// Why an algorithm or a key cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlgorithmError {
    /// Broken or too short: MD5, SHA-1, RSA below 2048 bits, explicit curve parameters …
    Weak,
    /// Not known here (yet).
    Unsupported,
    /// Known, but with parameters that do not belong to it.
    Parameters,
    /// A public key that is no point of its curve, or not one of the right order.
    InvalidKey,
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
            other => Self::of_gost(other).ok_or(AlgorithmError::Unsupported)?,
        };
        identifier.null_or_no_parameters(hash)
    }

    /// Its identifier; of GOST the international one, while [`Gost::digest_oid`] gives each country's own.
    pub const fn oid(self) -> asn1::Oid<'static> {
        match self {
            Self::Sha256 => oids::SHA256,
            Self::Sha384 => oids::SHA384,
            Self::Sha512 => oids::SHA512,
            Self::Streebog256 => oids::STREEBOG_256,
            Self::Streebog512 => oids::STREEBOG_512,
            Self::Gost94CryptoPro => oids::GOST_94,
            Self::Gost94Test => oids::KZ_GOST_95,
        }
    }

    /// Length of the digest in octets.
    pub const fn length(self) -> usize {
        match self {
            Self::Sha256 | Self::Streebog256 | Self::Gost94CryptoPro | Self::Gost94Test => 32,
            Self::Sha384 => 48,
            Self::Sha512 | Self::Streebog512 => 64,
        }
    }

    /// RSA and ECDSA go with SHA-2 only.
    const fn sha2(self) -> Result<Self, AlgorithmError> {
        match self {
            Self::Sha256 | Self::Sha384 | Self::Sha512 => Ok(self),
            _ => Err(AlgorithmError::Unsupported),
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
    /// GOST, parameters NULL or absent: RFC 9215 leaves them out, OpenSSL's engine and Kazakhstan write NULL
    Gost(Gost),
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
            other => {
                let gost = Gost::from_signature(other).ok_or(AlgorithmError::Unsupported)?;
                gost.signature(&identifier)
            }
        }
    }

    /// Reads the signatureAlgorithm of a CMS SignerInfo, which may name only the key type and leave the hash to
    /// digestAlgorithm (RFC 3370 §3.2, RFC 5753 §2.1.1).
    pub fn from_signer_info(element: Element<'_>, digest: Hash) -> Result<Self, AlgorithmError> {
        let identifier = Identifier::read(element)?;
        match identifier.oid {
            oids::RSA_ENCRYPTION => identifier.null_or_no_parameters(Self::RsaPkcs1(digest.sha2()?)),
            oids::EC_PUBLIC_KEY => Ok(Self::Ecdsa(digest.sha2()?)),
            other => match Gost::from_signer_info(other) {
                Some(gost) => gost.signature(&identifier),
                None => Self::from_identifier(element),
            },
        }
    }

    /// The hash the signature is made over; Ed25519 hashes inside.
    pub const fn hash(self) -> Option<Hash> {
        match self {
            Self::RsaPkcs1(hash) | Self::RsaPss(hash) | Self::Ecdsa(hash) => Some(hash),
            Self::Gost(gost) => Some(gost.hash()),
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
    let hash = Hash::from_identifier(hash.child()?)?.sha2()?;
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
    /// A key of GOST (RFC 9215 §4); whether the point is sound takes arithmetic
    Gost {
        /// the standard
        gost: Gost,
        /// the curve
        set: ParameterSet,
        /// x ‖ y, each little-endian
        point: &'a [u8],
    },
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
            other => {
                let gost = Gost::from_key(other).ok_or(AlgorithmError::Unsupported)?;
                let (set, point) = gost.read_key(&identifier, bits)?;
                Ok(Self::Gost { gost, set, point })
            }
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

/// Reads one AlgorithmIdentifier from its own DER.
pub(crate) fn signature_algorithm(der: &[u8]) -> Result<SignatureAlgorithm, AlgorithmError> {
    let mut reader = Reader::der(der);
    SignatureAlgorithm::from_identifier(reader.expect(tag::SEQUENCE)?)
}
