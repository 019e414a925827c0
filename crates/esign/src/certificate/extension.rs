//! The extensions of RFC 5280 §4.2 that path validation reads.

use super::general_name::GeneralName;
use crate::asn1::{self, Element, Error, Oid, Reader, Result, Rules, oids, tag};

/// One extension.
#[derive(Debug, Clone, Copy)]
pub struct Extension<'a> {
    /// its identifier
    pub oid: Oid<'a>,
    /// whether whoever does not understand it must refuse the certificate
    pub critical: bool,
    /// the DER inside
    pub value: &'a [u8],
}

impl<'a> Extension<'a> {
    pub(crate) fn read(list: &mut Reader<'a>) -> Result<Self> {
        let mut fields = list.sequence()?;
        let oid = fields.expect(tag::OID)?.oid()?;
        let critical = match fields.optional(tag::BOOLEAN)? {
            Some(critical) => critical.boolean()?,
            None => false,
        };
        let value = fields.expect(tag::OCTET_STRING)?.content();
        fields.finish()?;
        Ok(Self { oid, critical, value })
    }

    /// Decodes what is understood, so that malformed extensions are found when the certificate is read. Counts names.
    pub(super) fn check(&self) -> Result<usize> {
        let value = self.value;
        match self.oid {
            oids::BASIC_CONSTRAINTS => BasicConstraints::parse(value).map(|_| 0),
            oids::KEY_USAGE => KeyUsage::parse(value).map(|_| 0),
            oids::EXTENDED_KEY_USAGE => identifiers(value).map(|list| list.len()),
            oids::SUBJECT_KEY_IDENTIFIER => octets(value).map(|_| 0),
            oids::AUTHORITY_KEY_IDENTIFIER => AuthorityKeyIdentifier::parse(value).map(|_| 0),
            oids::SUBJECT_ALT_NAME => GeneralName::list(value).map(|names| names.len()),
            oids::NAME_CONSTRAINTS => NameConstraints::parse(value)
                .map(|constraints| constraints.permitted.len() + constraints.excluded.len()),
            oids::CERTIFICATE_POLICIES => policies(value).map(|list| list.len()),
            oids::POLICY_MAPPINGS => policy_mappings(value).map(|list| list.len()),
            oids::POLICY_CONSTRAINTS => PolicyConstraints::parse(value).map(|_| 0),
            oids::INHIBIT_ANY_POLICY => number(value).map(|_| 0),
            _ => Ok(0),
        }
    }

    /// Whether path validation acts on this kind of extension, so that it may be critical (RFC 5280 §4.2).
    pub(super) fn is_understood(&self) -> bool {
        matches!(
            self.oid,
            oids::BASIC_CONSTRAINTS
                | oids::KEY_USAGE
                | oids::EXTENDED_KEY_USAGE
                | oids::SUBJECT_KEY_IDENTIFIER
                | oids::AUTHORITY_KEY_IDENTIFIER
                | oids::SUBJECT_ALT_NAME
                | oids::ISSUER_ALT_NAME
                | oids::NAME_CONSTRAINTS
                | oids::CERTIFICATE_POLICIES
                | oids::POLICY_MAPPINGS
                | oids::POLICY_CONSTRAINTS
                | oids::INHIBIT_ANY_POLICY
                | oids::CRL_DISTRIBUTION_POINTS
        )
    }
}

fn only_child_reader(value: &[u8]) -> Result<Reader<'_>> {
    asn1::only(value, Rules::Der)?.sequence()
}

/// The addresses that AuthorityInformationAccess (§4.2.2.1) names for this method.
pub(super) fn access_addresses<'a>(value: &'a [u8], method: Oid<'_>) -> Result<Vec<&'a str>> {
    let mut list = only_child_reader(value)?;
    let mut addresses = Vec::new();
    while !list.is_empty() {
        let mut description = list.sequence()?;
        let is_of_method = description.expect(tag::OID)?.oid()? == method;
        let location = GeneralName::read(description.element()?)?;
        description.finish()?;
        if let (true, GeneralName::Uri(address)) = (is_of_method, location) {
            addresses.push(address);
        }
    }
    Ok(addresses)
}

