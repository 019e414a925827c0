//! Threats CMS-4 to CMS-12, each by a message that is wrong in one place.

use esign::asn1::{self, oids, tag};
use esign::cms::{verify_document, verify_sign_in};
use esign::provider;
use esign::time::UnixTime;
use esign::verdict::{Code, Verdict};

use crate::forge::{
    CONTENT, DAY, Draft, Key, Message, NOW, Scene, algorithm, attribute, common_name, content_type, digest,
    extension, indefinite, message_digest, wrap,
};

fn judge(scene: &Scene, cms: &[u8]) -> Result<(), Code> {
    let verdict = verify_sign_in(cms, CONTENT, &scene.trust(), NOW, provider::native());
    // no entry point may be more lenient than another
    let portable = verify_sign_in(cms, CONTENT, &scene.trust(), NOW, provider::portable());
    assert_eq!(verdict.code(), portable.code());
    match verdict {
        Verdict::Valid(_) => Ok(()),
        Verdict::Invalid(code) | Verdict::Unknown(code) => Err(code),
    }
}

fn refused(change: impl FnOnce(&mut Message<'_>)) -> Option<Code> {
    let scene = Scene::new();
    let mut message = scene.message();
    change(&mut message);
    judge(&scene, &message.build()).err()
}

#[test]
fn a_sound_answer_is_accepted_attached_and_detached() {
    let scene = Scene::new();
    let mut message = scene.message();
    assert_eq!(judge(&scene, &message.build()), Ok(()));
    message.content = None;
    assert_eq!(judge(&scene, &message.build()), Ok(()));
}

#[test]
fn the_verified_signer_carries_what_the_group_may_state() {
    let scene = Scene::new();
    let message = scene.message();
    let verdict = verify_sign_in(&message.build(), CONTENT, &scene.trust(), NOW, provider::native());
    let Verdict::Valid(signer) = verdict else {
        panic!("{verdict:?}")
    };
    assert_eq!(signer.certificate().der(), message.certificate);
    assert_eq!(
        signer
            .person_ids()
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
        ["KZ:IIN:900101300007"]
    );
    assert_eq!((signer.anchor_group(), signer.path().len()), ("kz", 3));
    let name = signer.person_name();
    assert_eq!(name.full, "АХМЕТОВ ӘЛІХАН СЕРІКҰЛЫ");
    assert_eq!(name.given_name.as_deref(), Some("ӘЛІХАН"));
}

#[test]
fn cms_4_content_swapped() {
    assert_eq!(
        refused(|m| m.content = Some(b"other".to_vec())),
        Some(Code::CmsContentMismatch)
    );
    let other_digest = |m: &mut Message<'_>| {
        m.content = None;
        m.attributes = Some(vec![content_type(oids::DATA), message_digest(b"other")]);
    };
    assert_eq!(refused(other_digest), Some(Code::CmsDigestMismatch));
}

#[test]
fn cms_5_no_signed_attributes() {
    assert_eq!(
        refused(|m| m.attributes = None),
        Some(Code::CmsNoSignedAttributes)
    );
    let scene = Scene::new();
    let mut message = scene.message();
    message.attributes = None;
    let report = verify_document(&message.build(), None, &scene.trust(), NOW, provider::native());
    assert_eq!(
        report.verdict,
        Verdict::Valid(()),
        "a document may, and the report says so"
    );
    assert!(!report.signers[0].has_signed_attributes);
}

#[test]
fn cms_5_attributes_replayed_as_content() {
    let scene = Scene::new();
    let mut message = scene.message();
    // what was truly signed, now passed off as the content of a message without attributes
    let signed = asn1::set_of(message.attributes.as_ref().unwrap());
    message.attributes = None;
    message.content = Some(signed.clone());
    let cms = message.build();
    let sign_in = verify_sign_in(&cms, &signed, &scene.trust(), NOW, provider::native());
    assert_eq!(sign_in.code(), Some(Code::CmsNoSignedAttributes));
    let document = verify_document(&cms, None, &scene.trust(), NOW, provider::native());
    assert_eq!(document.verdict, Verdict::Invalid(Code::CmsNoSignedAttributes));
}

