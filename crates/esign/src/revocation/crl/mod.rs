//! Certificate revocation lists (RFC 5280 §5).

mod check;
mod entries;
mod extensions;
mod points;
mod signer;

use std::fmt;
use std::io::Read;
use std::ops::Range;
use std::sync::Arc;

use crate::algorithm;
use crate::asn1::{self, Error, Reader, Result, Rules, tag};
use crate::certificate::{self, Certificate};
use crate::name::Name;
use crate::provider::sha256;
use crate::revocation::signed::Signed;
use crate::time::UnixTime;

pub(super) use check::observe;
use entries::{Entries, Entry};
use extensions::Extensions;
pub(crate) use signer::is_signed_by;

/// Largest list that is read (threat NET-5).
const MAX_SIZE: usize = 256 * 1024 * 1024;

/// The bytes are not a certificate revocation list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MalformedCrl(pub Error);

impl fmt::Display for MalformedCrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a revocation list: {}", self.0)
    }
}

impl std::error::Error for MalformedCrl {}

/// A list could not be read from where it comes.
#[derive(Debug)]
pub enum ReadError {
    /// The source failed.
    Io(std::io::Error),
    /// What it gave is no list.
    Malformed(MalformedCrl),
}

impl From<std::io::Error> for ReadError {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Error> for ReadError {
    fn from(error: Error) -> Self {
        Self::Malformed(MalformedCrl(error))
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::Malformed(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ReadError {}

/// A certificate revocation list: complete, delta or indirect. Cheap to clone.
///
/// The bytes are kept as received: signatures are checked over them by any algorithm, also those that cannot hash
/// piece by piece, and signed documents take them along as evidence. Beside them a list takes four octets an entry.
#[derive(Clone)]
pub struct Crl(Arc<Inner>);

struct Inner {
    der: Box<[u8]>,
    tbs: Range<usize>,
    algorithm: Range<usize>,
    signature: Range<usize>,
    issuer: Range<usize>,
    issuer_digest: [u8; 32],
    this_update: UnixTime,
    next_update: Option<UnixTime>,
    entries: Entries,
    extensions: Extensions,
    fingerprint: [u8; 32],
}

impl Crl {
    /// Reads one DER list and nothing after it.
    pub fn parse(der: impl Into<Box<[u8]>>) -> std::result::Result<Self, MalformedCrl> {
        let der = der.into();
        if der.len() > MAX_SIZE {
            return Err(MalformedCrl(Error::TooLarge));
        }
        Inner::read(der)
            .map(|inner| Self(Arc::new(inner)))
            .map_err(MalformedCrl)
    }

    /// Reads one DER list to the end of `source`. What is no list, or too large, is found by its first octets.
    pub fn read(mut source: impl Read) -> std::result::Result<Self, ReadError> {
        const LONGEST_HEADER: u64 = 6;
        let mut der = Vec::new();
        source.by_ref().take(LONGEST_HEADER).read_to_end(&mut der)?;
        if der.first().is_some_and(|first| *first != tag::SEQUENCE) {
            return Err(Error::Tag.into());
        }
        let size = asn1::encoded_size(&der, Rules::Der)?;
        if size > MAX_SIZE {
            return Err(Error::TooLarge.into());
        }
        let rest = size.saturating_sub(der.len());
        der.reserve_exact(rest);
        source.by_ref().take(rest as u64).read_to_end(&mut der)?;
        if source.read(&mut [0])? > 0 {
            return Err(Error::Trailing.into());
        }
        Self::parse(der).map_err(ReadError::Malformed)
    }

    fn part(&self, range: &Range<usize>) -> &[u8] {
        self.0.der.get(range.clone()).unwrap_or_default()
    }

    /// The bytes as received.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// SHA-256 of the list.
    pub fn fingerprint(&self) -> [u8; 32] {
        self.0.fingerprint
    }

    /// Who issued it.
    pub fn issuer(&self) -> Name<'_> {
        Name::from_checked(self.part(&self.0.issuer))
    }

    /// When it was issued.
    pub fn this_update(&self) -> UnixTime {
        self.0.this_update
    }

    /// Until when it may be believed; a list without that moment never says that a certificate is good.
    pub fn next_update(&self) -> Option<UnixTime> {
        self.0.next_update
    }

    /// Its number as a big-endian magnitude (§5.2.3).
    pub fn number(&self) -> Option<&[u8]> {
        self.0.extensions.number.as_deref()
    }

    /// Whether it holds only what changed since the complete list of another number (§5.2.4).
    pub fn is_delta(&self) -> bool {
        self.0.extensions.base.is_some()
    }

    /// Whether it may speak of certificates of other issuers (§5.2.5).
    pub fn is_indirect(&self) -> bool {
        self.0.extensions.point.indirect
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.0.entries.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether an entry names the certificate.
    pub fn names(&self, certificate: &Certificate) -> bool {
        self.entry(certificate).is_some()
    }

    fn entry(&self, certificate: &Certificate) -> Option<Entry> {
        let entries = &self.0.entries;
        entries.find(&self.0.der, certificate.serial(), certificate.issuer_digest())
    }

    fn signed(&self) -> Signed<'_> {
        Signed {
            fingerprint: self.fingerprint(),
            algorithm: algorithm::signature_algorithm(self.part(&self.0.algorithm)),
            message: self.part(&self.0.tbs),
            octets: self.part(&self.0.signature),
        }
    }

    fn extensions(&self) -> &Extensions {
        &self.0.extensions
    }

    /// [`Name::comparison_digest`] of the issuer.
    pub(crate) fn issuer_digest(&self) -> &[u8; 32] {
        &self.0.issuer_digest
    }

    /// Whether nothing critical is there that could give the list or an entry another meaning (§5.2, §5.3).
    fn is_understood(&self) -> bool {
        let entries = &self.0.entries;
        self.0.extensions.understood
            && entries.are_understood()
            && (self.is_indirect() || !entries.name_other_issuers())
    }
}

impl fmt::Debug for Crl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Crl({}, {}, {} entries)",
            self.issuer(),
            self.this_update(),
            self.len()
        )
    }
}

