//! Signature mathematics behind one small trait, so that the server uses fast native code and the page pure Rust.

#[cfg(any(feature = "native", feature = "portable"))]
mod gost;
#[cfg(any(feature = "native", feature = "portable"))]
mod hash;
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

    /// The same where the message was digested before, by the hash of the algorithm. Ed25519 cannot.
    fn verify_digest(
        &self,
        algorithm: &SignatureAlgorithm,
        spki_der: &[u8],
        digest: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError>;

    /// Digests a message that comes piece by piece.
    fn hasher(&self, hash: Hash) -> Box<dyn Hasher>;

    /// The digest of `message`.
    fn digest(&self, hash: Hash, message: &[u8]) -> Vec<u8> {
        let mut hasher = self.hasher(hash);
        hasher.update(message);
        hasher.finish()
    }
}

/// A digest that is being computed.
pub trait Hasher {
    /// Takes the next octets of the message.
    fn update(&mut self, octets: &[u8]);

    /// The digest of all of them.
    fn finish(self: Box<Self>) -> Vec<u8>;
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
