//! What the page may show of a key.

use esign::certificate::Certificate;
use esign::pkcs12::ContainerKey;
use esign::profile::{KeyStorage, Profile, Role};

use crate::json::{self, Object};

const UPPER: &[u8; 16] = b"0123456789ABCDEF";
const LOWER: &[u8; 16] = b"0123456789abcdef";

/// Writes one key of a file as an object.
pub(crate) fn describe(out: &mut String, index: usize, key: &ContainerKey) {
    json::object(out, |object| {
        object.field("index", |out| out.push_str(&index.to_string()));
        object.optional_text("refusal", refusal(key));
        object.optional_text("friendlyName", key.friendly_name.as_deref());
        describe_certificate(object, &key.certificate);
    });
}

/// Writes a key that is kept elsewhere: all that is known of it is its certificate.
pub(crate) fn describe_elsewhere(out: &mut String, certificate: &Certificate) {
    json::object(out, |object| describe_certificate(object, certificate));
}

fn describe_certificate(object: &mut Object<'_>, certificate: &Certificate) {
    describe_owner(object, certificate);
    describe_issuer(object, certificate);
    // a leading zero octet only marks the number as positive
    let serial = certificate.serial();
    object.text("serial", &hex(serial.strip_prefix(&[0]).unwrap_or(serial), UPPER));
    object.text("notBefore", &certificate.not_before().to_string());
    object.text("notAfter", &certificate.not_after().to_string());
    object.text("algorithm", &certificate.algorithm_name());
    object.text("fingerprint", &hex(&certificate.fingerprint(), LOWER));
    let usages = certificate
        .key_usage()
        .map(esign::certificate::KeyUsage::names)
        .unwrap_or_default();
    object.field("keyUsage", |out| json::array(out, usages, json::string));
    let purposes = certificate.extended_key_usage().unwrap_or_default();
    object.field("eku", |out| {
        json::array(out, purposes, |out, purpose| {
            json::string(out, &purpose.to_string());
        });
    });
    object.field("policies", |out| {
        json::array(out, certificate.policies(), |out, policy| {
            json::string(out, &policy.to_string());
        });
    });
}

/// Why the key cannot sign: its algorithm is not known, or only good for signatures made long ago.
pub(crate) fn refusal(key: &ContainerKey) -> Option<&'static str> {
    match &key.private_key {
        None => Some("key_file.unsupported_key"),
        Some(private) if private.algorithm().is_none() => Some("key_file.outdated_key"),
        Some(_) => None,
    }
}

fn describe_owner(object: &mut Object<'_>, certificate: &Certificate) {
    // a subject that contradicts itself names nobody; the server refuses it
    let subject = Profile::detect(certificate).read(certificate).unwrap_or_default();
    let whole = certificate.subject().to_string();
    let owner = if subject.name.full.is_empty() {
        &whole
    } else {
        &subject.name.full
    };
    object.text("owner", owner);
    object.optional_text("surname", subject.name.surname.as_deref());
    object.optional_text("givenName", subject.name.given_name.as_deref());
    object.optional_text("patronymic", subject.name.patronymic.as_deref());
    object.optional_text("organisation", subject.organisation.as_deref());
    object.optional_text("title", subject.title.as_deref());
    object.optional_text("role", subject.role.map(Role::as_str));
    object.flag("mayEnter", subject.role.is_none_or(Role::may_enter));
    object.optional_text("storage", subject.storage.map(KeyStorage::as_str));
    object.field("personIds", |out| {
        json::array(out, &subject.person_ids, |out, id| {
            describe_id(out, &id.country, &id.kind, &id.value);
        });
    });
    object.field("organisationIds", |out| {
        json::array(out, &subject.organisation_ids, |out, id| {
            describe_id(out, &id.country, &id.kind, &id.value);
        });
    });
    object.text("subjectDn", &whole);
}

fn describe_id(out: &mut String, country: &str, kind: &str, value: &str) {
    json::object(out, |object| {
        object.text("country", country);
        object.text("kind", kind);
        object.text("value", value);
    });
}

fn describe_issuer(object: &mut Object<'_>, certificate: &Certificate) {
    let issuer = certificate.issuer();
    let whole = issuer.to_string();
    let name = issuer.common_name().unwrap_or_else(|| whole.clone());
    object.text("issuer", &name);
    object.text("issuerDn", &whole);
    object.text("issuerLang", language(&name));
    object.flag("isSelfSigned", certificate.is_self_issued());
}

/// The language a name is written in, as far as its letters tell.
fn language(text: &str) -> &'static str {
    let any = |letters: fn(char) -> bool| text.chars().any(letters);
    if any(|letter| "ӘәҒғҚқҢңӨөҰұҮүҺһІі".contains(letter)) {
        "kk"
    } else if any(|letter| ('А'..='я').contains(&letter) || letter == 'Ё' || letter == 'ё') {
        "ru"
    } else {
        "en"
    }
}

fn hex(bytes: &[u8], digits: &[u8; 16]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        json::push_hex(&mut text, *byte, digits);
    }
    text
}
