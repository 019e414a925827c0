//! What is reported about a signed document.

use super::quirk::Quirk;
use super::signer::VerifiedSigner;
use super::unsigned::TimeStampKind;
use crate::certificate::Certificate;
use crate::time::UnixTime;
use crate::tsp::ProvenTime;
use crate::verdict::{Code, Problem, Verdict};

/// What is known about a signed document.
#[derive(Debug, Clone)]
pub struct DocumentReport {
    /// valid only if every signer is; counter-signatures and time stamps are judged each for itself
    pub verdict: Verdict<()>,
    /// in the order of the message
    pub signers: Vec<SignerReport>,
    /// whether the message holds the content
    pub is_attached: bool,
    /// departures from the standards in the envelope
    pub quirks: Vec<Quirk>,
    /// evidence that the message brings
    pub evidence: BroughtEvidence,
}

/// What is known about one signer of a document, or about one counter-signer.
#[derive(Debug, Clone)]
pub struct SignerReport {
    /// the judgement
    pub verdict: Verdict<VerifiedSigner>,
    /// the signer's certificate, where the message has it; believe nothing in it unless the verdict is valid
    pub certificate: Option<Certificate>,
    /// when the signer says to have signed
    pub claimed_signing_time: Option<UnixTime>,
    /// the earliest sound time stamp of the signature, which the certificate was judged by
    pub proven_time: Option<ProvenTime>,
    /// without signed attributes the signature binds neither a type nor a certificate
    pub has_signed_attributes: bool,
    /// the form that was reached
    pub level: Level,
    /// all time stamps, in the order of the message
    pub time_stamps: Vec<TimeStampReport>,
    /// whether the references to evidence (CAdES-C) name what the message holds; `None` if there are none
    pub references: Option<Verdict<()>>,
    /// signatures over this signature (RFC 5652 §11.4)
    pub counter_signatures: Vec<SignerReport>,
    /// departures from the standards
    pub quirks: Vec<Quirk>,
}

/// A time stamp on a signature.
#[derive(Debug, Clone)]
pub struct TimeStampReport {
    /// what it is over
    pub kind: TimeStampKind,
    /// the time it states; believe it only if the verdict is valid
    pub stated_time: Option<UnixTime>,
    /// the certificate of the authority, where one was found; believe nothing in it unless the verdict is valid
    pub authority: Option<Certificate>,
    /// the judgement
    pub verdict: Verdict<ProvenTime>,
}

/// Certificates and revocation data in a message, by number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BroughtEvidence {
    /// certificates, each counted once
    pub certificates: usize,
    /// revocation lists
    pub crls: usize,
    /// OCSP responses
    pub ocsp_responses: usize,
    /// certificates, lists and responses that could not be read
    pub unreadable: usize,
}

/// The form of a signature (ETSI EN 319 122-1 §4.3, RFC 5126 §4.4), as far as what it needs was found to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// CMS without a signed reference to the certificate.
    Cms,
    /// The certificate is named in what is signed.
    Bes,
    /// And a sound time stamp on the signature.
    T,
    /// And references to the evidence.
    C,
    /// And the evidence itself.
    Lt,
    /// And a time stamp on the references as well.
    XLong,
    /// And an archive time stamp, which is recognised and not judged.
    Archive,
}

impl Level {
    /// As the standards call it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cms => "CMS",
            Self::Bes => "CAdES-BES",
            Self::T => "CAdES-T",
            Self::C => "CAdES-C",
            Self::Lt => "CAdES-LT",
            Self::XLong => "CAdES-X-Long",
            Self::Archive => "CAdES-A",
        }
    }
}

impl DocumentReport {
    /// Nothing but the reason why the message could not be judged.
    pub(super) fn unread(problem: Problem) -> Self {
        Self {
            verdict: Err(problem).into(),
            signers: Vec::new(),
            is_attached: false,
            quirks: Vec::new(),
            evidence: BroughtEvidence::default(),
        }
    }
}

/// Valid only if all are; what is invalid outweighs what is unknown.
pub(super) fn all_valid(signers: &[SignerReport]) -> Verdict<()> {
    let problems = || {
        signers
            .iter()
            .filter_map(|signer| signer.verdict.clone().into_result().err())
    };
    let invalid = problems().find(|problem| matches!(problem, Problem::Invalid(_)));
    match invalid.or_else(|| problems().next()) {
        _ if signers.is_empty() => Verdict::Invalid(Code::CmsSignerCount),
        Some(problem) => Err(problem).into(),
        None => Verdict::Valid(()),
    }
}
