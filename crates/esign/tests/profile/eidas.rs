//! EU qualified certificates: statements of qualification and identifiers with semantics (ETSI EN 319 412).

use std::fmt::Write as _;

use esign::profile::eidas::{QcStatements, QcType, Semantics};
use esign::profile::{KeyStorage, Profile, Role, Subject};
use esign::trust::{AnchorGroup, KeyPurpose};

use crate::ids;
use crate::openssl::certificate;

const PERSON: [(&str, &str); 5] = [
    ("C", "EE"),
    ("CN", "JÕEORG,JAAK-KRISTJAN,38001085718"),
    ("SN", "JÕEORG"),
    ("GN", "JAAK-KRISTJAN"),
    ("serialNumber", "PNOEE-38001085718"),
];
const SEAL: [(&str, &str); 4] = [
    ("C", "BE"),
    ("CN", "Zegel"),
    ("O", "Voorbeeld NV"),
    ("2.5.4.97", "VATBE-0876866142"),
];

/// The statements, each a line of the kind OpenSSL's configuration takes.
fn statements(list: &[&str]) -> (String, String) {
    let mut sections = String::from("[qc]\n");
    let mut bodies = String::new();
    for (index, statement) in list.iter().enumerate() {
        writeln!(sections, "{index} = SEQUENCE:s{index}").unwrap();
        writeln!(bodies, "[s{index}]\n{statement}").unwrap();
    }
    bodies.push_str("[esign]\na = OID:0.4.0.1862.1.6.1\n[eseal]\na = OID:0.4.0.1862.1.6.2\n");
    bodies.push_str("[natural]\na = OID:0.4.0.194121.1.1\n[legal]\na = OID:0.4.0.194121.1.2\n");
    let extension = "1.3.6.1.5.5.7.1.3 = ASN1:SEQUENCE:qc\n".to_owned();
    (extension, sections + &bodies)
}

const COMPLIANCE: &str = "a = OID:0.4.0.1862.1.1";
const DEVICE: &str = "a = OID:0.4.0.1862.1.4";
const ESIGN: &str = "a = OID:0.4.0.1862.1.6\nb = SEQUENCE:esign";
const ESEAL: &str = "a = OID:0.4.0.1862.1.6\nb = SEQUENCE:eseal";
const NATURAL: &str = "a = OID:1.3.6.1.5.5.7.11.2\nb = SEQUENCE:natural";
const LEGAL: &str = "a = OID:1.3.6.1.5.5.7.11.2\nb = SEQUENCE:legal";
const LEGISLATION: &str = "a = OID:0.4.0.1862.1.7\nb = SEQUENCE:esign";

fn read(subject: &[(&str, &str)], list: &[&str]) -> Subject {
    let (extension, sections) = statements(list);
    Profile::Eidas
        .read(&certificate(subject, &extension, &sections))
        .unwrap()
}

#[test]
fn crt_1_a_natural_person_is_read_with_country_and_kind() {
    let subject = read(&PERSON, &[COMPLIANCE, DEVICE, ESIGN, NATURAL]);
    assert_eq!(ids(&subject), "EE:PNO:38001085718");
    assert_eq!(subject.role, Some(Role::Person));
    assert_eq!(subject.storage, Some(KeyStorage::QualifiedDevice));
    assert_eq!(subject.name.full, "JAAK-KRISTJAN JÕEORG");
    assert!(subject.is_qualified);
}

#[test]
fn crt_1_a_number_is_read_as_the_statement_says() {
    assert_eq!(
        ids(&read(&PERSON, &[COMPLIANCE, LEGAL])),
        "",
        "serialNumber is no person's"
    );
    assert_eq!(
        ids(&read(&PERSON, &[COMPLIANCE])),
        "EE:PNO:38001085718",
        "its form tells"
    );
    for (text, expected) in [
        ("PASKZ-N12345678", "KZ:PAS:N12345678"),
        ("IDCBE-590082394654", "BE:IDC:590082394654"),
        ("TINDE-65929970489", "DE:TIN:65929970489"),
        ("EI:SE-200007292386", "SE:EI:200007292386"),
        ("PI:DK-PID-9208", "DK:PI:PID-9208"),
        ("P2:NO-9578", "NO:P2:9578"),
        ("ei:SE-200007292386", ""),
        ("E::SE-200007292386", ""),
        ("E:SE-200007292386", ""),
        ("EIX:SE-200007292386", ""),
        ("EI:SE-000", ""),
        ("PNOee-38001085718", ""),
        ("PNO-38001085718", ""),
        ("ABCEE-38001085718", ""),
        ("38001085718", ""),
        ("PNOEE-000", ""),
        ("VATEE-38001085718", ""),
    ] {
        let mut subject = PERSON;
        subject[4].1 = text;
        assert_eq!(ids(&read(&subject, &[COMPLIANCE, NATURAL])), expected, "{text}");
    }
}

#[test]
fn crt_6_a_seal_is_the_organisation_itself() {
    let subject = read(&SEAL, &[COMPLIANCE, ESEAL, LEGAL]);
    assert_eq!(ids(&subject), "BE:VAT:0876866142");
    assert_eq!(subject.role, Some(Role::Organisation));
    let employee = [&PERSON[..], &SEAL[2..]].concat();
    let subject = read(&employee, &[COMPLIANCE, ESIGN, NATURAL]);
    assert_eq!(ids(&subject), "EE:PNO:38001085718 BE:VAT:0876866142");
    assert_eq!(subject.role, Some(Role::Affiliated));
}

#[test]
fn statements_are_read_by_their_exact_identifier_and_once() {
    let parsed = |list: &[&str]| {
        let (extension, sections) = statements(list);
        QcStatements::read(&certificate(&PERSON, &extension, &sections))
    };
    let expected = QcStatements {
        compliance: true,
        device: true,
        types: vec![QcType::Signature],
        other_legislation: false,
        semantics: Some(Semantics::Natural),
    };
    assert_eq!(parsed(&[COMPLIANCE, DEVICE, ESIGN, NATURAL]), Some(expected));
    assert_eq!(parsed(&[COMPLIANCE, NATURAL, LEGAL]), None, "stated twice");
    assert!(!parsed(&[COMPLIANCE, LEGISLATION]).unwrap().is_qualified());
    assert!(!parsed(&[DEVICE]).unwrap().is_qualified());
    assert!(!parsed(&["a = OID:0.4.0.1862.1.11"]).unwrap().is_qualified());
}

#[test]
fn a_5_b_signing_and_entering_are_two_keys_by_their_key_usage() {
    let group = AnchorGroup::new("eu", Profile::Eidas, Vec::new());
    for (extensions, expected) in [
        ("keyUsage = critical,nonRepudiation\n", Some(KeyPurpose::Sign)),
        (
            "keyUsage = critical,digitalSignature\nextendedKeyUsage = clientAuth\n",
            Some(KeyPurpose::SignIn),
        ),
        (
            "keyUsage = critical,digitalSignature,nonRepudiation\nextendedKeyUsage = clientAuth,emailProtection\n",
            Some(KeyPurpose::Both),
        ),
        ("keyUsage = critical,keyEncipherment\n", None),
    ] {
        let certificate = certificate(&PERSON, extensions, "");
        assert_eq!(group.key_purpose(&certificate), expected, "{extensions}");
    }
}
