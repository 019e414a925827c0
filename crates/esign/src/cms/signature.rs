//! One signature over one content (RFC 5652 §5.4–5.6), without asking whose it is.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use super::attributes::{self, SignedAttributes};
use super::quirk::Quirk;
use super::signer_info::SignerInfo;
use crate::algorithm::{AlgorithmError, Hash, SignatureAlgorithm};
use crate::asn1::{Oid, oids};
use crate::certificate::Certificate;
use crate::path::Checks;
use crate::provider::{Provider, SignatureError};
use crate::time::UnixTime;
use crate::verdict::{Code, Problem};

/// How often one content is hashed for signatures without attributes, which know no digest that could be kept.
const MAX_BARE_CHECKS: u8 = 16;

/// What signers sign.
pub(crate) struct Content<'m> {
    /// `None`: the signature value of somebody else, which a counter-signature is over
    kind: Option<Oid<'m>>,
    octets: Cow<'m, [u8]>,
    digests: RefCell<Vec<(Hash, Vec<u8>)>>,
    bare_checks_left: Cell<u8>,
}

impl<'m> Content<'m> {
    pub(crate) const fn new(kind: Oid<'m>, octets: Cow<'m, [u8]>) -> Self {
        Self {
            kind: Some(kind),
            octets,
            digests: RefCell::new(Vec::new()),
            bare_checks_left: Cell::new(MAX_BARE_CHECKS),
        }
    }

    pub(super) const fn of_counter_signature(signature: &'m [u8]) -> Self {
        Self {
            kind: None,
            octets: Cow::Borrowed(signature),
            digests: RefCell::new(Vec::new()),
            bare_checks_left: Cell::new(MAX_BARE_CHECKS),
        }
    }

    pub(super) fn is(&self, kind: Oid<'_>) -> bool {
        self.kind == Some(kind)
    }

    fn spend_bare_check(&self) -> Result<(), Problem> {
        let left = self
            .bare_checks_left
            .get()
            .checked_sub(1)
            .ok_or(Code::CmsTooLarge)?;
        self.bare_checks_left.set(left);
        Ok(())
    }

    /// Computed once, however many signers there are.
    fn has_digest(&self, hash: Hash, digest: &[u8], provider: &dyn Provider) -> bool {
        let mut known = self.digests.borrow_mut();
        if let Some((_, known)) = known.iter().find(|(of, _)| *of == hash) {
            return known == digest;
        }
        let computed = provider.digest(hash, &self.octets);
        let agrees = computed == digest;
        known.push((hash, computed));
        agrees
    }
}

/// A signature whose attributes fit its content.
pub(crate) struct Signed<'a> {
    attributes: Option<SignedAttributes<'a>>,
    content: &'a Content<'a>,
    algorithm: SignatureAlgorithm,
}

impl<'a> Signed<'a> {
    pub(crate) fn read(
        content: &'a Content<'a>,
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
        let attributes = signer
            .signed_attributes
            .map(SignedAttributes::parse)
            .transpose()?;
        if let Some(attributes) = &attributes {
            attributes.check_content_type(content.kind)?;
            if !content.has_digest(digest, attributes.message_digest, provider) {
                return Err(Code::CmsDigestMismatch.into());
            }
        } else {
            // only plain data may go without attributes (RFC 5652 §5.3)
            let is_plain = content.kind.is_none() || content.is(oids::DATA);
            if !is_plain || attributes::is_attribute_set(&content.octets) {
                return Err(Code::CmsNoSignedAttributes.into());
            }
        }
        Ok(Self {
            attributes,
            content,
            algorithm,
        })
    }

    /// Whether what is signed names the certificate (RFC 5035).
    pub(crate) fn names_a_certificate(&self) -> bool {
        self.attributes()
            .is_some_and(SignedAttributes::name_a_certificate)
    }

    const fn attributes(&self) -> Option<&SignedAttributes<'a>> {
        self.attributes.as_ref()
    }

    pub(super) fn signing_time(&self) -> Option<UnixTime> {
        self.attributes().and_then(|attributes| attributes.signing_time)
    }

    /// Whether this certificate made the signature and is the one named in it. Gives the quirk that had to be taken
    /// into account.
    pub(crate) fn check(
        &self,
        signer: &SignerInfo<'_>,
        certificate: &Certificate,
        checks: &mut Checks<'_>,
    ) -> Result<Option<Quirk>, Problem> {
        let Some(attributes) = &self.attributes else {
            self.content.spend_bare_check()?;
            self.verify(&self.content.octets, signer, certificate, checks)?;
            return Ok(None);
        };
        let received = self.verify(&attributes.signed, signer, certificate, checks);
        let quirk = match (received, &attributes.sorted) {
            (Ok(()), None) => None,
            (Ok(()), Some(_)) => Some(Quirk::UnsortedAttributes),
            (Err(Problem::Invalid(Code::CmsSignatureInvalid)), Some(sorted)) => {
                self.verify(sorted, signer, certificate, checks)?;
                Some(Quirk::AttributesSortedToSign)
            }
            (Err(problem), _) => return Err(problem),
        };
        attributes.name(certificate, checks.provider())?;
        Ok(quirk)
    }

    fn verify(
        &self,
        message: &[u8],
        signer: &SignerInfo<'_>,
        certificate: &Certificate,
        checks: &mut Checks<'_>,
    ) -> Result<(), Problem> {
        checks.spend_signature()?;
        checks
            .provider()
            .verify(&self.algorithm, certificate.spki(), message, &signer.signature)
            .map_err(|error| match error {
                SignatureError::Invalid => Code::CmsSignatureInvalid.into(),
                SignatureError::Mismatch => Code::CmsAlgorithmMismatch.into(),
                SignatureError::Algorithm(error) => Problem::from(error),
            })
    }
}

pub(crate) fn algorithm_problem(error: AlgorithmError) -> Problem {
    match error {
        AlgorithmError::Weak => Problem::Invalid(Code::CmsWeakAlgorithm),
        AlgorithmError::Unsupported => Problem::Unknown(Code::CmsUnsupportedAlgorithm),
        AlgorithmError::Malformed => Problem::Invalid(Code::CmsMalformed),
        AlgorithmError::Parameters => Problem::Invalid(Code::CmsAlgorithmParameters),
        AlgorithmError::InvalidKey => Problem::Invalid(Code::CertificateKeyInvalid),
    }
}
