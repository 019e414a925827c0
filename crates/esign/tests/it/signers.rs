//! Several signers, counter-signatures, and departures from the standards that are known by name
//! (threats CMS-5, CMS-7 to CMS-9, CMS-12).

use esign::asn1::{self, oids, tag};
use esign::certificate::Certificate;
use esign::cms::{DocumentReport, Level, Quirk, SignerReport, verify_document, verify_sign_in};
use esign::provider;
use esign::trust::TrustStore;
use esign::verdict::{Code, Verdict};

use crate::crl::List;
use crate::forge::{
    CONTENT, Draft, ISSUER, Key, Message, NOW, Order, Scene, algorithm, attribute, common_name, content_type,
    digest, indefinite, kazakh, message_digest, wrap,
};
use crate::stamps::signing_certificate_v2;

fn judge(trust: &TrustStore, cms: &[u8]) -> DocumentReport {
    verify_document(cms, None, trust, NOW, provider::native())
}

fn codes(report: &DocumentReport) -> Vec<Option<Code>> {
    report
        .signers
        .iter()
        .map(|signer| signer.verdict.code())
        .collect()
}

/// Another person of the same issuer.
struct Second {
    key: Key,
    certificate: Vec<u8>,
}

impl Second {
    fn of(scene: &Scene) -> Self {
        let key = Key::new();
        let mut draft = Draft::new(&common_name(ISSUER), &kazakh("850615400015"), &key);
        draft.serial = 8;
        draft.extensions.clone_from(&scene.person.extensions);
        Self {
            certificate: draft.issue(&scene.issuer_key),
            key,
        }
    }

    fn message(&self) -> Message<'_> {
        Message::new(&self.key, self.certificate.clone())
    }

    /// A SignerInfo over somebody's signature, which names no content type.
    fn counter_sign(&self, signature: &[u8], change: impl FnOnce(&mut Message<'_>)) -> Vec<u8> {
        let mut message = self.message();
        message.content = Some(signature.to_vec());
        message.attributes = Some(vec![message_digest(signature)]);
        change(&mut message);
        attribute(oids::COUNTER_SIGNATURE, &[message.signer_info()])
    }
}

/// One message of several signers, each given as its SignerInfo.
fn together(message: &Message<'_>, bag: &[Vec<u8>], signers: &[Vec<u8>]) -> Vec<u8> {
    let mut parts = message.parts();
    parts[3] = asn1::context(0, &bag.concat());
    parts[4] = asn1::tlv(tag::SET, &signers.concat());
    wrap(&asn1::sequence(&parts))
}

#[test]
fn cms_8_every_signer_is_judged_for_itself() {
    let scene = Scene::new();
    let second = Second::of(&scene);
    let (one, other) = (scene.message(), second.message());
    let bag = [one.certificate.clone(), second.certificate.clone()];
    let report = judge(
        &scene.trust(),
        &together(&one, &bag, &[one.signer_info(), other.signer_info()]),
    );
    assert_eq!(
        (report.verdict.clone(), codes(&report)),
        (Verdict::Valid(()), vec![None, None])
    );
    let persons: Vec<_> = report
        .signers
        .into_iter()
        .map(|signer| {
            signer.verdict.into_result().unwrap().person_ids()[0]
                .value
                .clone()
        })
        .collect();
    assert_eq!(persons, ["900101300007", "850615400015"]);

    // one bad signer among good ones, in any place
    for place in 0..3 {
        let mut signers = vec![one.signer_info(), other.signer_info(), one.signer_info()];
        *signers[place].last_mut().unwrap() ^= 1;
        let report = judge(&scene.trust(), &together(&one, &bag, &signers));
        assert_eq!(report.verdict, Verdict::Invalid(Code::CmsSignatureInvalid));
        let bad: Vec<_> = codes(&report).iter().map(Option::is_some).collect();
        assert_eq!(bad.iter().position(|is_bad| *is_bad), Some(place));
        assert_eq!(bad.iter().filter(|is_bad| **is_bad).count(), 1);
    }
    // what is not known does not hide what is wrong
    let mut unknown = scene.message();
    unknown.digest_algorithm = algorithm(oids::P256);
    let mut wrong = one.signer_info();
    *wrong.last_mut().unwrap() ^= 1;
    let report = judge(
        &scene.trust(),
        &together(&one, &bag, &[unknown.signer_info(), wrong]),
    );
    assert_eq!(report.verdict, Verdict::Invalid(Code::CmsSignatureInvalid));
    let report = judge(
        &scene.trust(),
        &together(&one, &bag, &[unknown.signer_info(), one.signer_info()]),
    );
    assert_eq!(report.verdict, Verdict::Unknown(Code::CmsUnsupportedAlgorithm));
}

