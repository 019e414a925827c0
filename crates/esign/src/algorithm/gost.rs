//! GOST of Russia and Kazakhstan: which identifiers belong together. Nothing is tried out; one identifier settles
//! the hash, the byte order and the curves.

use gost::{ByteOrder, ParameterSet};

use super::{AlgorithmError, Hash, Identifier, SignatureAlgorithm};
use crate::asn1::{self, Element, Oid, Rules, oids, tag};

/// A signature standard: keys, signatures, hash and byte order of one go with no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Gost {
    /// GOST R 34.10-2001 with GOST R 34.11-94 (RFC 4491)
    Russian2001,
    /// GOST R 34.10-2012 of 256 bits with Streebog-256 (RFC 9215)
    Russian256,
    /// GOST R 34.10-2012 of 512 bits with Streebog-512 (RFC 9215)
    Russian512,
    /// GOST 34.310-2004 with GOST 34.311-95
    Kazakh2004,
    /// GOST R 34.10-2015 of 256 bits with Streebog-256
    Kazakh256,
    /// GOST R 34.10-2015 of 512 bits with Streebog-512
    Kazakh512,
}

impl Gost {
    const ALL: [Self; 6] = [
        Self::Russian2001,
        Self::Russian256,
        Self::Russian512,
        Self::Kazakh2004,
        Self::Kazakh256,
        Self::Kazakh512,
    ];

    /// The standard whose keys the identifier names.
    pub fn from_key(oid: Oid<'_>) -> Option<Self> {
        Self::ALL.into_iter().find(|gost| gost.key_oid() == oid)
    }

    /// The standard whose signatures, hash included, the identifier names.
    pub fn from_signature(oid: Oid<'_>) -> Option<Self> {
        Self::ALL.into_iter().find(|gost| gost.signature_oid() == oid)
    }

    /// The standard that a CMS SignerInfo names by its keys alone, as RFC 4490 §3 has it and everybody in Russia
    /// writes it since; nobody does in Kazakhstan.
    pub(super) fn from_signer_info(oid: Oid<'_>) -> Option<Self> {
        Self::from_key(oid).filter(|gost| gost.byte_order() == ByteOrder::Russian)
    }

    /// The parameters of a signature are absent (RFC 9215 §2) or, as OpenSSL's engine and Kazakhstan write, NULL.
    pub(super) fn signature(self, identifier: &Identifier<'_>) -> Result<SignatureAlgorithm, AlgorithmError> {
        identifier
            .null_or_no_parameters(SignatureAlgorithm::Gost(self))
            .map_err(|_| AlgorithmError::Parameters)
    }

