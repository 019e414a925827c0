//! Threats CRT-1, CRT-3: numbers that stand for nobody, keys that prove nothing, moments that are none.

use esign::algorithm::{AlgorithmError, PublicKey, SignatureAlgorithm};
use esign::asn1::{self, Oid, oids};
use esign::profile::Profile;
use esign::provider;
use esign::time::UnixTime;
use esign::verdict::Code;

use crate::forge::{CONTENT, Draft, Key, NOW, Scene, common_name, name, spki};

/// The numbers a profile reads: of the person and of the organisation.
fn read(profile: Profile, attributes: &[(Oid<'_>, &str)]) -> (String, String) {
    let key = Key::new();
    let draft = Draft::new(&common_name("CA"), &name(attributes), &key);
    let subject = profile.read(&draft.certificate(&key)).unwrap();
    let persons: Vec<_> = subject.person_ids.iter().map(ToString::to_string).collect();
    let organisations: Vec<_> = subject.organisation_ids.iter().map(ToString::to_string).collect();
    (persons.join(" "), organisations.join(" "))
}

fn nobody() -> (String, String) {
    (String::new(), String::new())
}

#[test]
fn crt_1_a_number_of_zeros_is_nobodys() {
    for (profile, attribute, zeros) in [
        (Profile::Kz, oids::SERIAL_NUMBER, "IIN000000000000"),
        (Profile::Kz, oids::SERIAL_NUMBER, "BIN000000000000"),
        (Profile::Kz, oids::ORGANIZATIONAL_UNIT, "BIN000000000000"),
        (Profile::Ru, oids::SNILS, "00000000000"),
        (Profile::Ru, oids::INN, "000000000000"),
        (Profile::Ru, oids::INNLE, "0000000000"),
        (Profile::Ru, oids::OGRN, "0000000000000"),
        (Profile::Ru, oids::OGRNIP, "000000000000000"),
        (Profile::Plain, oids::SERIAL_NUMBER, "0"),
        (Profile::Plain, oids::SERIAL_NUMBER, "000000"),
        (
            Profile::Plain,
            oids::ORGANIZATION_IDENTIFIER,
            "NTRKZ-000000000000",
        ),
    ] {
        assert_eq!(read(profile, &[(attribute, zeros)]), nobody(), "{zeros}");
    }
}

#[test]
fn crt_1_the_number_of_an_organisation_is_no_persons() {
    let inn = |number| read(Profile::Ru, &[(oids::INN, number)]);
    assert_eq!(inn("007707083893"), (String::new(), "RU:INNLE:7707083893".into()));
    assert_eq!(inn("007707083894"), nobody(), "the check digit does not fit");
}

#[test]
fn crt_1_an_organisation_is_named_by_plain_characters() {
    let organisation = |text: &str| read(Profile::Plain, &[(oids::ORGANIZATION_IDENTIFIER, text)]).1;
    assert_eq!(organisation("NTRKZ-940140000385"), "KZ:NTR:940140000385");
    assert_eq!(organisation("NTRKZ-９４０\u{202e}１ 4"), "");
    assert_eq!(organisation(&format!("VATKZ-{}", "1".repeat(3_000))), "");
}

#[test]
fn crt_8_keys_of_ed25519_that_prove_nothing() {
    let key = |octets: &[u8; 32]| spki(&[asn1::object_identifier(oids::ED25519)], octets);
    let mut identity = [0; 32];
    identity[0] = 1;
    // R is the identity and S is zero: a signature on everything
    let forged = [&identity[..], &[0; 32]].concat();
    for provider in [provider::native(), provider::portable()] {
        let check = provider.verify(&SignatureAlgorithm::Ed25519, &key(&identity), CONTENT, &forged);
        assert!(check.is_err());
    }
    let order_8 = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05";
    let other_order_8 = "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a";
    let minus_one = format!("ec{}7f", "ff".repeat(30));
    let modulus = format!("ed{}7f", "ff".repeat(30));
    let above = format!("{}7f", "ff".repeat(31));
    let zero = "00".repeat(32);
    for hex in [
        order_8,
        other_order_8,
        &minus_one,
        &modulus,
        &above,
        &zero,
        &data_encoding::HEXLOWER.encode(&identity),
    ] {
        let mut octets: [u8; 32] = data_encoding::HEXLOWER
            .decode(hex.as_bytes())
            .unwrap()
            .try_into()
            .unwrap();
        for sign in [0, 0x80] {
            octets[31] = octets[31] & 0x7f | sign;
            assert_eq!(
                PublicKey::from_spki(&key(&octets)),
                Err(AlgorithmError::Weak),
                "{hex}"
            );
        }
    }
    let mut scene = Scene::new();
    scene.person.spki = key(&identity);
    let verdict = esign::cms::verify_sign_in(
        &scene.message().build(),
        CONTENT,
        &scene.trust(),
        NOW,
        provider::native(),
    );
    assert_eq!(verdict.code(), Some(Code::CertificateWeakAlgorithm));
}

#[test]
fn crt_7_a_moment_outside_the_calendar_is_none() {
    for huge in [i64::MAX, i64::MIN] {
        assert_eq!(UnixTime::from_civil(huge, 1, 1, 0, 0, 0), None);
        assert_eq!(UnixTime::from_civil(2026, huge, 1, 0, 0, 0), None);
        assert_eq!(UnixTime::from_civil(2026, 1, huge, 0, 0, 0), None);
        assert_eq!(UnixTime::from_civil(2026, 1, 1, huge, 0, 0), None);
    }
}
