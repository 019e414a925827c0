//! Public keys.

use alloc::{boxed::Box, sync::Arc, vec::Vec};
use core::fmt;

use once_cell::race::OnceBox;
use signature::hazmat::PrehashVerifier;

use crate::bytes;
use crate::curve::Curve;
use crate::encoding::{ByteOrder, Signature};
use crate::error::{KeyError, SignatureError};
use crate::limbs::{self, Limbs};
use crate::parameters::{ParameterSet, Sized};
use crate::vartime::{self, Verifier};

/// A public key that was checked: its length, its coordinates below p, on the curve, in the subgroup of order q.
///
/// Copies share what the key has learnt: from its second verification on it keeps multiples of its point, 4 to 16 KiB
/// by the set, and verifies about three times as fast. Keep keys that come again.
#[derive(Clone)]
pub struct VerifyingKey {
    set: ParameterSet,
    bytes: Vec<u8>,
    verifier: Arc<OnceBox<Box<dyn Verifier>>>,
}

impl VerifyingKey {
    /// x ‖ y, [`ParameterSet::field_len`] little-endian bytes each: what certificates have in an OCTET STRING
    /// inside the BIT STRING (RFC 9215 §4.3).
    pub fn from_bytes(set: ParameterSet, x_y_little_endian: &[u8]) -> Result<Self, KeyError> {
        match set.sized() {
            Sized::Short(curve) => check(curve, x_y_little_endian)?,
            Sized::Long(curve) => check(curve, x_y_little_endian)?,
        }
        if !vartime::is_in_subgroup(set, x_y_little_endian) {
            return Err(KeyError::NotInSubgroup);
        }
        Ok(Self::unchecked(set, x_y_little_endian.to_vec()))
    }

    /// A point that was computed, and so needs no check.
    pub(crate) fn computed<const L: usize>(set: ParameterSet, coordinates: &[Limbs<L>; 2]) -> Self {
        Self::unchecked(set, coordinates.iter().flat_map(bytes::le_bytes).collect())
    }

    /// Does not refer to the arithmetic of verification, so that what only signs is linked without it.
    fn unchecked(set: ParameterSet, bytes: Vec<u8>) -> Self {
        let verifier = Arc::default();
        Self { set, bytes, verifier }
    }

    /// The parameter set of the key.
    pub const fn parameter_set(&self) -> ParameterSet {
        self.set
    }

    /// x ‖ y, little-endian each.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.bytes.clone()
    }

    /// Verifies the signature of a digest of [`ParameterSet::field_len`] bytes, taken as the hash function
    /// returned them.
    pub fn verify_prehash(
        &self,
        order: ByteOrder,
        digest: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        self.verifier().verify(order, digest, signature)
    }

    fn verifier(&self) -> &dyn Verifier {
        self.verifier
            .get_or_init(|| Box::new(vartime::verifier(self.set, &self.bytes)))
            .as_ref()
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey")
            .field("set", &self.set)
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}

impl PartialEq for VerifyingKey {
    fn eq(&self, other: &Self) -> bool {
        self.set == other.set && self.bytes == other.bytes
    }
}

impl Eq for VerifyingKey {}

impl PrehashVerifier<Signature> for VerifyingKey {
    fn verify_prehash(&self, prehash: &[u8], signature: &Signature) -> Result<(), signature::Error> {
        Ok(self.verify_prehash(signature.byte_order(), prehash, signature.as_ref())?)
    }
}

/// All checks but that of the subgroup.
fn check<const L: usize>(curve: &Curve<L>, bytes: &[u8]) -> Result<(), KeyError> {
    let [x, y] = bytes::pair_from_le_bytes(bytes).ok_or(KeyError::Length)?;
    let p = curve.field.value();
    if !limbs::less(&x, p) || !limbs::less(&y, p) {
        return Err(KeyError::Coordinate);
    }
    if !curve.contains(&x, &y) {
        return Err(KeyError::NotOnCurve);
    }
    Ok(())
}
