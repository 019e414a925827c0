//! SignedData as a walk over the bytes received (RFC 5652 §5). The envelope may be BER.

use std::borrow::Cow;

use super::evidence::Stored;
use super::signer_info::{Gathered, MAX_SIGNERS, SignerInfo};
use crate::asn1::{Element, Error, Oid, Reader, Result, Rules, oids, only, tag};

pub(crate) struct SignedData<'a> {
    pub(super) version: u32,
    /// the version that the parts call for (§5.1)
    pub(super) version_due: u32,
    pub(super) digest_algorithms: Vec<Element<'a>>,
    pub(crate) content_type: Oid<'a>,
    /// `None` in a detached signature
    pub(crate) content: Option<Cow<'a, [u8]>>,
    /// whether the field `crls` holds anything
    pub(super) has_revocation: bool,
    /// of the fields `certificates` and `crls` and of the signers' attributes
    pub(crate) stored: Stored<'a>,
    pub(crate) signers: Vec<SignerInfo<'a>>,
}

impl<'a> SignedData<'a> {
    /// Reads a ContentInfo that holds SignedData, and nothing after it.
    pub(crate) fn parse(message: &'a [u8]) -> Result<Self> {
        Self::read(content(only(message, Rules::Ber)?)?)
    }

    fn read(signed_data: Element<'a>) -> Result<Self> {
        let mut fields = signed_data.sequence()?;
        let version = fields.expect(tag::INTEGER)?.small()?;
        let digest_algorithms = fields.set()?.collect(MAX_SIGNERS)?;
        let mut encapsulated = fields.sequence()?;
        let content_type = encapsulated.expect(tag::OID)?.oid()?;
        let content = match encapsulated.optional(tag::context_constructed(0))? {
            Some(content) => Some(content.child()?.octets()?),
            None => None,
        };
        encapsulated.finish()?;
        let mut gathered = Gathered::new();
        let mut version_due = if content_type == oids::DATA { 1 } else { 3 };
        if let Some(set) = fields.optional(tag::context_constructed(0))? {
            version_due = version_due.max(version_of_choices(set)?);
            gathered.stored.add_certificate_set(set.children()?)?;
        }
        if let Some(set) = fields.optional(tag::context_constructed(1))? {
            version_due = version_due.max(version_of_choices(set)?);
            gathered.stored.add_revocation_set(set.children()?)?;
        }
        let has_revocation = gathered.stored.has_revocation();
        let signers = SignerInfo::list(fields.set()?, &mut gathered)?;
        fields.finish()?;
        if signers.iter().any(|signer| signer.version == 3) {
            version_due = version_due.max(3);
        }
        Ok(Self {
            version,
            version_due,
            digest_algorithms,
            content_type,
            content,
            has_revocation,
            stored: gathered.stored,
            signers,
        })
    }
}

/// The SignedData inside a ContentInfo (RFC 5652 §3).
pub(super) fn content(content_info: Element<'_>) -> Result<Element<'_>> {
    let mut fields: Reader<'_> = content_info.sequence()?;
    if fields.expect(tag::OID)?.oid()? != oids::SIGNED_DATA {
        return Err(Error::Value);
    }
    let signed_data = fields.expect(tag::context_constructed(0))?.child()?;
    fields.finish()?;
    Ok(signed_data)
}

/// The version that the choices in `certificates` or `crls` call for (§5.1).
fn version_of_choices(set: Element<'_>) -> Result<u32> {
    let mut list = set.children()?;
    let mut version = 1;
    while !list.is_empty() {
        version = version.max(match (set.tag(), list.element()?.tag()) {
            (_, 0xa3) | (0xa1, 0xa1) => 5,
            (_, 0xa2) => 4,
            (_, 0xa1) => 3,
            _ => 1,
        });
    }
    Ok(version)
}
