//! Certificates and signatures: bytes and a time in, a verdict out.
//!
//! Nothing here reads a clock, a file or the network. Everything is judged on the bytes as received, after a
//! budget was checked. "Could not be determined" is a verdict of its own ([`verdict::Verdict::Unknown`]) and is
//! never taken for good.

pub mod algorithm;
pub mod asn1;
pub mod certificate;
pub mod cms;
pub mod name;
pub mod path;
#[cfg(feature = "container")]
pub mod pkcs12;
#[cfg(feature = "container")]
pub mod private_key;
pub mod profile;
pub mod provider;
pub mod revocation;
pub mod time;
pub mod trust;
pub mod tsp;
pub mod verdict;
