use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::id::CertId;
use crate::algorithm;
use crate::asn1::{self, Element, Error, Reader, Result, Rules, oids, tag};
use crate::certificate::Certificate;
use crate::certificate::extension::{self, Extension};
use crate::name::Name;
use crate::provider::sha256;
use crate::revocation::Reason;
use crate::revocation::signed::Signed;
use crate::time::UnixTime;

/// Largest response that is read.
const MAX_SIZE: usize = 256 * 1024;
/// Most certificates a response may speak of.
const MAX_ANSWERS: usize = 100;
/// Most certificates a response may bring.
const MAX_CERTIFICATES: usize = 10;

/// Why a responder gave no answer (RFC 6960 §4.2.1, OCSPResponseStatus).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponderRefusal {
    /// The request did not conform to the syntax.
    MalformedRequest,
    /// The responder is in an inconsistent state; another may answer.
    InternalError,
    /// The service exists and cannot answer now.
    TryLater,
    /// Requests must be signed.
    SignatureRequired,
    /// The client may not ask, or the responder does not know the certificate.
    Unauthorized,
}

/// The bytes hold no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OcspError {
    /// Not an OCSP response, or larger than one may be.
    Malformed(Error),
    /// The responder says that it gives none.
    Refused(ResponderRefusal),
}

impl From<Error> for OcspError {
    fn from(error: Error) -> Self {
        Self::Malformed(error)
    }
}

impl fmt::Display for OcspError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(error) => write!(f, "not an OCSP response: {error}"),
            Self::Refused(refusal) => write!(f, "the responder gave no answer: {refusal:?}"),
        }
    }
}

impl std::error::Error for OcspError {}

/// A response with signed answers (RFC 6960 §4.2), kept as received. Cheap to clone.
#[derive(Clone)]
pub struct OcspResponse(Arc<Inner>);

struct Inner {
    der: Box<[u8]>,
    /// BasicOCSPResponse
    basic: Range<usize>,
    tbs: Range<usize>,
    algorithm: Range<usize>,
    signature: Range<usize>,
    responder: Responder,
    produced_at: UnixTime,
    answers: Vec<Answer>,
    certificates: Vec<Certificate>,
    extensions: Extensions,
    fingerprint: [u8; 32],
}

/// Who signed, by the signer's own word.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Responder {
    /// by [`Name::comparison_digest`]
    Name([u8; 32]),
    /// by the SHA-1 of the key's bits
    Key(Box<[u8]>),
}

/// What is said of one certificate.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(super) id: CertId,
    pub(crate) status: AnswerStatus,
    pub(crate) this_update: UnixTime,
    pub(crate) next_update: Option<UnixTime>,
    /// no critical extension is there that could give the answer another meaning
    pub(crate) understood: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AnswerStatus {
    Good,
    Revoked { at: UnixTime, reason: Option<Reason> },
    Unknown,
}

impl OcspResponse {
    /// Reads one DER OCSPResponse and nothing after it.
    pub fn parse(der: &[u8]) -> std::result::Result<Self, OcspError> {
        if der.len() > MAX_SIZE {
            return Err(Error::TooLarge.into());
        }
        Inner::read(der.into()).map(|inner| Self(Arc::new(inner)))
    }

    fn part(&self, range: &Range<usize>) -> &[u8] {
        self.0.der.get(range.clone()).unwrap_or_default()
    }

    /// The bytes as received.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// The BasicOCSPResponse inside, as evidence in signatures holds it (RFC 5126 §6.3.4).
    pub fn basic_der(&self) -> &[u8] {
        self.part(&self.0.basic)
    }

    /// SHA-256 of the response.
    pub fn fingerprint(&self) -> [u8; 32] {
        self.0.fingerprint
    }

    /// When it was signed.
    pub fn produced_at(&self) -> UnixTime {
        self.0.produced_at
    }

    /// The earliest moment after which one of its answers is out of date, if they name one.
    pub fn next_update(&self) -> Option<UnixTime> {
        self.0
            .answers
            .iter()
            .filter_map(|answer| answer.next_update)
            .min()
    }