#[test]
fn cms_6_attributes_missing_repeated_or_wrong() {
    let cases: [(Vec<Vec<u8>>, Code); 8] = [
        (vec![message_digest(CONTENT)], Code::CmsAttributesInvalid),
        (vec![content_type(oids::DATA)], Code::CmsAttributesInvalid),
        (
            vec![
                content_type(oids::DATA),
                content_type(oids::DATA),
                message_digest(CONTENT),
            ],
            Code::CmsAttributesInvalid,
        ),
        (
            vec![
                content_type(oids::DATA),
                message_digest(CONTENT),
                message_digest(b"other"),
            ],
            Code::CmsAttributesInvalid,
        ),
        (
            vec![
                content_type(oids::DATA),
                attribute(oids::MESSAGE_DIGEST, &[digest(CONTENT), digest(b"other")]),
            ],
            Code::CmsAttributesInvalid,
        ),
        (
            vec![content_type(oids::DATA), attribute(oids::MESSAGE_DIGEST, &[])],
            Code::CmsAttributesInvalid,
        ),
        (
            vec![content_type(oids::SIGNED_DATA), message_digest(CONTENT)],
            Code::CmsContentTypeMismatch,
        ),
        (
            vec![content_type(oids::DATA), message_digest(b"other")],
            Code::CmsDigestMismatch,
        ),
    ];
    for (index, (attributes, code)) in cases.into_iter().enumerate() {
        assert_eq!(
            refused(|m| m.attributes = Some(attributes)),
            Some(code),
            "case {index}"
        );
    }
    assert_eq!(
        refused(|m| m.content_type = oids::ENCRYPTED_DATA),
        Some(Code::CmsContentTypeMismatch)
    );
}

fn signing_certificate(certificate: &[u8]) -> Vec<u8> {
    let reference = asn1::sequence(&[digest(certificate)]);
    attribute(
        oids::SIGNING_CERTIFICATE_V2,
        &[asn1::sequence(&[asn1::sequence(&[reference])])],
    )
}

#[test]
fn cms_7_signing_certificate_names_the_signer() {
    let scene = Scene::new();
    let mut message = scene.message();
    let sound = vec![content_type(oids::DATA), message_digest(CONTENT)];
    message.attributes = Some([sound.clone(), vec![signing_certificate(&scene.person_der())]].concat());
    // an ECDSA signature differs each time, so the certificate is made once
    message.attributes.as_mut().unwrap()[2] = signing_certificate(&message.certificate);
    assert_eq!(judge(&scene, &message.build()), Ok(()));
    message.attributes = Some([sound, vec![signing_certificate(b"another")]].concat());
    assert_eq!(
        judge(&scene, &message.build()),
        Err(Code::CmsSigningCertificateMismatch)
    );
}

#[test]
fn cms_7_algorithms_agree_and_are_allowed() {
    let sha512 = |m: &mut Message<'_>| m.digest_algorithm = algorithm(oids::SHA512);
    assert_eq!(refused(sha512), Some(Code::CmsAlgorithmMismatch));
    assert_eq!(
        refused(|m| m.digest_algorithm = algorithm(oids::SHA1)),
        Some(Code::CmsWeakAlgorithm)
    );
    let ecdsa_sha1 = |m: &mut Message<'_>| m.signature_algorithm = algorithm(oids::ECDSA_SHA1);
    assert_eq!(refused(ecdsa_sha1), Some(Code::CmsWeakAlgorithm));
    let rsa = |m: &mut Message<'_>| m.signature_algorithm = algorithm(oids::RSA_SHA256);
    assert_eq!(refused(rsa), Some(Code::CmsAlgorithmMismatch));
    let gost = |m: &mut Message<'_>| m.digest_algorithm = algorithm(oids::GOST_2012_256);
    assert_eq!(refused(gost), Some(Code::CmsUnsupportedAlgorithm));
}

