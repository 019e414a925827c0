//! The bags of a container: keys and certificates with what the file says about them.

use zeroize::Zeroizing;

use super::encryption::Encryption;
use super::password::{Budget, Password};
use super::{Pkcs12Error, oids};
use crate::asn1::{Element, Reader, oids as common, tag};

/// How many parts and bags a file may hold, and how deep bags may lie in bags.
const MAX_PARTS: usize = 32;
const MAX_BAGS: usize = 256;
const MAX_NESTING: u8 = 4;

/// What a container holds, not yet put in pairs.
pub(super) struct Bags<'p> {
    password: &'p Password,
    budget: &'p mut Budget,
    count: usize,
    /// Private keys as PKCS#8.
    pub(super) keys: Vec<Bag<Zeroizing<Vec<u8>>>>,
    /// X.509 certificates.
    pub(super) certificates: Vec<Bag<Vec<u8>>>,
}

/// One key or certificate with its attributes.
pub(super) struct Bag<T> {
    pub(super) value: T,
    pub(super) local_key_id: Option<Vec<u8>>,
    pub(super) friendly_name: Option<String>,
}

impl<'p> Bags<'p> {
    /// Opens every part of an AuthenticatedSafe.
    pub(super) fn open(
        authenticated_safe: &[u8],
        password: &'p Password,
        budget: &'p mut Budget,
    ) -> Result<Self, Pkcs12Error> {
        let mut bags = Self {
            password,
            budget,
            count: 0,
            keys: Vec::new(),
            certificates: Vec::new(),
        };
        let mut reader = Reader::ber(authenticated_safe);
        let parts = reader.sequence()?.collect(MAX_PARTS)?;
        reader.finish()?;
        for part in parts {
            bags.open_part(part)?;
        }
        Ok(bags)
    }

    /// One ContentInfo: plain, or encrypted with the password.
    fn open_part(&mut self, content_info: Element<'_>) -> Result<(), Pkcs12Error> {
        let mut fields = content_info.children()?;
        let content_type = fields.element()?.oid()?;
        let content = fields.expect(tag::context_constructed(0))?.child()?;
        match content_type {
            common::DATA => self.read_contents(&content.octets()?, MAX_NESTING),
            common::ENCRYPTED_DATA => {
                let mut encrypted_data = content.children()?;
                encrypted_data.expect(tag::INTEGER)?;
                let mut info = encrypted_data.sequence()?;
                info.expect(tag::OID)?;
                let encryption = Encryption::read(info.expect(tag::SEQUENCE)?)?;
                let encrypted = info.element()?;
                if encrypted.tag() & !tag::CONSTRUCTED != tag::context(0) {
                    return Err(Pkcs12Error::Malformed);
                }
                let plain = encryption.decrypt(&encrypted.joined()?, self.password, self.budget)?;
                self.read_contents(&plain, MAX_NESTING)
            }
            other => Err(Pkcs12Error::unsupported(other)),
        }
    }

    fn read_contents(&mut self, safe_contents: &[u8], nesting: u8) -> Result<(), Pkcs12Error> {
        let mut reader = Reader::ber(safe_contents);
        let bags = reader.sequence()?;
        reader.finish()?;
        self.read_bags(bags, nesting)
    }

    fn read_bags(&mut self, mut bags: Reader<'_>, nesting: u8) -> Result<(), Pkcs12Error> {
        while !bags.is_empty() {
            self.count += 1;
            if self.count > MAX_BAGS {
                return Err(Pkcs12Error::TooCostly);
            }
            self.read_bag(bags.element()?, nesting)?;
        }
        Ok(())
    }

    /// One SafeBag. Kinds that hold neither a key nor a certificate are passed over.
    fn read_bag(&mut self, bag: Element<'_>, nesting: u8) -> Result<(), Pkcs12Error> {
        let mut fields = bag.children()?;
        let kind = fields.element()?.oid()?;
        let value = fields.expect(tag::context_constructed(0))?.child()?;
        let attributes = fields.optional(tag::SET)?;
        match kind {
            oids::KEY_BAG => {
                self.budget.spend_key()?;
                let key = Zeroizing::new(value.raw().to_vec());
                self.keys.push(Bag::new(key, attributes)?);
            }
            oids::SHROUDED_KEY_BAG => {
                self.budget.spend_key()?;
                let mut info = value.children()?;
                let encryption = Encryption::read(info.element()?)?;
                let key = encryption.decrypt(&info.element()?.octets()?, self.password, self.budget)?;
                self.keys.push(Bag::new(key, attributes)?);
            }
            oids::CERT_BAG => {
                let mut certificate = value.children()?;
                if certificate.element()?.oid()? == oids::X509_CERTIFICATE {
                    let octets = certificate
                        .expect(tag::context_constructed(0))?
                        .child()?
                        .octets()?
                        .into_owned();
                    self.certificates.push(Bag::new(octets, attributes)?);
                }
            }
            oids::SAFE_CONTENTS_BAG => {
                let deeper = nesting.checked_sub(1).ok_or(Pkcs12Error::TooCostly)?;
                self.read_bags(value.children()?, deeper)?;
            }
            _ => {}
        }
        Ok(())
    }
}

impl<T> Bag<T> {
    fn new(value: T, attributes: Option<Element<'_>>) -> Result<Self, Pkcs12Error> {
        let mut bag = Self {
            value,
            local_key_id: None,
            friendly_name: None,
        };
        let Some(attributes) = attributes else {
            return Ok(bag);
        };
        for attribute in attributes.children()?.collect(MAX_BAGS)? {
            let mut fields = attribute.children()?;
            let kind = fields.element()?.oid()?;
            let mut values = fields.set()?;
            match kind {
                oids::LOCAL_KEY_ID => bag.local_key_id = Some(values.element()?.octets()?.into_owned()),
                oids::FRIENDLY_NAME => bag.friendly_name = bmp_text(values.element()?),
                _ => {}
            }
        }
        Ok(bag)
    }
}

/// The text of a BMPString; a name in another type is not worth refusing the file for.
fn bmp_text(name: Element<'_>) -> Option<String> {
    let units = name.content().chunks_exact(2);
    let units = units.map(|pair| pair.iter().fold(0, |unit, byte| unit << 8 | u16::from(*byte)));
    let text = char::decode_utf16(units).collect::<Result<String, _>>().ok()?;
    (name.tag() == tag::BMP_STRING && !text.is_empty()).then_some(text)
}
