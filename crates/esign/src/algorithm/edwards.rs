//! Keys of Ed25519 under which signatures prove nothing, told by their octets alone.

/// The y coordinates of the points of order 1, 2, 4 and 8, little-endian.
const SMALL_ORDER: [[u8; 32]; 5] = [
    // order 4
    [0; 32],
    // order 1
    {
        let mut one = [0; 32];
        one[0] = 1;
        one
    },
    // order 2: p - 1
    {
        let mut minus_one = MODULUS;
        minus_one[0] -= 1;
        minus_one
    },
    // order 8
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5,
        0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a,
        0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
];

/// p = 2^255 - 19, little-endian.
const MODULUS: [u8; 32] = {
    let mut modulus = [0xff; 32];
    modulus[0] = 0xed;
    modulus[31] = 0x7f;
    modulus
};

/// Whether the key is of small order, so that a signature can be made without a private key, or written otherwise
/// than RFC 8032 §5.1.3 says, so that implementations may disagree about it.
pub(super) fn is_weak(key: &[u8; 32]) -> bool {
    let mut y = *key;
    if let Some(last) = y.last_mut() {
        // the highest bit is the sign of x
        *last &= 0x7f;
    }
    let is_canonical = y.iter().rev().lt(MODULUS.iter().rev());
    !is_canonical || SMALL_ORDER.contains(&y)
}