#[test]
fn cms_7_algorithms_that_are_signed_are_those_of_the_signer() {
    // a signed attribute by RFC 6211: the digest, and the signature's algorithm tagged [1]
    let protected = |digest: Vec<u8>, signature: &[Vec<u8>]| {
        let value = asn1::sequence(&[digest, asn1::context(1, &asn1::concat(signature))]);
        refused(|m| {
            let attributes = m.attributes.as_mut().unwrap();
            attributes.push(attribute(oids::ALGORITHM_PROTECTION, &[value]));
        })
    };
    let ecdsa = [asn1::object_identifier(oids::ECDSA_SHA256)];
    let with_null = [asn1::object_identifier(oids::SHA256), asn1::null()];
    assert_eq!(protected(algorithm(oids::SHA256), &ecdsa), None);
    assert_eq!(
        protected(asn1::sequence(&with_null), &ecdsa),
        None,
        "NULL is none"
    );
    let mismatch = Some(Code::CmsAlgorithmMismatch);
    assert_eq!(protected(algorithm(oids::SHA512), &ecdsa), mismatch);
    let weaker = [asn1::object_identifier(oids::ECDSA_SHA1)];
    assert_eq!(protected(algorithm(oids::SHA256), &weaker), mismatch);
    let other_parameters = [&ecdsa[..], &[asn1::integer(&[1])]].concat();
    assert_eq!(protected(algorithm(oids::SHA256), &other_parameters), mismatch);
    let nothing = refused(|m| {
        let value = asn1::sequence(&[algorithm(oids::SHA256)]);
        let attributes = m.attributes.as_mut().unwrap();
        attributes.push(attribute(oids::ALGORITHM_PROTECTION, &[value]));
    });
    assert_eq!(nothing, Some(Code::CmsAttributesInvalid));
}

#[test]
fn cms_8_signers_are_counted_before_anything_is_checked() {
    assert_eq!(refused(|m| m.signers = 0), Some(Code::CmsSignerCount));
    assert_eq!(refused(|m| m.signers = 2), Some(Code::CmsSignerCount));
    assert_eq!(refused(|m| m.signers = 2_000), Some(Code::CmsTooLarge));
    assert_eq!(
        refused(|m| m.bag = vec![asn1::null(); 101]),
        Some(Code::CmsTooLarge)
    );
}

#[test]
fn cms_8_a_document_is_valid_only_if_all_signers_are() {
    let scene = Scene::new();
    let mut message = scene.message();
    message.signers = 2;
    let report = |cms: &[u8]| verify_document(cms, None, &scene.trust(), NOW, provider::native());
    let cms = message.build();
    assert_eq!(report(&cms).verdict, Verdict::Valid(()));
    // damage the last octet, which belongs to the second signature
    let mut damaged = cms.clone();
    *damaged.last_mut().unwrap() ^= 1;
    let report = report(&damaged);
    assert_eq!(report.verdict, Verdict::Invalid(Code::CmsSignatureInvalid));
    assert!(matches!(report.signers[0].verdict, Verdict::Valid(_)));
}

#[test]
fn cms_9_ber_envelope_is_accepted() {
    let scene = Scene::new();
    let mut message = scene.message();
    let chunks = [
        asn1::octet_string(&CONTENT[..5]),
        asn1::octet_string(&CONTENT[5..]),
    ]
    .concat();
    let parts = message.parts();
    let content = [
        asn1::object_identifier(oids::DATA),
        indefinite(0xa0, &indefinite(0x24, &chunks)),
    ]
    .concat();
    let certificates = indefinite(0xa0, &asn1::concat(&message.bag));
    let signed_data = indefinite(
        tag::SEQUENCE,
        &[
            &parts[0][..],
            &parts[1],
            &indefinite(tag::SEQUENCE, &content),
            &certificates,
            &parts[4],
        ]
        .concat(),
    );
    let inner = [
        asn1::object_identifier(oids::SIGNED_DATA),
        indefinite(0xa0, &signed_data),
    ]
    .concat();
    assert_eq!(judge(&scene, &indefinite(tag::SEQUENCE, &inner)), Ok(()));
    // a length in more octets than needed
    message.content = None;
    let der = message.build();
    let body = &der[4..];
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    assert_eq!(
        judge(&scene, &[&[0x30, 0x84], &length[..], body].concat()),
        Ok(())
    );
}

