//! X.509 certificates (RFC 5280 §4), kept as received.

pub(crate) mod extension;
mod file;
mod general_name;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use sha1::Digest as _;

use crate::algorithm::{self, AlgorithmError, KeyName, SignatureAlgorithm};
use crate::asn1::{self, Oid, Reader, Rules, oids, tag};
use crate::name::Name;
use crate::provider::sha256;
use crate::time::UnixTime;

pub use extension::{BasicConstraints, Extension, KeyUsage};
pub use file::{NotCertificates, read_file};
pub use general_name::GeneralName;

/// Largest certificate that is read.
pub const MAX_SIZE: usize = 64 * 1024;
/// Most extensions in a certificate.
pub const MAX_EXTENSIONS: usize = 64;
/// Most names, constraints, purposes and policies in a certificate.
pub const MAX_NAMES: usize = 1_000;
/// Longest serial number; RFC 5280 §4.1.2.2 allows 20 octets, some issuers take a few more.
const MAX_SERIAL: usize = 32;

/// Why bytes are not a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MalformedCode {
    /// Larger than [`MAX_SIZE`], more extensions or names than allowed.
    TooLarge,
    /// Not DER, or not the structure of RFC 5280 §4.1.
    Encoding(asn1::Error),
    /// A version that does not exist, or extensions in an old version.
    Version,
    /// The two places that name the signature algorithm differ (§4.1.1.2).
    AlgorithmMismatch,
    /// An extension appears twice (§4.2) or none is in the list.
    Extensions,
}

impl From<asn1::Error> for MalformedCode {
    fn from(error: asn1::Error) -> Self {
        Self::Encoding(error)
    }
}

impl fmt::Display for MalformedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => f.write_str("larger than allowed"),
            Self::Encoding(error) => write!(f, "not a certificate: {error}"),
            Self::Version => f.write_str("unknown version"),
            Self::AlgorithmMismatch => f.write_str("contradicting signature algorithms"),
            Self::Extensions => f.write_str("malformed list of extensions"),
        }
    }
}

impl std::error::Error for MalformedCode {}

/// A certificate. Cheap to clone.
#[derive(Clone)]
pub struct Certificate(Arc<Inner>);

struct Inner {
    der: Box<[u8]>,
    tbs: Range<usize>,
    algorithm: Range<usize>,
    signature: Range<usize>,
    serial: Range<usize>,
    issuer: Range<usize>,
    subject: Range<usize>,
    spki: Range<usize>,
    extensions: Vec<ExtensionPlace>,
    not_before: UnixTime,
    not_after: UnixTime,
    issuer_digest: [u8; 32],
    subject_digest: [u8; 32],
    key_identifier: [u8; 20],
    fingerprint: [u8; 32],
}

/// Where an extension lies.
struct ExtensionPlace {
    oid: Range<usize>,
    critical: bool,
    value: Range<usize>,
}

impl Certificate {
    /// Reads one DER certificate and nothing after it.
    pub fn parse(der: impl Into<Box<[u8]>>) -> Result<Self, MalformedCode> {
        let der = der.into();
        if der.len() > MAX_SIZE {
            return Err(MalformedCode::TooLarge);
        }
        Inner::read(der).map(|inner| Self(Arc::new(inner)))
    }

    fn part(&self, range: &Range<usize>) -> &[u8] {
        self.0.der.get(range.clone()).unwrap_or_default()
    }

    /// The bytes as received.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// The part that is signed, as received.
    pub fn tbs(&self) -> &[u8] {
        self.part(&self.0.tbs)
    }

    /// The issuer's signature.
    pub fn signature(&self) -> &[u8] {
        self.part(&self.0.signature)
    }

    /// What the issuer signed with.
    pub fn signature_algorithm(&self) -> Result<SignatureAlgorithm, AlgorithmError> {
        algorithm::signature_algorithm(self.part(&self.0.algorithm))
    }

