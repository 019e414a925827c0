//! Distinguished names (RFC 5280 §4.1.2.4): compared by the rules of §7.1, shown with care (threat CRT-9).

use std::borrow::Cow;
use std::fmt;

use crate::asn1::{Element, Error, Oid, Reader, Result, oids, tag};
use crate::provider::sha256;

/// Most characters of one value that are shown.
pub const DISPLAY_MAX: usize = 256;

/// A Name as received. Its structure was checked when the certificate was parsed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Name<'a>(&'a [u8]);

/// One attribute of a name.
#[derive(Clone, Copy)]
pub struct Attribute<'a> {
    oid: Oid<'a>,
    value: Element<'a>,
}

impl<'a> Name<'a> {
    /// Checks the structure of a DER Name and counts its attributes.
    pub fn parse(der: &'a [u8]) -> Result<(Self, usize)> {
        let mut count = 0;
        let mut reader = Reader::der(der);
        let mut relative_names = reader.sequence()?;
        reader.finish()?;
        while !relative_names.is_empty() {
            let mut attributes = relative_names.set()?;
            if attributes.is_empty() {
                return Err(Error::Value);
            }
            while !attributes.is_empty() {
                Attribute::read(&mut attributes)?;
                count += 1;
            }
        }
        Ok((Self(der), count))
    }

    pub(crate) const fn from_checked(der: &'a [u8]) -> Self {
        Self(der)
    }

    /// The bytes as received.
    pub const fn as_der(&self) -> &'a [u8] {
        self.0
    }

    /// Whether there is no attribute at all.
    pub fn is_empty(&self) -> bool {
        self.attributes().next().is_none()
    }

    /// All attributes in the order received.
    pub fn attributes(&self) -> impl Iterator<Item = Attribute<'a>> + use<'a> {
        self.relative_names().flatten()
    }

    fn relative_names(self) -> impl Iterator<Item = Vec<Attribute<'a>>> + use<'a> {
        let mut names = Reader::der(self.0).sequence().ok();
        std::iter::from_fn(move || {
            let mut set = names.as_mut()?.set().ok()?;
            let mut attributes = Vec::with_capacity(1);
            while !set.is_empty() {
                attributes.push(Attribute::read(&mut set).ok()?);
            }
            Some(attributes)
        })
    }

    /// The text of the only attribute of this kind; `None` if there is none, more than one, or no sound text.
    pub fn only(&self, oid: Oid<'_>) -> Option<String> {
        let mut found = self.attributes().filter(|attribute| attribute.oid == oid);
        match (found.next(), found.next()) {
            (Some(attribute), None) => attribute.text(),
            _ => None,
        }
    }

    /// The text of the first attribute of this kind, for display.
    pub fn first(&self, oid: Oid<'_>) -> Option<String> {
        self.attributes()
            .find(|attribute| attribute.oid == oid)?
            .text()
            .map(capped)
    }

    /// The common name, for display.
    pub fn common_name(&self) -> Option<String> {
        self.first(oids::COMMON_NAME)
    }

    /// Whether every text in the name is free of control characters and decodes by its declared type.
    pub fn is_presentable(&self) -> bool {
        self.attributes()
            .all(|attribute| !attribute.is_text() || attribute.text().is_some())
    }

    /// A form in which names that RFC 5280 §7.1 calls equal are equal bytes, and the form of a subtree is a prefix
    /// of the forms of all names in it.
    pub fn comparison_key(&self) -> Vec<u8> {
        let mut key = Vec::with_capacity(self.0.len());
        for relative_name in self.relative_names() {
            push_sized(&mut key, |key| match relative_name.as_slice() {
                [attribute] => attribute.push_comparison_key(key),
                several => {
                    let mut parts: Vec<Vec<u8>> = several.iter().map(Attribute::comparison_key).collect();
                    parts.sort_unstable();
                    key.extend(parts.into_iter().flatten());
                }
            });
        }
        key
    }

    /// SHA-256 of [`Self::comparison_key`], for names that are compared as a whole and often.
    pub(crate) fn comparison_digest(&self) -> [u8; 32] {
        sha256(&self.comparison_key())
    }
}

/// Pushes what `push` pushes, and before it how long that is.
fn push_sized(out: &mut Vec<u8>, push: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&[0; 8]);
    push(out);
    let length = (out.len() - start - 8) as u64;
    if let Some(size) = out.get_mut(start..start + 8) {
        size.copy_from_slice(&length.to_be_bytes());
    }
}

