//! Numbers as bytes, and as the digits that the standards print.

use crate::limbs::Limbs;

/// The number written in hexadecimal, as the standards print it.
#[expect(
    clippy::indexing_slicing,
    reason = "while compiling, where `const fn` has no iterators"
)]
pub(crate) const fn from_hex<const L: usize>(hex: &str) -> Limbs<L> {
    let digits = hex.as_bytes();
    assert!(digits.len() <= 16 * L, "more digits than limbs");
    let (mut number, mut i) = ([0; L], 0);
    while i < digits.len() {
        let digit = match digits[digits.len() - 1 - i] {
            digit @ b'0'..=b'9' => digit - b'0',
            digit @ b'A'..=b'F' => digit - b'A' + 10,
            _ => 16,
        };
        assert!(digit < 16, "not a digit");
        number[i / 16] |= (digit as u64) << (4 * (i % 16));
        i += 1;
    }
    number
}

/// The number in little-endian bytes; none unless there are exactly `8 * L` of them.
pub(crate) fn from_le_bytes<const L: usize>(bytes: &[u8]) -> Option<Limbs<L>> {
    let (chunks, []) = bytes.as_chunks::<8>() else {
        return None;
    };
    let chunks: &[[u8; 8]; L] = chunks.try_into().ok()?;
    Some(chunks.map(u64::from_le_bytes))
}

/// The number in big-endian bytes; none unless there are exactly `8 * L` of them.
pub(crate) fn from_be_bytes<const L: usize>(bytes: &[u8]) -> Option<Limbs<L>> {
    let (chunks, []) = bytes.as_chunks::<8>() else {
        return None;
    };
    let mut chunks: [[u8; 8]; L] = chunks.try_into().ok()?;
    chunks.reverse();
    Some(chunks.map(u64::from_be_bytes))
}

/// Two numbers of `8 * L` little-endian bytes each, one after the other.
pub(crate) fn pair_from_le_bytes<const L: usize>(bytes: &[u8]) -> Option<[Limbs<L>; 2]> {
    let (first, second) = bytes.split_at_checked(8 * L)?;
    Some([from_le_bytes(first)?, from_le_bytes(second)?])
}

/// The number in the first `8 * L` big-endian bytes.
pub(crate) fn leading<const L: usize>(bytes: &[u8; 64]) -> Limbs<L> {
    let mut limbs = [0; L];
    for (limb, chunk) in limbs.iter_mut().rev().zip(bytes.as_chunks().0) {
        *limb = u64::from_be_bytes(*chunk);
    }
    limbs
}

/// The limbs as little-endian bytes.
pub(crate) fn le_bytes<const L: usize>(limbs: &Limbs<L>) -> impl DoubleEndedIterator<Item = u8> {
    limbs.map(u64::to_le_bytes).into_iter().flatten()
}