fn counter_signed(scene: &Scene, second: &Second, change: impl Fn(&mut Message<'_>) + Copy) -> SignerReport {
    let mut message = scene.message();
    message.bag.push(second.certificate.clone());
    message.unsigned = Box::new(move |signature| vec![second.counter_sign(signature, change)]);
    let report = judge(&scene.trust(), &message.build());
    assert_eq!(
        report.verdict,
        Verdict::Valid(()),
        "counter-signatures are judged for themselves"
    );
    report.signers.into_iter().next().unwrap()
}

#[test]
fn counter_signatures_are_shown_and_judged() {
    let scene = Scene::new();
    let second = Second::of(&scene);
    let counter = |change: &dyn Fn(&mut Message<'_>)| {
        let report = counter_signed(&scene, &second, change);
        let [counter] = report.counter_signatures.as_slice() else {
            panic!()
        };
        counter.clone()
    };
    let sound = counter(&|_| {});
    let Verdict::Valid(signer) = &sound.verdict else {
        panic!("{:?}", sound.verdict)
    };
    assert_eq!(signer.person_ids()[0].value, "850615400015");
    let code = |change: &dyn Fn(&mut Message<'_>)| counter(change).verdict.code();
    assert_eq!(
        code(&|m| m.attributes = Some(vec![message_digest(b"another signature")])),
        Some(Code::CmsDigestMismatch)
    );
    assert_eq!(
        code(&|m| m.attributes.as_mut().unwrap().push(content_type(oids::DATA))),
        Some(Code::CmsAttributesInvalid),
        "a signature value has no content type (RFC 5652 §11.4)"
    );
    assert_eq!(
        code(&|m| m.attributes = Some(Vec::new())),
        Some(Code::CmsAttributesInvalid)
    );
    assert_eq!(
        code(&|m| m.attributes = None),
        None,
        "over the signature value itself"
    );
    let by_nobody = |m: &mut Message<'_>| m.id = Some(asn1::tlv(0x80, &[9; 20]));
    assert_eq!(code(&by_nobody), Some(Code::CmsSignerCertificateMissing));
}

/// Counter-signatures over counter-signatures, this many levels of them.
fn nested(second: &Second, signature: &[u8], levels: usize) -> Vec<u8> {
    let mut message = second.message();
    message.content = Some(signature.to_vec());
    message.attributes = Some(vec![message_digest(signature)]);
    if levels > 1 {
        message.unsigned = Box::new(move |signature| vec![nested(second, signature, levels - 1)]);
    }
    attribute(oids::COUNTER_SIGNATURE, &[message.signer_info()])
}

#[test]
fn counter_signatures_of_counter_signatures_have_an_end() {
    let scene = Scene::new();
    let second = Second::of(&scene);
    let report = |levels| {
        let mut message = scene.message();
        message.bag.push(second.certificate.clone());
        let second = &second;
        message.unsigned = Box::new(move |signature| vec![nested(second, signature, levels)]);
        judge(&scene.trust(), &message.build())
    };
    let mut signer = &report(3).signers[0];
    for _ in 0..3 {
        signer = &signer.counter_signatures[0];
        assert!(matches!(signer.verdict, Verdict::Valid(_)));
    }
    assert!(signer.counter_signatures.is_empty());
    assert_eq!(report(4).verdict, Verdict::Invalid(Code::CmsTooLarge));
}

#[test]
fn quirks_are_named_and_nothing_else_is_tolerated() {
    let scene = Scene::new();
    let quirks = |change: &dyn Fn(&mut Message<'_>)| {
        let mut message = scene.message();
        change(&mut message);
        let mut report = judge(&scene.trust(), &message.build());
        assert_eq!(report.verdict, Verdict::Valid(()));
        report.quirks.append(&mut report.signers[0].quirks);
        report.quirks
    };
    assert_eq!(quirks(&|_| {}), []);
    let backwards = |m: &mut Message<'_>| {
        let mut attributes = vec![content_type(oids::DATA), message_digest(CONTENT)];
        attributes.sort();
        attributes.reverse();
        m.attributes = Some(attributes);
    };
    assert_eq!(quirks(&backwards), [], "the SET is sorted");
    let with_order = |order| {
        move |m: &mut Message<'_>| {
            backwards(m);
            m.order = order;
        }
    };
    assert_eq!(quirks(&with_order(Order::AsGiven)), [Quirk::UnsortedAttributes]);
    assert_eq!(
        quirks(&with_order(Order::SortedToSign)),
        [Quirk::AttributesSortedToSign]
    );
    assert_eq!(quirks(&|m| m.attributes = None), [Quirk::NoSignedAttributes]);
    assert_eq!(
        quirks(&|m| m.signature_algorithm = algorithm(oids::EC_PUBLIC_KEY)),
        [Quirk::KeyOidAsSignature]
    );
    let by_key = |m: &mut Message<'_>| {
        let certificate = Certificate::parse(m.certificate.clone()).unwrap();
        m.id = Some(asn1::tlv(0x80, &certificate.computed_key_identifier()));
    };
    assert_eq!(quirks(&by_key), [Quirk::SignerVersion], "version 3 is due");

    let version = |parts: &mut Vec<Vec<u8>>| parts[0] = asn1::integer(&[4]);
    let unannounced = |parts: &mut Vec<Vec<u8>>| parts[1] = asn1::set_of::<Vec<u8>>(&[]);
    let edited = |edit: &dyn Fn(&mut Vec<Vec<u8>>)| {
        let mut parts = scene.message().parts();
        edit(&mut parts);
        judge(&scene.trust(), &wrap(&asn1::sequence(&parts))).quirks
    };
    assert_eq!(edited(&version), [Quirk::Version]);
    assert_eq!(edited(&unannounced), [Quirk::DigestNotAnnounced]);
    let ber = |parts: &mut Vec<Vec<u8>>| {
        let set = asn1::only(&parts[4], asn1::Rules::Der).unwrap();
        parts[4] = indefinite(tag::SET, set.content());
    };
    assert_eq!(edited(&ber), [Quirk::BerEnvelope]);
}

