//! Signature mathematics behind one small trait, so that the server uses fast native code and the page pure Rust.

#[cfg(any(feature = "native", feature = "portable"))]
mod gost;
#[cfg(feature = "native")]
mod native;
#[cfg(feature = "portable")]
mod portable;

use sha2::Digest as _;

use crate::algorithm::{AlgorithmError, Hash, SignatureAlgorithm};

/// Why a signature was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureError {
    /// The key or the algorithm may not or cannot be used.
    Algorithm(AlgorithmError),
    /// The algorithm is not for this kind of key.
    Mismatch,
    /// The signature is wrong.
    Invalid,
}

impl From<AlgorithmError> for SignatureError {
    fn from(error: AlgorithmError) -> Self {
        Self::Algorithm(error)
    }
}

/// Checks signatures and computes digests.
pub trait Provider: Send + Sync {
    /// Checks `signature` over `message` under the key of a SubjectPublicKeyInfo.
    fn verify(
        &self,
        algorithm: &SignatureAlgorithm,
        spki_der: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError>;

    /// The digest of `message`.
    fn digest(&self, hash: Hash, message: &[u8]) -> Vec<u8>;
}

/// aws-lc-rs: what the server uses.
#[cfg(feature = "native")]
pub const fn native() -> &'static dyn Provider {
    &native::Native
}

/// RustCrypto: builds everywhere, also to WebAssembly.
#[cfg(feature = "portable")]
pub const fn portable() -> &'static dyn Provider {
    &portable::Portable
}

/// SHA-256, for fingerprints.
pub fn sha256(message: &[u8]) -> [u8; 32] {
    sha2::Sha256::digest(message).into()
}
