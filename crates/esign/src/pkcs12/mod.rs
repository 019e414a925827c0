//! PKCS#12 containers (RFC 7292): `.p12` and `.pfx` files with private keys and certificates.
//!
//! Reads what authorities and programs have written for twenty years: PBES2 with AES or GOST (RFC 9337, RFC 9548),
//! the older 3DES and RC2, BER with indefinite lengths; with a MAC, with PBMAC1, or without. Writes PBES2 with AES-256.

use zeroize::Zeroizing;

use crate::asn1::{Error, Oid, Reader, oids as common, tag};
use crate::certificate::Certificate;
use crate::private_key::{PrivateKey, PrivateKeyError};

mod bags;
mod encryption;
mod gost;
mod integrity;
mod oids;
mod password;
mod write;

use bags::{Bag, Bags};
use encryption::Encryption;
use integrity::Integrity;
use password::{Budget, Password};
pub use write::{Entry, Protection, write};

/// The largest file that is looked at.
pub const FILE_LIMIT: usize = 1024 * 1024;

/// An opened container.
#[derive(Debug)]
pub struct Container {
    /// The keys in the order of the file, each with its certificate. Never empty.
    pub keys: Vec<ContainerKey>,
    /// The other certificates, such as those of the authority.
    pub others: Vec<Certificate>,
}

/// A private key and the certificate it belongs to.
#[derive(Debug)]
pub struct ContainerKey {
    /// The certificate, as received.
    pub certificate: Certificate,
    /// The key, which was checked to be the certificate's; `None` where its algorithm is not supported yet. One of
    /// an outdated standard has no [`PrivateKey::algorithm`].
    pub private_key: Option<PrivateKey>,
    /// The name the file gives the key.
    pub friendly_name: Option<String>,
}

/// Why a container was not opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pkcs12Error {
    /// The password is wrong (or the file was altered, which looks the same).
    WrongPassword,
    /// Not a PKCS#12 file; says what it seems to be.
    UnknownFormat(&'static str),
    /// Sound, but protected in a way not known here: the dotted identifier of the algorithm.
    UnsupportedAlgorithm(String),
    /// Protected by the private scheme of CryptoPro CSP, which is not published.
    CryptoPro,
    /// Asks for more work than a sound file does.
    TooCostly,
    /// Damaged, or a key does not belong to its certificate.
    Malformed,
    /// Opened, but there is no private key with a certificate in it.
    NoKey,
}

impl Pkcs12Error {
    fn unsupported(algorithm: Oid<'_>) -> Self {
        Self::UnsupportedAlgorithm(algorithm.to_string())
    }

    /// The stable text.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::WrongPassword => "key_file.wrong_password",
            Self::UnknownFormat(_) => "key_file.unknown_format",
            Self::UnsupportedAlgorithm(_) => "key_file.unsupported_algorithm",
            Self::CryptoPro => "key_file.crypto_pro",
            Self::TooCostly => "key_file.too_costly",
            Self::Malformed => "key_file.malformed",
            Self::NoKey => "key_file.no_key",
        }
    }

    /// The clause of the standard whose rule is broken.
    pub const fn clause(&self) -> &'static str {
        match self {
            Self::WrongPassword => "RFC 7292 §4, §5.2",
            Self::UnknownFormat(_) => "RFC 7292 §4",
            Self::UnsupportedAlgorithm(_) => "RFC 7292 appendix C; RFC 8018 §6",
            Self::CryptoPro => "RFC 9548, which defines what is to be written instead",
            Self::TooCostly => "RFC 8018 §4.2, within the limits of this reader",
            Self::Malformed => "RFC 7292 §4.1–4.2",
            Self::NoKey => "RFC 7292 §4.2",
        }
    }
}

impl From<Error> for Pkcs12Error {
    fn from(error: Error) -> Self {
        match error {
            Error::TooLarge | Error::Depth => Self::TooCostly,
            _ => Self::Malformed,
        }
    }
}

impl core::fmt::Display for Pkcs12Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::WrongPassword => f.write_str("wrong password"),
            Self::UnknownFormat(what) => write!(f, "not a PKCS#12 file: {what}"),
            Self::UnsupportedAlgorithm(oid) => write!(f, "protected with an unsupported algorithm, {oid}"),
            Self::CryptoPro => f.write_str("protected by the private scheme of CryptoPro CSP"),
            Self::TooCostly => f.write_str("asks for too much work"),
            Self::Malformed => f.write_str("damaged"),
            Self::NoKey => f.write_str("holds no private key with a certificate"),
        }
    }
}

impl core::error::Error for Pkcs12Error {}

/// Opens a container. What it costs is bounded, whatever the file says.
pub fn open(file: &[u8], password: &str) -> Result<Container, Pkcs12Error> {
    let content = authenticated_content(file)?;
    let mut budget = Budget::new();
    let mut opened = open_with(&content, &Password::new(password), &mut budget);
    if password.is_empty() && matches!(opened, Err(Pkcs12Error::WrongPassword)) {
        opened = open_with(&content, &Password::absent(), &mut budget);
    }
    opened
}

/// Opens a private key that is encrypted by itself: EncryptedPrivateKeyInfo (RFC 5958 §3).
pub fn open_private_key(file: &[u8], password: &str) -> Result<PrivateKey, Pkcs12Error> {
    if file.len() > FILE_LIMIT {
        return Err(Pkcs12Error::UnknownFormat("larger than any key file"));
    }
    let mut reader = Reader::ber(file);
    let mut info = reader.sequence()?;
    reader.finish()?;
    let encryption = Encryption::read(info.element()?)?;
    let encrypted = info.expect(tag::OCTET_STRING)?.octets()?;
    let key = encryption.decrypt(&encrypted, &Password::new(password), &mut Budget::new())?;
    PrivateKey::from_pkcs8(&key).map_err(|error| match error {
        PrivateKeyError::Unsupported(algorithm) => Pkcs12Error::UnsupportedAlgorithm(algorithm),
        PrivateKeyError::Malformed => Pkcs12Error::Malformed,
    })
}

