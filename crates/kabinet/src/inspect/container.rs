//! PKCS#12 containers (RFC 7292): what can be seen without the password, and with it the certificates. Never a key.

use esign::asn1::{Element, Reader, Result, Rules, oids, only, tag};
use esign::certificate::Certificate;
use esign::pkcs12;

use super::sheet::{Fact, Sheet};
use super::{certificate, names};

/// Most parts and bags that are shown.
const SHOWN: usize = 100;

/// The outside of a container, and its certificates where a password is given.
pub(super) fn sheet(file: &[u8], password: Option<&str>) -> Result<Sheet> {
    let mut fields = only(file, Rules::Ber)?.sequence()?;
    let version = fields.element()?.small()?;
    let mut safe = fields.sequence()?;
    safe.expect(tag::OID)?;
    let content = safe.expect(tag::context_constructed(0))?.child()?.octets()?;
    let integrity = match fields.optional(tag::SEQUENCE)? {
        Some(mac) => integrity(mac)?,
        None => Sheet::default().with("algorithm", "none"),
    };
    let mut parts = Vec::new();
    for part in only(&content, Rules::Ber)?.sequence()?.collect(SHOWN)? {
        parts.push(outside(part)?);
    }
    let sheet = Sheet::of("pkcs12")
        .with("version", version)
        .with("integrity", integrity)
        .with("parts", parts);
    Ok(match password {
        Some(password) => opened(sheet, file, password),
        None => sheet,
    })
}

fn opened(sheet: Sheet, file: &[u8], password: &str) -> Sheet {
    match pkcs12::open(file, password) {
        Ok(container) => {
            let keys = container.keys.iter().map(|key| {
                Sheet::default()
                    .with(
                        "friendly_name",
                        key.friendly_name.as_deref().map(super::extension::shown),
                    )
                    .with("can_sign_here", key.private_key.is_some())
                    .with("certificate", certificate::brief(&key.certificate))
            });
            let others = container.others.iter().map(Certificate::der);
            sheet
                .with("keys", keys.collect::<Vec<_>>())
                .with("other_certificates", certificate::briefs(others))
        }
        Err(error) => sheet.with(
            "not_opened",
            Sheet::default()
                .with("code", error.code())
                .with("clause", error.clause())
                .with("problem", error.to_string()),
        ),
    }
}

fn integrity(mac: Element<'_>) -> Result<Sheet> {
    let mut fields = mac.sequence()?;
    let algorithm = fields.sequence()?.element()?;
    fields.element()?;
    let iterations = fields.optional(tag::INTEGER)?;
    Ok(Sheet::default()
        .with("algorithm", names::algorithm(algorithm)?)
        .with(
            "iterations",
            iterations.and_then(|iterations| iterations.small().ok()),
        ))
}

fn outside(part: Element<'_>) -> Result<Sheet> {
    let mut fields = part.sequence()?;
    let kind = fields.expect(tag::OID)?.oid()?;
    let content = fields.expect(tag::context_constructed(0))?.child()?;
    let sheet = Sheet::default().with("content_type", names::name(kind));
    match kind {
        oids::DATA => Ok(sheet.with("bags", bags(&content.octets()?)?)),
        oids::ENCRYPTED_DATA => {
            let mut encrypted = content.sequence()?;
            encrypted.element()?;
            let mut info = encrypted.sequence()?;
            info.element()?;
            Ok(sheet.with("encryption", encryption(info.expect(tag::SEQUENCE)?)?))
        }
        _ => Ok(sheet),
    }
}

fn bags(contents: &[u8]) -> Result<Vec<Sheet>> {
    let mut sheets = Vec::new();
    for bag in only(contents, Rules::Ber)?.sequence()?.collect(SHOWN)? {
        let mut fields = bag.sequence()?;
        let kind = names::name(fields.expect(tag::OID)?.oid()?);
        let value = fields.expect(tag::context_constructed(0))?.child()?;
        let encryption = match kind.as_str() {
            "pkcs-12-pkcs-8ShroudedKeyBag" | "pkcs-12-shroudedKeyBag" | "1.2.840.113549.1.12.10.1.2" => {
                Some(encryption(value.sequence()?.expect(tag::SEQUENCE)?)?)
            }
            _ => None,
        };
        sheets.push(
            Sheet::default()
                .with("bag", bag_name(&kind))
                .with("encryption", encryption),
        );
    }
    Ok(sheets)
}

/// RFC 7292 §4.2
fn bag_name(kind: &str) -> Fact {
    match kind
        .rsplit('.')
        .next()
        .filter(|_| kind.starts_with("1.2.840.113549.1.12.10.1."))
    {
        Some("1") => "keyBag".into(),
        Some("2") => "pkcs8ShroudedKeyBag".into(),
        Some("3") => "certBag".into(),
        Some("4") => "crlBag".into(),
        Some("5") => "secretBag".into(),
        Some("6") => "safeContentsBag".into(),
        _ => kind.into(),
    }
}

/// A password-based encryption, with what makes guessing dear.
fn encryption(identifier: Element<'_>) -> Result<Sheet> {
    let mut fields = identifier.sequence()?;
    let scheme = names::name(fields.expect(tag::OID)?.oid()?);
    let sheet = Sheet::default().with("scheme", scheme);
    let Some(parameters) = fields.optional(tag::SEQUENCE)? else {
        return Ok(sheet);
    };
    let mut parameters = parameters.children()?;
    if parameters.peek() != Some(tag::SEQUENCE) {
        // PBE of RFC 7292 appendix C: salt and iterations
        parameters.element()?;
        return Ok(sheet.with("iterations", parameters.element()?.small().ok()));
    }
    // PBES2 (RFC 8018 §A.4): key derivation and cipher
    let derivation = parameters.element()?;
    let cipher = names::algorithm(parameters.expect(tag::SEQUENCE)?)?;
    Ok(sheet
        .with("derivation", names::algorithm(derivation)?)
        .with("iterations", iterations(derivation))
        .with("cipher", cipher))
}

/// The iteration count of PBKDF2 (RFC 8018 §A.2).
fn iterations(derivation: Element<'_>) -> Option<u32> {
    let mut fields: Reader<'_> = derivation.sequence().ok()?;
    fields.element().ok()?;
    let mut parameters = fields.sequence().ok()?;
    parameters.element().ok()?;
    parameters.element().ok()?.small().ok()
}
