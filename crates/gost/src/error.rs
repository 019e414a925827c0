//! Why a key or a signature was refused.

use core::fmt;

/// Why a key was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyError {
    /// Not the number of bytes that the parameter set has.
    Length,
    /// A coordinate is not less than p.
    Coordinate,
    /// The point does not satisfy the curve's equation.
    NotOnCurve,
    /// q · Q is not the point at infinity (possible only with cofactor 4).
    NotInSubgroup,
    /// The private number is zero or not less than q.
    Scalar,
}

/// Why a signature was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SignatureError {
    /// The digest has not as many bits as the group order is meant for.
    DigestLength,
    /// Not the number of bytes that the parameter set has.
    Length,
    /// Step 1 of the verification: not 0 < r < q and 0 < s < q.
    OutOfRange,
    /// Step 7 of the verification: R is not r.
    Mismatch,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Length => "the key has a wrong length",
            Self::Coordinate => "a coordinate of the public key is not less than p",
            Self::NotOnCurve => "the public key is not a point of the curve",
            Self::NotInSubgroup => "the public key is not in the subgroup of order q",
            Self::Scalar => "the private key is not between 0 and q",
        })
    }
}

impl fmt::Display for SignatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DigestLength => "the digest has a wrong length",
            Self::Length => "the signature has a wrong length",
            Self::OutOfRange => "r or s is not between 0 and q",
            Self::Mismatch => "the signature does not belong to this digest and key",
        })
    }
}

impl core::error::Error for KeyError {}

impl core::error::Error for SignatureError {}

/// The opaque error of the `signature` traits.
impl From<SignatureError> for signature::Error {
    fn from(_: SignatureError) -> Self {
        Self::new()
    }
}