#[test]
fn cms_9_certificates_and_attributes_must_be_der() {
    let scene = Scene::new();
    let mut message = scene.message();
    let der = message.certificate.clone();
    // the outer SEQUENCE of the certificate in indefinite length
    message.bag = vec![indefinite(tag::SEQUENCE, &der[4..])];
    assert_eq!(judge(&scene, &message.build()), Err(Code::CertificateMalformed));

    let message = scene.message();
    let der = message.build();
    let attributes = asn1::set_of(message.attributes.as_ref().unwrap());
    let mut tagged = attributes.clone();
    tagged[0] = 0xa0;
    let at = der
        .windows(tagged.len())
        .position(|window| window == tagged)
        .unwrap();
    let loose = indefinite(0xa0, &attributes[2..]);
    let signer = [&der[..at], &loose, &der[at + tagged.len()..]].concat();
    assert!(judge(&scene, &signer).is_err(), "lengths around no longer fit");
    let parts = message.parts();
    let signers = parts[4].clone();
    let at = signers
        .windows(tagged.len())
        .position(|window| window == tagged)
        .unwrap();
    // both enclosing lengths are re-made
    let info = [&signers[4..at], &loose, &signers[at + tagged.len()..]].concat();
    let info = asn1::tlv(tag::SEQUENCE, asn1_content(&info));
    let signed_data = asn1::sequence(&[
        parts[0].clone(),
        parts[1].clone(),
        parts[2].clone(),
        parts[3].clone(),
        asn1::tlv(tag::SET, &info),
    ]);
    assert_eq!(judge(&scene, &wrap(&signed_data)), Err(Code::CmsMalformed));
}

/// The content after a header whose length no longer fits.
fn asn1_content(element: &[u8]) -> &[u8] {
    match element[1] {
        0..0x80 => &element[2..],
        long => &element[2 + usize::from(long & 0x7f)..],
    }
}

#[test]
fn cms_10_trailing_bytes_and_truncation() {
    let scene = Scene::new();
    let der = scene.message().build();
    for wrong in [
        [&der[..], &[0]].concat(),
        [&der[..], &der[..]].concat(),
        der[..der.len() - 1].to_vec(),
        Vec::new(),
        vec![0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x06],
        vec![0x30, 0x89, 1, 0, 0, 0, 0, 0, 0, 0, 0],
        vec![0x30, 0x80],
        vec![0x3f, 0x81, 0x00],
        b"not asn.1 at all".to_vec(),
    ] {
        assert_eq!(
            judge(&scene, &wrong),
            Err(Code::CmsMalformed),
            "{:02x?}",
            &wrong[..wrong.len().min(8)]
        );
    }
    for end in 0..der.len() {
        assert_eq!(
            judge(&scene, &der[..end]),
            Err(Code::CmsMalformed),
            "cut at {end}"
        );
    }
}

#[test]
fn cms_10_nesting_and_size_have_a_limit() {
    let scene = Scene::new();
    let deep = [0x30, 0x80].repeat(100_000);
    assert_eq!(judge(&scene, &deep), Err(Code::CmsMalformed));
    let deep_content = [0x24, 0x80].repeat(100_000);
    let inner = [asn1::object_identifier(oids::SIGNED_DATA), deep_content].concat();
    assert_eq!(
        judge(&scene, &indefinite(tag::SEQUENCE, &inner)),
        Err(Code::CmsMalformed)
    );
    assert_eq!(judge(&scene, &vec![0x30; 256 * 1024 + 1]), Err(Code::CmsTooLarge));
    // octet strings in octet strings, each of a sound definite length
    let mut nested = asn1::octet_string(b"x");
    for _ in 0..40 {
        nested = asn1::tlv(0x24, &nested);
    }
    let mut parts = scene.message().parts();
    parts[2] = asn1::sequence(&[asn1::object_identifier(oids::DATA), asn1::context(0, &nested)]);
    assert_eq!(
        judge(&scene, &wrap(&asn1::sequence(&parts))),
        Err(Code::CmsMalformed)
    );
}