    /// The certificates it brings, in the order received. Believe nothing in them.
    pub fn certificates(&self) -> &[Certificate] {
        &self.0.certificates
    }

    /// The nonce it repeats.
    pub fn nonce(&self) -> Option<&[u8]> {
        self.0.extensions.nonce.as_deref()
    }

    /// Whether it speaks of this certificate.
    pub fn is_about(&self, certificate: &Certificate, issuer: &Certificate) -> bool {
        self.answer(certificate, issuer).is_some()
    }

    pub(super) fn answers(&self) -> &[Answer] {
        &self.0.answers
    }

    /// What is said of the certificate; of several answers the latest.
    pub(crate) fn answer(&self, certificate: &Certificate, issuer: &Certificate) -> Option<&Answer> {
        let ids = CertId::all(certificate, issuer);
        self.0
            .answers
            .iter()
            .filter(|answer| ids.contains(&answer.id))
            .max_by_key(|answer| answer.this_update)
    }

    pub(super) fn signed(&self) -> Signed<'_> {
        Signed {
            fingerprint: self.fingerprint(),
            algorithm: algorithm::signature_algorithm(self.part(&self.0.algorithm)),
            message: self.part(&self.0.tbs),
            octets: self.part(&self.0.signature),
        }
    }

    /// Whether the signer says to be the holder of this certificate.
    pub(crate) fn is_by(&self, certificate: &Certificate) -> bool {
        match &self.0.responder {
            Responder::Name(name) => name == certificate.subject_digest(),
            Responder::Key(key) => **key == certificate.computed_key_identifier(),
        }
    }

    /// Whether no critical extension is there that could give the response another meaning.
    pub(crate) fn is_understood(&self) -> bool {
        self.0.extensions.understood
    }

    /// Whether "revoked" may also be said of certificates that were never issued (RFC 6960 §4.4.8).
    pub(crate) fn has_extended_revoke(&self) -> bool {
        self.0.extensions.extended_revoke
    }
}

impl fmt::Debug for OcspResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "OcspResponse({}, {} answers)",
            self.0.produced_at,
            self.0.answers.len()
        )
    }
}

impl Inner {
    fn read(der: Box<[u8]>) -> std::result::Result<Self, OcspError> {
        let base = der.as_ptr() as usize;
        let range = |part: &[u8]| {
            let start = part.as_ptr() as usize - base;
            start..start + part.len()
        };
        let mut fields = asn1::only(&der, Rules::Der)?.sequence()?;
        if let Some(refusal) = refusal(fields.expect(tag::ENUMERATED)?)? {
            return Err(OcspError::Refused(refusal));
        }
        let mut bytes = fields.expect(tag::context_constructed(0))?.child()?.sequence()?;
        fields.finish()?;
        if bytes.expect(tag::OID)?.oid()? != oids::OCSP_BASIC {
            return Err(Error::Value.into());
        }
        let basic = bytes.expect(tag::OCTET_STRING)?.content();
        bytes.finish()?;

        let mut fields = asn1::only(basic, Rules::Der)?.sequence()?;
        let tbs = fields.expect(tag::SEQUENCE)?;
        let algorithm = fields.expect(tag::SEQUENCE)?.raw();
        let signature = fields.expect(tag::BIT_STRING)?.bit_octets()?;
        let certificates = match fields.optional(tag::context_constructed(0))? {
            Some(list) => certificates(list.child()?)?,
            None => Vec::new(),
        };
        fields.finish()?;

        let mut fields = tbs.children()?;
        if let Some(version) = fields.optional(tag::context_constructed(0))?
            && version.child()?.small()? != 0
        {
            return Err(Error::Value.into());
        }
        let responder = Responder::read(fields.element()?)?;
        let produced_at = UnixTime::from_element(fields.expect(tag::GENERALIZED_TIME)?)?;
        let answers = fields
            .sequence()?
            .collect(MAX_ANSWERS)?
            .into_iter()
            .map(Answer::read)
            .collect::<Result<_>>()?;
        let extensions = match fields.optional(tag::context_constructed(1))? {
            Some(list) => Extensions::read(list.child()?)?,
            None => Extensions::default(),
        };
        fields.finish()?;
        Ok(Self {
            basic: range(basic),
            tbs: range(tbs.raw()),
            algorithm: range(algorithm),
            signature: range(signature),
            responder,
            produced_at,
            answers,
            certificates,
            extensions,
            fingerprint: sha256(&der),
            der,
        })
    }
}

