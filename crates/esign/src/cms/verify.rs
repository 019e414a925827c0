//! Judging CMS signatures (threats CMS-4 to CMS-13).

use std::collections::HashSet;
use std::io::{self, Read};

use super::attributes::SignedAttributes;
use super::bag::Bag;
use super::digested::Digested;
use super::octets::Octets;
use super::quirk::Quirk;
use super::references::Referable;
use super::report::{BroughtEvidence, DocumentReport, Level, SignerReport, TimeStampReport, all_valid};
use super::signature::{Content, Signed};
use super::signed_data::SignedData;
use super::signer::{self, VerifiedSigner};
use super::signer_info::SignerInfo;
use super::stamps::{self, Stamps};
use super::unsigned::TimeStampKind;
use crate::algorithm::Hash;
use crate::asn1::{self, oids};
use crate::certificate::Certificate;
use crate::path::Checks;
use crate::provider::Provider;
use crate::revocation::Evidence;
use crate::time::UnixTime;
use crate::trust::{AnchorGroup, PurposeRule, TrustStore};
use crate::tsp::ProvenTime;
use crate::verdict::{Code, Problem, Verdict};

/// Largest answer to a sign-in challenge.
pub const MAX_SIGN_IN: usize = 256 * 1024;
/// Largest message that is judged, with the content that it holds.
pub const MAX_MESSAGE: usize = 256 * 1024 * 1024;
/// Most certificates of one key that are followed to an anchor for one signer.
const MAX_TWINS: usize = 4;
/// From this size on a document that is kept apart is read in blocks.
const MAX_IN_MEMORY: u64 = 16 * 1024 * 1024;

/// Judges the answer to a sign-in challenge: exactly one signer, with signed attributes, over exactly
/// `expected_content`, attached or detached, under a certificate that may enter at the moment `at`.
pub fn verify_sign_in(
    cms: &[u8],
    expected_content: &[u8],
    trust: &TrustStore,
    at: UnixTime,
    provider: &dyn Provider,
) -> Verdict<VerifiedSigner> {
    let judge = || {
        if cms.len() > MAX_SIGN_IN {
            return Err(Code::CmsTooLarge.into());
        }
        let message = Message::parse(cms, Some(expected_content))?;
        let [signer] = message.data.signers.as_slice() else {
            return Err(Code::CmsSignerCount.into());
        };
        if !message.content.is(oids::DATA) {
            return Err(Code::CmsContentTypeMismatch.into());
        }
        if signer.signed_attributes.is_none() {
            return Err(Code::CmsNoSignedAttributes.into());
        }
        let context = Context::new(&message, trust, at, Purpose::SignIn, provider);
        let mut checks = Checks::new(provider, trust.checked());
        // a sign-in is judged now, whatever time stamps it bears
        let judged = context.judge(signer, &message.content, &Stamps::default(), &mut checks);
        judged
            .map(|judged| judged.signer)
            .map_err(|unproven| unproven.problem)
    };
    judge().into()
}

/// Judges every signature of a CMS message over its own content, or over `content` if that is kept apart: at the
/// moment a time stamp proves, else at the moment `at`.
pub fn verify_document(
    cms: &[u8],
    content: Option<&[u8]>,
    trust: &TrustStore,
    at: UnixTime,
    provider: &dyn Provider,
) -> DocumentReport {
    match Message::parse(cms, content) {
        Ok(message) => message.judge(cms, trust, at, provider),
        Err(problem) => DocumentReport::unread(problem),
    }
}

/// The same for a document that is kept apart and may be of any size: it is read once, in blocks, and no further than
/// it must be. Fails where `content` does.
pub fn verify_detached(
    cms: &[u8],
    mut content: impl Read,
    trust: &TrustStore,
    at: UnixTime,
    provider: &dyn Provider,
) -> io::Result<DocumentReport> {
    let mut head = Vec::new();
    content.by_ref().take(MAX_IN_MEMORY).read_to_end(&mut head)?;
    if (head.len() as u64) < MAX_IN_MEMORY {
        return Ok(verify_document(cms, Some(&head), trust, at, provider));
    }
    let message = match read(cms) {
        Ok(data) => Message::over(data, head.chain(content), provider)?,
        Err(problem) => Err(problem),
    };
    Ok(match message {
        Ok(message) => message.judge(cms, trust, at, provider),
        Err(problem) => DocumentReport::unread(problem),
    })
}

/// A message and what it is about.
struct Message<'a> {
    data: SignedData<'a>,
    content: Content<'a>,
    is_attached: bool,
    bag: Bag,
    evidence: Evidence,
    /// pieces of revocation data that could not be read
    unreadable: usize,
}

