//! Certification paths (RFC 5280 §6), built from a pool and judged from the anchor down.
//!
//! Every way that names allow is tried within a budget; if none holds, the failure that came closest is told.

mod cache;
mod checks;
mod constraints;
mod judge;
mod policy;
mod search;

use std::time::Duration;

pub use cache::SignatureCache;
pub(crate) use checks::{Checks, Signature};
pub use policy::PolicyInputs;

use crate::algorithm::AlgorithmError;
use crate::certificate::Certificate;
use crate::provider::{Provider, SignatureError};
use crate::revocation::{Evidence, Finding};
use crate::time::UnixTime;
use crate::trust::{RevocationPolicy, RevocationRule};
use crate::verdict::{Code, Problem, Verdict};

/// Longest path, target and anchor included.
pub const MAX_LENGTH: usize = 8;
/// Most certificates that a message may bring.
pub const MAX_CANDIDATES: usize = 100;
/// Most signature checks for one message.
pub const MAX_SIGNATURE_CHECKS: usize = 200;

/// What is to be judged, and by what.
#[derive(Debug, Clone)]
pub struct Query<'a> {
    /// the certificate in question
    pub target: &'a Certificate,
    /// certificates that are trusted as such
    pub anchors: &'a [Certificate],
    /// certificates that may lie between
    pub candidates: Vec<&'a Certificate>,
    /// the moment asked about
    pub at: UnixTime,
    /// what is asked about revocation
    pub revocation: RevocationQuery,
    /// what is known about revocation
    pub evidence: &'a Evidence,
    /// inputs of the policy algorithm
    pub policy: PolicyInputs<'a>,
    /// shortest RSA modulus in the path
    pub min_rsa_bits: usize,
}

/// What is asked about revocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RevocationQuery {
    /// whether it is asked, and what happens without an answer
    pub rule: RevocationRule,
    /// how long after its date an answer that says "good" still counts
    pub grace: Duration,
    /// how long an OCSP answer counts that names no date of its next one
    pub max_age: Duration,
    /// whether the moment asked about is now or was proven
    pub moment: Moment,
}

/// What the moment asked about is, which decides whether evidence of a later date may speak of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Now: evidence from the future is none.
    Present,
    /// A moment that may have passed: what was learnt since counts, and a revocation since does not.
    Past,
    /// The same, but stated by the very certificate asked about: whoever had its key could state any. A revocation
    /// since does not count only if it says that the key was not betrayed (RFC 3161 §4.1).
    Stamped,
}

impl RevocationQuery {
    /// By this rule, now, without grace.
    pub const fn now(rule: RevocationRule) -> Self {
        Self {
            rule,
            grace: Duration::ZERO,
            max_age: RevocationPolicy::MAX_AGE,
            moment: Moment::Present,
        }
    }
}

/// A path that holds.
#[derive(Debug, Clone)]
pub struct Path {
    certificates: Vec<Certificate>,
    revocation: RevocationAnswer,
    findings: Vec<Finding>,
}

/// What was found out about revocation, of a path that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevocationAnswer {
    /// It was not asked.
    NotAsked,
    /// No certificate of the path is revoked.
    Good,
    /// None was revoked when last heard, which is longer ago than it should be, within the grace of the rule.
    WithinGrace,
    /// It could not be determined for this reason, and the rule lets that pass.
    UnknownAllowed(Code),
}

impl Path {
    /// From the target to the anchor.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// What each certificate's status rests on, from below the anchor down to the target; empty if it was not asked.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What was found out about revocation.
    pub const fn revocation(&self) -> RevocationAnswer {
        self.revocation
    }
}

/// Finds a path from the target to an anchor that satisfies RFC 5280 §6.1.
pub fn validate(query: &Query<'_>, provider: &dyn Provider, checked: &SignatureCache) -> Verdict<Path> {
    find(query, &mut Checks::new(provider, checked)).into()
}

/// The same on the account of a message.
pub(crate) fn find(query: &Query<'_>, checks: &mut Checks<'_>) -> Result<Path, Problem> {
    search::Search::new(query, checks).run()
}

impl From<AlgorithmError> for Problem {
    fn from(error: AlgorithmError) -> Self {
        match error {
            AlgorithmError::Weak => Self::Invalid(Code::CertificateWeakAlgorithm),
            AlgorithmError::Unsupported => Self::Unknown(Code::CertificateUnsupportedAlgorithm),
            AlgorithmError::Malformed => Self::Invalid(Code::CertificateMalformed),
            AlgorithmError::Parameters => Self::Invalid(Code::CertificateAlgorithmParameters),
            AlgorithmError::InvalidKey => Self::Invalid(Code::CertificateKeyInvalid),
        }
    }
}

impl From<SignatureError> for Problem {
    fn from(error: SignatureError) -> Self {
        match error {
            SignatureError::Algorithm(error) => error.into(),
            SignatureError::Mismatch | SignatureError::Invalid => {
                Self::Invalid(Code::CertificateSignatureInvalid)
            }
        }
    }
}