    /// What SubjectPublicKeyInfo names it by.
    pub const fn key_oid(self) -> Oid<'static> {
        match self {
            Self::Russian2001 => oids::GOST_2001,
            Self::Russian256 => oids::GOST_2012_256,
            Self::Russian512 => oids::GOST_2012_512,
            Self::Kazakh2004 => oids::KZ_GOST_2004,
            Self::Kazakh256 => oids::KZ_GOST_2015_256,
            Self::Kazakh512 => oids::KZ_GOST_2015_512,
        }
    }

    /// What signatures are named by.
    pub const fn signature_oid(self) -> Oid<'static> {
        match self {
            Self::Russian2001 => oids::GOST_2001_SIGNATURE,
            Self::Russian256 => oids::GOST_2012_256_SIGNATURE,
            Self::Russian512 => oids::GOST_2012_512_SIGNATURE,
            Self::Kazakh2004 => oids::KZ_GOST_2004_SIGNATURE,
            Self::Kazakh256 => oids::KZ_GOST_2015_256_SIGNATURE,
            Self::Kazakh512 => oids::KZ_GOST_2015_512_SIGNATURE,
        }
    }

    /// What the hash is named by.
    pub const fn digest_oid(self) -> Oid<'static> {
        match self {
            Self::Russian2001 => oids::GOST_94,
            Self::Russian256 => oids::STREEBOG_256,
            Self::Russian512 => oids::STREEBOG_512,
            Self::Kazakh2004 => oids::KZ_GOST_95,
            Self::Kazakh256 => oids::KZ_STREEBOG_256,
            Self::Kazakh512 => oids::KZ_STREEBOG_512,
        }
    }

    /// What the parameters of a key name the hash by: for the old hash, its S-box.
    const fn digest_parameter(self) -> Oid<'static> {
        match self {
            Self::Russian2001 => oids::GOST_94_CRYPTO_PRO,
            Self::Kazakh2004 => oids::KZ_GOST_95_TEST,
            _ => self.digest_oid(),
        }
    }

    /// The hash that is signed.
    pub const fn hash(self) -> Hash {
        match self {
            Self::Russian2001 => Hash::Gost94CryptoPro,
            Self::Kazakh2004 => Hash::Gost94Test,
            Self::Russian256 | Self::Kazakh256 => Hash::Streebog256,
            Self::Russian512 | Self::Kazakh512 => Hash::Streebog512,
        }
    }

    /// How the two numbers of a signature are written.
    pub const fn byte_order(self) -> ByteOrder {
        match self {
            Self::Russian2001 | Self::Russian256 | Self::Russian512 => ByteOrder::Russian,
            Self::Kazakh2004 | Self::Kazakh256 | Self::Kazakh512 => ByteOrder::Kazakh,
        }
    }

    /// Whether new signatures may be made; of the standards before 2012 old ones are only verified.
    pub const fn may_sign(self) -> bool {
        !matches!(self, Self::Russian2001 | Self::Kazakh2004)
    }

    /// The curves that keys of this standard lie on.
    fn parameter_set(self, curve: Oid<'_>) -> Option<ParameterSet> {
        use ParameterSet::{CryptoProA, CryptoProB, CryptoProC, Tc26A256, Tc26A512, Tc26B512, Tc26C512};
        let set = match (self, curve) {
            (Self::Russian2001 | Self::Russian256, oids::CRYPTO_PRO_A | oids::CRYPTO_PRO_XCH_A)
            | (Self::Russian256, oids::TC26_256_B)
            | (Self::Kazakh2004, oids::KZ_GOST_2004_A) => CryptoProA,
            (Self::Russian2001 | Self::Russian256, oids::CRYPTO_PRO_B)
            | (Self::Russian256, oids::TC26_256_C) => CryptoProB,
            (Self::Russian2001 | Self::Russian256, oids::CRYPTO_PRO_C | oids::CRYPTO_PRO_XCH_B)
            | (Self::Russian256, oids::TC26_256_D) => CryptoProC,
            (Self::Russian256, oids::TC26_256_A) | (Self::Kazakh256, oids::KZ_GOST_2015_256_A) => Tc26A256,
            (Self::Russian512, oids::TC26_512_A) | (Self::Kazakh512, oids::KZ_GOST_2015_512_A) => Tc26A512,
            (Self::Russian512, oids::TC26_512_B) => Tc26B512,
            (Self::Russian512, oids::TC26_512_C) => Tc26C512,
            _ => return None,
        };
        Some(set)
    }

    /// Reads GostR3410-PublicKeyParameters (RFC 9215 §4.2, RFC 4491 §2.3.2): the curve and, where it is there, the
    /// hash, which must be the standard's own. Only GOST R 34.10-2012 may leave it out; only 2001 names a cipher too.
    pub(crate) fn read_parameters(
        self,
        parameters: Option<Element<'_>>,
    ) -> Result<ParameterSet, AlgorithmError> {
        let mut fields = parameters.ok_or(AlgorithmError::Parameters)?.sequence()?;
        let curve = fields.expect(tag::OID)?.oid()?;
        let digest = fields
            .optional(tag::OID)?
            .map(|digest| digest.oid())
            .transpose()?;
        if self == Self::Russian2001 {
            fields.optional(tag::OID)?;
        }
        fields.finish()?;
        let digest_fits = match digest {
            Some(digest) => digest == self.digest_parameter(),
            None => matches!(self, Self::Russian256 | Self::Russian512),
        };
        self.parameter_set(curve)
            .filter(|_| digest_fits)
            .ok_or(AlgorithmError::Parameters)
    }

    /// Reads SubjectPublicKeyInfo taken apart: the curve, and the point as x ‖ y, each little-endian.
    pub(super) fn read_key<'a>(
        self,
        identifier: &Identifier<'_>,
        bits: &'a [u8],
    ) -> Result<(ParameterSet, &'a [u8]), AlgorithmError> {
        let set = self.read_parameters(identifier.parameters)?;
        let point = asn1::only(bits, Rules::Der)?;
        if point.tag() != tag::OCTET_STRING || point.content().len() != 2 * set.field_len() {
            return Err(AlgorithmError::Malformed);
        }
        Ok((set, point.content()))
    }

    /// The name of the standard for keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Russian2001 => "GOST R 34.10-2001",
            Self::Russian256 => "GOST R 34.10-2012 (256)",
            Self::Russian512 => "GOST R 34.10-2012 (512)",
            Self::Kazakh2004 => "GOST 34.310-2004",
            Self::Kazakh256 => "GOST R 34.10-2015 (256)",
            Self::Kazakh512 => "GOST R 34.10-2015 (512)",
        }
    }
}

impl Hash {
    /// The hash of GOST that an identifier names.
    pub(super) fn of_gost(oid: Oid<'_>) -> Option<Self> {
        let gost = Gost::ALL.into_iter().find(|gost| gost.digest_oid() == oid);
        gost.map(Gost::hash)
    }
}
