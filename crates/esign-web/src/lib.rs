//! The signing module of the page: opens a key file, says what may be shown of its keys, signs with one.
//!
//! Compiled to WebAssembly and driven by `signer-worker.js`. Nothing leaves it but what may be shown and the
//! signed message; file, password and keys are wiped when they are no longer needed.

#[cfg(target_arch = "wasm32")]
mod exports;
mod json;
mod key;
mod signer;

pub use signer::Signer;
