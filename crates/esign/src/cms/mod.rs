//! CMS signatures (RFC 5652).

#[cfg(feature = "container")]
pub mod sign;