#[test]
fn cms_11_signing_time_does_not_move_the_moment() {
    let mut scene = Scene::new();
    scene.person.not_after = UnixTime(NOW.0 - DAY);
    let mut message = scene.message();
    let claimed = UnixTime(NOW.0 - 2 * DAY);
    let time = attribute(oids::SIGNING_TIME, &[claimed.to_der()]);
    message.attributes = Some(vec![content_type(oids::DATA), message_digest(CONTENT), time]);
    let cms = message.build();
    assert_eq!(judge(&scene, &cms), Err(Code::CertificateExpired));
    let report = verify_document(&cms, None, &scene.trust(), NOW, provider::native());
    assert_eq!(report.signers[0].claimed_signing_time, Some(claimed));
}

#[test]
fn cms_12_the_signer_is_found_by_its_identifier() {
    let scene = Scene::new();
    assert_eq!(
        refused(|m| m.bag.clear()),
        Some(Code::CmsSignerCertificateMissing)
    );
    let mut message = scene.message();
    let stranger_key = Key::new();
    let stranger = Draft::new(&common_name("stranger"), &common_name("stranger"), &stranger_key);
    message.bag.insert(0, stranger.issue(&stranger_key));
    assert_eq!(judge(&scene, &message.build()), Ok(()));
    message.bag = vec![stranger.issue(&stranger_key)];
    assert_eq!(
        judge(&scene, &message.build()),
        Err(Code::CmsSignerCertificateMissing)
    );
}

#[test]
fn cms_12_key_identifier_stated_and_computed() {
    let scene = Scene::new();
    let mut message = scene.message();
    let certificate = esign::certificate::Certificate::parse(message.certificate.clone()).unwrap();
    message.id = Some(asn1::tlv(0x80, &certificate.computed_key_identifier()));
    assert_eq!(
        judge(&scene, &message.build()),
        Ok(()),
        "computed, the certificate states none"
    );
    message.id = Some(asn1::tlv(0x80, &[1; 20]));
    assert_eq!(
        judge(&scene, &message.build()),
        Err(Code::CmsSignerCertificateMissing)
    );

    let mut scene = Scene::new();
    scene.person.extensions.push(extension(
        oids::SUBJECT_KEY_IDENTIFIER,
        false,
        &asn1::octet_string(b"mine"),
    ));
    let mut message = scene.message();
    message.id = Some(asn1::tlv(0x80, b"mine"));
    assert_eq!(judge(&scene, &message.build()), Ok(()), "stated");
}

#[test]
fn crt_2_same_issuer_and_serial_by_another_authority() {
    let scene = Scene::new();
    let evil_key = Key::new();
    let evil_authority =
        Draft::authority(&common_name("evil"), &scene.person.issuer, &evil_key).issue(&evil_key);
    let mut evil = scene.person.clone();
    let evil_person = Key::new();
    evil.spki = evil_person.spki();
    let evil = evil.issue(&evil_key);
    // both in the bag, the wrong one first: the one that signed is chosen
    let mut message = scene.message();
    message.bag = vec![evil.clone(), evil_authority.clone(), message.certificate.clone()];
    assert_eq!(judge(&scene, &message.build()), Ok(()));
    // signed by the evil twin
    let mut message = Message::new(&evil_person, evil);
    message.bag.extend([evil_authority, scene.person_der()]);
    assert_eq!(
        judge(&scene, &message.build()),
        Err(Code::CertificateSignatureInvalid)
    );
}

#[test]
fn a_document_without_its_content_is_not_determined() {
    let scene = Scene::new();
    let mut message = scene.message();
    message.content = None;
    let report =
        |content| verify_document(&message.build(), content, &scene.trust(), NOW, provider::native());
    assert_eq!(report(None).verdict, Verdict::Unknown(Code::CmsContentMissing));
    assert_eq!(report(Some(CONTENT)).verdict, Verdict::Valid(()));
}