    /// Whose certificate it is.
    pub fn subject(&self) -> Name<'_> {
        Name::from_checked(self.part(&self.0.subject))
    }

    /// Who issued it.
    pub fn issuer(&self) -> Name<'_> {
        Name::from_checked(self.part(&self.0.issuer))
    }

    /// [`Name::comparison_digest`] of the subject.
    pub(crate) fn subject_digest(&self) -> &[u8; 32] {
        &self.0.subject_digest
    }

    /// [`Name::comparison_digest`] of the issuer.
    pub(crate) fn issuer_digest(&self) -> &[u8; 32] {
        &self.0.issuer_digest
    }

    /// Issuer and subject are the same name (RFC 5280 §6.1: self-issued).
    pub fn is_self_issued(&self) -> bool {
        self.0.issuer_digest == self.0.subject_digest
    }

    /// The content octets of the serial number.
    pub fn serial(&self) -> &[u8] {
        self.part(&self.0.serial)
    }

    /// The first moment of validity.
    pub fn not_before(&self) -> UnixTime {
        self.0.not_before
    }

    /// The last moment of validity.
    pub fn not_after(&self) -> UnixTime {
        self.0.not_after
    }

    /// SHA-256 of the certificate.
    pub fn fingerprint(&self) -> [u8; 32] {
        self.0.fingerprint
    }

    /// SHA-1 of the certificate, which old signing-certificate attributes refer to.
    pub(crate) fn sha1_fingerprint(&self) -> [u8; 20] {
        sha1::Sha1::digest(self.der()).into()
    }

    /// SubjectPublicKeyInfo as received.
    pub fn spki(&self) -> &[u8] {
        self.part(&self.0.spki)
    }

    /// SHA-256 of SubjectPublicKeyInfo.
    pub fn public_key_digest(&self) -> [u8; 32] {
        sha256(self.spki())
    }

    /// The kind of key, for people.
    pub fn key_name(&self) -> KeyName {
        KeyName::from_spki(self.spki())
    }

    /// The kind of key as text, for people.
    pub fn algorithm_name(&self) -> String {
        self.key_name().to_string()
    }

    /// All extensions in the order received.
    pub fn extensions(&self) -> impl Iterator<Item = Extension<'_>> {
        self.0.extensions.iter().map(|place| Extension {
            oid: Oid::from_checked(self.part(&place.oid)),
            critical: place.critical,
            value: self.part(&place.value),
        })
    }

    /// The extension of this kind; there is never more than one.
    pub fn extension(&self, oid: Oid<'_>) -> Option<Extension<'_>> {
        self.extensions().find(|extension| extension.oid == oid)
    }

    /// Whether a critical extension is there that nobody here understands.
    pub fn has_unknown_critical_extension(&self) -> bool {
        self.extensions()
            .any(|extension| extension.critical && !extension.is_understood())
    }

    /// RFC 5280 §4.2.1.9
    pub fn basic_constraints(&self) -> Option<BasicConstraints> {
        self.extension(oids::BASIC_CONSTRAINTS)
            .and_then(BasicConstraints::from_extension)
    }

    /// Whether the certificate claims to be that of an issuer of certificates.
    pub fn is_authority(&self) -> bool {
        self.basic_constraints()
            .is_some_and(|constraints| constraints.authority)
    }

    /// RFC 5280 §4.2.1.3; `None` if the certificate does not limit its use.
    pub fn key_usage(&self) -> Option<KeyUsage> {
        self.extension(oids::KEY_USAGE).and_then(KeyUsage::from_extension)
    }

    /// RFC 5280 §4.2.1.12; `None` if the certificate does not limit its purposes.
    pub fn extended_key_usage(&self) -> Option<Vec<Oid<'_>>> {
        extension::identifiers(self.extension(oids::EXTENDED_KEY_USAGE)?.value).ok()
    }

    /// RFC 5280 §4.2.1.4
    pub fn policies(&self) -> Vec<Oid<'_>> {
        self.extension(oids::CERTIFICATE_POLICIES)
            .and_then(|extension| extension::policies(extension.value).ok())
            .unwrap_or_default()
    }

    /// RFC 5280 §4.2.1.2
    pub fn subject_key_identifier(&self) -> Option<&[u8]> {
        extension::octets(self.extension(oids::SUBJECT_KEY_IDENTIFIER)?.value).ok()
    }

    /// The key identifier of RFC 5280 §4.2.1.2 method (1), which is used even where the extension is absent.
    pub fn computed_key_identifier(&self) -> [u8; 20] {
        self.0.key_identifier
    }

    /// The key identifier of the issuer (RFC 5280 §4.2.1.1).
    pub fn authority_key_identifier(&self) -> Option<&[u8]> {
        let extension = self.extension(oids::AUTHORITY_KEY_IDENTIFIER)?;
        extension::AuthorityKeyIdentifier::parse(extension.value)
            .ok()?
            .key
    }

    /// Where the issuer says its OCSP responder is (RFC 5280 §4.2.2.1). Only a hint: whoever asks there has checked the
    /// path first, and the address too.
    pub fn ocsp_responders(&self) -> Vec<&str> {
        self.extension(oids::AUTHORITY_INFO_ACCESS)
            .and_then(|extension| extension::access_addresses(extension.value, oids::OCSP).ok())
            .unwrap_or_default()
    }

    /// RFC 5280 §4.2.1.6
    pub fn subject_alternative_names(&self) -> Vec<GeneralName<'_>> {
        self.extension(oids::SUBJECT_ALT_NAME)
            .and_then(|extension| GeneralName::list(extension.value).ok())
            .unwrap_or_default()
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.0.fingerprint == other.0.fingerprint
    }
}

