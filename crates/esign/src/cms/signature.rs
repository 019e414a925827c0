//! One signature over one content (RFC 5652 §5.4–5.6), without asking whose it is.

use super::attributes::SignedAttributes;
use super::octets::Octets;
use super::quirk::Quirk;
use super::signer_info::SignerInfo;
use crate::algorithm::{AlgorithmError, Hash, SignatureAlgorithm};
use crate::asn1::{Oid, oids};
use crate::certificate::Certificate;
use crate::path::Checks;
use crate::provider::{Provider, SignatureError};
use crate::time::UnixTime;
use crate::verdict::{Code, Problem};

/// What signers sign.
pub(crate) struct Content<'m> {
    /// `None`: the signature value of somebody else, which a counter-signature is over
    kind: Option<Oid<'m>>,
    octets: Octets<'m>,
}

impl<'m> Content<'m> {
    pub(crate) const fn new(kind: Oid<'m>, octets: Octets<'m>) -> Self {
        Self {
            kind: Some(kind),
            octets,
        }
    }

    pub(super) fn of_counter_signature(signature: &'m [u8]) -> Self {
        Self {
            kind: None,
            octets: Octets::whole(signature),
        }
    }

    pub(super) fn is(&self, kind: Oid<'_>) -> bool {
        self.kind == Some(kind)
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
            attributes.check_algorithms(signer)?;
            if content.octets.digest(digest, provider)? != attributes.message_digest {
                return Err(Code::CmsDigestMismatch.into());
            }
        } else {
            // only plain data may go without attributes (RFC 5652 §5.3)
            let is_plain = content.kind.is_none() || content.is(oids::DATA);
            if !is_plain || content.octets.may_be_attributes() {
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
        octets: &Octets<'_>,
        signer: &SignerInfo<'_>,
        certificate: &Certificate,
        checks: &mut Checks<'_>,
    ) -> Result<(), Problem> {
        checks.spend_signature()?;
        let (provider, key, signature) = (checks.provider(), certificate.spki(), &*signer.signature);
        let verified = match self.algorithm.hash() {
            Some(hash) => {
                let digest = octets.digest(hash, provider)?;
                provider.verify_digest(&self.algorithm, key, &digest, signature)
            }
            None => provider.verify(&self.algorithm, key, octets.pass()?, signature),
        };
        verified.map_err(|error| match error {
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
