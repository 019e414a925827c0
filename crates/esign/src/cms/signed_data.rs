//! SignedData as a walk over the bytes received (RFC 5652 §5). The envelope may be BER.

use std::borrow::Cow;

use crate::asn1::{Element, Error, Oid, Reader, Result, Rules, oids, only, tag};
use crate::certificate::{MAX_NAMES, MAX_SIZE};
use crate::name::Name;

/// Most signers of one message.
pub const MAX_SIGNERS: usize = 64;
/// Most certificates and lists in one message.
pub const MAX_CERTIFICATES: usize = 100;

pub(super) struct SignedData<'a> {
    pub(super) content_type: Oid<'a>,
    /// `None` in a detached signature
    pub(super) content: Option<Cow<'a, [u8]>>,
    /// each certificate as received
    pub(super) certificates: Vec<&'a [u8]>,
    pub(super) signers: Vec<SignerInfo<'a>>,
}

pub(super) struct SignerInfo<'a> {
    pub(super) id: SignerId<'a>,
    pub(super) digest_algorithm: Element<'a>,
    /// the `[0]` element as received
    pub(super) signed_attributes: Option<&'a [u8]>,
    pub(super) signature_algorithm: Element<'a>,
    pub(super) signature: Cow<'a, [u8]>,
}

pub(super) enum SignerId<'a> {
    /// The issuer as [`Name::comparison_digest`].
    IssuerAndSerial {
        issuer: [u8; 32],
        serial: &'a [u8],
    },
    KeyIdentifier(Cow<'a, [u8]>),
}

impl<'a> SignedData<'a> {
    /// Reads a ContentInfo that holds SignedData, and nothing after it.
    pub(super) fn parse(message: &'a [u8]) -> Result<Self> {
        let mut fields = only(message, Rules::Ber)?.sequence()?;
        if fields.expect(tag::OID)?.oid()? != oids::SIGNED_DATA {
            return Err(Error::Value);
        }
        let mut content = fields.expect(tag::context_constructed(0))?.children()?;
        let signed_data = content.sequence()?;
        content.finish()?;
        fields.finish()?;
        Self::read(signed_data)
    }

    fn read(mut fields: Reader<'a>) -> Result<Self> {
        fields.expect(tag::INTEGER)?.small()?;
        fields.set()?.collect(MAX_SIGNERS)?;
        let mut encapsulated = fields.sequence()?;
        let content_type = encapsulated.expect(tag::OID)?.oid()?;
        let content = match encapsulated.optional(tag::context_constructed(0))? {
            Some(content) => Some(content.child()?.octets()?),
            None => None,
        };
        encapsulated.finish()?;
        let mut certificates = Vec::new();
        if let Some(list) = fields.optional(tag::context_constructed(0))? {
            // other choices than Certificate (RFC 5652 §10.2.2) are of no use here
            let list = list.children()?.collect(MAX_CERTIFICATES)?;
            certificates.extend(
                list.iter()
                    .filter(|item| item.tag() == tag::SEQUENCE)
                    .map(Element::raw),
            );
        }
        if let Some(lists) = fields.optional(tag::context_constructed(1))? {
            lists.children()?.collect(MAX_CERTIFICATES)?;
        }
        let signers = fields.set()?.collect(MAX_SIGNERS)?;
        fields.finish()?;
        let signers = signers.into_iter().map(SignerInfo::read).collect::<Result<_>>()?;
        Ok(Self {
            content_type,
            content,
            certificates,
            signers,
        })
    }
}

impl<'a> SignerInfo<'a> {
    fn read(element: Element<'a>) -> Result<Self> {
        let mut fields = element.sequence()?;
        fields.expect(tag::INTEGER)?.small()?;
        let id = SignerId::read(fields.element()?)?;
        let digest_algorithm = fields.expect(tag::SEQUENCE)?;
        let signed_attributes = fields.optional(tag::context_constructed(0))?;
        let signature_algorithm = fields.expect(tag::SEQUENCE)?;
        let signature = fields.element()?.octets()?;
        fields.optional(tag::context_constructed(1))?;
        fields.finish()?;
        Ok(Self {
            id,
            digest_algorithm,
            signed_attributes: signed_attributes.map(|attributes| attributes.raw()),
            signature_algorithm,
            signature,
        })
    }
}

impl<'a> SignerId<'a> {
    fn read(element: Element<'a>) -> Result<Self> {
        match element.tag() {
            tag::SEQUENCE => {
                let mut fields = element.children()?;
                let issuer = fields.expect(tag::SEQUENCE)?.raw();
                let (name, attributes) = Name::parse(issuer)?;
                // no certificate that is read has such a name
                if issuer.len() > MAX_SIZE || attributes > MAX_NAMES {
                    return Err(Error::TooLarge);
                }
                let issuer = name.comparison_digest();
                let serial = fields.expect(tag::INTEGER)?.integer()?;
                fields.finish()?;
                Ok(Self::IssuerAndSerial { issuer, serial })
            }
            0x80 | 0xa0 => element.joined().map(Self::KeyIdentifier),
            _ => Err(Error::Tag),
        }
    }
}