/// OCSPResponseStatus; `None` for success.
fn refusal(status: Element<'_>) -> Result<Option<ResponderRefusal>> {
    Ok(Some(match status.content() {
        [0] => return Ok(None),
        [1] => ResponderRefusal::MalformedRequest,
        [2] => ResponderRefusal::InternalError,
        [3] => ResponderRefusal::TryLater,
        [5] => ResponderRefusal::SignatureRequired,
        [6] => ResponderRefusal::Unauthorized,
        _ => return Err(Error::Value),
    }))
}

/// Those that can be read; one that cannot signs nothing.
fn certificates(list: Element<'_>) -> Result<Vec<Certificate>> {
    let list = list.sequence()?.collect(MAX_CERTIFICATES)?;
    let read = list
        .iter()
        .filter_map(|element| Certificate::parse(element.raw()).ok());
    Ok(read.collect())
}

impl Responder {
    fn read(element: Element<'_>) -> Result<Self> {
        match element.tag() {
            0xa1 => {
                let (name, _) = Name::parse(element.child()?.raw())?;
                Ok(Self::Name(name.comparison_digest()))
            }
            0xa2 => Ok(Self::Key(extension::octets(element.child()?.raw())?.into())),
            _ => Err(Error::Tag),
        }
    }
}

impl Answer {
    fn read(element: Element<'_>) -> Result<Self> {
        let mut fields = element.sequence()?;
        let id = CertId::read(fields.element()?)?;
        let status = AnswerStatus::read(fields.element()?)?;
        let this_update = UnixTime::from_element(fields.expect(tag::GENERALIZED_TIME)?)?;
        let next_update = fields
            .optional(tag::context_constructed(0))?
            .map(|next| UnixTime::from_element(next.child()?))
            .transpose()?;
        let understood = match fields.optional(tag::context_constructed(1))? {
            Some(list) => Extensions::read(list.child()?)?.understood,
            None => true,
        };
        fields.finish()?;
        Ok(Self {
            id,
            status,
            this_update,
            next_update,
            understood,
        })
    }
}

impl AnswerStatus {
    fn read(element: Element<'_>) -> Result<Self> {
        match (element.tag(), element.content()) {
            (0x80, []) => Ok(Self::Good),
            (0x82, []) => Ok(Self::Unknown),
            (0xa1, _) => {
                let mut fields = element.children()?;
                let at = UnixTime::from_element(fields.expect(tag::GENERALIZED_TIME)?)?;
                let reason = fields
                    .optional(tag::context_constructed(0))?
                    .map(|reason| Reason::read(reason.child()?))
                    .transpose()?;
                fields.finish()?;
                Ok(Self::Revoked { at, reason })
            }
            _ => Err(Error::Tag),
        }
    }
}

#[derive(Debug)]
struct Extensions {
    nonce: Option<Box<[u8]>>,
    extended_revoke: bool,
    understood: bool,
}

impl Default for Extensions {
    fn default() -> Self {
        Self {
            nonce: None,
            extended_revoke: false,
            understood: true,
        }
    }
}

impl Extensions {
    fn read(list: Element<'_>) -> Result<Self> {
        let mut list: Reader<'_> = list.sequence()?;
        let mut found = Self::default();
        while !list.is_empty() {
            let extension = Extension::read(&mut list)?;
            match extension.oid {
                // some responders repeat the octets without the inner header
                oids::OCSP_NONCE => {
                    found.nonce = Some(
                        extension::octets(extension.value)
                            .unwrap_or(extension.value)
                            .into(),
                    );
                }
                oids::OCSP_EXTENDED_REVOKE => found.extended_revoke = true,
                _ => found.understood &= !extension.critical,
            }
        }
        Ok(found)
    }
}
