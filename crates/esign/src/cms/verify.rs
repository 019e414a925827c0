//! Judging CMS signatures (threats CMS-4 to CMS-12).

use std::borrow::Cow;
use std::collections::HashSet;

use super::attributes::{self, SignedAttributes};
use super::signed_data::{MAX_CERTIFICATES, SignedData, SignerId, SignerInfo};
use super::signer::{self, VerifiedSigner};
use crate::algorithm::{AlgorithmError, Hash, SignatureAlgorithm};
use crate::asn1::{self, oids};
use crate::certificate::Certificate;
use crate::path::Checks;
use crate::provider::{Provider, SignatureError};
use crate::time::UnixTime;
use crate::trust::{AnchorGroup, PurposeRule, TrustStore};
use crate::verdict::{Code, Problem, Verdict};

/// Largest answer to a sign-in challenge.
pub const MAX_SIGN_IN: usize = 256 * 1024;

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
        if message.data.content_type != oids::DATA {
            return Err(Code::CmsContentTypeMismatch.into());
        }
        if signer.signed_attributes.is_none() {
            return Err(Code::CmsNoSignedAttributes.into());
        }
        let context = Context {
            message: &message,
            trust,
            at,
            purpose: Purpose::SignIn,
        };
        let mut checks = Checks::new(provider, trust.checked());
        context.judge(signer, &mut checks).map_err(|(problem, _)| problem)
    };
    judge().into()
}

/// Most certificates of one key that are followed to an anchor for one signer.
const MAX_TWINS: usize = 4;

/// What is known about one signer of a document.
#[derive(Debug, Clone)]
pub struct SignerReport {
    /// the judgement
    pub verdict: Verdict<VerifiedSigner>,
    /// the signer's certificate, where the message has it; believe nothing in it unless the verdict is valid
    pub certificate: Option<Certificate>,
    /// when the signer says to have signed
    pub claimed_signing_time: Option<UnixTime>,
    /// without signed attributes the signature binds neither a type nor a certificate
    pub has_signed_attributes: bool,
}

/// What is known about a signed document.
#[derive(Debug, Clone)]
pub struct DocumentReport {
    /// valid only if every signer is
    pub verdict: Verdict<()>,
    /// in the order of the message
    pub signers: Vec<SignerReport>,
}

/// Judges every signature of a CMS message over its own content, or over `content` if that is kept apart.
pub fn verify_document(
    cms: &[u8],
    content: Option<&[u8]>,
    trust: &TrustStore,
    at: UnixTime,
    provider: &dyn Provider,
) -> DocumentReport {
    let message = match Message::parse(cms, content) {
        Ok(message) => message,
        Err(problem) => {
            return DocumentReport {
                verdict: Err(problem).into(),
                signers: Vec::new(),
            };
        }
    };
    let context = Context {
        message: &message,
        trust,
        at,
        purpose: Purpose::Document,
    };
    let mut checks = Checks::new(provider, trust.checked());
    let signers: Vec<SignerReport> = message
        .data
        .signers
        .iter()
        .map(|signer| context.report(signer, &mut checks))
        .collect();
    DocumentReport {
        verdict: all_valid(&signers),
        signers,
    }
}

fn all_valid(signers: &[SignerReport]) -> Verdict<()> {
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

/// A message and what it is about.
struct Message<'a> {
    data: SignedData<'a>,
    content: Cow<'a, [u8]>,
    certificates: Vec<Certificate>,
    has_malformed_certificate: bool,
}

impl<'a> Message<'a> {
    fn parse(cms: &'a [u8], expected: Option<&'a [u8]>) -> Result<Self, Problem> {
        let mut data = SignedData::parse(cms).map_err(|error| match error {
            asn1::Error::TooLarge => Code::CmsTooLarge,
            _ => Code::CmsMalformed,
        })?;
        let content = match (data.content.take(), expected) {
            (Some(attached), Some(expected)) if attached != expected => {
                return Err(Code::CmsContentMismatch.into());
            }
            (Some(attached), _) => attached,
            (None, Some(expected)) => Cow::Borrowed(expected),
            (None, None) => return Err(Problem::Unknown(Code::CmsContentMissing)),
        };
        // a certificate in the bag that cannot be read harms nobody but its owner
        let mut certificates: Vec<_> = data
            .certificates
            .iter()
            .filter_map(|der| Certificate::parse(*der).ok())
            .collect();
        let has_malformed_certificate = certificates.len() < data.certificates.len();
        let mut seen = HashSet::new();
        certificates.retain(|certificate| seen.insert(certificate.fingerprint()));
        Ok(Self {
            data,
            content,
            certificates,
            has_malformed_certificate,
        })
    }

    /// The certificates that the signer's identifier fits, which may be several: names can be copied.
    fn candidates(&self, id: &SignerId<'_>) -> Result<Vec<&Certificate>, Problem> {
        let found: Vec<_> = self
            .certificates
            .iter()
            .filter(|certificate| id.fits(certificate))
            .collect();
        match found.is_empty() {
            false => Ok(found),
            true if self.has_malformed_certificate => Err(Code::CertificateMalformed.into()),
            true => Err(Code::CmsSignerCertificateMissing.into()),
        }
    }
}

impl SignerId<'_> {
    fn fits(&self, certificate: &Certificate) -> bool {
        match self {
            Self::IssuerAndSerial { issuer, serial } => {
                *serial == certificate.serial() && issuer == certificate.issuer_digest()
            }
            Self::KeyIdentifier(identifier) => {
                let stated = certificate.subject_key_identifier();
                stated == Some(identifier.as_ref())
                    || certificate.computed_key_identifier() == identifier.as_ref()
            }
        }
    }
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
    trust: &'a TrustStore,
    at: UnixTime,
    purpose: Purpose,
}

