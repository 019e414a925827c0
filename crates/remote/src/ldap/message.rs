//! The few messages of LDAP v3 that a password check needs (RFC 4511). What a person typed is the value of an element,
//! never a part of a text: there is no filter to break out of (threat SPN-3).

use std::collections::HashMap;

use esign::asn1::{Element, Reader, concat, context, integer, octet_string, sequence, tag, tlv};

/// Most attributes of an entry, and values of an attribute, that are read.
const MAX_ITEMS: usize = 64;
/// Longest text of a server that is kept for the log.
const MAX_WORDS: usize = 200;

const BIND_REQUEST: u8 = 0x60;
const BIND_RESPONSE: u8 = 0x61;
const SEARCH_REQUEST: u8 = 0x63;
const SEARCH_ENTRY: u8 = 0x64;
const SEARCH_DONE: u8 = 0x65;
const SEARCH_REFERENCE: u8 = 0x73;
const EXTENDED_REQUEST: u8 = 0x77;
const EXTENDED_RESPONSE: u8 = 0x78;

/// RFC 4511 §4.14.1
const START_TLS: &str = "1.3.6.1.4.1.1466.20037";

/// What a server is asked.
#[derive(Clone, Copy)]
pub(super) enum Request<'a> {
    /// Everything after it is encrypted.
    StartTls,
    /// A name and its password, neither empty (RFC 4513 §5.1.2).
    Bind { dn: &'a str, password: &'a str },
    /// At most two entries: one is found, two are ambiguous.
    Search {
        base: &'a str,
        scope: Scope,
        filter: &'a Filter<'a>,
        attributes: &'a [&'a str],
    },
}

/// How far a search goes (RFC 4511 §4.5.1.2).
#[derive(Clone, Copy)]
pub(super) enum Scope {
    /// the base alone
    Base = 0,
    /// everything below
    Subtree = 2,
}

/// What an entry must be like (RFC 4511 §4.5.1.7).
pub(super) enum Filter<'a> {
    /// all of these
    And(Vec<Filter<'a>>),
    /// one of these
    Or(Vec<Filter<'a>>),
    /// the attribute has this value
    Equal(&'a str, &'a str),
    /// the attribute exists
    Present(&'a str),
}

/// What a server says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Response {
    /// A search found this.
    Entry(Entry),
    /// Somebody else is said to know more. Nobody is asked for it.
    Reference,
    /// The operation has ended so.
    Done(Outcome),
}

/// An entry of a directory.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) dn: String,
    /// By name in small letters.
    attributes: HashMap<String, Vec<Vec<u8>>>,
}

/// How an operation ended (RFC 4511 §4.1.9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) code: u32,
    /// For engineers.
    pub(super) words: String,
}

/// What came is no LDAP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed;

impl From<esign::asn1::Error> for Malformed {
    fn from(_: esign::asn1::Error) -> Self {
        Self
    }
}

impl Request<'_> {
    /// The whole message (RFC 4511 §4.1.1).
    pub(super) fn encode(self, id: u8) -> Vec<u8> {
        let operation = match self {
            Self::StartTls => tlv(EXTENDED_REQUEST, &tlv(tag::context(0), START_TLS.as_bytes())),
            Self::Bind { dn, password } => {
                let password = tlv(tag::context(0), password.as_bytes());
                let parts = [integer(&[3]), octet_string(dn.as_bytes()), password];
                tlv(BIND_REQUEST, &concat(&parts))
            }
            Self::Search {
                base,
                scope,
                filter,
                attributes,
            } => {
                let wanted: Vec<_> = attributes
                    .iter()
                    .map(|name| octet_string(name.as_bytes()))
                    .collect();
                let parts = [
                    octet_string(base.as_bytes()),
                    tlv(tag::ENUMERATED, &[scope as u8]),
                    // aliases are not followed
                    tlv(tag::ENUMERATED, &[0]),
                    integer(&[2]),
                    integer(&[5]),
                    tlv(tag::BOOLEAN, &[0]),
                    filter.encode(),
                    sequence(&wanted),
                ];
                tlv(SEARCH_REQUEST, &concat(&parts))
            }
        };
        sequence(&[integer(&[id]), operation])
    }
}

impl Filter<'_> {
    fn encode(&self) -> Vec<u8> {
        let all = |filters: &[Filter<'_>]| concat(&filters.iter().map(Filter::encode).collect::<Vec<_>>());
        match self {
            Self::And(filters) => context(0, &all(filters)),
            Self::Or(filters) => context(1, &all(filters)),
            Self::Equal(name, value) => {
                let parts = [octet_string(name.as_bytes()), octet_string(value.as_bytes())];
                context(3, &concat(&parts))
            }
            Self::Present(name) => tlv(tag::context(7), name.as_bytes()),
        }
    }
}

