use data_encoding::{BASE64, BASE64_MIME_PERMISSIVE};
use esign::certificate::{Certificate, NotCertificates, read_file};

use super::RenewalRefusal;

/// The one certificate of a person in a file: DER, base64, PEM, or PKCS #7 in any of these. A private key is refused, and
/// nothing of it is kept (D-14.a).
pub fn read_successor(file: &[u8]) -> Result<Certificate, RenewalRefusal> {
    let mut found: Vec<Certificate> = Vec::new();
    for block in blocks(file)? {
        match read_file(&block) {
            Ok(certificates) => found.extend(certificates),
            Err(NotCertificates::PrivateKey) => return Err(RenewalRefusal::PrivateKey),
            Err(NotCertificates::Other) => return Err(RenewalRefusal::NotACertificate),
        }
    }
    let only_authorities = found.iter().all(Certificate::is_authority);
    let mut own = found
        .into_iter()
        .filter(|certificate| !certificate.is_authority());
    match (own.next(), own.next()) {
        (Some(certificate), None) => Ok(certificate),
        (Some(_), Some(_)) => Err(RenewalRefusal::SeveralCertificates),
        (None, _) if only_authorities => Err(RenewalRefusal::Authority),
        (None, _) => Err(RenewalRefusal::NotACertificate),
    }
}

/// What is in the file, without what it was wrapped in.
fn blocks(file: &[u8]) -> Result<Vec<Vec<u8>>, RenewalRefusal> {
    let Ok(text) = std::str::from_utf8(file) else {
        return Ok(vec![file.to_vec()]);
    };
    if text.contains("PRIVATE KEY-----") {
        return Err(RenewalRefusal::PrivateKey);
    }
    if !text.contains("-----BEGIN ") {
        return Ok(vec![base64(text).unwrap_or_else(|| file.to_vec())]);
    }
    let bodies = text.split("-----BEGIN ").skip(1).map(|block| {
        let (_, rest) = block.split_once("-----")?;
        base64(rest.split_once("-----END ")?.0)
    });
    bodies
        .collect::<Option<_>>()
        .ok_or(RenewalRefusal::NotACertificate)
}

fn base64(text: &str) -> Option<Vec<u8>> {
    let text: String = text.split_ascii_whitespace().collect();
    BASE64
        .decode(text.as_bytes())
        .or_else(|_| BASE64_MIME_PERMISSIVE.decode(text.as_bytes()))
        .ok()
        .filter(|bytes| !bytes.is_empty())
}
