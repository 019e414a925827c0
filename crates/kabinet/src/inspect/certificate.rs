//! Certificates (RFC 5280 §4).

use data_encoding::HEXUPPER;
use esign::asn1::{Oid, Reader, tag};
use esign::certificate::{Certificate, KeyUsage};
use esign::name::Name;
use esign::profile::{Identification, KeyStorage, Profile, Role};
use sha1::Digest as _;

use super::sheet::{Fact, Sheet};
use super::{extension, names};

/// Everything a certificate says.
pub(super) fn sheet(certificate: &Certificate) -> Sheet {
    let subject = Profile::detect(certificate).read(certificate).unwrap_or_default();
    Sheet::of("certificate")
        .with("subject", name(certificate.subject()))
        .with(
            "person_ids",
            subject
                .person_ids
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>(),
        )
        .with(
            "organisation_ids",
            subject
                .organisation_ids
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>(),
        )
        .with("organisation", subject.organisation)
        .with("title", subject.title)
        .with("role", subject.role.map(Role::as_str))
        .with("key_storage", subject.storage.map(KeyStorage::as_str))
        .with(
            "identification",
            subject.identification.map(Identification::as_str),
        )
        .with("qualified", subject.is_qualified)
        .with("issuer", name(certificate.issuer()))
        .with("serial", HEXUPPER.encode(certificate.serial()))
        .with("not_before", certificate.not_before())
        .with("not_after", certificate.not_after())
        .with("key", certificate.algorithm_name())
        .with("signature_algorithm", signature_algorithm(certificate.der()))
        .with("authority", certificate.is_authority())
        .with("self_issued", certificate.is_self_issued())
        .with(
            "extensions",
            certificate.extensions().map(extension::sheet).collect::<Vec<_>>(),
        )
        .with("sha256", HEXUPPER.encode(&certificate.fingerprint()))
        .with("sha1", HEXUPPER.encode(&sha1::Sha1::digest(certificate.der())))
        .with(
            "key_identifier",
            HEXUPPER.encode(&certificate.computed_key_identifier()),
        )
        .with(
            "public_key_sha256",
            HEXUPPER.encode(&certificate.public_key_digest()),
        )
        .with("anomalies", anomalies(certificate))
}

/// A certificate among others.
pub(super) fn brief(certificate: &Certificate) -> Sheet {
    Sheet::default()
        .with("subject", certificate.subject().to_string())
        .with("issuer", certificate.issuer().to_string())
        .with("serial", HEXUPPER.encode(certificate.serial()))
        .with("not_before", certificate.not_before())
        .with("not_after", certificate.not_after())
        .with("key", certificate.algorithm_name())
        .with("sha256", HEXUPPER.encode(&certificate.fingerprint()))
}

/// The certificates of a message, also those that cannot be read.
pub(super) fn briefs<'a>(certificates: impl Iterator<Item = &'a [u8]>) -> Fact {
    certificates
        .map(|der| match Certificate::parse(der) {
            Ok(certificate) => brief(&certificate),
            Err(error) => Sheet::default().with("unreadable", error.to_string()),
        })
        .collect::<Vec<_>>()
        .into()
}

pub(super) fn name(name: Name<'_>) -> Fact {
    name.to_string().into()
}

/// The name of the algorithm that stands beside the signature.
fn signature_algorithm(der: &[u8]) -> Option<String> {
    let mut fields = Reader::der(der).sequence().ok()?;
    fields.element().ok()?;
    names::algorithm(fields.expect(tag::SEQUENCE).ok()?).ok()
}

/// What a careful reader would remark on, though a certificate may be sound in spite of it.
fn anomalies(certificate: &Certificate) -> Vec<String> {
    let mut found = Vec::new();
    let mut remark = |applies: bool, text: &str| {
        if applies {
            found.push(text.to_owned());
        }
    };
    let serial = certificate.serial();
    remark(
        serial.len() > 20,
        "the serial number is longer than 20 octets (RFC 5280 §4.1.2.2)",
    );
    remark(
        serial.first().is_some_and(|first| first & 0x80 != 0) || serial == [0],
        "the serial number is not positive (RFC 5280 §4.1.2.2)",
    );
    remark(
        certificate.not_after() < certificate.not_before(),
        "validity ends before it begins (RFC 5280 §4.1.2.5)",
    );
    remark(
        certificate.has_unknown_critical_extension(),
        "a critical extension is not understood here (RFC 5280 §4.2)",
    );
    remark(
        !certificate.subject().is_presentable(),
        "the subject holds control characters or text that does not decode (RFC 5280 §4.1.2.4)",
    );
    remark(
        certificate.signature_algorithm().is_err(),
        "the signature algorithm is weak or not known here",
    );
    let signs_certificates = |usage: KeyUsage| usage.allows(KeyUsage::KEY_CERT_SIGN);
    remark(
        certificate.is_authority() && !certificate.key_usage().is_none_or(signs_certificates),
        "an authority whose key usage does not let it sign certificates (RFC 5280 §4.2.1.9)",
    );
    remark(
        !certificate.is_authority() && certificate.key_usage().is_some_and(signs_certificates),
        "may sign certificates but is no authority (RFC 5280 §4.2.1.3)",
    );
    remark(
        certificate.extensions().next().is_none(),
        "no extensions: an old version, or one that says nothing about its use",
    );
    let subject = Profile::detect(certificate).read(certificate).unwrap_or_default();
    let unsound = subject.person_ids.iter().any(|id| !id.has_sound_check_digits())
        || subject
            .organisation_ids
            .iter()
            .any(|id| !id.has_sound_check_digits());
    remark(unsound, "the check digit of a number does not fit");
    found
}

/// The value of the extension of this kind in a list.
pub(super) fn is(oid: Oid<'_>, dotted: &str) -> bool {
    oid.to_string() == dotted
}