impl<'a> Message<'a> {
    fn parse(cms: &'a [u8], expected: Option<&'a [u8]>) -> Result<Self, Problem> {
        let data = read(cms)?;
        let octets = match (&data.content, expected) {
            (Some(attached), Some(expected)) if **attached != *expected => {
                return Err(Code::CmsContentMismatch.into());
            }
            (Some(_), _) => None,
            (None, Some(expected)) => Some(Octets::whole(expected)),
            (None, None) => return Err(Problem::Unknown(Code::CmsContentMissing)),
        };
        Ok(Self::new(data, octets))
    }

    /// The message over a content that is read in blocks.
    fn over(
        data: SignedData<'a>,
        content: impl Read,
        provider: &dyn Provider,
    ) -> io::Result<Result<Self, Problem>> {
        if let Some(attached) = &data.content {
            let mut octets = Vec::new();
            content.take(attached.len() as u64 + 1).read_to_end(&mut octets)?;
            let is_same = octets == **attached;
            return Ok(if is_same {
                Ok(Self::new(data, None))
            } else {
                Err(Code::CmsContentMismatch.into())
            });
        }
        let hashes: HashSet<Hash> = data
            .signers
            .iter()
            .filter_map(|signer| Hash::from_identifier(signer.digest_algorithm).ok())
            .collect();
        let digested = Digested::read(content, hashes, provider)?;
        Ok(Ok(Self::new(data, Some(Octets::gone(digested)))))
    }

    /// Over its own content, or over this.
    fn new(mut data: SignedData<'a>, content: Option<Octets<'a>>) -> Self {
        let is_attached = content.is_none();
        let content = content.unwrap_or_else(|| Octets::whole(data.content.take().unwrap_or_default()));
        let (evidence, unreadable) = data.stored.revocation();
        Self {
            content: Content::new(data.content_type, content),
            is_attached,
            bag: Bag::of(&data.stored),
            evidence,
            unreadable,
            data,
        }
    }

    fn judge(&self, cms: &[u8], trust: &TrustStore, at: UnixTime, provider: &dyn Provider) -> DocumentReport {
        let context = Context::new(self, trust, at, Purpose::Document, provider);
        let mut checks = Checks::new(provider, trust.checked());
        let signers: Vec<SignerReport> = self
            .data
            .signers
            .iter()
            .map(|signer| context.report(signer, &self.content, &mut checks))
            .collect();
        DocumentReport {
            verdict: all_valid(&signers),
            signers,
            is_attached: self.is_attached,
            quirks: Quirk::of_message(cms, &self.data),
            evidence: BroughtEvidence {
                certificates: self.bag.certificates.len(),
                crls: self.data.stored.lists.len(),
                ocsp_responses: self.data.stored.responses.len(),
                unreadable: self.bag.malformed + self.unreadable,
            },
        }
    }
}

fn read(cms: &[u8]) -> Result<SignedData<'_>, Problem> {
    if cms.len() > MAX_MESSAGE {
        return Err(Problem::Unknown(Code::CmsTooLarge));
    }
    let too_large = |error| match error {
        asn1::Error::TooLarge => Code::CmsTooLarge.into(),
        _ => Code::CmsMalformed.into(),
    };
    SignedData::parse(cms).map_err(too_large)
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    SignIn,
    Document,
}

impl Purpose {
    pub(super) fn rule(self, group: &AnchorGroup) -> &PurposeRule {
        match self {
            Self::SignIn => &group.sign_in,
            Self::Document => &group.sign,
        }
    }
}

struct Context<'a> {
    message: &'a Message<'a>,
    references: Referable<'a>,
    /// with what is known about revocation, from the message too
    groups: Vec<(&'a AnchorGroup, Evidence)>,
    at: UnixTime,
    purpose: Purpose,
}

/// A signer that is believed, and by what tolerance.
struct Judged {
    signer: VerifiedSigner,
    quirk: Option<Quirk>,
}

struct Unproven {
    problem: Problem,
    certificate: Option<Certificate>,
}

impl<'a> Context<'a> {
    fn new(
        message: &'a Message<'a>,
        trust: &'a TrustStore,
        at: UnixTime,
        purpose: Purpose,
        provider: &'a dyn Provider,
    ) -> Self {
        let groups = trust.with_evidence();
        let groups = groups.map(|(group, evidence)| match purpose {
            // who enters does not choose by which lists
            Purpose::SignIn => (group, evidence),
            Purpose::Document => (group, evidence.and(&message.evidence)),
        });
        Self {
            message,
            references: Referable::new(&message.bag, &message.data.stored, provider),
            groups: groups.collect(),
            at,
            purpose,
        }
    }

