//! Attributes that are not signed: counter-signatures, time stamps and long-term evidence
//! (RFC 5652 §11.4, RFC 5126 §6, ETSI EN 319 122-1 §5.3–5.5).

use super::signer_info::{Gathered, MAX_ATTRIBUTES, SignerInfo};
use crate::asn1::{Element, Error, Oid, Reader, Result, oids, tag};
use crate::verdict::Code;

/// What of these attributes is understood.
#[derive(Default)]
pub(crate) struct Unsigned<'a> {
    pub(super) counter_signers: Vec<SignerInfo<'a>>,
    pub(super) time_stamps: Vec<StampValue<'a>>,
    pub(super) certificate_references: Option<Attribute<'a>>,
    pub(super) revocation_references: Option<Attribute<'a>>,
    pub(super) has_revocation_values: bool,
}

/// An attribute by its parts, as received.
#[derive(Clone, Copy)]
pub(super) struct Attribute<'a> {
    pub(super) kind: Element<'a>,
    pub(super) values: Element<'a>,
}

/// A time stamp and what kind of attribute holds it.
pub(super) struct StampValue<'a> {
    pub(super) kind: TimeStampKind,
    pub(super) attribute: Attribute<'a>,
    pub(super) token: Element<'a>,
}

/// What a time stamp is made over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeStampKind {
    /// The signature value (signature-time-stamp): proves when the signature existed.
    Signature,
    /// The signature, its time stamp and the references to evidence (CAdES-C time stamp, X type 1).
    SignatureAndReferences,
    /// The references to evidence alone (X type 2).
    References,
    /// Everything (archive time stamps of all versions). Shown, not judged.
    Archive,
}

impl TimeStampKind {
    /// A stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::SignatureAndReferences => "signature_and_references",
            Self::References => "references",
            Self::Archive => "archive",
        }
    }

    fn from_attribute(kind: Oid<'_>) -> Option<Self> {
        match kind {
            oids::SIGNATURE_TIME_STAMP => Some(Self::Signature),
            oids::ESC_TIME_STAMP => Some(Self::SignatureAndReferences),
            oids::REFERENCES_TIME_STAMP => Some(Self::References),
            oids::ARCHIVE_TIME_STAMP
            | oids::ARCHIVE_TIME_STAMP_V2
            | oids::ARCHIVE_TIME_STAMP_V3
            | oids::LONG_TERM_VALIDATION => Some(Self::Archive),
            _ => None,
        }
    }
}

impl<'a> Unsigned<'a> {
    pub(super) fn read(mut list: Reader<'a>, gathered: &mut Gathered<'a>) -> Result<Self> {
        let mut found = Self::default();
        for _ in 0..MAX_ATTRIBUTES {
            if list.is_empty() {
                return Ok(found);
            }
            let mut fields = list.sequence()?;
            let attribute = Attribute {
                kind: fields.expect(tag::OID)?,
                values: fields.expect(tag::SET)?,
            };
            fields.finish()?;
            found.add(attribute, gathered)?;
        }
        if list.is_empty() {
            Ok(found)
        } else {
            Err(Error::TooLarge)
        }
    }

    fn add(&mut self, attribute: Attribute<'a>, gathered: &mut Gathered<'a>) -> Result<()> {
        let kind = attribute.kind.oid()?;
        if let Some(kind) = TimeStampKind::from_attribute(kind) {
            let mut tokens = attribute.values.children()?;
            while !tokens.is_empty() {
                gathered.count_time_stamp()?;
                let token = tokens.element()?;
                self.time_stamps.push(StampValue {
                    kind,
                    attribute,
                    token,
                });
            }
            return Ok(());
        }
        match kind {
            oids::COUNTER_SIGNATURE => {
                let signers = SignerInfo::counter_signers(attribute.values.children()?, gathered)?;
                self.counter_signers.extend(signers);
            }
            oids::CERTIFICATE_REFERENCES => self.certificate_references = Some(attribute),
            oids::REVOCATION_REFERENCES => self.revocation_references = Some(attribute),
            oids::REVOCATION_VALUES => self.has_revocation_values = true,
            _ => {}
        }
        gathered.stored.add_attribute(kind, attribute.values)
    }
}

impl StampValue<'_> {
    /// The octets whose digest the time stamp holds: of the references, attributes without the header of their
    /// SEQUENCE (RFC 5126 §6.3.5, §6.3.6).
    pub(super) fn stamped(
        &self,
        signature: &[u8],
        unsigned: &Unsigned<'_>,
    ) -> std::result::Result<Vec<u8>, Code> {
        let references = [&unsigned.certificate_references, &unsigned.revocation_references];
        let mut octets = Vec::new();
        let mut push = |attribute: &Attribute<'_>| {
            octets.extend_from_slice(attribute.kind.raw());
            octets.extend_from_slice(attribute.values.raw());
        };
        match self.kind {
            TimeStampKind::Signature => return Ok(signature.to_vec()),
            TimeStampKind::Archive => return Err(Code::TspNotJudged),
            TimeStampKind::References => {}
            TimeStampKind::SignatureAndReferences => {
                let mut attributes = unsigned
                    .time_stamps
                    .iter()
                    .filter(|stamp| stamp.kind == TimeStampKind::Signature);
                let stamp = attributes.next().ok_or(Code::TspImprintMismatch)?;
                push(&stamp.attribute);
            }
        }
        for attribute in references.into_iter().flatten() {
            push(attribute);
        }
        if self.kind == TimeStampKind::SignatureAndReferences {
            octets.splice(..0, signature.iter().copied());
        }
        Ok(octets)
    }
}