type Unproven = (Problem, Option<Certificate>);

impl Context<'_> {
    fn report(&self, signer: &SignerInfo<'_>, checks: &mut Checks<'_>) -> SignerReport {
        let outcome = self.judge(signer, checks);
        let certificate = match &outcome {
            Ok(verified) => Some(verified.certificate().clone()),
            Err((_, certificate)) => certificate.clone(),
        };
        let attributes = signer
            .signed_attributes
            .and_then(|raw| SignedAttributes::parse(raw).ok());
        SignerReport {
            verdict: outcome.map_err(|(problem, _)| problem).into(),
            certificate,
            claimed_signing_time: attributes.and_then(|attributes| attributes.signing_time),
            has_signed_attributes: signer.signed_attributes.is_some(),
        }
    }

    /// Of the certificates the identifier fits, the one that made the signature and leads to an anchor.
    fn judge(&self, signer: &SignerInfo<'_>, checks: &mut Checks<'_>) -> Result<VerifiedSigner, Unproven> {
        let candidates = self
            .message
            .candidates(&signer.id)
            .map_err(|problem| (problem, None))?;
        let shown = candidates.first().map(|certificate| (*certificate).clone());
        let signed = Signed::read(self.message, signer, checks.provider())
            .map_err(|problem| (problem, shown.clone()))?;
        let mut closest: Option<Unproven> = None;
        let mut proven = 0;
        for certificate in candidates {
            let verified = signed.check(signer, certificate, checks).and_then(|()| {
                proven += 1;
                if proven > MAX_TWINS {
                    return Err(Code::CertificateTooComplex.into());
                }
                let query = signer::Query {
                    certificate,
                    bag: &self.message.certificates,
                    trust: self.trust,
                    at: self.at,
                    purpose: self.purpose,
                };
                query.find(signed.signing_time(), checks)
            });
            match verified {
                Ok(verified) => return Ok(verified),
                Err(problem) => {
                    let by_this = problem.code() != Code::CmsSignatureInvalid;
                    if closest.is_none() || by_this {
                        closest = Some((problem, Some(certificate.clone())));
                    }
                    if problem.code() == Code::CertificateTooComplex {
                        break;
                    }
                }
            }
        }
        Err(closest.unwrap_or((Problem::Invalid(Code::CmsSignerCertificateMissing), shown)))
    }
}

/// What the signature is over.
struct Signed<'a> {
    attributes: Option<SignedAttributes<'a>>,
    bytes: Cow<'a, [u8]>,
    algorithm: SignatureAlgorithm,
}

impl<'a> Signed<'a> {
    fn read(
        message: &'a Message<'_>,
        signer: &SignerInfo<'a>,
        provider: &dyn Provider,
    ) -> Result<Self, Problem> {
        let digest = Hash::from_identifier(signer.digest_algorithm).map_err(algorithm_problem)?;
        let algorithm = SignatureAlgorithm::from_signer_info(signer.signature_algorithm, digest)
            .map_err(algorithm_problem)?;
        // Ed25519 goes with SHA-512 (RFC 8419 §3.1)
        if algorithm.hash().unwrap_or(Hash::Sha512) != digest {
            return Err(Code::CmsAlgorithmMismatch.into());
        }
        let content = message.content.as_ref();
        let content_type = message.data.content_type;
        let Some(raw) = signer.signed_attributes else {
            // only plain data may go without attributes (RFC 5652 §5.3)
            if content_type != oids::DATA || attributes::is_attribute_set(content) {
                return Err(Code::CmsNoSignedAttributes.into());
            }
            return Ok(Self {
                attributes: None,
                bytes: Cow::Borrowed(content),
                algorithm,
            });
        };
        let attributes = SignedAttributes::parse(raw)?;
        if attributes.content_type != content_type {
            return Err(Code::CmsContentTypeMismatch.into());
        }
        if attributes.message_digest != provider.digest(digest, content) {
            return Err(Code::CmsDigestMismatch.into());
        }
        let bytes = Cow::Owned(attributes.signed.clone());
        Ok(Self {
            attributes: Some(attributes),
            bytes,
            algorithm,
        })
    }

    fn signing_time(&self) -> Option<UnixTime> {
        self.attributes
            .as_ref()
            .and_then(|attributes| attributes.signing_time)
    }

    fn check(
        &self,
        signer: &SignerInfo<'_>,
        certificate: &Certificate,
        checks: &mut Checks<'_>,
    ) -> Result<(), Problem> {
        checks.spend_signature()?;
        checks
            .provider()
            .verify(
                &self.algorithm,
                certificate.spki(),
                &self.bytes,
                &signer.signature,
            )
            .map_err(|error| match error {
                SignatureError::Invalid => Code::CmsSignatureInvalid.into(),
                SignatureError::Mismatch => Code::CmsAlgorithmMismatch.into(),
                SignatureError::Algorithm(error) => Problem::from(error),
            })?;
        match &self.attributes {
            Some(attributes) => attributes.name(certificate, checks.provider()),
            None => Ok(()),
        }
    }
}

pub(super) fn algorithm_problem(error: AlgorithmError) -> Problem {
    match error {
        AlgorithmError::Weak => Problem::Invalid(Code::CmsWeakAlgorithm),
        AlgorithmError::Unsupported => Problem::Unknown(Code::CmsUnsupportedAlgorithm),
        AlgorithmError::Malformed => Problem::Invalid(Code::CmsMalformed),
    }
}

const _: () = assert!(MAX_CERTIFICATES <= crate::path::MAX_CANDIDATES);