    fn report(
        &self,
        signer: &SignerInfo<'_>,
        content: &Content<'_>,
        checks: &mut Checks<'_>,
    ) -> SignerReport {
        let stamps = stamps::Judge {
            groups: &self.groups,
            bag: &self.message.bag,
            at: self.at,
        };
        let stamps = stamps.judge(signer, checks);
        let outcome = self.judge(signer, content, &stamps, checks);
        let attributes = signer
            .signed_attributes
            .and_then(|raw| SignedAttributes::parse(raw).ok());
        let mut quirks = Quirk::of_signer(signer, attributes.as_ref());
        let (verdict, certificate, group) = match outcome {
            Ok(Judged { signer, quirk }) => {
                quirks.extend(quirk);
                let (certificate, group) = (signer.certificate().clone(), signer.group_index());
                (Verdict::Valid(signer), Some(certificate), Some(group))
            }
            Err(Unproven { problem, certificate }) => (Err(problem).into(), certificate, None),
        };
        let time_stamps = stamps.report(group);
        let proven_time = earliest(&time_stamps);
        let references = self.references.judge(&signer.unsigned);
        let names_certificate = attributes
            .as_ref()
            .is_some_and(SignedAttributes::name_a_certificate);
        let counter_content = Content::of_counter_signature(&signer.signature);
        let counter_signers = signer.unsigned.counter_signers.iter();
        SignerReport {
            level: self.level(signer, names_certificate, &time_stamps, references.as_ref()),
            counter_signatures: counter_signers
                .map(|counter| self.report(counter, &counter_content, checks))
                .collect(),
            verdict,
            certificate,
            claimed_signing_time: attributes.and_then(|attributes| attributes.signing_time),
            proven_time,
            has_signed_attributes: signer.signed_attributes.is_some(),
            time_stamps,
            references,
            quirks,
        }
    }

    fn level(
        &self,
        signer: &SignerInfo<'_>,
        names_certificate: bool,
        stamps: &[TimeStampReport],
        references: Option<&Verdict<()>>,
    ) -> Level {
        let holds = |kinds: &[TimeStampKind]| {
            stamps
                .iter()
                .any(|stamp| kinds.contains(&stamp.kind) && matches!(stamp.verdict, Verdict::Valid(_)))
        };
        if !names_certificate {
            return Level::Cms;
        }
        if !holds(&[TimeStampKind::Signature]) {
            return Level::Bes;
        }
        let has_values = signer.unsigned.has_revocation_values || self.message.data.has_revocation;
        let has_references = matches!(references, Some(Verdict::Valid(())));
        match (has_references, has_values) {
            (false, false) => Level::T,
            (true, false) => Level::C,
            _ if stamps.iter().any(|stamp| stamp.kind == TimeStampKind::Archive) => Level::Archive,
            (true, true) if holds(&[TimeStampKind::SignatureAndReferences, TimeStampKind::References]) => {
                Level::XLong
            }
            (_, true) => Level::Lt,
        }
    }

    /// Of the certificates the identifier fits, the one that made the signature and leads to an anchor.
    fn judge(
        &self,
        signer: &SignerInfo<'_>,
        content: &Content<'_>,
        stamps: &Stamps,
        checks: &mut Checks<'_>,
    ) -> Result<Judged, Unproven> {
        let candidates = self
            .message
            .bag
            .candidates(&signer.id)
            .map_err(|problem| Unproven {
                problem,
                certificate: None,
            })?;
        let shown = candidates.first().map(|certificate| (*certificate).clone());
        let signed = Signed::read(content, signer, checks.provider()).map_err(|problem| Unproven {
            problem,
            certificate: shown.clone(),
        })?;
        let mut closest: Option<Unproven> = None;
        let mut proven = 0;
        for certificate in candidates {
            let verified = signed.check(signer, certificate, checks).and_then(|quirk| {
                proven += 1;
                if proven > MAX_TWINS {
                    return Err(Code::CertificateTooComplex.into());
                }
                let query = signer::Query {
                    certificate,
                    bag: &self.message.bag,
                    stamps,
                    groups: &self.groups,
                    at: self.at,
                    purpose: self.purpose,
                };
                let signer = query.find(signed.signing_time(), checks)?;
                Ok(Judged { signer, quirk })
            });
            match verified {
                Ok(judged) => return Ok(judged),
                Err(problem) => {
                    let by_this = problem.code() != Code::CmsSignatureInvalid;
                    if closest.is_none() || by_this {
                        closest = Some(Unproven {
                            problem,
                            certificate: Some(certificate.clone()),
                        });
                    }
                    if problem.code() == Code::CertificateTooComplex {
                        break;
                    }
                }
            }
        }
        Err(closest.unwrap_or(Unproven {
            problem: Code::CmsSignerCertificateMissing.into(),
            certificate: shown,
        }))
    }
}

fn earliest(stamps: &[TimeStampReport]) -> Option<ProvenTime> {
    let over_signature = stamps
        .iter()
        .filter(|stamp| stamp.kind == TimeStampKind::Signature);
    over_signature
        .filter_map(|stamp| match &stamp.verdict {
            Verdict::Valid(proven) => Some(proven),
            _ => None,
        })
        .min_by_key(|proven| proven.latest())
        .cloned()
}
