//! Whether a certificate was revoked (RFC 5280 §5 and §6.3, RFC 6960; threat NET-3).
//!
//! Evidence goes in as bytes: lists (complete, delta, indirect, by reason) and OCSP answers. What can be shown to come
//! from whoever may say it counts; everything else leaves the status unknown, each with a reason of its own.

mod crl;
mod evidence;
mod ocsp;
mod question;
mod signed;
mod status;

pub(crate) use crl::is_signed_by;
pub use crl::{Crl, MalformedCrl, ReadError};
pub use evidence::Evidence;
pub use ocsp::{IdHash, OcspError, OcspRequest, OcspResponse, ResponderRefusal, Unanswered};
pub(crate) use question::Question;
pub use status::{Finding, Reason, Source, Status};

use crate::path::Checks;
use crate::verdict::Problem;

/// What lists and responders together say of a certificate.
pub(crate) fn status(question: &Question<'_>, checks: &mut Checks<'_>) -> Result<Finding, Problem> {
    let mut found = status::Observations::default();
    crl::observe(question, &mut found, checks)?;
    ocsp::observe(question, &mut found, checks)?;
    Ok(found.conclude())
}
