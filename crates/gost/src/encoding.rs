//! Signatures as bytes, and digests as numbers.

use alloc::vec::Vec;

use crate::bytes;
use crate::error::SignatureError;
use crate::limbs::{self, Limbs};
use crate::modulus::{Modulus, Residue};

/// How the two numbers of a signature are written one after the other. Each is the whole reversal of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ByteOrder {
    /// s ‖ r, each big-endian: RFC 9215 §2, RFC 4491 §2.2.2.
    Russian,
    /// r ‖ s, each little-endian: as Kazakhstan's national authority writes it in certificates, CRLs and messages.
    Kazakh,
}

/// A signature in the byte order it was made in or came in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Signature {
    pub(crate) order: ByteOrder,
    pub(crate) bytes: Vec<u8>,
}

impl Signature {
    /// Takes the bytes as they are; they are judged when they are verified.
    pub fn from_bytes(order: ByteOrder, bytes: &[u8]) -> Self {
        let bytes = bytes.to_vec();
        Self { order, bytes }
    }

    /// The order the bytes are in.
    pub const fn byte_order(&self) -> ByteOrder {
        self.order
    }
}

impl AsRef<[u8]> for Signature {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// r and s.
#[derive(Debug)]
pub(crate) struct Pair<const L: usize> {
    pub(crate) r: Limbs<L>,
    pub(crate) s: Limbs<L>,
}

impl<const L: usize> Pair<L> {
    pub(crate) fn to_signature(&self, order: ByteOrder) -> Signature {
        let little_endian = bytes::le_bytes(&self.r).chain(bytes::le_bytes(&self.s));
        let bytes = match order {
            ByteOrder::Kazakh => little_endian.collect(),
            ByteOrder::Russian => little_endian.rev().collect(),
        };
        Signature { order, bytes }
    }

    /// Reads the numbers and checks their ranges: step 1 of the verification.
    pub(crate) fn from_bytes(order: ByteOrder, bytes: &[u8], q: &Modulus<L>) -> Result<Self, SignatureError> {
        let (first, second) = bytes.split_at_checked(8 * L).ok_or(SignatureError::Length)?;
        let read = |bytes| match order {
            ByteOrder::Kazakh => bytes::from_le_bytes(bytes),
            ByteOrder::Russian => bytes::from_be_bytes(bytes),
        };
        let [first, second] = [first, second].map(|half| read(half).ok_or(SignatureError::Length));
        let (first, second) = (first?, second?);
        let (r, s) = match order {
            ByteOrder::Kazakh => (first, second),
            ByteOrder::Russian => (second, first),
        };
        let in_range = |number: &Limbs<L>| !limbs::is_zero(number) && limbs::less(number, q.value());
        if !in_range(&r) || !in_range(&s) {
            return Err(SignatureError::OutOfRange);
        }
        Ok(Self { r, s })
    }
}

/// e: the digest as a little-endian number modulo q, one in the place of zero (GOST R 34.10-2012, 6.1 step 2).
pub(crate) fn digest_number<const L: usize>(
    digest: &[u8],
    q: &Modulus<L>,
) -> Result<Residue<L>, SignatureError> {
    let number = bytes::from_le_bytes(digest).ok_or(SignatureError::DigestLength)?;
    let e = q.residue(&number);
    Ok(if e.is_zero() { q.one() } else { e })
}
