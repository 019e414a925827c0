//! Private keys of GOST: each standard writes the number in its own way, and none is tried out.

use gost::{ParameterSet, SigningKey};
use sha2::Digest as _;
use streebog::{Streebog256, Streebog512};
use zeroize::Zeroizing;

use super::{PrivateKeyError, Random};
use crate::algorithm::{Gost, PublicKey};
use crate::asn1::{Element, Rules, only};

/// Octets of randomness that go into the one-time number of a signature.
const ENTROPY: usize = 32;

/// A key with its standard and its public half.
pub(super) struct GostKey {
    gost: Gost,
    set: ParameterSet,
    key: SigningKey,
    point: Vec<u8>,
}

impl GostKey {
    /// Reads what PKCS#8 holds: the parameters of the algorithm, and the octets of the key.
    pub(super) fn read(
        gost: Gost,
        parameters: Option<Element<'_>>,
        octets: &[u8],
    ) -> Result<Self, PrivateKeyError> {
        let set = gost
            .read_parameters(parameters)
            .map_err(|_| PrivateKeyError::Malformed)?;
        let scalar = scalar(gost, set.field_len(), octets)?;
        let key = SigningKey::from_little_endian(set, &scalar).map_err(|_| PrivateKeyError::Malformed)?;
        Ok(Self {
            gost,
            set,
            point: key.verifying_key().to_bytes(),
            key,
        })
    }

    pub(super) const fn standard(&self) -> Gost {
        self.gost
    }

    /// Whether a SubjectPublicKeyInfo holds d · P on the same curve under the same standard.
    pub(super) fn belongs_to(&self, public_key_info: &[u8]) -> bool {
        matches!(
            PublicKey::from_spki(public_key_info),
            Ok(PublicKey::Gost { gost, set, point })
                if gost == self.gost && set == self.set && point == self.point
        )
    }

    /// Signs, unless the standard is only good for old signatures.
    pub(super) fn sign(&self, message: &[u8], random: Random<'_>) -> Option<Vec<u8>> {
        let digest = match self.gost {
            Gost::Russian256 | Gost::Kazakh256 => Streebog256::digest(message).to_vec(),
            Gost::Russian512 | Gost::Kazakh512 => Streebog512::digest(message).to_vec(),
            Gost::Russian2001 | Gost::Kazakh2004 => return None,
        };
        let mut entropy = Zeroizing::new([0; ENTROPY]);
        random(&mut *entropy);
        let signature = self
            .key
            .sign_prehash(self.gost.byte_order(), &digest, &*entropy)
            .ok()?;
        Some(signature.as_ref().to_vec())
    }
}

/// The number as `length` little-endian octets.
fn scalar(gost: Gost, length: usize, octets: &[u8]) -> Result<Zeroizing<Vec<u8>>, PrivateKeyError> {
    let inner = || only(octets, Rules::Ber);
    let scalar = match gost {
        // the octets themselves (RFC 9215, TC 26), also wrapped once more
        Gost::Russian2001 | Gost::Russian256 | Gost::Russian512 if octets.len() == length => octets.to_vec(),
        Gost::Kazakh2004 => {
            let mut scalar = inner()?.unsigned()?.to_vec();
            scalar.reverse();
            scalar.resize(length.max(scalar.len()), 0);
            scalar
        }
        _ => inner()?.octets()?.into_owned(),
    };
    Ok(Zeroizing::new(scalar))
}
