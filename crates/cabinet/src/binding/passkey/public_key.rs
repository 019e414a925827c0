use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use minicbor::Decoder;
use minicbor::data::Type;

use super::PasskeyRefusal;

/// A public key in COSE (RFC 9052, 7; RFC 9053; RFC 8230), of an algorithm that was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PublicKey {
    Es256 { point: [u8; 65] },
    EdDsa { key: [u8; 32] },
    Rs256 { modulus: Vec<u8>, exponent: Vec<u8> },
}

/// Algorithms as COSE numbers them, the best first: what a browser is asked for.
pub(super) const ALGORITHMS: [i64; 3] = [ES256, EDDSA, RS256];
const ES256: i64 = -7;
const EDDSA: i64 = -8;
const RS256: i64 = -257;

const KEY_TYPE: i64 = 1;
const ALGORITHM: i64 = 3;
const OKP: i64 = 1;
const EC2: i64 = 2;
const RSA: i64 = 3;
const P256: i64 = 1;
const ED25519_CURVE: i64 = 6;

/// More fields than any key has.
const MOST_FIELDS: u64 = 16;

/// The fields of a key, by their numbers: whatever is not a number or bytes is left out.
#[derive(Default)]
struct Fields<'a> {
    numbers: Vec<(i64, i64)>,
    bytes: Vec<(i64, &'a [u8])>,
}

impl PublicKey {
    pub(super) fn read(cose: &[u8]) -> Result<Self, PasskeyRefusal> {
        let fields = Fields::read(cose).ok_or(PasskeyRefusal::Malformed)?;
        let unsupported = PasskeyRefusal::UnsupportedAlgorithm;
        let malformed = PasskeyRefusal::Malformed;
        match (fields.number(KEY_TYPE), fields.number(ALGORITHM)) {
            (Some(EC2), Some(ES256)) if fields.number(-1) == Some(P256) => {
                let x: [u8; 32] = fields.array(-2).ok_or(malformed)?;
                let y: [u8; 32] = fields.array(-3).ok_or(malformed)?;
                let point = [&[0x04], x.as_slice(), y.as_slice()].concat();
                let point = point.try_into().map_err(|_| malformed)?;
                Ok(Self::Es256 { point })
            }
            (Some(OKP), Some(EDDSA)) if fields.number(-1) == Some(ED25519_CURVE) => Ok(Self::EdDsa {
                key: fields.array(-2).ok_or(malformed)?,
            }),
            (Some(RSA), Some(RS256)) => Ok(Self::Rs256 {
                modulus: fields.field(-1).ok_or(malformed)?.to_vec(),
                exponent: fields.field(-2).ok_or(malformed)?.to_vec(),
            }),
            _ => Err(unsupported),
        }
    }

    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Es256 { point } => UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point)
                .verify(message, signature)
                .is_ok(),
            Self::EdDsa { key } => UnparsedPublicKey::new(&ED25519, key)
                .verify(message, signature)
                .is_ok(),
            Self::Rs256 { modulus, exponent } => {
                let key = RsaPublicKeyComponents {
                    n: modulus,
                    e: exponent,
                };
                key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
                    .is_ok()
            }
        }
    }
}

impl<'a> Fields<'a> {
    fn read(cose: &'a [u8]) -> Option<Self> {
        let mut decoder = Decoder::new(cose);
        let count = decoder.map().ok()?.filter(|count| *count <= MOST_FIELDS)?;
        let mut fields = Self::default();
        for _ in 0..count {
            let label = decoder.i64().ok()?;
            match decoder.datatype().ok()? {
                Type::Bytes => fields.bytes.push((label, decoder.bytes().ok()?)),
                Type::U8
                | Type::U16
                | Type::U32
                | Type::U64
                | Type::I8
                | Type::I16
                | Type::I32
                | Type::I64 => fields.numbers.push((label, decoder.i64().ok()?)),
                _ => decoder.skip().ok()?,
            }
        }
        (decoder.position() == cose.len()).then_some(fields)
    }

    fn number(&self, label: i64) -> Option<i64> {
        one(&self.numbers, label)
    }

    fn field(&self, label: i64) -> Option<&'a [u8]> {
        one(&self.bytes, label)
    }

    fn array<const N: usize>(&self, label: i64) -> Option<[u8; N]> {
        self.field(label)?.try_into().ok()
    }
}

/// The field of this label; one that stands there twice is nobody's.
fn one<T: Copy>(fields: &[(i64, T)], label: i64) -> Option<T> {
    let mut found = fields.iter().filter(|(other, _)| *other == label);
    match (found.next(), found.next()) {
        (Some((_, value)), None) => Some(*value),
        _ => None,
    }
}