#[test]
fn cms_9_attributes_in_another_order_are_not_a_way_around_the_signature() {
    let scene = Scene::new();
    let mut message = scene.message();
    message.attributes.as_mut().unwrap().reverse();
    for order in [Order::AsGiven, Order::SortedToSign] {
        message.order = order;
        let mut cms = message.build();
        *cms.last_mut().unwrap() ^= 1;
        assert_eq!(
            judge(&scene.trust(), &cms).verdict,
            Verdict::Invalid(Code::CmsSignatureInvalid)
        );
        let sign_in = verify_sign_in(&message.build(), CONTENT, &scene.trust(), NOW, provider::native());
        assert_eq!(sign_in.code(), None, "no entry point is stricter than another");
    }
}

fn sha1(bytes: &[u8]) -> Vec<u8> {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, bytes);
    asn1::octet_string(digest.as_ref())
}

#[test]
fn cms_7_signing_certificate_of_version_1_and_2() {
    let scene = Scene::new();
    let report = |attributes: &dyn Fn(&[u8]) -> Vec<Vec<u8>>| {
        let mut message = scene.message();
        let more = attributes(&message.certificate);
        message.attributes.as_mut().unwrap().extend(more);
        judge(&scene.trust(), &message.build()).signers.remove(0)
    };
    let reference = |kind, id: Vec<u8>| {
        attribute(
            kind,
            &[asn1::sequence(&[asn1::sequence(&[asn1::sequence(&[id])])])],
        )
    };
    let v1 = |certificate: &[u8]| reference(oids::SIGNING_CERTIFICATE, sha1(certificate));
    let signer = report(&|certificate| vec![v1(certificate)]);
    assert_eq!((signer.verdict.code(), signer.level), (None, Level::Bes));
    assert_eq!(signer.quirks, [Quirk::SigningCertificateV1]);
    let signer = report(&|certificate| vec![v1(certificate), signing_certificate_v2(certificate)]);
    assert_eq!((signer.verdict.code(), signer.quirks), (None, vec![]));
    // each reference counts: SHA-1 does not stand in for a better one
    let mismatch = Some(Code::CmsSigningCertificateMismatch);
    assert_eq!(
        report(&|c| vec![v1(c), signing_certificate_v2(b"x")])
            .verdict
            .code(),
        mismatch
    );
    assert_eq!(
        report(&|c| vec![v1(b"x"), signing_certificate_v2(c)])
            .verdict
            .code(),
        mismatch
    );
    assert_eq!(report(&|_| vec![v1(b"x")]).verdict.code(), mismatch);
    // version 2 may name any hash but a broken one
    let by_sha1 = |certificate: &[u8]| {
        let id = [algorithm(oids::SHA1), sha1(certificate)].concat();
        reference(oids::SIGNING_CERTIFICATE_V2, id)
    };
    assert_eq!(
        report(&|c| vec![by_sha1(c)]).verdict.code(),
        Some(Code::CmsWeakAlgorithm)
    );
    let twice = |c: &[u8]| vec![signing_certificate_v2(c), signing_certificate_v2(c)];
    assert_eq!(report(&twice).verdict.code(), Some(Code::CmsAttributesInvalid));
    let empty = attribute(
        oids::SIGNING_CERTIFICATE_V2,
        &[asn1::sequence(&[asn1::sequence::<Vec<u8>>(&[])])],
    );
    assert_eq!(
        report(&|_| vec![empty.clone()]).verdict.code(),
        Some(Code::CmsAttributesInvalid)
    );
    // with the issuer and the serial number, which must be those of the certificate
    let with_issuer = |issuer: Vec<u8>, serial: u8| {
        move |certificate: &[u8]| {
            let names = asn1::sequence(&[asn1::tlv(0xa4, &issuer)]);
            let pair = asn1::sequence(&[names, asn1::integer(&[serial])]);
            vec![reference(
                oids::SIGNING_CERTIFICATE_V2,
                [digest(certificate), pair].concat(),
            )]
        }
    };
    assert_eq!(report(&with_issuer(common_name(ISSUER), 7)).verdict.code(), None);
    assert_eq!(
        report(&with_issuer(common_name(ISSUER), 9)).verdict.code(),
        mismatch
    );
    assert_eq!(report(&with_issuer(common_name("x"), 7)).verdict.code(), mismatch);
}