/// §4.2.1.9
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BasicConstraints {
    /// may issue certificates
    pub authority: bool,
    /// how many intermediate certificates may follow
    pub path_length: Option<u32>,
}

impl BasicConstraints {
    fn parse(value: &[u8]) -> Result<Self> {
        let mut fields = only_child_reader(value)?;
        let authority = match fields.optional(tag::BOOLEAN)? {
            Some(authority) => authority.boolean()?,
            None => false,
        };
        let path_length = fields
            .optional(tag::INTEGER)?
            .map(|length| length.small())
            .transpose()?;
        fields.finish()?;
        Ok(Self {
            authority,
            path_length,
        })
    }

    pub(super) fn from_extension(extension: Extension<'_>) -> Option<Self> {
        Self::parse(extension.value).ok()
    }
}

/// §4.2.1.3
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyUsage(u16);

impl KeyUsage {
    /// none at all
    pub const NONE: Self = Self(0);
    /// signatures other than on certificates and CRLs
    pub const DIGITAL_SIGNATURE: Self = Self(1 << 15);
    /// signatures meant to be lasting evidence (nonRepudiation)
    pub const CONTENT_COMMITMENT: Self = Self(1 << 14);
    /// key transport
    pub const KEY_ENCIPHERMENT: Self = Self(1 << 13);
    /// encryption of data
    pub const DATA_ENCIPHERMENT: Self = Self(1 << 12);
    /// key agreement
    pub const KEY_AGREEMENT: Self = Self(1 << 11);
    /// signatures on certificates
    pub const KEY_CERT_SIGN: Self = Self(1 << 10);
    /// signatures on CRLs
    pub const CRL_SIGN: Self = Self(1 << 9);

    const NAMES: [(Self, &'static str); 7] = [
        (Self::DIGITAL_SIGNATURE, "digitalSignature"),
        (Self::CONTENT_COMMITMENT, "nonRepudiation"),
        (Self::KEY_ENCIPHERMENT, "keyEncipherment"),
        (Self::DATA_ENCIPHERMENT, "dataEncipherment"),
        (Self::KEY_AGREEMENT, "keyAgreement"),
        (Self::KEY_CERT_SIGN, "keyCertSign"),
        (Self::CRL_SIGN, "cRLSign"),
    ];

    fn parse(value: &[u8]) -> Result<Self> {
        let bits = asn1::only(value, Rules::Der)?.named_bits()?;
        let first = bits.first().copied().unwrap_or(0);
        let second = bits.get(1).copied().unwrap_or(0);
        Ok(Self(u16::from_be_bytes([first, second])))
    }

    pub(super) fn from_extension(extension: Extension<'_>) -> Option<Self> {
        Self::parse(extension.value).ok()
    }

    /// Whether all of `other` is allowed.
    pub const fn allows(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether any of `other` is allowed.
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Both together.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The names of RFC 5280.
    pub fn names(self) -> Vec<&'static str> {
        Self::NAMES
            .iter()
            .filter(|(usage, _)| self.allows(*usage))
            .map(|(_, name)| *name)
            .collect()
    }

    /// The usage of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(usage, _)| *usage)
    }
}

/// §4.2.1.1
#[derive(Debug, Clone, Copy)]
pub(crate) struct AuthorityKeyIdentifier<'a> {
    /// the issuer's subjectKeyIdentifier
    pub key: Option<&'a [u8]>,
}

impl<'a> AuthorityKeyIdentifier<'a> {
    pub(crate) fn parse(value: &'a [u8]) -> Result<Self> {
        let mut fields = only_child_reader(value)?;
        let key = fields.optional(tag::context(0))?.map(|key| key.content());
        fields.optional(tag::context_constructed(1))?;
        fields.optional(tag::context(2))?;
        fields.finish()?;
        Ok(Self { key })
    }
}

/// §4.2.1.10
#[derive(Debug, Clone, Default)]
pub(crate) struct NameConstraints<'a> {
    /// names must be in one of those of their form
    pub permitted: Vec<GeneralName<'a>>,
    /// names must not be in any
    pub excluded: Vec<GeneralName<'a>>,
}