/// The protected content of a PFX and what protects it.
struct Protected<'a> {
    authenticated_safe: std::borrow::Cow<'a, [u8]>,
    integrity: Option<Integrity<'a>>,
}

fn authenticated_content(file: &[u8]) -> Result<Protected<'_>, Pkcs12Error> {
    if file.len() > FILE_LIMIT {
        return Err(Pkcs12Error::UnknownFormat("larger than any key file"));
    }
    match file {
        [tag::SEQUENCE, ..] => {}
        [0xfe, 0xed, 0xfe, 0xed, ..] => return Err(Pkcs12Error::UnknownFormat("a Java key store")),
        [b'-', b'-', b'-', b'-', b'-', ..] => return Err(Pkcs12Error::UnknownFormat("PEM text")),
        _ => return Err(Pkcs12Error::UnknownFormat("not ASN.1")),
    }
    let mut reader = Reader::ber(file);
    let mut pfx = reader.sequence()?;
    reader.finish()?;
    if !pfx.element()?.small().is_ok_and(|version| version == 3) {
        return Err(Pkcs12Error::UnknownFormat("some other ASN.1 structure"));
    }
    let mut auth_safe = pfx.sequence()?;
    match auth_safe.element()?.oid()? {
        common::DATA => {}
        common::SIGNED_DATA => {
            return Err(Pkcs12Error::UnknownFormat(
                "protected by a signature, not a password",
            ));
        }
        _ => return Err(Pkcs12Error::Malformed),
    }
    let authenticated_safe = auth_safe.expect(tag::context_constructed(0))?.child()?.octets()?;
    let integrity = pfx
        .optional(tag::SEQUENCE)?
        .map(Integrity::read)
        .transpose()?
        .flatten();
    pfx.finish()?;
    Ok(Protected {
        authenticated_safe,
        integrity,
    })
}

fn open_with(
    content: &Protected<'_>,
    password: &Password,
    budget: &mut Budget,
) -> Result<Container, Pkcs12Error> {
    if let Some(integrity) = &content.integrity
        && !integrity.holds(&content.authenticated_safe, password, budget)?
    {
        return Err(Pkcs12Error::WrongPassword);
    }
    let opened = Bags::open(&content.authenticated_safe, password, budget);
    let bags = opened.map_err(|error| match error {
        // the MAC has proven the password
        Pkcs12Error::WrongPassword if content.integrity.is_some() => Pkcs12Error::Malformed,
        other => other,
    })?;
    pair(bags.keys, bags.certificates)
}

/// Gives each key its certificate.
fn pair(
    keys: Vec<Bag<Zeroizing<Vec<u8>>>>,
    certificates: Vec<Bag<Vec<u8>>>,
) -> Result<Container, Pkcs12Error> {
    let mut candidates: Vec<(Certificate, Option<Vec<u8>>)> = certificates
        .into_iter()
        // an authority's certificate that cannot be read is no reason to refuse the key
        .filter_map(|bag| Some((Certificate::parse(bag.value).ok()?, bag.local_key_id)))
        .collect();
    let mut paired = Vec::with_capacity(keys.len());
    let mut mismatch = false;
    for bag in keys {
        let private_key = match PrivateKey::from_pkcs8(&bag.value) {
            Ok(key) => Some(key),
            Err(PrivateKeyError::Unsupported(_)) => None,
            Err(PrivateKeyError::Malformed) => return Err(Pkcs12Error::Malformed),
        };
        let fits = |certificate: &Certificate| match &private_key {
            Some(key) => key.belongs_to(certificate.spki()),
            None => same_key_type(&bag.value, certificate.spki()).unwrap_or(false),
        };
        let named = |id: &Option<Vec<u8>>| bag.local_key_id.is_some() && *id == bag.local_key_id;
        let fitting = || {
            candidates
                .iter()
                .enumerate()
                .filter(|(_, (certificate, _))| fits(certificate))
        };
        let chosen = fitting().find(|(_, (_, id))| named(id)).or_else(|| {
            // without a proof of belonging, one candidate is enough only if it is the only one
            let mut rest = fitting();
            rest.next()
                .filter(|_| private_key.is_some() || rest.next().is_none())
        });
        match chosen.map(|(index, _)| index) {
            Some(index) => paired.push(ContainerKey {
                certificate: candidates.swap_remove(index).0,
                private_key,
                friendly_name: bag.friendly_name,
            }),
            None => mismatch |= candidates.iter().any(|(_, id)| named(id)),
        }
    }
    if paired.is_empty() {
        return Err(if mismatch {
            Pkcs12Error::Malformed
        } else {
            Pkcs12Error::NoKey
        });
    }
    let others = candidates
        .into_iter()
        .map(|(certificate, _)| certificate)
        .collect();
    Ok(Container { keys: paired, others })
}

/// Whether a private key (PKCS#8) and a public key are of the same algorithm.
fn same_key_type(private_key: &[u8], public_key_info: &[u8]) -> crate::asn1::Result<bool> {
    let mut private = Reader::ber(private_key).sequence()?;
    private.expect(tag::INTEGER)?;
    let key_type = |mut fields: Reader<'_>| -> crate::asn1::Result<Vec<u8>> {
        Ok(fields.sequence()?.element()?.oid()?.as_bytes().to_vec())
    };
    Ok(key_type(private)? == key_type(Reader::ber(public_key_info).sequence()?)?)
}
