use std::fmt;
use std::io::Read;
use std::ops::Range;
use std::sync::Arc;

use super::Question;
use crate::algorithm::{self, AlgorithmError, SignatureAlgorithm};
use crate::asn1::{self, Element, Reader, Result, Rules, oids, tag};
use crate::certificate::extension::Extension;
use crate::certificate::{Certificate, GeneralName};
use crate::name::Name;
use crate::provider::sha256;
use crate::time::UnixTime;

/// Largest list that is read.
const MAX_SIZE: usize = 256 * 1024 * 1024;

/// The bytes are not a certificate revocation list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MalformedCrl(pub asn1::Error);

/// A list could not be read from where it comes.
#[derive(Debug)]
pub enum ReadError {
    /// The source failed.
    Io(std::io::Error),
    /// What it gave is no list.
    Malformed(MalformedCrl),
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

impl fmt::Display for MalformedCrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a revocation list: {}", self.0)
    }
}

impl std::error::Error for MalformedCrl {}

/// A certificate revocation list (RFC 5280 §5), kept as received. Cheap to clone.
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
    /// serial numbers of entries that are understood, sorted by their content octets
    revoked: Vec<Range<usize>>,
    /// `None` if silence of the list means nothing
    scope: Option<Scope>,
    fingerprint: [u8; 32],
}

/// Which certificates a complete list speaks of (§5.2.5).
#[derive(Debug, Default)]
struct Scope {
    only: Option<Kind>,
    distribution_point: Option<Range<usize>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Subscribers,
    Authorities,
    Attributes,
}

impl Crl {
    /// Reads one DER list and nothing after it.
    pub fn parse(der: impl Into<Box<[u8]>>) -> std::result::Result<Self, MalformedCrl> {
        let der = der.into();
        if der.len() > MAX_SIZE {
            return Err(MalformedCrl(asn1::Error::TooLarge));
        }
        Inner::read(der)
            .map(|inner| Self(Arc::new(inner)))
            .map_err(MalformedCrl)
    }

    /// Reads one DER list to the end of `source`, as it arrives.
    pub fn read(source: impl Read) -> std::result::Result<Self, ReadError> {
        let mut der = Vec::new();
        source
            .take(MAX_SIZE as u64 + 1)
            .read_to_end(&mut der)
            .map_err(ReadError::Io)?;
        Self::parse(der).map_err(ReadError::Malformed)
    }

    /// The bytes as received.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    fn part(&self, range: &Range<usize>) -> &[u8] {
        self.0.der.get(range.clone()).unwrap_or_default()
    }

    pub(super) fn tbs(&self) -> &[u8] {
        self.part(&self.0.tbs)
    }

    pub(super) fn signature(&self) -> &[u8] {
        self.part(&self.0.signature)
    }

    pub(super) fn signature_algorithm(&self) -> std::result::Result<SignatureAlgorithm, AlgorithmError> {
        algorithm::signature_algorithm(self.part(&self.0.algorithm))
    }

    /// SHA-256 of the list.
    pub fn fingerprint(&self) -> [u8; 32] {
        self.0.fingerprint
    }

    /// Who issued it.
    pub fn issuer(&self) -> Name<'_> {
        Name::from_checked(self.part(&self.0.issuer))
    }

    pub(crate) fn issuer_digest(&self) -> &[u8; 32] {
        &self.0.issuer_digest
    }

    /// When it was issued.
    pub fn this_update(&self) -> UnixTime {
        self.0.this_update
    }

    /// Until when it may be believed; a list without that moment is never believed.
    pub fn next_update(&self) -> Option<UnixTime> {
        self.0.next_update
    }

    /// How many certificates it revokes.
    pub fn len(&self) -> usize {
        self.0.revoked.len()
    }

    /// Whether it revokes none.
    pub fn is_empty(&self) -> bool {
        self.0.revoked.is_empty()
    }

    /// Whether the list names the certificate of this serial number.
    pub(super) fn is_revoked(&self, serial: &[u8]) -> bool {
        self.0
            .revoked
            .binary_search_by(|entry| self.part(entry).cmp(serial))
            .is_ok()
    }

    /// Whether the list is fresh and would have to name the certificate if it were revoked.
    pub(super) fn speaks_of(&self, question: &Question<'_>) -> bool {
        let Some(scope) = &self.0.scope else { return false };
        let kind = match scope.only {
            None => true,
            Some(Kind::Subscribers) => !question.certificate.is_authority(),
            Some(Kind::Authorities) => question.certificate.is_authority(),
            Some(Kind::Attributes) => false,
        };
        kind && self.is_fresh(question) && self.is_at_its_distribution_point(scope, question.certificate)
    }

    /// Whether the list cannot be used here although it is the issuer's and fresh.
    pub(super) fn may_contradict(&self, question: &Question<'_>) -> bool {
        self.0.scope.is_none() && self.is_of_issuer(question) && self.is_fresh(question)
    }

    /// Whether the list is by the issuer of the certificate, and was there at the moment asked about.
    pub(super) fn is_of_issuer(&self, question: &Question<'_>) -> bool {
        self.0.this_update <= question.at && self.0.issuer_digest == *question.certificate.issuer_digest()
    }

    fn is_fresh(&self, question: &Question<'_>) -> bool {
        self.0
            .next_update
            .is_some_and(|next_update| question.at <= next_update)
    }

    /// A list that names its distribution point speaks only of certificates that name it too (§6.3.3 b 2 i).
    fn is_at_its_distribution_point(&self, scope: &Scope, certificate: &Certificate) -> bool {
        let Some(own) = &scope.distribution_point else {
            return true;
        };
        let own = names(self.part(own), certificate.issuer());
        let Some(extension) = certificate.extension(oids::CRL_DISTRIBUTION_POINTS) else {
            return false;
        };
        let named = distribution_points(extension.value, certificate.issuer()).unwrap_or_default();
        named.iter().any(|name| own.contains(name))
    }
}

