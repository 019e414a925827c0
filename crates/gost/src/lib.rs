//! Signatures of GOST R 34.10.
#![no_std]

extern crate alloc;

mod curve;
mod encoding;
mod error;
mod limbs;
mod modulus;
mod nonce;
mod parameters;
mod signing;
mod verifying;

pub use encoding::{ByteOrder, Signature};
pub use error::{KeyError, SignatureError};
pub use parameters::ParameterSet;
pub use signature;
pub use signing::SigningKey;
pub use verifying::VerifyingKey;
