//! RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 §8.2), straight on the constant-time arithmetic of `crypto-bigint`.
//!
//! The `rsa` crate stands on the same arithmetic; what else it does with private keys (recovering, checking and
//! using their primes) is a tenth of the page's module and is not needed to sign once. That the numbers of a key
//! belong together is proven by a signature instead, and every signature is verified before it leaves.

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, Odd};
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize as _, Zeroizing};

use super::{PrivateKeyError, Random};
use crate::asn1::{Rules, integer, only, sequence};

/// Sizes of keys that can be used, in bits.
const BITS: core::ops::RangeInclusive<u32> = 1024..=8192;
/// Up to here it is tried out whether the exponents belong together; above that it takes a tenth of a second, and each
/// signature is tried out anyway.
const CHECKED_BITS: u32 = 3072;

/// DigestInfo of SHA-256 up to the digest (RFC 8017 §9.2, note 1).
const DIGEST_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
    0x04, 0x20,
];

pub(super) struct RsaKey {
    modulus: BoxedMontyParams,
    public_exponent: BoxedUint,
    private_exponent: BoxedUint,
    /// octets of the modulus
    length: usize,
    /// RSAPublicKey (RFC 8017 §A.1.1)
    public: Vec<u8>,
}

impl Drop for RsaKey {
    fn drop(&mut self) {
        self.private_exponent.zeroize();
    }
}

impl RsaKey {
    /// Reads RSAPrivateKey with two primes (RFC 8017 §A.1.2).
    pub(super) fn read(encoded: &[u8]) -> Result<Self, PrivateKeyError> {
        let mut fields = only(encoded, Rules::Ber)?.children()?;
        if fields.element()?.small()? != 0 {
            return Err(PrivateKeyError::Malformed);
        }
        let n = fields.element()?.unsigned()?;
        let e = fields.element()?.unsigned()?;
        let d = fields.element()?.unsigned()?;
        let modulus = BoxedUint::from_be_slice_vartime(n);
        let precision = modulus.bits_precision();
        let bits = modulus.bits_vartime();
        if !BITS.contains(&bits) || e.len() > 5 || d.len() > n.len() {
            return Err(PrivateKeyError::Malformed);
        }
        let modulus = Option::from(Odd::new(modulus)).ok_or(PrivateKeyError::Malformed)?;
        let private_exponent =
            BoxedUint::from_be_slice(d, precision).map_err(|_| PrivateKeyError::Malformed)?;
        let key = Self {
            modulus: BoxedMontyParams::new_vartime(modulus),
            public_exponent: BoxedUint::from_be_slice_vartime(e),
            private_exponent,
            length: n.len(),
            public: sequence(&[integer(n), integer(e)]),
        };
        if bits > CHECKED_BITS {
            return Ok(key);
        }
        let two = key.number(&[2]).ok_or(PrivateKeyError::Malformed)?;
        if key.raised_to_public(&two.pow(&key.private_exponent)) != two {
            return Err(PrivateKeyError::Malformed);
        }
        Ok(key)
    }

    /// RSAPublicKey.
    pub(super) fn public(&self) -> &[u8] {
        &self.public
    }

    /// `None` if the modulus is too short for the hash.
    pub(super) fn sign(&self, message: &[u8], random: Random<'_>) -> Option<Vec<u8>> {
        let message = self.number(&self.encode(message)?)?;
        let signature = self.blinded_power(&message, random)?;
        if self.raised_to_public(&signature) != message {
            return None;
        }
        let octets = signature.retrieve().to_be_bytes();
        let start = octets.len().checked_sub(self.length)?;
        Some(octets.get(start..)?.to_vec())
    }

    /// EMSA-PKCS1-v1_5 (RFC 8017 §9.2).
    fn encode(&self, message: &[u8]) -> Option<Vec<u8>> {
        let digest = Sha256::digest(message);
        let padding = self
            .length
            .checked_sub(DIGEST_INFO.len() + digest.len() + 3)
            .filter(|length| *length >= 8)?;
        let mut encoded = vec![0, 1];
        encoded.resize(2 + padding, 0xff);
        encoded.push(0);
        encoded.extend_from_slice(&DIGEST_INFO);
        encoded.extend_from_slice(&digest);
        Some(encoded)
    }

    /// mᵈ as (m · rᵉ)ᵈ · r⁻¹, so that what is raised to the secret power is nothing an observer knows.
    fn blinded_power(&self, message: &BoxedMontyForm, random: Random<'_>) -> Option<BoxedMontyForm> {
        let mut octets = Zeroizing::new(vec![0; self.length]);
        random(&mut octets);
        let blind = self.number(&octets)?;
        let unblind: BoxedMontyForm = Option::from(blind.invert())?;
        let blinded = message.mul(&self.raised_to_public(&blind));
        Some(blinded.pow(&self.private_exponent).mul(&unblind))
    }

    /// The public exponent is no secret, its length included.
    fn raised_to_public(&self, number: &BoxedMontyForm) -> BoxedMontyForm {
        number.pow_bounded_exp(&self.public_exponent, self.public_exponent.bits_vartime())
    }

    /// A number modulo n.
    fn number(&self, octets: &[u8]) -> Option<BoxedMontyForm> {
        let number = BoxedUint::from_be_slice(octets, self.modulus.bits_precision()).ok()?;
        Some(BoxedMontyForm::new(number, &self.modulus))
    }
}