impl fmt::Debug for Crl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Crl({}, {}, {} revoked)",
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
        fields.optional(tag::INTEGER)?;
        if fields.expect(tag::SEQUENCE)?.raw() != algorithm {
            return Err(asn1::Error::Value);
        }
        let (issuer, _) = Name::parse(fields.expect(tag::SEQUENCE)?.raw())?;
        let this_update = UnixTime::from_element(fields.element()?)?;
        let next_update = match fields.peek() {
            Some(tag::UTC_TIME | tag::GENERALIZED_TIME) => Some(UnixTime::from_element(fields.element()?)?),
            _ => None,
        };
        let entries = match fields.optional(tag::SEQUENCE)? {
            Some(entries) => entries_of(entries)?,
            None => Vec::new(),
        };
        let mut reach = match fields.optional(tag::context_constructed(0))? {
            Some(extensions) => Reach::read(extensions.child()?, range)?,
            None => Reach::default(),
        };
        fields.finish()?;
        reach.understood &= entries.iter().all(|entry| entry.understood);
        let mut revoked: Vec<_> = entries
            .iter()
            .filter(|entry| reach.revokes(entry))
            .map(|entry| range(entry.serial))
            .collect();
        revoked.sort_unstable_by(|a, b| der.get(a.clone()).cmp(&der.get(b.clone())));
        Ok(Self {
            tbs: range(tbs.raw()),
            algorithm: range(algorithm),
            signature: range(signature),
            issuer: range(issuer.as_der()),
            issuer_digest: issuer.comparison_digest(),
            this_update,
            next_update,
            revoked,
            scope: reach.complete(),
            fingerprint: sha256(&der),
            der,
        })
    }
}

/// An entry of the list (§5.3).
struct Entry<'a> {
    serial: &'a [u8],
    /// no extension is there that could give the entry another meaning
    understood: bool,
    /// in a delta: to be taken from the complete list
    removed: bool,
}

impl<'a> Entry<'a> {
    fn read(mut fields: Reader<'a>) -> Result<Self> {
        const REMOVE_FROM_CRL: [u8; 3] = [tag::ENUMERATED, 1, 8];
        let serial = fields.expect(tag::INTEGER)?.integer()?;
        UnixTime::from_element(fields.element()?)?;
        let mut entry = Self {
            serial,
            understood: true,
            removed: false,
        };
        if let Some(extensions) = fields.optional(tag::SEQUENCE)? {
            let mut list = extensions.children()?;
            while !list.is_empty() {
                let extension = Extension::read(&mut list)?;
                match extension.oid {
                    oids::REASON_CODE => entry.removed = extension.value == REMOVE_FROM_CRL,
                    oids::INVALIDITY_DATE => {}
                    oids::CERTIFICATE_ISSUER => entry.understood = false,
                    _ => entry.understood &= !extension.critical,
                }
            }
        }
        fields.finish()?;
        Ok(entry)
    }
}

