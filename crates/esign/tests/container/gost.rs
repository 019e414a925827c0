//! Private keys of GOST in every spelling, and what is signed with them.

use esign::algorithm::Gost;
use esign::asn1::{Oid, integer, object_identifier, octet_string, oids, sequence, tag, tlv};
use esign::certificate::Certificate;
use esign::cms::sign::{Form, Request, sign};
use esign::cms::verify_document;
use esign::pkcs12::{self, Container, Pkcs12Error};
use esign::private_key::{PrivateKey, PrivateKeyError, SigningAlgorithm};
use esign::profile::Profile;
use esign::provider::{native, portable};
use esign::time::UnixTime;
use esign::trust::{AnchorGroup, PurposeRule, TrustStore};

use crate::support::{
    Openssl, RSA, bag, certificate_bag, container, counting_random, from_pem, rsadsi, vector,
};

const CONTENT: &[u8] = "Kabinet/1 sign-in\r\nӨтінеміз\n".as_bytes();

/// A key and a certificate of OpenSSL's engine.
fn engine(name: &str) -> Option<(Vec<u8>, Certificate)> {
    let key = from_pem(&vector(&format!("gost-interop/{name}.key"))?);
    let certificate = Certificate::parse(vector(&format!("gost-interop/{name}.crt"))?).unwrap();
    Some((key, certificate))
}

#[test]
fn a_4_keys_of_the_engine_belong_to_their_certificates_and_to_no_other() {
    let names = [
        "gost2012_256_A",
        "gost2012_256_B",
        "gost2012_256_C",
        "gost2012_256_TCA",
        "gost2012_256_TCB",
        "gost2012_256_TCC",
        "gost2012_256_TCD",
        "gost2012_256_XA",
        "gost2012_512_A",
        "gost2012_512_B",
        "gost2012_512_C",
        "gost2001_A",
    ];
    for name in names {
        let Some((key, certificate)) = engine(name) else {
            return;
        };
        let key = PrivateKey::from_pkcs8(&key).unwrap();
        for other in names {
            let (_, other_certificate) = engine(other).unwrap();
            assert_eq!(
                key.belongs_to(other_certificate.spki()),
                name == other,
                "{name} {other}"
            );
        }
        assert!(key.belongs_to(certificate.spki()));
        assert_eq!(key.algorithm().is_some(), name != "gost2001_A", "{name}");
    }
}

#[test]
fn a_4_a_key_encrypted_by_itself_opens() {
    let Some(file) = vector("gost-interop/gost2012_512_A-kuznyechik-prf-streebog512.p8") else {
        return;
    };
    let key = pkcs12::open_private_key(&file, "test1234").unwrap();
    let (_, certificate) = engine("gost2012_512_A").unwrap();
    assert!(key.belongs_to(certificate.spki()));
    assert_eq!(
        pkcs12::open_private_key(&file, "test1235").unwrap_err(),
        Pkcs12Error::WrongPassword
    );
}

#[test]
fn a_4_a_key_of_another_certificate_is_refused() {
    let (Some((key, _)), Some((_, certificate))) = (engine("gost2012_256_A"), engine("gost2012_256_XA"))
    else {
        return;
    };
    let file = container(&[bag(1, &key), certificate_bag(certificate.der())], &[]);
    assert_eq!(pkcs12::open(&file, "").unwrap_err(), Pkcs12Error::NoKey);
}

