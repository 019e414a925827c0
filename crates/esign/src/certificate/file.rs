//! Certificates in files as people have them: one alone, or several in a PKCS #7 message without a signature
//! (RFC 5652 §5.2, `.p7b`). A private key is named as such, so that whoever receives one can refuse it.

use super::Certificate;
use crate::asn1::{Rules, only, tag};
use crate::cms::{Bag, SignedData};

/// What a file is instead of certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotCertificates {
    /// A private key, bare, encrypted or in a PKCS #12 container.
    PrivateKey,
    /// Something else, or broken.
    Other,
}

/// The certificates of a file in DER or BER.
pub fn read_file(file: &[u8]) -> Result<Vec<Certificate>, NotCertificates> {
    if is_private_key(file) {
        return Err(NotCertificates::PrivateKey);
    }
    if let Ok(certificate) = Certificate::parse(file) {
        return Ok(vec![certificate]);
    }
    let message = SignedData::parse(file).map_err(|_| NotCertificates::Other)?;
    let bag = Bag::of(&message.stored).certificates;
    if bag.is_empty() {
        return Err(NotCertificates::Other);
    }
    Ok(bag)
}

/// PKCS #12, PKCS #8, PKCS #1 and SEC 1 begin with a version, EncryptedPrivateKeyInfo ends with octets; certificates and
/// messages do neither.
fn is_private_key(file: &[u8]) -> bool {
    let Ok(mut fields) = only(file, Rules::Ber).and_then(|file| file.sequence()) else {
        return false;
    };
    let (first, second) = (fields.element(), fields.element());
    let has = |field: crate::asn1::Result<crate::asn1::Element<'_>>, tag| {
        field.is_ok_and(|field| field.tag() == tag)
    };
    has(first, tag::INTEGER) || has(second, tag::OCTET_STRING)
}