fn entries_of(list: Element<'_>) -> Result<Vec<Entry<'_>>> {
    let mut list = list.children()?;
    let mut entries = Vec::new();
    while !list.is_empty() {
        entries.push(Entry::read(list.sequence()?)?);
    }
    Ok(entries)
}

/// What the extensions of a list say of it (§5.2).
struct Reach {
    /// `None` for indirect lists and lists by reason
    scope: Option<Scope>,
    is_delta: bool,
    /// no critical extension is there that could give the list another meaning
    understood: bool,
}

impl Default for Reach {
    fn default() -> Self {
        Self {
            scope: Some(Scope::default()),
            is_delta: false,
            understood: true,
        }
    }
}

impl Reach {
    fn read(extensions: Element<'_>, range: impl Fn(&[u8]) -> Range<usize>) -> Result<Self> {
        let mut list = extensions.sequence()?;
        let mut reach = Self::default();
        while !list.is_empty() {
            let extension = Extension::read(&mut list)?;
            match extension.oid {
                oids::ISSUING_DISTRIBUTION_POINT => {
                    reach.scope = issuing_distribution_point(extension.value, &range)?;
                }
                oids::DELTA_CRL_INDICATOR => reach.is_delta = true,
                oids::CRL_NUMBER | oids::AUTHORITY_KEY_IDENTIFIER => {}
                _ => reach.understood &= !extension.critical,
            }
        }
        Ok(reach)
    }

    /// The certificates that the list would name if they were revoked.
    fn complete(self) -> Option<Scope> {
        self.scope.filter(|_| self.understood && !self.is_delta)
    }

    /// Whether an entry says that a certificate is revoked.
    fn revokes(&self, entry: &Entry<'_>) -> bool {
        let about_attributes = self
            .scope
            .as_ref()
            .is_some_and(|scope| scope.only == Some(Kind::Attributes));
        self.understood && !about_attributes && !(self.is_delta && entry.removed)
    }
}

/// §5.2.5; `None` for indirect lists and lists by reason.
fn issuing_distribution_point(value: &[u8], range: impl Fn(&[u8]) -> Range<usize>) -> Result<Option<Scope>> {
    let mut fields = asn1::only(value, Rules::Der)?.sequence()?;
    let mut scope = Scope::default();
    let mut usable = true;
    while !fields.is_empty() {
        let field = fields.element()?;
        match field.tag() {
            0xa0 => scope.distribution_point = Some(range(field.child()?.raw())),
            0x81 => usable &= restrict(&mut scope, field, Kind::Subscribers),
            0x82 => usable &= restrict(&mut scope, field, Kind::Authorities),
            0x85 => usable &= restrict(&mut scope, field, Kind::Attributes),
            // onlySomeReasons, indirectCRL, and whatever comes later
            _ => usable = false,
        }
    }
    Ok(usable.then_some(scope))
}

/// At most one of the three restrictions may be set.
fn restrict(scope: &mut Scope, field: Element<'_>, kind: Kind) -> bool {
    field.content() == [0xff] && scope.only.replace(kind).is_none()
}

/// The names of a DistributionPointName, in a form that can be compared. A relative name stands under the issuer.
fn names(point: &[u8], issuer: Name<'_>) -> Vec<Vec<u8>> {
    fn full(point: Element<'_>) -> Result<Vec<Vec<u8>>> {
        let mut list = point.children()?;
        let mut names = Vec::new();
        while !list.is_empty() {
            let element = list.element()?;
            names.push(match GeneralName::read(element)? {
                GeneralName::Directory(name) => name.comparison_key(),
                _ => element.raw().to_vec(),
            });
        }
        Ok(names)
    }
    let Ok(point) = asn1::only(point, Rules::Der) else {
        return Vec::new();
    };
    match point.tag() {
        0xa0 => full(point).unwrap_or_default(),
        0xa1 => {
            let relative = asn1::sequence(&[asn1::tlv(tag::SET, point.content())]);
            match Name::parse(&relative) {
                Ok((relative, _)) => vec![[issuer.comparison_key(), relative.comparison_key()].concat()],
                Err(_) => Vec::new(),
            }
        }
        _ => Vec::new(),
    }
}

/// The names of all distribution points for which the issuer itself answers, all reasons together (§4.2.1.13).
fn distribution_points(value: &[u8], issuer: Name<'_>) -> Result<Vec<Vec<u8>>> {
    let mut list = asn1::only(value, Rules::Der)?.sequence()?;
    let mut found = Vec::new();
    while !list.is_empty() {
        let mut point = list.sequence()?;
        let name = point.optional(tag::context_constructed(0))?;
        let reasons = point.optional(tag::context(1))?;
        let other_issuer = point.optional(tag::context_constructed(2))?;
        point.finish()?;
        if let (Some(name), None, None) = (name, reasons, other_issuer) {
            found.extend(names(name.child()?.raw(), issuer));
        }
    }
    Ok(found)
}
