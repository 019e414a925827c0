//! Public keys.

use alloc::vec::Vec;

use signature::hazmat::PrehashVerifier;

use crate::curve::Curve;
use crate::encoding::{ByteOrder, Pair, Signature, digest_number};
use crate::error::{KeyError, SignatureError};
use crate::limbs::{self, Limbs};
use crate::modulus::Residue;
use crate::parameters::{ParameterSet, Sized};

/// A public key that was checked: its length, its coordinates below p, on the curve, in the subgroup of order q.
#[derive(Clone, Debug)]
pub struct VerifyingKey {
    set: ParameterSet,
    bytes: Vec<u8>,
}

impl VerifyingKey {
    /// x ‖ y, [`ParameterSet::field_len`] little-endian bytes each: what certificates have in an OCTET STRING
    /// inside the BIT STRING (RFC 9215 §4.3).
    pub fn from_bytes(set: ParameterSet, x_y_little_endian: &[u8]) -> Result<Self, KeyError> {
        match set.sized() {
            Sized::Short(curve) => check(curve, x_y_little_endian)?,
            Sized::Long(curve) => check(curve, x_y_little_endian)?,
        }
        let bytes = x_y_little_endian.to_vec();
        Ok(Self { set, bytes })
    }

    /// A point that needs no check.
    pub(crate) fn computed<const L: usize>(set: ParameterSet, coordinates: &[Limbs<L>; 2]) -> Self {
        let bytes = coordinates.iter().flat_map(limbs::le_bytes).collect();
        Self { set, bytes }
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
        match self.set.sized() {
            Sized::Short(curve) => verify(curve, &self.bytes, order, digest, signature),
            Sized::Long(curve) => verify(curve, &self.bytes, order, digest, signature),
        }
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

fn read<const L: usize>(bytes: &[u8]) -> Result<[Limbs<L>; 2], KeyError> {
    let (x, y) = bytes.split_at_checked(8 * L).ok_or(KeyError::Length)?;
    let number = |bytes| limbs::from_le_bytes(bytes).ok_or(KeyError::Length);
    Ok([number(x)?, number(y)?])
}

fn check<const L: usize>(curve: &Curve<L>, bytes: &[u8]) -> Result<(), KeyError> {
    let [x, y] = read(bytes)?;
    if !limbs::less(&x, curve.field.value()) || !limbs::less(&y, curve.field.value()) {
        return Err(KeyError::Coordinate);
    }
    let point = curve.point(&x, &y).ok_or(KeyError::NotOnCurve)?;
    if !curve.is_infinity(&curve.multiply(curve.order.value(), &point)) {
        return Err(KeyError::NotInSubgroup);
    }
    Ok(())
}

fn verify<const L: usize>(
    curve: &Curve<L>,
    key: &[u8],
    order: ByteOrder,
    digest: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError> {
    let q = &curve.order;
    let e = digest_number(digest, q)?;
    let Pair { r, s } = Pair::from_bytes(order, signature, q)?;
    let [x, y] = read(key).map_err(|_| SignatureError::Mismatch)?;
    let key = curve.point(&x, &y).ok_or(SignatureError::Mismatch)?;
    let v = q.invert(&e);
    let z1 = q.mul(&q.residue(&s), &v);
    let z2 = q.sub(&Residue::ZERO, &q.mul(&q.residue(&r), &v));
    let sum = curve.add(
        &curve.multiply_base(&q.number(&z1)),
        &curve.multiply(&q.number(&z2), &key),
    );
    let [x, _] = curve.coordinates(&sum);
    if curve.is_infinity(&sum) || q.number(&q.residue(&x)) != r {
        return Err(SignatureError::Mismatch);
    }
    Ok(())
}