/// Long enough for the key to be changed under way, which the engine does after each KiB of GOST 28147-89 and Magma and
/// each 4 KiB of Kuznyechik; the lengths about 10 KiB and 266 KiB are also beyond the sections of the standard.
#[test]
fn a_4_long_containers_of_the_engine_open() {
    let Some(openssl) = Openssl::with_gost() else {
        return;
    };
    let Some((_, certificate)) = engine("gost2012_256_A") else {
        return;
    };
    openssl.write("signer.der", certificate.der());
    openssl.must("x509 -inform DER -in signer.der -out signer.pem");
    let key = vector("gost-interop/gost2012_256_A.key").unwrap();
    openssl.write("key.pem", &key);
    openssl.key("other", RSA);
    let comment = "x".repeat(1_200);
    openssl.must(&format!(
        "req -x509 -new -key other.pem -subj /CN=long -days 30 -addext nsComment={comment} -out long.crt"
    ));
    for (cipher, other, count, size) in [
        ("gost89", "other", 14, 8 * 1024),
        ("magma-ctr-acpkm", "other", 1, 1_024),
        ("magma-ctr-acpkm", "other", 14, 8 * 1024),
        ("kuznyechik-ctr-acpkm", "other", 14, 8 * 1024),
        ("kuznyechik-ctr-acpkm", "long", 140, 256 * 1024),
    ] {
        openssl.write("others.pem", &openssl.read(&format!("{other}.crt")).repeat(count));
        let fixed = "pkcs12 -export -in signer.pem -inkey key.pem -certfile others.pem -out file.p12 \
                     -macalg md_gost12_256 -passout pass:secret";
        let arguments = fixed.split_ascii_whitespace();
        let made = openssl.run(arguments.chain(["-keypbe", cipher, "-certpbe", cipher]));
        assert!(made.is_ok(), "{cipher}: {made:?}");
        let file = openssl.read("file.p12");
        assert!(file.len() > size, "{cipher}: {}", file.len());
        let opened = pkcs12::open(&file, "secret").map_err(|error| format!("{cipher} {count}: {error}"));
        let others = opened.unwrap().others;
        assert_eq!(others.len(), count, "{cipher}");
        openssl.must(&format!("x509 -in {other}.crt -outform DER -out other.der"));
        let expected = openssl.read("other.der");
        assert!(others.iter().all(|other| other.der() == expected), "{cipher}");
    }
}

fn pkcs8(key: Oid<'_>, parameters: &[Oid<'_>], octets: &[u8]) -> Vec<u8> {
    let parameters: Vec<_> = parameters.iter().map(|oid| object_identifier(*oid)).collect();
    sequence(&[
        integer(&[0]),
        sequence(&[object_identifier(key), sequence(&parameters)]),
        octet_string(octets),
    ])
}

/// Kazakhstan writes the number of 2004 big-endian in an INTEGER, that of 2015 little-endian in an OCTET STRING.
#[test]
fn a_4_each_standard_writes_its_number_in_its_own_way() {
    let mut number = [0; 32];
    number[0] = 5;
    let key = gost::SigningKey::from_little_endian(gost::ParameterSet::CryptoProA, &number).unwrap();
    let point = key.verifying_key().to_bytes();
    let parameters = [oids::KZ_GOST_2004_A, oids::KZ_GOST_95_TEST];
    let spki = sequence(&[
        sequence(&[
            object_identifier(oids::KZ_GOST_2004),
            sequence(&parameters.map(object_identifier)),
        ]),
        tlv(tag::BIT_STRING, &[&[0], &*octet_string(&point)].concat()),
    ]);
    let old = PrivateKey::from_pkcs8(&pkcs8(oids::KZ_GOST_2004, &parameters, &integer(&[5]))).unwrap();
    assert!(old.belongs_to(&spki));
    assert_eq!(old.algorithm(), None);
    assert_eq!(old.sign(CONTENT, &mut counting_random(1)), None);

    let new = [oids::KZ_GOST_2015_512_A, oids::KZ_STREEBOG_512];
    let read = |octets: &[u8]| {
        let key = PrivateKey::from_pkcs8(&pkcs8(oids::KZ_GOST_2015_512, &new, octets));
        key.map(|key| key.algorithm())
    };
    let expected = Some(SigningAlgorithm::Gost(Gost::Kazakh512));
    assert_eq!(read(&octet_string(&[7; 64])), Ok(expected));
    for (what, octets) in [
        ("not wrapped", vec![7; 64]),
        ("a number", integer(&[7; 64])),
        ("short", octet_string(&[7; 32])),
        ("zero", octet_string(&[0; 64])),
        ("beyond the order", octet_string(&[0xff; 64])),
    ] {
        assert_eq!(read(&octets), Err(PrivateKeyError::Malformed), "{what}");
    }
}

#[test]
fn a_4_e_the_private_scheme_of_crypto_pro_is_named() {
    let algorithm = sequence(&[
        rsadsi(&[12, 1, 80]),
        sequence(&[octet_string(&[1; 16]), integer(&[7, 0xd0])]),
    ]);
    let shrouded = bag(2, &sequence(&[algorithm, octet_string(&[0; 64])]));
    let refused = pkcs12::open(&container(&[shrouded], &[]), "secret").unwrap_err();
    assert_eq!(refused, Pkcs12Error::CryptoPro);
    assert_eq!(refused.code(), "key_file.crypto_pro");
}