impl<'a> NameConstraints<'a> {
    pub(crate) fn parse(value: &'a [u8]) -> Result<Self> {
        let mut fields = only_child_reader(value)?;
        let permitted = fields
            .optional(tag::context_constructed(0))?
            .map(subtrees)
            .transpose()?;
        let excluded = fields
            .optional(tag::context_constructed(1))?
            .map(subtrees)
            .transpose()?;
        fields.finish()?;
        if permitted.is_none() && excluded.is_none() {
            return Err(Error::Value);
        }
        Ok(Self {
            permitted: permitted.unwrap_or_default(),
            excluded: excluded.unwrap_or_default(),
        })
    }
}

fn subtrees(list: Element<'_>) -> Result<Vec<GeneralName<'_>>> {
    let mut list = list.children()?;
    let mut bases = Vec::new();
    while !list.is_empty() {
        let mut subtree = list.sequence()?;
        bases.push(GeneralName::read(subtree.element()?)?);
        // minimum is always zero and maximum absent, both not encoded
        subtree.finish()?;
    }
    if bases.is_empty() {
        Err(Error::Value)
    } else {
        Ok(bases)
    }
}

/// §4.2.1.11
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct PolicyConstraints {
    /// certificates after which a policy must remain
    pub require_explicit: Option<u32>,
    /// certificates after which mapping ends
    pub inhibit_mapping: Option<u32>,
}

impl PolicyConstraints {
    pub(crate) fn parse(value: &[u8]) -> Result<Self> {
        fn skip(element: Element<'_>) -> Result<u32> {
            asn1::only(&asn1::tlv(tag::INTEGER, element.content()), Rules::Der)?.small()
        }
        let mut fields = only_child_reader(value)?;
        let require_explicit = fields.optional(tag::context(0))?.map(skip).transpose()?;
        let inhibit_mapping = fields.optional(tag::context(1))?.map(skip).transpose()?;
        fields.finish()?;
        Ok(Self {
            require_explicit,
            inhibit_mapping,
        })
    }
}

/// §4.2.1.12: a SEQUENCE OF OBJECT IDENTIFIER that is not empty.
pub(crate) fn identifiers(value: &[u8]) -> Result<Vec<Oid<'_>>> {
    let mut list = only_child_reader(value)?;
    let mut identifiers = Vec::new();
    while !list.is_empty() {
        identifiers.push(list.expect(tag::OID)?.oid()?);
    }
    if identifiers.is_empty() {
        Err(Error::Value)
    } else {
        Ok(identifiers)
    }
}

/// §4.2.1.4: the policies without their qualifiers; none may be repeated.
pub(crate) fn policies(value: &[u8]) -> Result<Vec<Oid<'_>>> {
    let mut list = only_child_reader(value)?;
    let mut policies = Vec::new();
    while !list.is_empty() {
        let mut information = list.sequence()?;
        policies.push(information.expect(tag::OID)?.oid()?);
        information.optional(tag::SEQUENCE)?;
        information.finish()?;
    }
    let mut sorted = policies.clone();
    sorted.sort_unstable();
    sorted.dedup();
    if policies.is_empty() || sorted.len() != policies.len() {
        Err(Error::Value)
    } else {
        Ok(policies)
    }
}

/// §4.2.1.5: pairs of issuer's and subject's policy.
pub(crate) fn policy_mappings(value: &[u8]) -> Result<Vec<(Oid<'_>, Oid<'_>)>> {
    let mut list = only_child_reader(value)?;
    let mut mappings = Vec::new();
    while !list.is_empty() {
        let mut pair = list.sequence()?;
        mappings.push((pair.expect(tag::OID)?.oid()?, pair.expect(tag::OID)?.oid()?));
        pair.finish()?;
    }
    if mappings.is_empty() {
        Err(Error::Value)
    } else {
        Ok(mappings)
    }
}

/// An OCTET STRING inside an extension.
pub(crate) fn octets(value: &[u8]) -> Result<&[u8]> {
    let element = asn1::only(value, Rules::Der)?;
    if element.tag() == tag::OCTET_STRING {
        Ok(element.content())
    } else {
        Err(Error::Tag)
    }
}

/// An INTEGER inside an extension.
pub(crate) fn number(value: &[u8]) -> Result<u32> {
    asn1::only(value, Rules::Der)?.small()
}