#[test]
fn other_choices_of_certificates_and_revocation_data_are_carried() {
    let scene = Scene::new();
    let mut message = scene.message();
    message
        .bag
        .push(asn1::context(3, &asn1::object_identifier(oids::DATA)));
    message.revocation = vec![
        List::of(ISSUER).sign(&scene.issuer_key).der().to_vec(),
        asn1::context(
            1,
            &[
                asn1::object_identifier(oids::OCSP_RESPONSE),
                asn1::sequence(&[asn1::null()]),
            ]
            .concat(),
        ),
        asn1::context(1, &[asn1::object_identifier(oids::DATA), asn1::null()].concat()),
    ];
    let report = judge(&scene.trust(), &message.build());
    assert_eq!(report.verdict, Verdict::Valid(()));
    let evidence = report.evidence;
    assert_eq!(
        (evidence.certificates, evidence.crls, evidence.ocsp_responses),
        (1, 1, 1)
    );
    assert_eq!(evidence.unreadable, 1, "what is no OCSP response harms nobody");
    assert_eq!(report.quirks, [Quirk::Version], "version 5 is due");
}

#[test]
fn cms_10_attributes_and_stamps_are_counted() {
    let scene = Scene::new();
    let many = |count: usize, kind| {
        let mut message = scene.message();
        message.unsigned = Box::new(move |_| vec![attribute(kind, &[asn1::null()]); count]);
        judge(&scene.trust(), &message.build()).verdict
    };
    assert_eq!(many(100, oids::SIGNING_TIME), Verdict::Valid(()));
    assert_eq!(many(101, oids::SIGNING_TIME), Verdict::Invalid(Code::CmsTooLarge));
    assert_eq!(many(64, oids::SIGNATURE_TIME_STAMP), Verdict::Valid(()));
    assert_eq!(
        many(65, oids::SIGNATURE_TIME_STAMP),
        Verdict::Invalid(Code::CmsTooLarge)
    );
    let mut message = scene.message();
    let other = |index: usize| {
        let oid = [0x2a, 0x81 + index / 128, index % 128].map(|byte| u8::try_from(byte).unwrap());
        attribute(asn1::Oid::from_content(&oid).unwrap(), &[asn1::null()])
    };
    message.attributes.as_mut().unwrap().extend((1..5_000).map(other));
    assert_eq!(
        judge(&scene.trust(), &message.build()).verdict,
        Verdict::Invalid(Code::CmsTooLarge)
    );
}

/// OpenSSL's engine names the key in the place of the signature and writes NULL; TC 26's samples do the first, and one
/// of them has no attributes.
#[test]
fn quirks_of_gost_tools() {
    let quirks = |cms: &[u8], content: Option<&[u8]>| {
        let report = verify_document(cms, content, &TrustStore::default(), NOW, provider::native());
        report.signers[0].quirks.clone()
    };
    if let Some(folder) = crate::vectors("gost-interop") {
        let content = std::fs::read(folder.join("msg.txt")).unwrap();
        for name in ["gost2001_A", "gost2012_256_TCA", "gost2012_512_C"] {
            let cms = std::fs::read(folder.join(format!("{name}.cms"))).unwrap();
            assert_eq!(
                quirks(&cms, Some(&content)),
                [Quirk::KeyOidAsSignature, Quirk::ExplicitNull],
                "{name}"
            );
        }
    }
    if let Some(folder) = crate::vectors("tc26-cms") {
        let read = |name: &str| {
            let pem = std::fs::read_to_string(folder.join(name)).unwrap();
            let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
            data_encoding::BASE64.decode(body.as_bytes()).unwrap()
        };
        assert_eq!(quirks(&read("signed_a111.pem"), None), [Quirk::KeyOidAsSignature]);
        assert_eq!(
            quirks(&read("signed_a121.pem"), None),
            [Quirk::NoSignedAttributes, Quirk::KeyOidAsSignature]
        );
    }
}
