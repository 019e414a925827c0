use crate::asn1::{self, Element, Error, Result, Rules};
use crate::name::Name;

/// GeneralName (RFC 5280 §4.2.1.6), in alternative names and in constraints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GeneralName<'a> {
    /// rfc822Name
    Mail(&'a str),
    /// dNSName
    Dns(&'a str),
    /// directoryName
    Directory(Name<'a>),
    /// uniformResourceIdentifier
    Uri(&'a str),
    /// iPAddress: 4 or 16 octets, in constraints twice as many
    Ip(&'a [u8]),
    /// otherName, x400Address, ediPartyName, registeredID: by tag, not interpreted
    Other(u8),
}

impl<'a> GeneralName<'a> {
    pub(crate) fn read(element: Element<'a>) -> Result<Self> {
        let text = || {
            let text = std::str::from_utf8(element.content()).map_err(|_| Error::Value)?;
            if text.is_ascii() {
                Ok(text)
            } else {
                Err(Error::Value)
            }
        };
        Ok(match element.tag() {
            0x81 => Self::Mail(text()?),
            0x82 => Self::Dns(text()?),
            0x86 => Self::Uri(text()?),
            0x87 => Self::Ip(element.content()),
            0xa4 => Self::Directory(Name::parse(element.child()?.raw())?.0),
            other @ (0xa0 | 0xa3 | 0xa5 | 0x88) => Self::Other(other),
            _ => return Err(Error::Tag),
        })
    }

    /// GeneralNames: at least one.
    pub(crate) fn list(value: &'a [u8]) -> Result<Vec<Self>> {
        let mut list = asn1::only(value, Rules::Der)?.sequence()?;
        let mut names = Vec::new();
        while !list.is_empty() {
            names.push(Self::read(list.element()?)?);
        }
        if names.is_empty() {
            Err(Error::Value)
        } else {
            Ok(names)
        }
    }
}
