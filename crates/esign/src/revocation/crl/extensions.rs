use super::points::PointName;
use crate::asn1::{self, Element, Error, Result, Rules, oids, tag};
use crate::certificate::MAX_EXTENSIONS;
use crate::certificate::extension::{AuthorityKeyIdentifier, Extension};

/// What the extensions of a list say of it (§5.2).
pub(super) struct Extensions {
    /// the key it is signed with (§5.2.1)
    pub(super) authority_key: Option<Box<[u8]>>,
    /// magnitude (§5.2.3)
    pub(super) number: Option<Box<[u8]>>,
    /// number of the complete list to which this one holds the changes (§5.2.4)
    pub(super) base: Option<Box<[u8]>>,
    /// which certificates it speaks of
    pub(super) point: IssuingDistributionPoint,
    /// nothing critical is there that could give the list another meaning
    pub(super) understood: bool,
}

impl Default for Extensions {
    fn default() -> Self {
        Self {
            authority_key: None,
            number: None,
            base: None,
            point: IssuingDistributionPoint::default(),
            understood: true,
        }
    }
}

impl Extensions {
    pub(super) fn read(list: Element<'_>) -> Result<Self> {
        let mut list = list.sequence()?;
        let mut read = Self::default();
        let mut kinds = Vec::new();
        while !list.is_empty() {
            let extension = Extension::read(&mut list)?;
            // none comes twice (§4.2)
            if kinds.contains(&extension.oid) {
                return Err(Error::Value);
            }
            if kinds.len() == MAX_EXTENSIONS {
                return Err(Error::TooLarge);
            }
            kinds.push(extension.oid);
            let value = extension.value;
            match extension.oid {
                oids::AUTHORITY_KEY_IDENTIFIER => {
                    read.authority_key = AuthorityKeyIdentifier::parse(value)?.key.map(Into::into);
                }
                oids::CRL_NUMBER => read.number = Some(number(value)?),
                oids::DELTA_CRL_INDICATOR => read.base = Some(number(value)?),
                oids::ISSUING_DISTRIBUTION_POINT => read.point = IssuingDistributionPoint::parse(value)?,
                _ => read.understood &= !extension.critical,
            }
        }
        Ok(read)
    }
}

/// Numbers of lists have up to 20 octets (§5.2.3).
fn number(value: &[u8]) -> Result<Box<[u8]>> {
    let magnitude = asn1::only(value, Rules::Der)?.unsigned()?;
    if magnitude.len() > 20 {
        return Err(Error::TooLarge);
    }
    Ok(magnitude.into())
}

/// Compares magnitudes without leading zeros.
pub(super) fn is_less(a: &[u8], b: &[u8]) -> bool {
    (a.len(), a) < (b.len(), b)
}

/// Which certificates a list speaks of (§5.2.5); by default all of its issuer.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct IssuingDistributionPoint {
    pub(super) name: Option<PointName>,
    pub(super) only: Option<Kind>,
    pub(super) reasons: Reasons,
    pub(super) indirect: bool,
}

/// Kinds of certificates of which a list may speak alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Subscribers,
    Authorities,
    Attributes,
}

impl IssuingDistributionPoint {
    fn parse(value: &[u8]) -> Result<Self> {
        let mut fields = asn1::only(value, Rules::Der)?.sequence()?;
        let mut point = Self::default();
        while !fields.is_empty() {
            let field = fields.element()?;
            match field.tag() {
                0xa0 => point.name = Some(PointName::read(field.child()?)?),
                0x81 => point.restrict(field, Kind::Subscribers)?,
                0x82 => point.restrict(field, Kind::Authorities)?,
                0x83 => point.reasons = Reasons::read(field)?,
                0x84 => point.indirect = is_set(field)?,
                0x85 => point.restrict(field, Kind::Attributes)?,
                _ => return Err(Error::Tag),
            }
        }
        Ok(point)
    }

    /// At most one of the three restrictions may be set.
    fn restrict(&mut self, field: Element<'_>, kind: Kind) -> Result<()> {
        if is_set(field)? && self.only.replace(kind).is_some() {
            return Err(Error::Value);
        }
        Ok(())
    }
}

/// An implicitly tagged BOOLEAN that is false by default, which DER does not encode.
fn is_set(field: Element<'_>) -> Result<bool> {
    if field.content() == [0xff] {
        Ok(true)
    } else {
        Err(Error::Value)
    }
}

/// ReasonFlags (§4.2.1.13): for which reasons a certificate would be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reasons(u16);

impl Default for Reasons {
    fn default() -> Self {
        Self::ALL
    }
}

impl Reasons {
    pub(super) const NONE: Self = Self(0);
    /// bits 1 to 8; bit 0 is not used
    pub(super) const ALL: Self = Self(0x7f80);

    /// An implicitly tagged BIT STRING with at least one bit.
    pub(super) fn read(field: Element<'_>) -> Result<Self> {
        let string = asn1::tlv(tag::BIT_STRING, field.content());
        let element = asn1::only(&string, Rules::Der)?;
        let bits = element.named_bits()?;
        let octet = |index| bits.get(index).copied().unwrap_or(0);
        let reasons = Self(u16::from_be_bytes([octet(0), octet(1)])).and(Self::ALL);
        if reasons == Self::NONE {
            return Err(Error::Value);
        }
        Ok(reasons)
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