fn capped(text: String) -> String {
    match text.char_indices().nth(DISPLAY_MAX) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

impl<'a> Attribute<'a> {
    fn read(set: &mut Reader<'a>) -> Result<Self> {
        let mut fields = set.sequence()?;
        let oid = fields.expect(tag::OID)?.oid()?;
        let value = fields.element()?;
        fields.finish()?;
        Ok(Self { oid, value })
    }

    /// What kind of attribute.
    pub const fn oid(&self) -> Oid<'a> {
        self.oid
    }

    /// The value as received.
    pub const fn value(&self) -> Element<'a> {
        self.value
    }

    const fn is_text(&self) -> bool {
        matches!(
            self.value.tag(),
            tag::UTF8_STRING
                | tag::PRINTABLE_STRING
                | tag::IA5_STRING
                | tag::NUMERIC_STRING
                | tag::VISIBLE_STRING
                | tag::TELETEX_STRING
                | tag::BMP_STRING
                | tag::UNIVERSAL_STRING
        )
    }

    /// The text by the declared string type; `None` if it is no text, does not decode, or holds control characters.
    pub fn text(&self) -> Option<String> {
        text(self.value)
    }

    fn comparison_key(&self) -> Vec<u8> {
        let mut key = Vec::new();
        self.push_comparison_key(&mut key);
        key
    }

    fn push_comparison_key(&self, key: &mut Vec<u8>) {
        push_sized(key, |key| key.extend_from_slice(self.oid.as_bytes()));
        match decode(self.value) {
            Some(text) if self.is_text() => {
                key.push(1);
                push_sized(key, |key| push_folded(key, &text));
            }
            _ => {
                key.push(0);
                push_sized(key, |key| key.extend_from_slice(self.value.raw()));
            }
        }
    }
}

/// A string by its declared type; `None` if it is none, does not decode, or holds control characters.
pub(crate) fn text(value: Element<'_>) -> Option<String> {
    let text = decode(value)?;
    (!text.chars().any(char::is_control)).then(|| text.into_owned())
}

/// Lower case, white space trimmed and collapsed: the part of RFC 4518 that certificates use.
fn push_folded(out: &mut Vec<u8>, text: &str) {
    let start = out.len();
    for word in text.split_whitespace() {
        if out.len() > start {
            out.push(b' ');
        }
        if word.is_ascii() {
            out.extend(word.bytes().map(|byte| byte.to_ascii_lowercase()));
        } else {
            let mut letter = [0; 4];
            for lower in word.chars().flat_map(char::to_lowercase) {
                out.extend_from_slice(lower.encode_utf8(&mut letter).as_bytes());
            }
        }
    }
}

fn decode(value: Element<'_>) -> Option<Cow<'_, str>> {
    let bytes = value.content();
    match value.tag() {
        tag::UTF8_STRING => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
        tag::PRINTABLE_STRING | tag::IA5_STRING | tag::NUMERIC_STRING | tag::VISIBLE_STRING => {
            let text = std::str::from_utf8(bytes).ok();
            text.filter(|text| text.is_ascii()).map(Cow::Borrowed)
        }
        // in practice TeletexString holds ISO 8859-1
        tag::TELETEX_STRING => Some(bytes.iter().map(|byte| char::from(*byte)).collect()),
        tag::BMP_STRING => {
            let units = bytes.chunks_exact(2);
            if !units.remainder().is_empty() {
                return None;
            }
            let units = units.filter_map(|pair| Some(u16::from_be_bytes(pair.try_into().ok()?)));
            char::decode_utf16(units)
                .collect::<std::result::Result<String, _>>()
                .ok()
                .map(Cow::Owned)
        }
        tag::UNIVERSAL_STRING => {
            let units = bytes.chunks_exact(4);
            if !units.remainder().is_empty() {
                return None;
            }
            let scalars = units.map(|unit| char::from_u32(u32::from_be_bytes(unit.try_into().ok()?)));
            scalars.collect::<Option<String>>().map(Cow::Owned)
        }
        _ => None,
    }
}

fn short_name(oid: Oid<'_>) -> Option<&'static str> {
    Some(match oid {
        oids::COMMON_NAME => "CN",
        oids::SURNAME => "SN",
        oids::SERIAL_NUMBER => "serialNumber",
        oids::COUNTRY => "C",
        oids::LOCALITY => "L",
        oids::STATE => "ST",
        oids::STREET => "STREET",
        oids::ORGANIZATION => "O",
        oids::ORGANIZATIONAL_UNIT => "OU",
        oids::TITLE => "T",
        oids::GIVEN_NAME => "GN",
        oids::USER_ID => "UID",
        oids::DOMAIN_COMPONENT => "DC",
        oids::EMAIL_ADDRESS => "E",
        oids::BUSINESS_CATEGORY => "businessCategory",
        oids::ORGANIZATION_IDENTIFIER => "organizationIdentifier",
        oids::INN => "INN",
        oids::INNLE => "INNLE",
        oids::OGRN => "OGRN",
        oids::OGRNIP => "OGRNIP",
        oids::SNILS => "SNILS",
        _ => return None,
    })
}

/// RFC 4514 syntax in the order received, for people: unsafe characters replaced, long values cut. Never compare it.
impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, attribute) in self.attributes().take(64).enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            match short_name(attribute.oid) {
                Some(name) => write!(f, "{name}=")?,
                None => write!(f, "{}=", attribute.oid)?,
            }
            let Some(text) = decode(attribute.value) else {
                f.write_str("#")?;
                for byte in attribute.value.content().iter().take(DISPLAY_MAX / 4) {
                    write!(f, "{byte:02x}")?;
                }
                continue;
            };
            for shown in capped(text.into_owned()).chars() {
                match shown {
                    ',' | '+' | '"' | '\\' | '<' | '>' | ';' => write!(f, "\\{shown}")?,
                    control if control.is_control() => write!(f, "{}", char::REPLACEMENT_CHARACTER)?,
                    plain => write!(f, "{plain}")?,
                }
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name({self})")
    }
}
