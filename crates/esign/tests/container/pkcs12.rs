//! key files of many makes, and what is not a key file.

use esign::algorithm::Gost;
use esign::asn1::{integer, null, object_identifier, octet_string, oids, sequence};
use esign::pkcs12::{self, Container, Entry, Pkcs12Error, Protection};
use esign::private_key::{PrivateKey, SigningAlgorithm};

use crate::support::{
    ED25519, Openssl, P256, P384, Pair, RSA, bag, certificate_bag, container, counting_random, rsadsi, vector,
};

const CYRILLIC: &str = "пароль-Test1";

fn algorithm(container: &Container) -> Option<SigningAlgorithm> {
    container.keys[0]
        .private_key
        .as_ref()
        .and_then(PrivateKey::algorithm)
}

fn entry<'a>(pair: &'a Pair, friendly_name: &'a str) -> Entry<'a> {
    Entry {
        private_key: &pair.private_key,
        certificate: &pair.certificate,
        friendly_name,
    }
}

#[test]
fn a_4_files_with_a_cyrillic_password_open() {
    for (key, expected) in [
        ("rsa", SigningAlgorithm::RsaSha256),
        ("p256", SigningAlgorithm::EcdsaP256),
        ("p384", SigningAlgorithm::EcdsaP384),
        ("ed", SigningAlgorithm::Ed25519),
    ] {
        for form in ["modern", "legacy", "3des"] {
            let Some(file) = vector(&format!("p12-interop/{key}-{form}.p12")) else {
                return;
            };
            let container = pkcs12::open(&file, CYRILLIC).unwrap();
            assert_eq!(container.keys.len(), 1, "{key}-{form}");
            assert_eq!(algorithm(&container), Some(expected), "{key}-{form}");
        }
    }
}

#[test]
fn a_4_files_with_sha512_or_no_mac_or_no_password_open() {
    for (name, password) in [("rsa-sha512", "abc"), ("rsa-nomac", "abc"), ("rsa-emptypw", "")] {
        let Some(file) = vector(&format!("p12-interop/{name}.p12")) else {
            return;
        };
        let container = pkcs12::open(&file, password).unwrap();
        assert_eq!(algorithm(&container), Some(SigningAlgorithm::RsaSha256), "{name}");
    }
}

/// BER with indefinite lengths, RC2-40 certificates, a 3DES key of GOST R 34.10-2015.
#[test]
fn a_4_files_of_the_kazakh_authority_open_with_keys_that_fit_their_certificates() {
    for name in [
        "individual_valid",
        "individual_revoked",
        "legal_ceo_valid",
        "legal_signer_valid",
        "legal_infosystem_valid",
    ] {
        let Some(file) = vector(&format!("kz-nuc-test/{name}.p12")) else {
            return;
        };
        let container = pkcs12::open(&file, "Qwerty12").unwrap();
        assert_eq!(container.keys.len(), 1, "{name}");
        let expected = SigningAlgorithm::Gost(Gost::Kazakh512);
        assert_eq!(algorithm(&container), Some(expected), "{name}");
        let issuer = container.keys[0].certificate.issuer().common_name().unwrap();
        assert!(issuer.starts_with("ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ"), "{issuer}");
        assert_eq!(
            pkcs12::open(&file, "qwerty12").unwrap_err(),
            Pkcs12Error::WrongPassword
        );
    }
}

/// Made by the engine of OpenSSL (RFC 9337, RFC 9548): the ciphers of GOST, and a MAC by Streebog.
#[test]
fn a_4_containers_protected_by_gost_open() {
    for (key, gost) in [
        ("gost2012_256_TCA", Gost::Russian256),
        ("gost2012_512_A", Gost::Russian512),
    ] {
        for form in [
            "default",
            "aes-256-cbc",
            "gost89",
            "kuznyechik-ctr-acpkm",
            "magma-ctr-acpkm",
        ] {
            let name = format!("{key}-{form}");
            let Some(file) = vector(&format!("gost-interop/{name}.p12")) else {
                return;
            };
            let container = pkcs12::open(&file, "test1234").unwrap();
            assert_eq!(
                algorithm(&container),
                Some(SigningAlgorithm::Gost(gost)),
                "{name}"
            );
            assert_eq!(
                Some(container.keys[0].certificate.der().to_vec()),
                vector(&format!("gost-interop/{key}.crt")),
                "{name}"
            );
            assert_eq!(
                pkcs12::open(&file, "test1235").unwrap_err(),
                Pkcs12Error::WrongPassword,
                "{name}"
            );
        }
    }
}

