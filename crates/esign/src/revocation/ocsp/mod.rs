//! The online certificate status protocol (RFC 6960, its nonce by RFC 8954): writing requests, reading responses.

mod id;
mod request;
mod response;

pub use id::IdHash;
pub use request::{OcspRequest, Unanswered};
pub use response::{OcspError, OcspResponse, ResponderRefusal};