impl Response {
    /// Reads a message that must answer request `id`.
    pub(super) fn decode(message: &[u8], id: u8) -> Result<Self, Malformed> {
        let mut parts = Reader::ber(message).sequence()?;
        // 0 is a server's notice that it ends the connection (RFC 4511 §4.4.1)
        if parts.element()?.small()? != u32::from(id) {
            return Err(Malformed);
        }
        let operation = parts.element()?;
        match operation.tag() {
            SEARCH_ENTRY => Entry::read(&operation).map(Self::Entry),
            SEARCH_REFERENCE => Ok(Self::Reference),
            BIND_RESPONSE | SEARCH_DONE | EXTENDED_RESPONSE => Outcome::read(&operation).map(Self::Done),
            _ => Err(Malformed),
        }
    }
}

impl Entry {
    fn read(operation: &Element<'_>) -> Result<Self, Malformed> {
        let mut parts = operation.children()?;
        let dn = text(&parts.element()?)?;
        let mut attributes = HashMap::new();
        for attribute in parts.sequence()?.collect(MAX_ITEMS)? {
            let mut parts = attribute.sequence()?;
            let name = text(&parts.element()?)?.to_ascii_lowercase();
            let values = parts.set()?.collect(MAX_ITEMS)?;
            let values = values.iter().map(|value| Ok(value.octets()?.into_owned()));
            attributes.insert(name, values.collect::<Result<_, Malformed>>()?);
        }
        Ok(Self { dn, attributes })
    }

    /// The values of an attribute, in whatever case the server writes its name.
    pub(super) fn values(&self, name: &str) -> &[Vec<u8>] {
        let values = self.attributes.get(&name.to_ascii_lowercase());
        values.map(Vec::as_slice).unwrap_or_default()
    }
}

impl Outcome {
    fn read(operation: &Element<'_>) -> Result<Self, Malformed> {
        let mut parts = operation.children()?;
        let code = parts.expect(tag::ENUMERATED)?.content();
        let code = code.iter().try_fold(0_u32, |code, byte| {
            code.checked_mul(256).map(|code| code | u32::from(*byte))
        });
        let _matched = parts.element()?;
        let words = String::from_utf8_lossy(&parts.element()?.octets()?).into_owned();
        Ok(Self {
            code: code.ok_or(Malformed)?,
            words: words
                .chars()
                .filter(|c| !c.is_control())
                .take(MAX_WORDS)
                .collect(),
        })
    }
}

fn text(element: &Element<'_>) -> Result<String, Malformed> {
    String::from_utf8(element.octets()?.into_owned()).map_err(|_| Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spn_3_what_was_typed_is_a_value_and_no_filter() {
        let filter = Filter::And(vec![
            Filter::Present("objectClass"),
            Filter::Equal("uid", "*)(uid=*"),
        ]);
        let encoded = filter.encode();
        assert_eq!(encoded.first(), Some(&0xa0));
        let mut parts = Reader::ber(&encoded).element().unwrap().children().unwrap();
        assert_eq!(parts.element().unwrap().tag(), 0x87);
        let mut equal = parts.element().unwrap().children().unwrap();
        assert_eq!(equal.element().unwrap().content(), b"uid");
        assert_eq!(equal.element().unwrap().content(), b"*)(uid=*");
        assert!(equal.is_empty() && parts.is_empty());
    }

    /// Active Directory writes every length in four octets.
    #[test]
    fn an_entry_is_read_however_long_its_lengths_are_written() {
        let long = |tag: u8, content: &[u8]| {
            let length = u32::try_from(content.len()).unwrap().to_be_bytes();
            [&[tag, 0x84], length.as_slice(), content].concat()
        };
        let values = long(0x31, &octet_string("Алия".as_bytes()));
        let attribute = long(0x30, &concat(&[octet_string(b"givenName"), values]));
        let entry = long(0x64, &concat(&[octet_string(b"uid=a"), long(0x30, &attribute)]));
        let message = long(0x30, &concat(&[integer(&[2]), entry]));
        let Ok(Response::Entry(entry)) = Response::decode(&message, 2) else {
            panic!("no entry");
        };
        assert_eq!(entry.values("givenname"), ["Алия".as_bytes()]);
        assert_eq!(Response::decode(&message, 3), Err(Malformed));
    }

    #[test]
    fn an_outcome_is_read_and_its_words_are_clipped() {
        let parts = [
            tlv(tag::ENUMERATED, &[49]),
            octet_string(b""),
            octet_string(&[b'x'; 300]),
        ];
        let message = sequence(&[integer(&[1]), tlv(BIND_RESPONSE, &concat(&parts))]);
        let Ok(Response::Done(outcome)) = Response::decode(&message, 1) else {
            panic!("no outcome");
        };
        assert_eq!((outcome.code, outcome.words.len()), (49, MAX_WORDS));
    }
}
