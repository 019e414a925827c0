//! The MAC over a container, which also tells whether the password is right.

use super::encryption::{Pbkdf2, hmac_hash, identifier, rounds, salt};
use super::password::{Budget, Hash, Password, Purpose};
use super::{Pkcs12Error, oids};
use crate::asn1::{Element, Reader, oids as common, tag};

/// Shortest key of PBMAC1.
const MIN_KEY: usize = 20;

/// What RFC 9548 derives, and what of it is the key.
const GOST_DERIVED: usize = 96;
const GOST_KEY: usize = 32;

/// MacData (RFC 7292 §4, RFC 9579, RFC 9548).
pub(super) struct Integrity<'a> {
    method: Method<'a>,
    expected: &'a [u8],
}

enum Method<'a> {
    /// The derivation of PKCS#12 itself.
    Pkcs12 { hash: Hash, salt: &'a [u8], rounds: u32 },
    /// The same fields by RFC 9548, with a key derived as for encryption.
    Gost { hash: Hash, salt: &'a [u8], rounds: u32 },
    /// PBMAC1 (RFC 9579).
    Pbmac1 {
        hash: Hash,
        pbkdf2: Pbkdf2<'a>,
        length: usize,
    },
}

impl<'a> Integrity<'a> {
    /// Reads MacData; `None` if its algorithm is not known here, so that padding and structure must do instead.
    pub(super) fn read(mac_data: Element<'a>) -> Result<Option<Self>, Pkcs12Error> {
        let mut fields = mac_data.children()?;
        let mut digest_info = fields.sequence()?;
        let (algorithm, parameters) = identifier(digest_info.element()?)?;
        let expected = digest_info.expect(tag::OCTET_STRING)?.content();
        let hash = match algorithm {
            common::SHA1 => Hash::Sha1,
            oids::SHA224 => Hash::Sha224,
            common::SHA256 => Hash::Sha256,
            common::SHA384 => Hash::Sha384,
            common::SHA512 => Hash::Sha512,
            common::STREEBOG_256 => Hash::Streebog256,
            common::STREEBOG_512 => Hash::Streebog512,
            oids::PBMAC1 => {
                let method = pbmac1(parameters.ok_or(Pkcs12Error::Malformed)?)?;
                return Ok(Some(Self { method, expected }));
            }
            _ => return Ok(None),
        };
        let salt = salt(fields.element()?)?;
        let rounds = optional_rounds(&mut fields)?;
        let method = match hash {
            Hash::Streebog256 | Hash::Streebog512 => Method::Gost { hash, salt, rounds },
            _ => Method::Pkcs12 { hash, salt, rounds },
        };
        fields.finish()?;
        Ok(Some(Self { method, expected }))
    }

    /// Whether the password makes this MAC over the content.
    pub(super) fn holds(
        &self,
        content: &[u8],
        password: &Password,
        budget: &mut Budget,
    ) -> Result<bool, Pkcs12Error> {
        let (hash, key) = match &self.method {
            Method::Pkcs12 { hash, salt, rounds } => {
                budget.spend(*rounds, *hash, hash.length())?;
                (
                    hash,
                    hash.derive(Purpose::Mac, password, salt, *rounds, hash.length()),
                )
            }
            Method::Gost { hash, salt, rounds } => {
                // RFC 9548 §3: the key is the end of a longer one
                budget.spend(*rounds, *hash, GOST_DERIVED)?;
                let mut key = hash.pbkdf2(password, salt, *rounds, GOST_DERIVED);
                key.drain(..GOST_DERIVED - GOST_KEY);
                (hash, key)
            }
            Method::Pbmac1 { hash, pbkdf2, length } => (hash, pbkdf2.derive(password, *length, budget)?),
        };
        Ok(hash.hmac_matches(&key, content, self.expected))
    }
}

fn pbmac1(parameters: Element<'_>) -> Result<Method<'_>, Pkcs12Error> {
    let mut fields = parameters.children()?;
    let pbkdf2 = Pbkdf2::read(fields.element()?)?;
    let hash = hmac_hash(fields.element()?)?;
    // RFC 9579 §4 and §8: the length must be stated, and a shorter key can be guessed without the password
    let length = pbkdf2
        .length()
        .filter(|length| *length >= MIN_KEY)
        .ok_or(Pkcs12Error::Malformed)?;
    Ok(Method::Pbmac1 { hash, pbkdf2, length })
}

fn optional_rounds(fields: &mut Reader<'_>) -> Result<u32, Pkcs12Error> {
    match fields.optional(tag::INTEGER)? {
        Some(element) => rounds(element),
        None => Ok(1),
    }
}
