//! Threats CRT-1 to CRT-9: certificates that must not let anybody in.

use esign::asn1::{self, Oid, oids};
use esign::cms::{verify_document, verify_sign_in};
use esign::profile::Profile;
use esign::provider;
use esign::time::UnixTime;
use esign::trust::TrustStore;
use esign::verdict::{Code, Verdict};

use crate::forge::{
    CERT_AND_CRL_SIGN, CONTENT, DAY, DIGITAL_SIGNATURE, Draft, KEY_ENCIPHERMENT, Key, Message, NOW, Scene,
    algorithm, basic_constraints, common_name, extension, kazakh, key_usage, name, purposes, spki,
};

fn enter(scene: &Scene, trust: &TrustStore) -> Verdict<esign::cms::VerifiedSigner> {
    verify_sign_in(&scene.message().build(), CONTENT, trust, NOW, provider::native())
}

fn refused(change: impl FnOnce(&mut Scene)) -> Option<Code> {
    let mut scene = Scene::new();
    change(&mut scene);
    enter(&scene, &scene.trust()).code()
}

#[test]
fn crt_1_only_the_exact_attribute_names_a_person() {
    let ids = |subject: Vec<u8>| {
        let mut scene = Scene::new();
        scene.person.subject = subject;
        let Verdict::Valid(signer) = enter(&scene, &scene.trust()) else {
            panic!("refused")
        };
        signer
            .person_ids()
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(kazakh("900101300007")), ["KZ:IIN:900101300007"]);
    assert_eq!(
        ids(kazakh("010101500401")),
        ["KZ:IIN:010101500401"],
        "a namesake is another person"
    );
    let iin = "IIN900101300007";
    for other in [
        name(&[(oids::COMMON_NAME, iin)]),
        name(&[(oids::ORGANIZATIONAL_UNIT, iin)]),
        name(&[(oids::SERIAL_NUMBER, "900101300007")]),
        name(&[(oids::SERIAL_NUMBER, "IIN90010130000x")]),
        name(&[(oids::SERIAL_NUMBER, "iin900101300007")]),
        name(&[(oids::SNILS, "11223344595")]),
    ] {
        assert_eq!(ids(other), Vec::<String>::new());
    }
}

#[test]
fn crt_1_a_name_that_states_two_numbers_is_refused() {
    let twice = |other: &str| {
        let subject = name(&[
            (oids::SERIAL_NUMBER, "IIN900101300007"),
            (oids::SERIAL_NUMBER, other),
        ]);
        refused(|scene| scene.person.subject = subject)
    };
    for other in ["IIN010101500401", "IIN900101300007", "7"] {
        assert_eq!(twice(other), Some(Code::CertificateAmbiguousSubject));
    }
}

#[test]
fn crt_6_a_program_does_not_enter_in_a_persons_name() {
    let enters = |role: Oid<'_>| {
        refused(|scene| {
            scene.person.extensions =
                vec![key_usage(DIGITAL_SIGNATURE), purposes(&[oids::CLIENT_AUTH, role])];
        })
    };
    let role = |dotted| crate::oid_content(dotted);
    let (person, program) = (role("1.2.398.3.3.4.1.1"), role("1.2.398.3.3.4.1.1.1"));
    assert_eq!(enters(Oid::from_content(&person).unwrap()), None);
    assert_eq!(
        enters(Oid::from_content(&program).unwrap()),
        Some(Code::CertificateWrongPurpose)
    );
}

#[test]
fn crt_3_a_group_states_only_what_it_may() {
    let scene = Scene::new();
    let mut group = scene.group();
    group.person_ids = vec!["RU:SNILS".parse().unwrap()];
    let Verdict::Valid(signer) = enter(&scene, &TrustStore::new(vec![group])) else {
        panic!("refused")
    };
    assert!(signer.person_ids().is_empty());
}

#[test]
fn check_digits_matter_only_where_the_group_says_so() {
    let mut scene = Scene::new();
    scene.person.subject = kazakh("123456789011");
    assert_eq!(enter(&scene, &scene.trust()).code(), None);
    let mut group = scene.group();
    group.check_digits = true;
    let store = TrustStore::new(vec![group]);
    assert_eq!(
        enter(&scene, &store).code(),
        Some(Code::CertificatePersonIdInvalid)
    );
}

