//! CMS signatures (RFC 5652).

mod attributes;
#[cfg(feature = "container")]
pub mod sign;
mod signed_data;
mod signer;
mod verify;

pub use signed_data::{MAX_CERTIFICATES, MAX_SIGNERS};
pub use signer::VerifiedSigner;
pub use verify::{DocumentReport, MAX_SIGN_IN, SignerReport, verify_document, verify_sign_in};
