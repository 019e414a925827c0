//! Signed attributes (RFC 5652 §11, RFC 5035): exactly one of each that matters, exactly one value in each.

use crate::algorithm::Hash;
use crate::asn1::{self, Element, Oid, Reader, Result, Rules, oids, tag};
use crate::certificate::{Certificate, GeneralName};
use crate::provider::Provider;
use crate::time::UnixTime;
use crate::verdict::{Code, Problem};

/// The signed attributes of a signer.
pub(super) struct SignedAttributes<'a> {
    /// the SET that is signed: the bytes received, with the tag of a SET (RFC 5652 §5.4)
    pub(super) signed: Vec<u8>,
    pub(super) content_type: Oid<'a>,
    pub(super) message_digest: &'a [u8],
    pub(super) signing_time: Option<UnixTime>,
    references: Vec<Reference<'a>>,
}

impl<'a> SignedAttributes<'a> {
    /// Reads the `[0]` element, which must be DER.
    pub(super) fn parse(raw: &'a [u8]) -> std::result::Result<Self, Code> {
        let set = asn1::only(raw, Rules::Der)
            .ok()
            .filter(Element::is_der)
            .ok_or(Code::CmsMalformed)?;
        let list = list(set).map_err(|_| Code::CmsMalformed)?;
        let required = |oid| single(&list, oid)?.ok_or(Code::CmsAttributesInvalid);
        let wrong = |_| Code::CmsAttributesInvalid;
        let mut references = Vec::new();
        for (oid, is_v2) in [
            (oids::SIGNING_CERTIFICATE, false),
            (oids::SIGNING_CERTIFICATE_V2, true),
        ] {
            if let Some(value) = single(&list, oid)? {
                references.push(Reference::read(value, is_v2).map_err(wrong)?);
            }
        }
        let digest = required(oids::MESSAGE_DIGEST)?;
        if digest.tag() != tag::OCTET_STRING {
            return Err(Code::CmsAttributesInvalid);
        }
        let mut signed = raw.to_vec();
        if let Some(first) = signed.first_mut() {
            *first = tag::SET;
        }
        Ok(Self {
            signed,
            content_type: required(oids::CONTENT_TYPE)?.oid().map_err(wrong)?,
            message_digest: digest.content(),
            signing_time: single(&list, oids::SIGNING_TIME)?
                .map(UnixTime::from_element)
                .transpose()
                .map_err(wrong)?,
            references,
        })
    }

    /// Whether the signing-certificate attributes, where present, name this certificate (RFC 5035 §3, §4).
    pub(super) fn name(
        &self,
        certificate: &Certificate,
        provider: &dyn Provider,
    ) -> std::result::Result<(), Problem> {
        for reference in &self.references {
            if !reference.names(certificate, provider)? {
                return Err(Code::CmsSigningCertificateMismatch.into());
            }
        }
        Ok(())
    }
}

/// Whether bytes would pass as the SET OF Attribute of some signature. A signature without attributes over such
/// bytes may be one with attributes over something else.
pub(super) fn is_attribute_set(content: &[u8]) -> bool {
    asn1::only(content, Rules::Ber)
        .is_ok_and(|set| set.tag() == tag::SET && list(set).is_ok_and(|attributes| !attributes.is_empty()))
}

type Attribute<'a> = (Oid<'a>, Reader<'a>);

fn list(set: Element<'_>) -> Result<Vec<Attribute<'_>>> {
    let mut set = set.children()?;
    let mut attributes = Vec::new();
    while !set.is_empty() {
        let mut fields = set.sequence()?;
        attributes.push((fields.expect(tag::OID)?.oid()?, fields.set()?));
        fields.finish()?;
    }
    Ok(attributes)
}

/// The only value of the only attribute of this kind.
fn single<'a>(list: &[Attribute<'a>], oid: Oid<'_>) -> std::result::Result<Option<Element<'a>>, Code> {
    let mut found = list.iter().filter(|(kind, _)| *kind == oid);
    let Some((_, values)) = found.next() else {
        return Ok(None);
    };
    let mut values = *values;
    let value = values.element().map_err(|_| Code::CmsAttributesInvalid)?;
    if found.next().is_some() || !values.is_empty() {
        return Err(Code::CmsAttributesInvalid);
    }
    Ok(Some(value))
}

/// The first ESSCertID or ESSCertIDv2, which names the signer's certificate.
struct Reference<'a> {
    /// `None` stands for the SHA-1 of version 1.
    hash: Option<Element<'a>>,
    is_v2: bool,
    digest: &'a [u8],
    issuer_and_serial: Option<(Vec<GeneralName<'a>>, &'a [u8])>,
}

impl<'a> Reference<'a> {
    fn read(value: Element<'a>, is_v2: bool) -> Result<Self> {
        let mut fields = value.sequence()?;
        let mut first = fields.sequence()?.sequence()?;
        let hash = if is_v2 {
            first.optional(tag::SEQUENCE)?
        } else {
            None
        };
        let digest = first.expect(tag::OCTET_STRING)?.content();
        let issuer_and_serial = match first.optional(tag::SEQUENCE)? {
            Some(pair) => {
                let mut pair = pair.children()?;
                let issuer = GeneralName::list(pair.expect(tag::SEQUENCE)?.raw())?;
                Some((issuer, pair.expect(tag::INTEGER)?.integer()?))
            }
            None => None,
        };
        first.finish()?;
        Ok(Self {
            hash,
            is_v2,
            digest,
            issuer_and_serial,
        })
    }

    fn names(
        &self,
        certificate: &Certificate,
        provider: &dyn Provider,
    ) -> std::result::Result<bool, Problem> {
        let fits = match (self.is_v2, self.hash) {
            (false, _) => certificate.sha1_fingerprint() == self.digest,
            (true, None) => certificate.fingerprint() == self.digest,
            (true, Some(hash)) => {
                let hash = Hash::from_identifier(hash).map_err(super::verify::algorithm_problem)?;
                provider.digest(hash, certificate.der()) == self.digest
            }
        };
        let same_issuer = |(issuer, serial): &(Vec<GeneralName<'_>>, &[u8])| {
            *serial == certificate.serial()
                && issuer.iter().any(|name| match name {
                    GeneralName::Directory(name) => name.comparison_digest() == *certificate.issuer_digest(),
                    _ => false,
                })
        };
        Ok(fits && self.issuer_and_serial.as_ref().is_none_or(same_issuer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cms_5_a_set_of_attributes_is_recognised() {
        let value = asn1::set_of(&[asn1::octet_string(&[1])]);
        let attribute = asn1::sequence(&[asn1::object_identifier(oids::MESSAGE_DIGEST), value]);
        assert!(is_attribute_set(&asn1::set_of(&[attribute])));
        for other in [&b""[..], b"Kabinet/1 sign-in", b"1\x00", b"1\x02\x05\x00"] {
            assert!(!is_attribute_set(other));
        }
    }

    #[test]
    fn cms_9_attributes_with_a_long_form_length_are_refused() {
        let raw = [0xa0, 0x81, 0x02, 0x30, 0x00];
        assert_eq!(SignedAttributes::parse(&raw).err(), Some(Code::CmsMalformed));
    }
}
