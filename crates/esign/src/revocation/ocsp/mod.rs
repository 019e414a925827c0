//! The online certificate status protocol (RFC 6960, its nonce by RFC 8954): writing requests, reading responses.

mod check;
mod id;
mod request;
mod response;

pub(super) use check::observe;
pub use id::IdHash;
pub use request::{OcspRequest, Unanswered};
pub use response::{OcspError, OcspResponse, ResponderRefusal};

#[cfg(all(test, feature = "native"))]
mod tests;
