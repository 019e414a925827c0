//! Whether a certificate was revoked (RFC 5280 §5, §6.3; threat NET-3).
//!
//! For now: complete lists signed by the issuer of the certificate. Delta lists, indirect lists, lists split by
//! reason and OCSP are recognised and never taken for good: the status stays unknown.

mod crl;

pub use crl::{Crl, MalformedCrl};

use crate::certificate::{Certificate, KeyUsage};
use crate::path::{Checks, SignatureCache};
use crate::time::UnixTime;
use crate::verdict::{Code, Problem};

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

/// Asks every list that speaks of the certificate; one that says "revoked" decides.
pub(crate) fn by_crls(
    question: &Question<'_>,
    crls: &[Crl],
    checks: &mut Checks<'_>,
) -> Result<Status, Problem> {
    let mut status = Status::Unknown;
    for crl in crls.iter().filter(|crl| crl.speaks_of(question)) {
        if !is_signed(crl, question.issuer, checks)? {
            continue;
        }
        if crl.is_revoked(question.certificate.serial()) {
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

fn is_signed(crl: &Crl, issuer: &Certificate, checks: &mut Checks<'_>) -> Result<bool, Problem> {
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
    match checks.signed(Some(key), || {
        (algorithm, issuer.spki(), crl.tbs(), crl.signature())
    }) {
        Ok(()) => Ok(true),
        Err(problem) if problem.code() == Code::CertificateTooComplex => Err(problem),
        Err(_) => Ok(false),
    }
}