#[test]
fn russian_and_plain_subjects() {
    let read = |profile: Profile, subject: Vec<u8>| {
        let key = Key::new();
        let draft = Draft::new(&common_name("CA"), &subject, &key);
        let subject = profile.read(&draft.certificate(&key)).unwrap();
        let persons: Vec<_> = subject.person_ids.iter().map(ToString::to_string).collect();
        let organisations: Vec<_> = subject.organisation_ids.iter().map(ToString::to_string).collect();
        (persons.join(" "), organisations.join(" "))
    };
    let head = name(&[
        (oids::SURNAME, "Иванов"),
        (oids::GIVEN_NAME, "Иван Петрович"),
        (oids::SNILS, "11223344595"),
        (oids::INN, "500100732259"),
        (oids::INNLE, "7707083893"),
        (oids::OGRN, "1027700132195"),
    ]);
    let expected = (
        "RU:SNILS:11223344595 RU:INN:500100732259",
        "RU:OGRN:1027700132195 RU:INNLE:7707083893",
    );
    assert_eq!(read(Profile::Ru, head), (expected.0.into(), expected.1.into()));
    let old = name(&[(oids::INN, "007707083893")]);
    assert_eq!(
        read(Profile::Ru, old),
        (String::new(), "RU:INNLE:7707083893".into()),
        "padded with zeros"
    );
    let estonian = name(&[(oids::SERIAL_NUMBER, "PNOEE-38001085718")]);
    assert_eq!(read(Profile::Plain, estonian).0, "EE:PNO:38001085718");
}

#[test]
fn crt_6_valid_but_not_for_entering() {
    let extensions = |list: Vec<Vec<u8>>| refused(|scene| scene.person.extensions = list);
    let signature = || key_usage(DIGITAL_SIGNATURE);
    let wrong = Some(Code::CertificateWrongPurpose);
    assert_eq!(
        extensions(vec![signature(), purposes(&[oids::SERVER_AUTH])]),
        wrong
    );
    assert_eq!(
        extensions(vec![signature(), purposes(&[oids::TIME_STAMPING])]),
        wrong
    );
    assert_eq!(
        extensions(vec![signature(), purposes(&[oids::EMAIL_PROTECTION])]),
        wrong
    );
    assert_eq!(
        extensions(vec![key_usage(KEY_ENCIPHERMENT), purposes(&[oids::CLIENT_AUTH])]),
        wrong
    );
    assert_eq!(
        extensions(vec![purposes(&[oids::CLIENT_AUTH])]),
        wrong,
        "no key usage stated"
    );
    assert_eq!(
        extensions(vec![basic_constraints(None), key_usage(DIGITAL_SIGNATURE | 4)]),
        wrong,
        "an authority"
    );
    assert_eq!(
        extensions(vec![signature()]),
        None,
        "no purposes stated: not limited"
    );
}

#[test]
fn crt_6_a_machine_certificate_signs_no_document() {
    let judge = |purpose| {
        let mut scene = Scene::new();
        scene.person.extensions = vec![key_usage(DIGITAL_SIGNATURE), purposes(&[purpose])];
        verify_document(
            &scene.message().build(),
            None,
            &scene.trust(),
            NOW,
            provider::native(),
        )
        .verdict
    };
    assert_eq!(
        judge(oids::SERVER_AUTH),
        Verdict::Invalid(Code::CertificateWrongPurpose)
    );
    assert_eq!(judge(oids::EMAIL_PROTECTION), Verdict::Valid(()));
}

#[test]
fn crt_7_one_code_for_each_fault_of_a_path() {
    assert_eq!(
        refused(|s| s.person.not_after = UnixTime(NOW.0 - 1)),
        Some(Code::CertificateExpired)
    );
    assert_eq!(
        refused(|s| s.person.not_before = UnixTime(NOW.0 + 1)),
        Some(Code::CertificateNotYetValid)
    );
    assert_eq!(
        refused(|s| s.issuer.not_after = UnixTime(NOW.0 - DAY)),
        Some(Code::CertificateExpired)
    );
    assert_eq!(
        refused(|s| s.person.issuer = common_name("nobody")),
        Some(Code::CertificateUnknownIssuer)
    );
    assert_eq!(
        refused(|s| s.issuer.extensions = vec![]),
        Some(Code::CertificateIssuerNotAuthority)
    );
    let may_not_sign = |s: &mut Scene| s.issuer.extensions = vec![basic_constraints(None), key_usage(0x80)];
    assert_eq!(refused(may_not_sign), Some(Code::CertificateIssuerNotAuthority));
    let unknown = Oid::from_content(&[0x2a, 3, 4]).unwrap();
    let critical = |s: &mut Scene| s.person.extensions.push(extension(unknown, true, &[5, 0]));
    assert_eq!(refused(critical), Some(Code::CertificateUnknownExtension));
    assert_eq!(
        refused(|s| s.person.extensions.push(extension(unknown, false, &[5, 0]))),
        None
    );
    assert_eq!(
        refused(|s| s.issuer_key = Key::new()),
        Some(Code::CertificateSignatureInvalid)
    );
}