impl Inner {
    fn read(der: Box<[u8]>) -> Result<Self> {
        let base = der.as_ptr() as usize;
        let range = |part: &[u8]| {
            let start = part.as_ptr() as usize - base;
            start..start + part.len()
        };
        let mut fields = asn1::only(&der, Rules::Der)?.sequence()?;
        let tbs = fields.expect(tag::SEQUENCE)?;
        let algorithm = fields.expect(tag::SEQUENCE)?.raw();
        let signature = fields.expect(tag::BIT_STRING)?.bit_octets()?;
        fields.finish()?;

        let mut fields = tbs.children()?;
        if let Some(version) = fields.optional(tag::INTEGER)?
            && version.small()? != 1
        {
            return Err(Error::Value);
        }
        if fields.expect(tag::SEQUENCE)?.raw() != algorithm {
            return Err(Error::Value);
        }
        let (issuer, attributes) = Name::parse(fields.expect(tag::SEQUENCE)?.raw())?;
        // no certificate that is read has such a name
        if issuer.as_der().len() > certificate::MAX_SIZE || attributes > certificate::MAX_NAMES {
            return Err(Error::TooLarge);
        }
        let issuer_digest = issuer.comparison_digest();
        let this_update = UnixTime::from_element(fields.element()?)?;
        let next_update = match fields.peek() {
            Some(tag::UTC_TIME | tag::GENERALIZED_TIME) => Some(UnixTime::from_element(fields.element()?)?),
            _ => None,
        };
        let list = match fields.optional(tag::SEQUENCE)? {
            Some(list) => list.children()?,
            None => Reader::der(&[]),
        };
        let extensions = match fields.optional(tag::context_constructed(0))? {
            Some(extensions) => Extensions::read(extensions.child()?)?,
            None => Extensions::default(),
        };
        fields.finish()?;
        Ok(Self {
            tbs: range(tbs.raw()),
            algorithm: range(algorithm),
            signature: range(signature),
            issuer: range(issuer.as_der()),
            issuer_digest,
            this_update,
            next_update,
            entries: Entries::index(&der, list, issuer_digest)?,
            extensions,
            fingerprint: sha256(&der),
            der,
        })
    }
}