impl Eq for Certificate {}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({}, issued by {})", self.subject(), self.issuer())
    }
}

impl Inner {
    fn read(der: Box<[u8]>) -> Result<Self, MalformedCode> {
        let base = der.as_ptr() as usize;
        let range = |part: &[u8]| {
            let start = part.as_ptr() as usize - base;
            start..start + part.len()
        };
        let place = |extension: &Extension<'_>| ExtensionPlace {
            oid: range(extension.oid.as_bytes()),
            critical: extension.critical,
            value: range(extension.value),
        };
        let mut names = 0;

        let mut fields = asn1::only(&der, Rules::Der)?.sequence()?;
        let tbs = fields.expect(tag::SEQUENCE)?;
        let algorithm = fields.expect(tag::SEQUENCE)?.raw();
        let signature = fields.expect(tag::BIT_STRING)?.bit_octets()?;
        fields.finish()?;

        let mut fields = tbs.children()?;
        let version = match fields.optional(tag::context_constructed(0))? {
            Some(version) => version.child()?.small()?,
            None => 0,
        };
        let serial = fields.expect(tag::INTEGER)?.integer()?;
        if serial.len() > MAX_SERIAL {
            return Err(MalformedCode::TooLarge);
        }
        if fields.expect(tag::SEQUENCE)?.raw() != algorithm {
            return Err(MalformedCode::AlgorithmMismatch);
        }
        let (issuer, attributes) = Name::parse(fields.expect(tag::SEQUENCE)?.raw())?;
        names += attributes;
        let mut validity = fields.sequence()?;
        let not_before = UnixTime::from_element(validity.element()?)?;
        let not_after = UnixTime::from_element(validity.element()?)?;
        validity.finish()?;
        let (subject, attributes) = Name::parse(fields.expect(tag::SEQUENCE)?.raw())?;
        names += attributes;
        let spki = fields.expect(tag::SEQUENCE)?.raw();
        let key_identifier = sha1::Sha1::digest(algorithm::public_key_bits(spki)?).into();
        for unique_identifier in [1, 2] {
            fields.optional(tag::context(unique_identifier))?;
        }
        let extensions = match fields.optional(tag::context_constructed(3))? {
            Some(extensions) => {
                let list = extensions.child()?;
                let list = read_extensions(list.sequence()?)?;
                for extension in &list {
                    names += extension.check()?;
                }
                list
            }
            None => Vec::new(),
        };
        fields.finish()?;
        match (version, extensions.is_empty()) {
            (2, _) | (0 | 1, true) => {}
            _ => return Err(MalformedCode::Version),
        }
        if names > MAX_NAMES {
            return Err(MalformedCode::TooLarge);
        }
        Ok(Self {
            tbs: range(tbs.raw()),
            algorithm: range(algorithm),
            signature: range(signature),
            serial: range(serial),
            issuer: range(issuer.as_der()),
            subject: range(subject.as_der()),
            spki: range(spki),
            extensions: extensions.iter().map(place).collect(),
            not_before,
            not_after,
            issuer_digest: issuer.comparison_digest(),
            subject_digest: subject.comparison_digest(),
            key_identifier,
            fingerprint: sha256(&der),
            der,
        })
    }
}

/// The extensions of a list that is not empty, none of them twice (§4.2).
fn read_extensions(mut list: Reader<'_>) -> Result<Vec<Extension<'_>>, MalformedCode> {
    let mut read: Vec<Extension<'_>> = Vec::new();
    while !list.is_empty() {
        if read.len() == MAX_EXTENSIONS {
            return Err(MalformedCode::TooLarge);
        }
        let extension = Extension::read(&mut list)?;
        if read.iter().any(|earlier| earlier.oid == extension.oid) {
            return Err(MalformedCode::Extensions);
        }
        read.push(extension);
    }
    if read.is_empty() {
        Err(MalformedCode::Extensions)
    } else {
        Ok(read)
    }
}