#[test]
fn crt_7_self_signed_stranger() {
    let scene = Scene::new();
    let key = Key::new();
    let mut draft = scene.person.clone();
    draft.issuer.clone_from(&draft.subject);
    draft.spki = key.spki();
    let cms = Message::new(&key, draft.issue(&key)).build();
    let verdict = verify_sign_in(&cms, CONTENT, &scene.trust(), NOW, provider::native());
    assert_eq!(verdict.code(), Some(Code::CertificateUnknownIssuer));
}

#[test]
fn crt_7_path_length() {
    let mut scene = Scene::new();
    // an authority under one that may have none below it
    scene.issuer.extensions = vec![basic_constraints(Some(0)), key_usage(CERT_AND_CRL_SIGN)];
    let lower_key = Key::new();
    let lower = Draft::authority(
        &common_name(crate::forge::ISSUER),
        &common_name("lower"),
        &lower_key,
    );
    let mut person = scene.person.clone();
    person.issuer = common_name("lower");
    let mut message = Message::new(&scene.person_key, person.issue(&lower_key));
    message.bag.push(lower.issue(&scene.issuer_key));
    let verdict = verify_sign_in(&message.build(), CONTENT, &scene.trust(), NOW, provider::native());
    assert_eq!(verdict.code(), Some(Code::CertificatePathTooLong));
}

#[test]
fn crt_7_name_constraints_and_policies() {
    let permitted = |base: &[u8]| {
        let subtree = asn1::sequence(&[base.to_vec()]);
        extension(
            oids::NAME_CONSTRAINTS,
            true,
            &asn1::sequence(&[asn1::context(0, &subtree)]),
        )
    };
    let directory = |name: Vec<u8>| permitted(&asn1::tlv(0xa4, &name));
    let other = directory(name(&[(oids::ORGANIZATION, "elsewhere")]));
    assert_eq!(
        refused(|s| s.issuer.extensions.push(other)),
        Some(Code::CertificateNameNotPermitted)
    );
    let own = directory(name(&[(oids::COMMON_NAME, "ахметов  әлІхан")]));
    assert_eq!(
        refused(|s| s.issuer.extensions.push(own)),
        None,
        "case and white space do not matter"
    );
    let mail = permitted(&asn1::tlv(0x81, b".gov.kz"));
    let with_mail = |s: &mut Scene| {
        s.issuer.extensions.push(mail);
        s.person.subject = name(&[
            (oids::COMMON_NAME, "x"),
            (oids::EMAIL_ADDRESS, "a@gov.kz.evil.example"),
        ]);
    };
    assert_eq!(refused(with_mail), Some(Code::CertificateNameNotPermitted));
    let explicit = asn1::sequence(&[asn1::tlv(0x80, &[0])]);
    let requirement = extension(oids::POLICY_CONSTRAINTS, true, &explicit);
    let policy = |s: &mut Scene| s.issuer.extensions.push(requirement);
    assert_eq!(
        refused(policy),
        Some(Code::CertificatePolicy),
        "a policy is required and none is stated"
    );
}

#[test]
fn crt_7_another_spelling_of_an_excluded_name_is_excluded() {
    let under = |tag: u8, excluded: &[u8], stated: &[u8]| {
        let subtree = asn1::sequence(&[asn1::tlv(tag, excluded)]);
        let constraints = asn1::sequence(&[asn1::context(1, &subtree)]);
        let names = asn1::sequence(&[asn1::tlv(tag, stated)]);
        refused(|s| {
            let constraints = extension(oids::NAME_CONSTRAINTS, true, &constraints);
            s.issuer.extensions.push(constraints);
            s.person
                .extensions
                .push(extension(oids::SUBJECT_ALT_NAME, false, &names));
        })
    };
    let (mail, dns, uri, address) = (0x81, 0x82, 0x86, 0x87);
    for (tag, excluded, stated) in [
        (mail, "x.example", "a@X.example"),
        (mail, "x.example", "a@x.example."),
        (mail, ".x.example", "a@b.x.example."),
        (mail, "a@x.example", "a@X.EXAMPLE."),
        (mail, "a@x.example", "\"a\"@x.example"),
        (mail, "x.example", "no address"),
        (dns, "x.example", "b.x.example."),
        (uri, "x.example", "https://x.example./"),
        (uri, "x.example", "https://me@x.example:8443?"),
        (uri, ".x.example", "https://b.x.example./"),
        (uri, "x.example", "https://%78.example/"),
        (uri, "x.example", "mailto:a@x.example"),
        (address, "\x0a\0\0\0\x7f\0\0\0", "\x0a\x01\x02\x03"),
    ] {
        let code = under(tag, excluded.as_bytes(), stated.as_bytes());
        assert_eq!(code, Some(Code::CertificateNameNotPermitted), "{stated}");
    }
    for (tag, excluded, stated) in [
        (mail, "x.example", "a@b.x.example"),
        (mail, "a@x.example", "A@x.example"),
        (dns, "x.example", "ax.example"),
        (uri, "x.example", "https://x.example.org/"),
        (address, "\x0a\0\0\0\x7f\0\0\0", "\x0c\x01\x02\x03"),
    ] {
        let code = under(tag, excluded.as_bytes(), stated.as_bytes());
        assert_eq!(code, None, "{stated}");
    }
}

