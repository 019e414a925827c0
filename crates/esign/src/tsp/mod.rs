//! Time stamps (RFC 3161, RFC 5816): asking for them, reading them, believing them.

mod info;
mod request;
mod response;
mod token;
mod verify;

pub use info::Imprint;
pub use request::TimeStampRequest;
pub use response::{Failure, TimeStampResponse};
pub use token::TimeStampToken;
pub use verify::ProvenTime;
pub(crate) use verify::Stamp;

use std::fmt;

use crate::asn1;
use crate::verdict::{Code, Problem};

/// The bytes are not what RFC 3161 describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MalformedTimeStamp(pub asn1::Error);

impl fmt::Display for MalformedTimeStamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a time stamp: {}", self.0)
    }
}

impl std::error::Error for MalformedTimeStamp {}

impl From<asn1::Error> for MalformedTimeStamp {
    fn from(error: asn1::Error) -> Self {
        Self(error)
    }
}

impl From<MalformedTimeStamp> for Problem {
    fn from(_: MalformedTimeStamp) -> Self {
        Code::TspMalformed.into()
    }
}
