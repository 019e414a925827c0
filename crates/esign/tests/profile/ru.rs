//! Russian qualified certificates: whose one is, is told by which attributes are there.

use esign::profile::ru::{SigningTools, ToolClass};
use esign::profile::{AmbiguousSubject, Identification, Profile, Role, Subject};
use esign::trust::{AnchorGroup, KeyPurpose};

use crate::ids;
use crate::openssl::certificate;

const SNILS: (&str, &str) = ("1.2.643.100.3", "11223344595");
const INN: (&str, &str) = ("1.2.643.3.131.1.1", "500100732259");
const INNLE: (&str, &str) = ("1.2.643.100.4", "7707083893");
const OGRN: (&str, &str) = ("1.2.643.100.1", "1027700132195");
const OGRNIP: (&str, &str) = ("1.2.643.100.5", "304500116000157");
const NAME: [(&str, &str); 3] = [
    ("CN", "Иванов Иван Иванович"),
    ("SN", "Иванов"),
    ("GN", "Иван Иванович"),
];
const COMPANY: (&str, &str) = ("O", "ООО \"Ромашка\"");

/// What makes a certificate qualified, and more.
const TOOLS: &str = "1.2.643.100.111 = ASN1:FORMAT:UTF8,UTF8String:КриптоПро CSP (версия 5.0)\n\
    1.2.643.100.112 = ASN1:SEQUENCE:tools\n\
    1.2.643.100.114 = ASN1:INTEGER:0\n\
    certificatePolicies = 1.2.643.100.113.1,1.2.643.100.113.2\n\
    keyUsage = critical,digitalSignature,nonRepudiation\n\
    extendedKeyUsage = clientAuth,emailProtection,1.2.643.2.2.34.6\n";
const FOUR: &str = "[tools]\n\
    a = FORMAT:UTF8,UTF8String:КриптоПро CSP\nb = FORMAT:UTF8,UTF8String:КриптоПро УЦ 2.0\n\
    c = FORMAT:UTF8,UTF8String:СФ/124-4567\nd = FORMAT:UTF8,UTF8String:СФ/128-4273\n";

fn read(attributes: &[&[(&str, &str)]]) -> Result<Subject, AmbiguousSubject> {
    Profile::Ru.read(&certificate(&attributes.concat(), TOOLS, FOUR))
}

#[test]
fn crt_5_the_attributes_tell_whose_certificate_it_is() {
    for (attributes, title, role, numbers) in [
        (
            &[COMPANY, INNLE, OGRN, INN, SNILS][..],
            Some("Генеральный директор"),
            Role::Affiliated,
            "RU:SNILS:11223344595 RU:INN:500100732259 RU:OGRN:1027700132195 RU:INNLE:7707083893",
        ),
        (&[COMPANY, SNILS], None, Role::Affiliated, "RU:SNILS:11223344595"),
        (
            &[INN, SNILS, OGRNIP],
            None,
            Role::Entrepreneur,
            "RU:SNILS:11223344595 RU:INN:500100732259 RU:OGRNIP:304500116000157",
        ),
        (
            &[INN, SNILS],
            None,
            Role::Person,
            "RU:SNILS:11223344595 RU:INN:500100732259",
        ),
    ] {
        let title = title.map(|title| ("title", title));
        let subject = read(&[&NAME, attributes, title.as_slice()]).unwrap();
        assert_eq!(subject.role, Some(role), "{attributes:?} {title:?}");
        assert_eq!(ids(&subject), numbers);
        assert_eq!(subject.name.given_name.as_deref(), Some("Иван"));
        assert_eq!(subject.name.patronymic.as_deref(), Some("Иванович"));
        assert!(subject.is_qualified);
        assert_eq!(subject.identification, Some(Identification::InPerson));
    }
}

#[test]
fn crt_5_who_is_a_head_by_title_is_the_operators_word() {
    let role = |attributes: &[(&str, &str)], title, heads: &[&str]| {
        let mut group = AnchorGroup::new("ru", Profile::Ru, Vec::new());
        group.head_titles = heads.iter().map(ToString::to_string).collect();
        let attributes = [&NAME[..], attributes, &[("title", title)]].concat();
        group
            .subject(&certificate(&attributes, TOOLS, FOUR))
            .unwrap()
            .role
    };
    let director = ["генеральный директор", "Директор"];
    for (title, heads, expected) in [
        ("Генеральный директор", &director[..], Role::Head),
        ("ГЕНЕРАЛЬНЫЙ  ДИРЕКТОР", &director, Role::Head),
        ("директор", &director, Role::Head),
        ("Директор по продажам", &director, Role::Affiliated),
        ("Заместитель генерального директора", &director, Role::Affiliated),
        ("Генеральный директор", &[], Role::Affiliated),
    ] {
        assert_eq!(
            role(&[COMPANY, INNLE, SNILS], title, heads),
            Some(expected),
            "{title}"
        );
    }
    assert_eq!(role(&[SNILS], "Директор", &director), Some(Role::Person));
    assert_eq!(
        role(&[SNILS, OGRNIP], "Директор", &director),
        Some(Role::Entrepreneur)
    );
}

#[test]
fn crt_6_an_organisation_without_a_person_is_a_seal() {
    let subject = read(&[&[("CN", "ООО \"Ромашка\""), COMPANY, INNLE, OGRN]]).unwrap();
    assert_eq!(subject.role, Some(Role::Organisation));
    assert!(subject.person_ids.is_empty());
    assert!(!Role::Organisation.may_enter());
}

#[test]
fn crt_1_two_organisations_in_one_subject_are_ambiguous() {
    // the older place of an organisation's number beside the newer
    let padded = ("1.2.643.3.131.1.1", "007830002293");
    assert_eq!(read(&[&NAME, &[COMPANY, INNLE, padded]]), Err(AmbiguousSubject));
    let same = ("1.2.643.3.131.1.1", "007707083893");
    let subject = read(&[&NAME, &[COMPANY, INNLE, same]]).unwrap();
    assert_eq!(ids(&subject), "RU:INNLE:7707083893");
    let both = read(&[&NAME, &[COMPANY, OGRN, OGRNIP]]).unwrap();
    assert_eq!(both.role, None, "an entrepreneur is no organisation");
}

#[test]
fn one_key_serves_both_uses() {
    let certificate = certificate(&[&NAME[..], &[SNILS]].concat(), TOOLS, FOUR);
    let group = AnchorGroup::new("ru", Profile::Ru, Vec::new());
    assert_eq!(group.key_purpose(&certificate), Some(KeyPurpose::Both));
}

#[test]
fn a_certificate_is_qualified_when_all_three_statements_are_there() {
    let subject = [&NAME[..], &[SNILS]].concat();
    let tools = SigningTools::read(&certificate(&subject, TOOLS, FOUR)).unwrap();
    assert_eq!(tools.owner, "КриптоПро CSP (версия 5.0)");
    assert_eq!(tools.authority[3], "СФ/128-4273");
    assert_eq!(tools.class, ToolClass::Kc2, "classes include the lower ones");
    for missing in TOOLS
        .lines()
        .filter(|line| line.contains("1.2.643.100.11") && !line.contains("114"))
    {
        let rest = TOOLS.replace(missing, "");
        let certificate = certificate(&subject, &rest, FOUR);
        assert_eq!(SigningTools::read(&certificate), None, "{missing}");
        assert!(!Profile::Ru.read(&certificate).unwrap().is_qualified);
    }
    let three = FOUR.replace("d = FORMAT:UTF8,UTF8String:СФ/128-4273\n", "");
    assert_eq!(SigningTools::read(&certificate(&subject, TOOLS, &three)), None);
}