#[test]
fn a_4_e_wrong_password_and_unknown_format_are_told_apart() {
    for name in ["rsa-modern", "rsa-legacy", "rsa-nomac", "rsa-emptypw"] {
        let Some(file) = vector(&format!("p12-interop/{name}.p12")) else {
            return;
        };
        assert_eq!(
            pkcs12::open(&file, "not this one").unwrap_err(),
            Pkcs12Error::WrongPassword,
            "{name}"
        );
    }
    let certificate = vector("kz-nuc-test/nca_gost2022_test.cer").unwrap();
    for (what, file) in [
        ("nothing", Vec::new()),
        ("a Java key store", vec![0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2]),
        ("PEM", b"-----BEGIN PRIVATE KEY-----\n".to_vec()),
        ("a certificate", certificate),
        ("a megabyte of anything", vec![0x30; pkcs12::FILE_LIMIT + 1]),
    ] {
        let refused = pkcs12::open(&file, CYRILLIC).unwrap_err();
        assert!(
            matches!(refused, Pkcs12Error::UnknownFormat(_)),
            "{what}: {refused:?}"
        );
    }
}

#[test]
fn a_4_every_protection_openssl_writes_is_understood() {
    let Some(openssl) = Openssl::find() else { return };
    openssl.key("one", P256);
    let export = |options: &str, password: &str| {
        let fixed = "pkcs12 -export -in one.crt -inkey one.pem -out file.p12 -passout";
        let password = format!("pass:{password}");
        let arguments = fixed
            .split(' ')
            .chain([password.as_str()])
            .chain(options.split(' '));
        openssl.run(arguments).map(|_| openssl.read("file.p12"))
    };
    for options in [
        "-keypbe aes-128-cbc -certpbe aes-192-cbc -macalg sha384",
        "-keypbe des-ede3-cbc -certpbe AES-256-CBC -macalg sha224",
        "-keypbe PBE-SHA1-2DES -certpbe PBE-SHA1-RC2-128 -macalg sha1 -legacy",
        "-keypbe PBE-SHA1-RC2-40 -certpbe PBE-SHA1-3DES -macalg sha512 -legacy",
        "-keypbe NONE -certpbe NONE -macalg sha256",
        "-keypbe NONE -certpbe NONE -nomac",
        "-keypbe aes-256-cbc -certpbe aes-256-cbc -nomac",
    ] {
        for password in ["secret", "", "құпия сөз 🔑"] {
            let file = export(options, password).unwrap();
            let container = pkcs12::open(&file, password)
                .map_err(|error| format!("{options}: {error}"))
                .unwrap();
            assert_eq!(
                algorithm(&container),
                Some(SigningAlgorithm::EcdsaP256),
                "{options}"
            );
        }
    }
    let rc4 = export(
        "-keypbe PBE-SHA1-RC4-128 -certpbe PBE-SHA1-3DES -legacy",
        "secret",
    )
    .unwrap();
    let refused = pkcs12::open(&rc4, "secret").unwrap_err();
    assert_eq!(
        refused,
        Pkcs12Error::UnsupportedAlgorithm("1.2.840.113549.1.12.1.1".into())
    );
}

#[test]
fn a_4_every_hash_of_pbkdf2_is_understood() {
    let Some(openssl) = Openssl::find() else { return };
    let pair = openssl.key("one", P256);
    for hash in ["SHA1", "SHA224", "SHA256", "SHA384", "SHA512"] {
        openssl.must(&format!(
            "pkcs8 -topk8 -in one.pem -outform DER -out one.enc -v2 aes-256-cbc -v2prf hmacWith{hash} -passout pass:secret"
        ));
        let bags = [
            bag(2, &openssl.read("one.enc")),
            certificate_bag(&pair.certificate),
        ];
        let opened = pkcs12::open(&container(&bags, &[]), "secret").unwrap();
        assert_eq!(algorithm(&opened), Some(SigningAlgorithm::EcdsaP256), "{hash}");
    }
}

#[test]
fn a_4_c_several_keys_find_their_own_certificates() {
    let Some(openssl) = Openssl::find() else { return };
    let pairs = [
        openssl.key("first", RSA),
        openssl.key("second", P384),
        openssl.key("third", ED25519),
    ];
    let authority = openssl.key("authority", P256);
    // no id ties them together and the order is another one: only the public keys tell
    let mut bags: Vec<_> = pairs.iter().map(|pair| bag(1, &pair.private_key)).collect();
    bags.push(certificate_bag(&authority.certificate));
    bags.extend(pairs.iter().rev().map(|pair| certificate_bag(&pair.certificate)));
    // bags may lie in bags
    let nested = bag(6, &sequence(&bags));
    let opened = pkcs12::open(&container(&[nested], &[]), "").unwrap();
    let names: Vec<_> = opened
        .keys
        .iter()
        .filter_map(|key| key.certificate.subject().common_name())
        .collect();
    assert_eq!(names, ["first", "second", "third"]);
    assert!(opened.keys.iter().all(|key| key.private_key.is_some()));
    assert_eq!(opened.others.len(), 1);
}

