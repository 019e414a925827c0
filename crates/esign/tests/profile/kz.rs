//! Test keys as the national authority of Kazakhstan publishes them, and its older generation by its documented marks.

use std::path::Path;

use esign::certificate::Certificate;
use esign::pkcs12;
use esign::profile::{Identification, KeyStorage, Profile, Role, Subject};
use esign::trust::{AnchorGroup, KeyPurpose};

use crate::ids;
use crate::openssl::certificate;

fn published(name: &str) -> Option<Certificate> {
    let vectors = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/vectors/kz-nuc-test");
    let Ok(file) = std::fs::read(Path::new(vectors).join(name).with_extension("p12")) else {
        println!("skipped: {vectors} is absent");
        return None;
    };
    let container = pkcs12::open(&file, "Qwerty12").unwrap();
    Some(container.keys[0].certificate.clone())
}

fn purpose(certificate: &Certificate) -> Option<KeyPurpose> {
    AnchorGroup::new("kz", Profile::Kz, Vec::new()).key_purpose(certificate)
}

#[test]
fn a_5_c_generation_b_keys_of_people_are_for_both() {
    for (name, role, organisation) in [
        ("individual_valid", Role::Person, None),
        ("individual_revoked", Role::Person, None),
        ("legal_ceo_valid", Role::Head, Some("АО \"ТЕСТ\"")),
        ("legal_signer_valid", Role::Signatory, Some("АО \"ТЕСТ\"")),
    ] {
        let Some(certificate) = published(name) else {
            return;
        };
        assert_eq!(Profile::detect(&certificate), Profile::Kz, "{name}");
        assert_eq!(purpose(&certificate), Some(KeyPurpose::Both), "{name}");
        let subject = Profile::Kz.read(&certificate).unwrap();
        assert_eq!(subject.role, Some(role), "{name}");
        assert_eq!(subject.organisation.as_deref(), organisation, "{name}");
        assert_eq!(subject.storage, Some(KeyStorage::File), "{name}");
    }
}

#[test]
fn crt_5_a_head_states_a_person_and_an_organisation() {
    let Some(certificate) = published("legal_ceo_valid") else {
        return;
    };
    let subject = Profile::Kz.read(&certificate).unwrap();
    assert_eq!(ids(&subject), "KZ:IIN:123456789011 KZ:BIN:123456789021");
    assert_eq!(subject.name.surname.as_deref(), Some("ТЕСТОВ"));
    assert_eq!(subject.name.given_name.as_deref(), Some("ТЕСТ"));
    assert_eq!(subject.name.patronymic.as_deref(), Some("ТЕСТОВИЧ"));
    assert_eq!(subject.name.full, "ТЕСТОВ ТЕСТ ТЕСТОВИЧ");
}

#[test]
fn crt_6_a_program_is_nobody() {
    let Some(certificate) = published("legal_infosystem_valid") else {
        return;
    };
    let subject = Profile::Kz.read(&certificate).unwrap();
    assert_eq!(ids(&subject), "KZ:BIN:123456789021");
    assert_eq!(subject.role, Some(Role::InformationSystem));
    assert!(!Role::InformationSystem.may_enter());
}

const PERSON: [(&str, &str); 5] = [
    ("CN", "ӘЛИЕВА АЙГҮЛ"),
    ("SN", "ӘЛИЕВА"),
    ("serialNumber", "IIN850615400026"),
    ("C", "KZ"),
    ("GN", "МҰРАТҚЫЗЫ"),
];
const EMPLOYER: [(&str, &str); 2] = [("O", "ТОО \"КӨКТЕМ\""), ("OU", "BIN940140000385")];

fn made(subject: &[(&str, &str)], extensions: &str) -> Certificate {
    certificate(subject, extensions, "")
}

fn extensions(usage: &str, purposes: &str, policy: &str) -> String {
    format!("keyUsage = {usage}\nextendedKeyUsage = {purposes}\ncertificatePolicies = {policy}\n")
}

#[test]
fn a_5_generation_a_tells_keys_apart_by_extended_key_usage_first() {
    const AUTH: &str = "digitalSignature,keyEncipherment";
    const SIGN: &str = "digitalSignature,nonRepudiation";
    for (usage, purposes, policy, expected) in [
        (
            AUTH,
            "clientAuth,1.2.398.3.3.4.1.1",
            "1.2.398.3.3.2.4",
            Some(KeyPurpose::SignIn),
        ),
        (
            AUTH,
            "clientAuth,1.2.398.3.3.4.1.2",
            "1.2.398.3.3.2.2",
            Some(KeyPurpose::SignIn),
        ),
        (
            SIGN,
            "emailProtection,1.2.398.3.3.4.1.1",
            "1.2.398.3.3.2.3",
            Some(KeyPurpose::Sign),
        ),
        (
            SIGN,
            "emailProtection,1.2.398.3.3.4.1.2",
            "1.2.398.3.3.2.1",
            Some(KeyPurpose::Sign),
        ),
        // the purpose is stated, and a lasting usage does not undo it
        (
            SIGN,
            "clientAuth,1.2.398.3.3.4.1.1",
            "1.2.398.3.3.2.4",
            Some(KeyPurpose::SignIn),
        ),
        // near misses of the policy for both
        (SIGN, "emailProtection", "1.2.398.3.3.2.5", Some(KeyPurpose::Sign)),
        (SIGN, "1.2.398.3.3.4.1.1", "1.2.398.3.3", None),
        (SIGN, "serverAuth", "1.2.398.3.3.2.5", None),
        (
            "keyEncipherment",
            "clientAuth,emailProtection",
            "1.2.398.3.3.2",
            None,
        ),
    ] {
        let certificate = made(&PERSON, &extensions(usage, purposes, policy));
        assert_eq!(purpose(&certificate), expected, "{usage} {purposes} {policy}");
    }
}

