//! Signatures of GOST R 34.10-2012 (34.10-2015, ISO/IEC 14888-3) and its predecessors GOST R 34.10-2001 and
//! GOST 34.310-2004, with 256 and 512 bits, on every parameter set of CryptoPro (RFC 4357) and TC 26 (RFC 7836),
//! in the byte orders of Russia and of Kazakhstan.
//!
//! ```
//! use gost::{ByteOrder, ParameterSet, SigningKey, VerifyingKey};
//! use streebog::{Digest, Streebog256};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let (private, random) = ([1; 32], [2; 32]);
//! let digest = Streebog256::digest("what is signed");
//!
//! let key = SigningKey::from_little_endian(ParameterSet::Tc26A256, &private)?;
//! let signature = key.sign_prehash(ByteOrder::Russian, &digest, &random)?;
//!
//! let public = key.verifying_key().to_bytes();
//! let key = VerifyingKey::from_bytes(ParameterSet::Tc26A256, &public)?;
//! key.verify_prehash(ByteOrder::Russian, &digest, signature.as_ref())?;
//! # Ok(())
//! # }
//! ```
//!
//! # What goes in and out
//!
//! | | |
//! | --- | --- |
//! | public key | x ‖ y, each little-endian (RFC 9215 §4.3) |
//! | private key | little-endian |
//! | digest | the bytes as the hash function returns them, as many as the set's [`field_len`](ParameterSet::field_len); inside they are a little-endian number |
//! | signature | s ‖ r big-endian, or r ‖ s little-endian: a [`ByteOrder`] must be named, none is guessed |
//!
//! The hash function is the caller's: Streebog of the `streebog` crate for 34.10-2012; for the older standards
//! 34.11-94 of the `gost94` crate, with the CryptoPro S-box in Russia and the test S-box in Kazakhstan.
//! So is the decision which standards to accept. 34.10-2001 differs from 34.10-2012 in the hash function only; keys
//! of it must not sign any more in Russia, and this crate would let them.
//!
//! The traits of the [`signature`] crate are there for code that is generic: `PrehashVerifier<Signature>` and
//! `PrehashSigner<Signature>`, the latter in the Russian order and without added entropy.
//!
//! # Checks
//!
//! Every public key is checked when it is read, once: its length, x and y less than p, the equation of the curve, and
//! where the curve has more points than the subgroup (cofactor 4: [`Tc26A256`](ParameterSet::Tc26A256),
//! [`Tc26C512`](ParameterSet::Tc26C512)) that it is in the subgroup. Every signature: its length and 0 < r, s < q, before
//! any mathematics. Where p is larger than q, x(C) is compared modulo q.
//!
//! # Time
//!
//! **Verification** takes a time that depends on its input, which is public. p = 2²⁵⁶ − 617 and p = 2⁵¹² − 569 have a
//! reduction of their own, other primes use Montgomery's. Points are Jacobian, and those of the curves with cofactor 4
//! are in Edwards form; scalars are in wNAF; x is compared without an inversion. That a point is in the subgroup is
//! found by halving it twice, which is the same as q · Q = ∞ and costs a fraction of it. A key remembers multiples of
//! its point from its second use on: keep keys that come again.
//!
//! **Signing** takes the same time for all private keys, digests and one-time numbers, up to the compiler:
//!
//! * numbers have a fixed count of limbs, and nothing branches on them: a conditional subtraction subtracts always and
//!   adds back under a mask;
//! * points are added by the complete formulas of Renes, Costello and Batina: no case for infinity, for equal or for
//!   opposite points. Multiples of the base point never meet a point of order two, the formulas' only exception;
//! * a scalar is read four bits at a time, with the same steps for each, and for each the whole table of multiples is
//!   read and one entry is kept by `subtle`;
//! * the inversion of Z raises it to p − 2, a public exponent; the equation of GOST needs no inverse of k;
//! * of r and s only that they are not zero is branched on, and of candidates for k only that they are in range: those
//!   that fail are thrown away, and the one that passes is independent of them.
//!
//! Callgrind counts the same instructions for every key, digest and one-time number (`bench/gost-constant-time` of the
//! repository).
//!
//! **The one-time number** comes from HMAC_DRBG with Streebog-512 as RFC 6979 defines it, over the private key, the digest
//! and the entropy that the caller adds (§3.6). A broken random generator thus cannot reveal the key, and with
//! good added entropy neither can a fault that is induced in one of two computations of the same signature.
//! Private keys, one-time numbers and the generator's state are wiped after use.
//!
//! The crate has no `unsafe` code and needs `alloc`. Programs that only sign are linked without the arithmetic of
//! verification. It has not been audited by others.
#![no_std]

extern crate alloc;

mod bytes;
mod curve;
mod encoding;
mod error;
mod limbs;
mod modulus;
mod nonce;
mod parameters;
mod signing;
mod vartime;
mod verifying;

pub use encoding::{ByteOrder, Signature};
pub use error::{KeyError, SignatureError};
pub use parameters::ParameterSet;
pub use signature;
pub use signing::SigningKey;
pub use verifying::VerifyingKey;
