//! Private keys. What depends on them takes the same time for all of them.
#![expect(clippy::many_single_char_names, reason = "the letters of the standard")]

use core::fmt;

use signature::{Keypair, hazmat::PrehashSigner};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::bytes;
use crate::curve::Curve;
use crate::encoding::{ByteOrder, Pair, Signature, digest_number};
use crate::error::{KeyError, SignatureError};
use crate::limbs::{self, Limbs};
use crate::nonce::Nonces;
use crate::parameters::{ParameterSet, Sized};
use crate::verifying::VerifyingKey;

/// A private key, wiped when it is dropped.
///
/// It signs with any parameter set, those of GOST R 34.10-2001 included; whether a set may still be used to sign
/// is for the caller to decide.
pub struct SigningKey {
    set: ParameterSet,
    scalar: Sized<Scalar<4>, Scalar<8>>,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("set", &self.set)
            .finish_non_exhaustive()
    }
}

impl ZeroizeOnDrop for SigningKey {}

impl SigningKey {
    /// d as [`ParameterSet::field_len`] little-endian bytes, with 0 < d < q.
    pub fn from_little_endian(set: ParameterSet, bytes: &[u8]) -> Result<Self, KeyError> {
        let scalar = match set.sized() {
            Sized::Short(curve) => Sized::Short(Scalar::new(curve, bytes)?),
            Sized::Long(curve) => Sized::Long(Scalar::new(curve, bytes)?),
        };
        Ok(Self { set, scalar })
    }

    /// The parameter set of the key.
    pub const fn parameter_set(&self) -> ParameterSet {
        self.set
    }

    /// The public key Q = d · P.
    pub fn verifying_key(&self) -> VerifyingKey {
        match &self.scalar {
            Sized::Short(scalar) => VerifyingKey::computed(self.set, &scalar.public()),
            Sized::Long(scalar) => VerifyingKey::computed(self.set, &scalar.public()),
        }
    }

    /// Signs a digest of [`ParameterSet::field_len`] bytes, taken as the hash function returned them.
    ///
    /// The one-time number depends on the key, the digest and `added_entropy`. With nothing added the signature
    /// is deterministic; 32 random bytes protect it against faults induced in the computer too.
    pub fn sign_prehash(
        &self,
        order: ByteOrder,
        digest: &[u8],
        added_entropy: &[u8],
    ) -> Result<Signature, SignatureError> {
        match &self.scalar {
            Sized::Short(scalar) => scalar.sign(order, digest, added_entropy),
            Sized::Long(scalar) => scalar.sign(order, digest, added_entropy),
        }
    }
}

/// Signs deterministically, in the [Russian](ByteOrder::Russian) order.
impl PrehashSigner<Signature> for SigningKey {
    fn sign_prehash(&self, prehash: &[u8]) -> Result<Signature, signature::Error> {
        Ok(self.sign_prehash(ByteOrder::Russian, prehash, &[])?)
    }
}

impl Keypair for SigningKey {
    type VerifyingKey = VerifyingKey;

    fn verifying_key(&self) -> VerifyingKey {
        self.verifying_key()
    }
}

/// d, with the curve it belongs to.
struct Scalar<const L: usize> {
    curve: &'static Curve<L>,
    d: Limbs<L>,
}

impl<const L: usize> Drop for Scalar<L> {
    fn drop(&mut self) {
        self.d.zeroize();
    }
}

impl<const L: usize> Scalar<L> {
    fn new(curve: &'static Curve<L>, bytes: &[u8]) -> Result<Self, KeyError> {
        let scalar = Self {
            curve,
            d: bytes::from_le_bytes(bytes).ok_or(KeyError::Length)?,
        };
        if limbs::is_zero(&scalar.d) || !limbs::less(&scalar.d, curve.order.value()) {
            return Err(KeyError::Scalar);
        }
        Ok(scalar)
    }

    fn public(&self) -> [Limbs<L>; 2] {
        self.curve.coordinates(&self.curve.multiply_base(&self.d))
    }

    /// GOST R 34.10-2012, 6.1: r = x(k · P) mod q, s = r · d + k · e mod q.
    fn sign(&self, order: ByteOrder, digest: &[u8], added: &[u8]) -> Result<Signature, SignatureError> {
        let q = &self.curve.order;
        let e = digest_number(digest, q)?;
        let mut nonces = Nonces::new(&self.d, &q.number(&e), added);
        let mut d = q.residue(&self.d);
        let pair = loop {
            let mut k = nonces.next(q);
            let [x, _] = self.curve.coordinates(&self.curve.multiply_base(&k));
            let r = q.residue(&x);
            let mut hidden = q.residue(&k);
            let s = q.add(&q.mul(&r, &d), &q.mul(&hidden, &e));
            k.zeroize();
            hidden.zeroize();
            if !r.is_zero() && !s.is_zero() {
                let (r, s) = (q.number(&r), q.number(&s));
                break Pair { r, s };
            }
        };
        d.zeroize();
        Ok(pair.to_signature(order))
    }
}
