//! Threats CRT-3, CRT-6, CRT-7: several anchor groups, and issuers that may not issue what they issued.

use esign::asn1::{self, Oid, oids};
use esign::certificate::Certificate;
use esign::cms::{verify_document, verify_sign_in};
use esign::provider;
use esign::trust::{AnchorGroup, RevocationPolicy, RevocationRule, TrustStore, UnknownStatus};
use esign::verdict::Code;

use crate::crl::List;
use crate::forge::{
    CERT_AND_CRL_SIGN, CONTENT, DIGITAL_SIGNATURE, Draft, ISSUER, NOW, ROOT, Scene, basic_constraints,
    common_name, extension, kazakh, key_usage, purposes,
};

fn enter(scene: &Scene, groups: Vec<AnchorGroup>) -> Option<Code> {
    let trust = TrustStore::new(groups);
    verify_sign_in(&scene.message().build(), CONTENT, &trust, NOW, provider::native()).code()
}

/// A group that refuses and one that lets in, in both orders.
fn in_both_orders(scene: &Scene, strict: &AnchorGroup) -> [Option<Code>; 2] {
    let mut lenient = scene.group();
    lenient.id = "lenient".into();
    [
        enter(scene, vec![strict.clone(), lenient.clone()]),
        enter(scene, vec![lenient, strict.clone()]),
    ]
}

#[test]
fn crt_3_no_group_lets_in_whom_another_calls_revoked() {
    let scene = Scene::new();
    let mut strict = scene.group();
    strict.revocation = RevocationPolicy::uniform(RevocationRule::Required {
        unknown: UnknownStatus::Refuse,
    });
    let mut list = List::of(ISSUER);
    list.revoked = vec![7];
    let lists = [List::of(ROOT).sign(&scene.root_key), list.sign(&scene.issuer_key)];
    strict.evidence = lists.into_iter().collect();
    assert_eq!(
        in_both_orders(&scene, &strict),
        [Some(Code::CertificateRevoked); 2]
    );
}

#[test]
fn crt_3_no_group_lets_in_a_number_that_another_calls_wrong() {
    let mut scene = Scene::new();
    scene.person.subject = kazakh("123456789011");
    let mut strict = scene.group();
    strict.check_digits = true;
    assert_eq!(
        in_both_orders(&scene, &strict),
        [Some(Code::CertificatePersonIdInvalid); 2]
    );
}

#[test]
fn crt_3_the_first_group_with_a_path_decides() {
    let scene = Scene::new();
    let mut other_purpose = scene.group();
    other_purpose.sign_in.eku = vec![oids::EMAIL_PROTECTION.to_string()];
    assert_eq!(
        in_both_orders(&scene, &other_purpose),
        [Some(Code::CertificateWrongPurpose), None]
    );
    let stranger = AnchorGroup {
        anchors: Scene::new().group().anchors,
        intermediates: Vec::new(),
        ..scene.group()
    };
    assert_eq!(
        in_both_orders(&scene, &stranger),
        [None; 2],
        "a group without a path says nothing"
    );
}

#[test]
fn crt_6_an_issuer_for_machines_makes_no_people() {
    let issuer_for = |list: &[Oid<'_>], stated_by_person: bool| {
        let mut scene = Scene::new();
        scene.issuer.extensions.push(purposes(list));
        if !stated_by_person {
            scene.person.extensions.pop();
        }
        enter(&scene, vec![scene.group()])
    };
    let wrong = Some(Code::CertificateWrongPurpose);
    for stated_by_person in [true, false] {
        assert_eq!(issuer_for(&[oids::SERVER_AUTH], stated_by_person), wrong);
        assert_eq!(issuer_for(&[oids::TIME_STAMPING], stated_by_person), wrong);
        assert_eq!(issuer_for(&[oids::CLIENT_AUTH], stated_by_person), None);
        assert_eq!(
            issuer_for(&[oids::ANY_EXTENDED_KEY_USAGE], stated_by_person),
            None
        );
    }
}

#[test]
fn crt_6_an_issuer_gives_no_policy_that_it_was_not_given() {
    let policies = |list: &[Oid<'_>]| {
        let list: Vec<_> = list
            .iter()
            .map(|policy| asn1::sequence(&[asn1::object_identifier(*policy)]))
            .collect();
        extension(oids::CERTIFICATE_POLICIES, false, &asn1::sequence(&list))
    };
    // 1.2.398.3.3.2 and .1, of keys for both and of keys for signing only
    let both = Oid::from_content(&[0x2a, 0x83, 0x0e, 3, 3, 2]).unwrap();
    let signing = Oid::from_content(&[0x2a, 0x83, 0x0e, 3, 3, 2, 1]).unwrap();
    let under = |issuer: Option<&[Oid<'_>]>| {
        let mut scene = Scene::new();
        scene.issuer.extensions.extend(issuer.map(policies));
        scene.person.extensions = vec![
            key_usage(DIGITAL_SIGNATURE),
            purposes(&[oids::EMAIL_PROTECTION]),
            policies(&[both]),
        ];
        enter(&scene, vec![scene.group()])
    };
    for issuer in [
        None,
        Some(&[both][..]),
        Some(&[signing, both]),
        Some(&[oids::ANY_POLICY]),
    ] {
        assert_eq!(under(issuer), None, "{issuer:?}");
    }
    assert_eq!(under(Some(&[signing])), Some(Code::CertificateWrongPurpose));
}

#[test]
fn crt_6_an_authority_signs_no_document() {
    let mut scene = Scene::new();
    scene.person.extensions = vec![basic_constraints(None)];
    let report = verify_document(
        &scene.message().build(),
        None,
        &scene.trust(),
        NOW,
        provider::native(),
    );
    assert_eq!(report.verdict.code(), Some(Code::CertificateWrongPurpose));
}

#[test]
fn crt_7_an_anchor_that_is_no_authority_issues_nothing() {
    let with_root = |extensions: Vec<Vec<u8>>| {
        let mut scene = Scene::new();
        let name = common_name(ROOT);
        let mut root = Draft::new(&name, &name, &scene.root_key);
        root.extensions = extensions;
        scene.root = root.certificate(&scene.root_key);
        assert_eq!(scene.root, Certificate::parse(scene.root.der()).unwrap());
        enter(&scene, vec![scene.group()])
    };
    let no_authority = Some(Code::CertificateIssuerNotAuthority);
    assert_eq!(with_root(vec![purposes(&[oids::CLIENT_AUTH])]), no_authority);
    assert_eq!(with_root(vec![key_usage(CERT_AND_CRL_SIGN)]), no_authority);
    assert_eq!(with_root(vec![basic_constraints(None)]), None);
    assert_eq!(
        with_root(vec![]),
        None,
        "as in version 1, where nothing can be stated"
    );
}