fn signed(container: &Container, form: Form, at: UnixTime, start: u8) -> Vec<u8> {
    let key = &container.keys[0];
    let request = Request {
        key: key.private_key.as_ref().unwrap(),
        certificate: &key.certificate,
        others: &container.others,
        content: CONTENT,
        at,
        form,
    };
    sign(&request, &mut counting_random(start)).unwrap()
}

const RUSSIAN: [&str; 4] = [
    "gost2012_256_TCA",
    "gost2012_256_A",
    "gost2012_512_A",
    "gost2012_512_C",
];

fn russian(name: &str) -> Option<Container> {
    let (key, certificate) = engine(name)?;
    let file = container(&[bag(1, &key), certificate_bag(certificate.der())], &[]);
    Some(pkcs12::open(&file, "").unwrap())
}

#[test]
fn the_engine_of_openssl_accepts_russian_signatures() {
    let Some(openssl) = Openssl::with_gost() else {
        return;
    };
    for name in RUSSIAN {
        let Some(container) = russian(name) else { return };
        let certificate = &container.keys[0].certificate;
        openssl.write("signer.der", certificate.der());
        openssl.must("x509 -inform DER -in signer.der -out signer.pem");
        for form in [Form::Attached, Form::Detached] {
            let message = signed(&container, form, certificate.not_before(), 1);
            openssl.write("message", &message);
            openssl.write("content", CONTENT);
            let mut arguments =
                "cms -verify -binary -inform DER -in message -purpose any -no_check_time -cades \
                                 -CAfile signer.pem"
                    .to_owned();
            if form == Form::Detached {
                arguments.push_str(" -content content");
            }
            let verified = openssl.run(arguments.split_ascii_whitespace());
            assert_eq!(verified.as_deref(), Ok(CONTENT), "{name} {form:?}");
        }
    }
}

#[test]
fn a_2_a_person_of_the_kazakh_test_hierarchy_signs() {
    let (Some(root), Some(authority)) = (
        vector("kz-nuc-test/root_test_gost_2022.cer"),
        vector("kz-nuc-test/nca_gost2022_test.cer"),
    ) else {
        return;
    };
    let mut group = AnchorGroup::new("test", Profile::Kz, vec![Certificate::parse(root).unwrap()]);
    group.intermediates = vec![Certificate::parse(authority).unwrap()];
    group.check_digits = false;
    group.sign = PurposeRule::sign(["1.3.6.1.5.5.7.3.4"]);
    let trust = TrustStore::new(vec![group]);
    for name in ["individual_valid", "legal_ceo_valid", "legal_signer_valid"] {
        let file = vector(&format!("kz-nuc-test/{name}.p12")).unwrap();
        let container = pkcs12::open(&file, "Qwerty12").unwrap();
        let at = UnixTime(container.keys[0].certificate.not_before().0 + 3600);
        let message = signed(&container, Form::Attached, at, 1);
        for provider in [native(), portable()] {
            let report = verify_document(&message, None, &trust, at, provider);
            assert_eq!(
                report.verdict.as_str(),
                "valid",
                "{name} {:?}",
                report.verdict.code()
            );
            let other = verify_document(&message, Some(b"other"), &trust, at, provider);
            assert_eq!(other.verdict.as_str(), "invalid", "{name}");
        }
        assert!(contains(
            &message,
            &sequence(&[object_identifier(oids::KZ_STREEBOG_512), vec![5, 0]])
        ));
        let signature = sequence(&[object_identifier(oids::KZ_GOST_2015_512_SIGNATURE), vec![5, 0]]);
        assert!(contains(&message, &signature));
    }
}

fn contains(message: &[u8], part: &[u8]) -> bool {
    message.windows(part.len()).any(|window| window == part)
}

/// The one-time number depends on the random bytes, but does not stand on them alone.
#[test]
fn random_bytes_change_the_signature() {
    let Some(container) = russian("gost2012_256_A") else {
        return;
    };
    let at = container.keys[0].certificate.not_before();
    let message = |start| signed(&container, Form::Detached, at, start);
    assert_ne!(message(1), message(2));
    assert_eq!(message(1), message(1));
}