#[test]
fn a_key_of_another_certificate_is_refused() {
    let Some(openssl) = Openssl::find() else { return };
    for kind in [P256, P384, RSA, ED25519] {
        let (one, other) = (openssl.key("one", kind), openssl.key("other", kind));
        let mixed = Pair {
            private_key: one.private_key,
            certificate: other.certificate,
        };
        let protection = Protection {
            password: "secret",
            rounds: 1,
        };
        let file = pkcs12::write(
            &[entry(&mixed, "mixed")],
            &[],
            protection,
            &mut counting_random(1),
        );
        assert_eq!(
            pkcs12::open(&file, "secret").unwrap_err(),
            Pkcs12Error::Malformed,
            "{kind}"
        );
    }
}

#[test]
fn a_file_without_a_key_or_without_its_certificate_says_so() {
    let Some(openssl) = Openssl::find() else { return };
    let (one, other) = (openssl.key("one", P256), openssl.key("other", P256));
    for bags in [
        vec![],
        vec![certificate_bag(&one.certificate)],
        vec![bag(1, &one.private_key)],
        vec![bag(1, &one.private_key), certificate_bag(&other.certificate)],
    ] {
        assert_eq!(
            pkcs12::open(&container(&bags, &[]), "").unwrap_err(),
            Pkcs12Error::NoKey
        );
    }
}

#[test]
fn openssl_opens_what_is_written() {
    let Some(openssl) = Openssl::find() else { return };
    let (auth, sign) = (openssl.key("auth", RSA), openssl.key("sign", P256));
    let authority = openssl.key("authority", P384);
    let password = "Құпия-сөз 1";
    let entries = [entry(&auth, "AUTH Әсем"), entry(&sign, "SIGN Әсем")];
    let protection = Protection {
        password,
        rounds: 2048,
    };
    let file = pkcs12::write(
        &entries,
        &[&authority.certificate],
        protection,
        &mut counting_random(7),
    );

    let opened = pkcs12::open(&file, password).unwrap();
    let names: Vec<_> = opened
        .keys
        .iter()
        .filter_map(|key| key.friendly_name.as_deref())
        .collect();
    assert_eq!(names, ["AUTH Әсем", "SIGN Әсем"]);
    assert_eq!(opened.others.len(), 1);
    assert_eq!(
        pkcs12::open(&file, "other").unwrap_err(),
        Pkcs12Error::WrongPassword
    );

    let path = openssl.write("written.p12", &file);
    let listed = openssl
        .run([
            "pkcs12",
            "-info",
            "-noenc",
            "-in",
            path.to_str().unwrap(),
            "-passin",
            &format!("pass:{password}"),
        ])
        .unwrap();
    let listed = String::from_utf8_lossy(&listed);
    assert_eq!(listed.matches("BEGIN PRIVATE KEY").count(), 2, "{listed}");
    assert_eq!(listed.matches("BEGIN CERTIFICATE").count(), 3, "{listed}");
    assert_eq!(listed.matches("localKeyID").count(), 4, "{listed}");
}

/// RFC 9579; OpenSSL writes it from 3.4 on, so the container is built by hand.
#[test]
fn a_mac_by_pbmac1_is_checked() {
    let Some(openssl) = Openssl::find() else { return };
    let pair = openssl.key("one", P256);
    let bags = [bag(1, &pair.private_key), certificate_bag(&pair.certificate)];
    let hmac_sha256 = sequence(&[object_identifier_of_hmac_sha256(), null()]);
    let derivation = sequence(&[
        octet_string(b"saltsalt"),
        integer(&[8, 0]),
        integer(&[32]),
        hmac_sha256.clone(),
    ]);
    let pbkdf2 = sequence(&[rsadsi(&[5, 12]), derivation]);
    let algorithm = sequence(&[rsadsi(&[5, 14]), sequence(&[pbkdf2, hmac_sha256])]);
    let with_mac = |mac: &[u8]| {
        let digest_info = sequence(&[algorithm.clone(), octet_string(mac)]);
        container(
            &bags,
            &sequence(&[digest_info, octet_string(b"unused"), integer(&[1])]),
        )
    };
    // what is authenticated is the content of the outer OCTET STRING
    let safe = {
        let content = sequence(&[object_identifier(oids::DATA), {
            esign::asn1::context(0, &octet_string(&sequence(&bags)))
        }]);
        openssl.write("safe", &sequence(&[content]))
    };
    let key = openssl.must(
        "kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt pass:secret -kdfopt salt:saltsalt -kdfopt iter:2048 -binary PBKDF2",
    );
    let hexkey = data_encoding::HEXLOWER.encode(&key);
    let mac = openssl
        .run(
            [
                "mac",
                "-digest",
                "SHA256",
                "-macopt",
                &format!("hexkey:{hexkey}"),
                "-binary",
                "-in",
            ]
            .into_iter()
            .chain([safe.to_str().unwrap(), "HMAC"]),
        )
        .unwrap();
    assert!(pkcs12::open(&with_mac(&mac), "secret").is_ok());
    assert_eq!(
        pkcs12::open(&with_mac(&mac), "Secret").unwrap_err(),
        Pkcs12Error::WrongPassword
    );
}

fn object_identifier_of_hmac_sha256() -> Vec<u8> {
    object_identifier(esign::asn1::Oid::from_content(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 9]).unwrap())
}
