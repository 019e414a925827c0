//! Signed attributes (RFC 5652 §11, RFC 5035): exactly one of each that matters, exactly one value in each.

use super::octets::Octets;
use super::protection::AlgorithmProtection;
use super::signer_info::{MAX_ATTRIBUTES, SignerInfo};
use crate::algorithm::Hash;
use crate::asn1::{self, Element, Error, Oid, Reader, Result, Rules, oids, tag};
use crate::certificate::{Certificate, GeneralName};
use crate::provider::Provider;
use crate::time::UnixTime;
use crate::verdict::{Code, Problem};

/// The signed attributes of a signer.
pub(super) struct SignedAttributes<'a> {
    /// the SET that is signed: the bytes received, with the tag of a SET (RFC 5652 §5.4)
    pub(super) signed: Octets<'static>,
    /// the same in the order of DER, where that is another
    pub(super) sorted: Option<Octets<'static>>,
    pub(super) message_digest: &'a [u8],
    pub(super) signing_time: Option<UnixTime>,
    content_type: Option<Oid<'a>>,
    references: Vec<Reference<'a>>,
    protection: Option<AlgorithmProtection<'a>>,
}

impl<'a> SignedAttributes<'a> {
    /// Reads the `[0]` element, which must be DER but for the order.
    pub(super) fn parse(raw: &'a [u8]) -> std::result::Result<Self, Code> {
        let set = asn1::only(raw, Rules::Der)
            .ok()
            .filter(Element::is_der)
            .ok_or(Code::CmsMalformed)?;
        let list = list(set).map_err(|error| match error {
            Error::TooLarge => Code::CmsTooLarge,
            _ => Code::CmsMalformed,
        })?;
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
        let digest = single(&list, oids::MESSAGE_DIGEST)?
            .filter(|digest| digest.tag() == tag::OCTET_STRING)
            .ok_or(Code::CmsAttributesInvalid)?;
        let mut signed = raw.to_vec();
        if let Some(first) = signed.first_mut() {
            *first = tag::SET;
        }
        Ok(Self {
            sorted: sorted(&list).map(Octets::whole),
            signed: Octets::whole(signed),
            content_type: single(&list, oids::CONTENT_TYPE)?
                .map(|value| value.oid())
                .transpose()
                .map_err(wrong)?,
            message_digest: digest.content(),
            signing_time: single(&list, oids::SIGNING_TIME)?
                .map(UnixTime::from_element)
                .transpose()
                .map_err(wrong)?,
            references,
            protection: single(&list, oids::ALGORITHM_PROTECTION)?
                .map(AlgorithmProtection::read)
                .transpose()
                .map_err(wrong)?,
        })
    }

    /// Whether the type that is signed is that of the content. A counter-signature is of no type and must not name
    /// one (RFC 5652 §11.4).
    pub(super) fn check_content_type(&self, content_type: Option<Oid<'_>>) -> std::result::Result<(), Code> {
        match (self.content_type, content_type) {
            (Some(signed), Some(actual)) if signed != actual => Err(Code::CmsContentTypeMismatch),
            (Some(_), Some(_)) | (None, None) => Ok(()),
            (None, Some(_)) | (Some(_), None) => Err(Code::CmsAttributesInvalid),
        }
    }

    /// Whether the algorithms that are signed, where there are such, are those of the signer (RFC 6211 §2).
    pub(super) fn check_algorithms(&self, signer: &SignerInfo<'_>) -> std::result::Result<(), Code> {
        match &self.protection {
            Some(protection) if !protection.is_of(signer) => Err(Code::CmsAlgorithmMismatch),
            _ => Ok(()),
        }
    }

    /// Whether the attributes name a certificate.
    pub(super) fn name_a_certificate(&self) -> bool {
        !self.references.is_empty()
    }

    /// Whether they do so in no better way than by SHA-1.
    pub(super) fn names_by_sha1_alone(&self) -> bool {
        self.name_a_certificate() && self.references.iter().all(|reference| !reference.is_v2)
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
    let all_attributes = |set: Element<'_>| {
        let mut set = set.children()?;
        while !set.is_empty() {
            Attribute::read(&mut set)?;
        }
        Ok::<_, Error>(set.is_empty())
    };
    content.first() == Some(&tag::SET)
        && content.len() > 2
        && asn1::only(content, Rules::Ber).is_ok_and(|set| all_attributes(set).is_ok())
}

struct Attribute<'a> {
    kind: Oid<'a>,
    values: Reader<'a>,
    raw: &'a [u8],
}

impl<'a> Attribute<'a> {
    fn read(set: &mut Reader<'a>) -> Result<Self> {
        let element = set.element()?;
        let mut fields = element.sequence()?;
        let kind = fields.expect(tag::OID)?.oid()?;
        let values = fields.set()?;
        fields.finish()?;
        Ok(Self {
            kind,
            values,
            raw: element.raw(),
        })
    }
}

fn list(set: Element<'_>) -> Result<Vec<Attribute<'_>>> {
    let mut set = set.children()?;
    let mut attributes = Vec::new();
    while !set.is_empty() {
        if attributes.len() == MAX_ATTRIBUTES {
            return Err(Error::TooLarge);
        }
        attributes.push(Attribute::read(&mut set)?);
    }
    Ok(attributes)
}

/// The SET in the order of DER, unless it is in that order already.
fn sorted(list: &[Attribute<'_>]) -> Option<Vec<u8>> {
    if list.is_sorted_by_key(|attribute| attribute.raw) {
        return None;
    }
    Some(asn1::set_of(
        &list.iter().map(|attribute| attribute.raw).collect::<Vec<_>>(),
    ))
}

/// The only value of the only attribute of this kind.
fn single<'a>(list: &[Attribute<'a>], oid: Oid<'_>) -> std::result::Result<Option<Element<'a>>, Code> {
    let mut found = list.iter().filter(|attribute| attribute.kind == oid);
    let Some(mut values) = found.next().map(|attribute| attribute.values) else {
        return Ok(None);
    };
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
                let hash = Hash::from_identifier(hash).map_err(super::signature::algorithm_problem)?;
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
