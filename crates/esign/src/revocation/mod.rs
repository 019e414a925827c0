//! Whether a certificate was revoked (RFC 5280 §5, §6.3; threat NET-3).
//!
//! For now: lists signed by the issuer of the certificate. That a certificate is revoked, delta lists and lists split
//! by reason can say as well; that it is good, only complete lists. Indirect lists and OCSP are recognised and decide
//! nothing: the status stays unknown.

mod crl;
mod evidence;
mod ocsp;
mod status;

pub use crl::{Crl, MalformedCrl, ReadError};
pub use evidence::Evidence;
pub use ocsp::{IdHash, OcspError, OcspRequest, OcspResponse, ResponderRefusal, Unanswered};
pub use status::Reason;

use crate::certificate::{Certificate, KeyUsage};
use crate::path::{Checks, Signature, SignatureCache};
use crate::time::UnixTime;
use crate::verdict::Problem;

/// What is asked.
pub(crate) struct Question<'a> {
    pub(crate) certificate: &'a Certificate,
    pub(crate) issuer: &'a Certificate,
    pub(crate) at: UnixTime,
}

/// What is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Good,
    Revoked,
    Unknown,
}

/// Asks every list of the issuer. One that names the certificate decides, however old it is; that the certificate is
/// good can be said only by a list that is fresh and would have to name it.
pub(crate) fn by_crls(
    question: &Question<'_>,
    crls: &[Crl],
    checks: &mut Checks<'_>,
) -> Result<Status, Problem> {
    let mut status = Status::Unknown;
    for crl in crls.iter().filter(|crl| crl.is_of_issuer(question)) {
        let names = crl.is_revoked(question.certificate.serial());
        if !(names || crl.speaks_of(question)) || !is_signed(crl, question.issuer, checks)? {
            continue;
        }
        if names {
            return Ok(Status::Revoked);
        }
        status = Status::Good;
    }
    // a delta or another list that is not understood may say "revoked" where the complete one does not yet
    if crls.iter().any(|crl| crl.may_contradict(question)) {
        Ok(Status::Unknown)
    } else {
        Ok(status)
    }
}

/// Whether the certificate may sign lists and has signed this one.
pub(crate) fn is_signed(crl: &Crl, issuer: &Certificate, checks: &mut Checks<'_>) -> Result<bool, Problem> {
    if issuer
        .key_usage()
        .is_some_and(|usage| !usage.allows(KeyUsage::CRL_SIGN))
    {
        return Ok(false);
    }
    let Ok(algorithm) = crl.signature_algorithm() else {
        return Ok(false);
    };
    let key = SignatureCache::key(&[issuer.spki(), &crl.fingerprint()]);
    checks.is_good(
        key,
        &Signature {
            algorithm,
            spki: issuer.spki(),
            message: crl.tbs(),
            octets: crl.signature(),
        },
    )
}