#[test]
fn crt_8_weak_algorithms() {
    let weak = Some(Code::CertificateWeakAlgorithm);
    for broken in [oids::ECDSA_SHA1, oids::RSA_SHA1, oids::RSA_MD5] {
        assert_eq!(refused(|s| s.person.algorithm = algorithm(broken)), weak);
        assert_eq!(refused(|s| s.issuer.algorithm = algorithm(broken)), weak);
    }
    let rsa = |modulus: &[u8], exponent: &[u8]| {
        let key = asn1::sequence(&[asn1::integer(modulus), asn1::integer(exponent)]);
        spki(
            &[asn1::object_identifier(oids::RSA_ENCRYPTION), asn1::null()],
            &key,
        )
    };
    let key = |spki: Vec<u8>| refused(|s| s.issuer.spki = spki);
    assert_eq!(key(rsa(&[0xff; 128], &[1, 0, 1])), weak, "rsa1024");
    assert_eq!(key(rsa(&[0xff; 256], &[1])), weak, "exponent 1");
    assert_eq!(key(rsa(&[0xff; 256], &[1, 0, 0])), weak, "even exponent");
    assert_eq!(
        key(rsa(&[0xff; 256], &[2, 0, 0, 0, 1])),
        weak,
        "exponent above 2^32+1"
    );
    assert_eq!(
        key(rsa(&[0xff; 1025], &[1, 0, 1])),
        Some(Code::CertificateMalformed),
        "above 8192 bits"
    );
    // the curve written out, as in CVE-2020-0601
    let explicit = asn1::sequence(&[asn1::integer(&[1])]);
    let point = Key::new().point().to_vec();
    assert_eq!(
        key(spki(
            &[asn1::object_identifier(oids::EC_PUBLIC_KEY), explicit],
            &point
        )),
        weak,
        "ec_explicit"
    );
    let other_curve = [
        asn1::object_identifier(oids::EC_PUBLIC_KEY),
        asn1::object_identifier(oids::ED25519),
    ];
    assert_eq!(
        key(spki(&other_curve, &point)),
        Some(Code::CertificateUnsupportedAlgorithm)
    );
}

#[test]
fn crt_9_names_are_weapons() {
    for control in ["Иван\0ов", "Иван\nов", "\u{1b}[2J", "\u{85}"] {
        let subject = name(&[(oids::COMMON_NAME, control)]);
        assert_eq!(
            refused(|s| s.person.subject = subject),
            Some(Code::CertificateMalformed),
            "{control:?}"
        );
    }
    let shown = |text: &str| {
        let key = Key::new();
        let subject = common_name(text);
        let certificate = Draft::new(&subject, &subject, &key).certificate(&key);
        (
            certificate.subject().common_name(),
            certificate.subject().to_string(),
        )
    };
    assert_eq!(
        shown("<b>, \u{202e}x").1,
        "CN=\\<b\\>\\, \u{202e}x",
        "the page isolates direction marks"
    );
    assert_eq!(
        shown(&"x".repeat(5_000)).0.unwrap().chars().count(),
        257,
        "256 and an ellipsis"
    );
    assert_eq!(shown("a\0b"), (None, "CN=a\u{fffd}b".into()));
}

#[test]
fn every_code_has_a_sample() {
    let samples = [
        include_str!("cms.rs"),
        include_str!("crt.rs"),
        include_str!("crl.rs"),
        include_str!("tsp.rs"),
        include_str!("cades.rs"),
        include_str!("budget.rs"),
        include_str!("gost.rs"),
        include_str!("ocsp/mod.rs"),
        include_str!("ocsp/delegates.rs"),
        include_str!("revocation/changes.rs"),
        include_str!("revocation/signers.rs"),
        include_str!("revocation/moments.rs"),
    ]
    .concat();
    for code in Code::ALL {
        assert!(
            samples.contains(&format!("Code::{code:?})")),
            "{code:?} is produced by no test"
        );
    }
}