#[test]
fn a_5_without_stated_purposes_the_key_usage_tells() {
    for (usage, expected) in [
        ("digitalSignature,keyEncipherment", KeyPurpose::SignIn),
        ("digitalSignature,nonRepudiation", KeyPurpose::Sign),
    ] {
        let certificate = made(&PERSON, &format!("keyUsage = {usage}\n"));
        assert_eq!(purpose(&certificate), Some(expected), "{usage}");
    }
}

fn read(purposes: &[&str]) -> Subject {
    let subject = [&PERSON[..], &EMPLOYER].concat();
    let purposes = purposes.join(",");
    Profile::Kz
        .read(&made(&subject, &format!("extendedKeyUsage = {purposes}\n")))
        .unwrap()
}

#[test]
fn crt_5_roles_go_by_their_exact_identifier() {
    for (purposes, expected) in [
        (&["1.2.398.3.3.4.1.1"][..], Some(Role::Person)),
        (&["1.2.398.3.3.4.1.2", "1.2.398.3.3.4.1.2.1"], Some(Role::Head)),
        (
            &["1.2.398.3.3.4.1.2", "1.2.398.3.3.4.1.2.2"],
            Some(Role::Signatory),
        ),
        (
            &["1.2.398.3.3.4.1.2", "1.2.398.3.3.4.1.2.3"],
            Some(Role::FinancialSignatory),
        ),
        (
            &["1.2.398.3.3.4.1.2", "1.2.398.3.3.4.1.2.4"],
            Some(Role::HumanResources),
        ),
        (
            &["1.2.398.3.3.4.1.2", "1.2.398.3.3.4.1.2.5"],
            Some(Role::Employee),
        ),
        (
            &["1.2.398.3.3.4.1.2", "1.2.398.3.3.4.1.2.6"],
            Some(Role::InformationSystem),
        ),
        (
            &["1.2.398.3.3.4.1.2", "1.2.398.3.3.4.1.2.6.17"],
            Some(Role::InformationSystem),
        ),
        (
            &["1.2.398.3.3.4.1.1", "1.2.398.3.3.4.1.1.1"],
            Some(Role::InformationSystem),
        ),
        (&["1.2.398.3.3.4.1.2"], Some(Role::Affiliated)),
        (&["emailProtection"], Some(Role::Affiliated)),
        (&["1.2.398.3.3.4.2.1"], Some(Role::AuthorityStaff)),
        (
            &["1.2.398.3.3.4.1.2.1", "1.2.398.5.19.1.2.2.1"],
            Some(Role::Restricted),
        ),
        // longer numbers that only begin with the same digits
        (
            &["1.2.398.3.3.4.1.2", "1.2.398.3.3.4.1.2.10"],
            Some(Role::Affiliated),
        ),
        (
            &["1.2.398.3.3.4.1.2", "1.2.398.3.3.4.1.2.66"],
            Some(Role::Affiliated),
        ),
        // a person and a legal person at once
        (&["1.2.398.3.3.4.1.1", "1.2.398.3.3.4.1.2.1"], None),
    ] {
        assert_eq!(read(purposes).role, expected, "{purposes:?}");
    }
}

#[test]
fn how_the_owner_was_identified_is_read() {
    let identified = |oid| read(&["1.2.398.3.3.4.1.1", oid]).identification;
    assert_eq!(identified("1.2.398.3.3.4.3.1"), Some(Identification::InPerson));
    assert_eq!(identified("1.2.398.3.3.4.3.2"), Some(Identification::Remote));
    assert_eq!(identified("1.2.398.3.3.4.3.2.1"), Some(Identification::Remote));
    assert_eq!(identified("1.2.398.3.3.4.3.9"), None);
}

#[test]
fn where_the_key_is_kept_is_read() {
    let kept = |places: &str| {
        let extensions = format!("1.2.398.3.3.5 = ASN1:SEQUENCE:places\n[places]\n{places}");
        Profile::Kz.read(&made(&PERSON, &extensions)).unwrap().storage
    };
    for (arc, expected) in [
        ("1.1", KeyStorage::File),
        ("1.2", KeyStorage::JavaKeyStore),
        ("2.1", KeyStorage::IdCard),
        ("2.2", KeyStorage::Kaztoken),
        ("2.3", KeyStorage::EToken),
        ("2.4", KeyStorage::EToken),
        ("2.5", KeyStorage::JaCarta),
        ("2.6", KeyStorage::AKey),
        ("2.7", KeyStorage::Sim),
        ("3.1", KeyStorage::Cloud),
    ] {
        assert_eq!(
            kept(&format!("one = OID:1.2.398.3.3.5.{arc}")),
            Some(expected),
            "{arc}"
        );
    }
    assert_eq!(kept("one = OID:1.2.398.3.3.5.9.9"), None);
    let two = "one = OID:1.2.398.3.3.5.1.1\ntwo = OID:1.2.398.3.3.5.2.1";
    assert_eq!(kept(two), None, "it is in one place");
}
