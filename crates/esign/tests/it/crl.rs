//! Threat NET-3: which revocation lists are believed.

use esign::asn1::{self, oids, tag};
use esign::cms::verify_sign_in;
use esign::provider;
use esign::revocation::Crl;
use esign::time::UnixTime;
use esign::trust::{RevocationRule, TrustStore, UnknownStatus};
use esign::verdict::Code;

use crate::forge::{
    CONTENT, DAY, ISSUER, Key, NOW, ROOT, Scene, algorithm, bit_string, common_name, extension,
};

struct List {
    issuer: Vec<u8>,
    this_update: UnixTime,
    next_update: Option<UnixTime>,
    revoked: Vec<u32>,
    extensions: Vec<Vec<u8>>,
}

impl List {
    fn of(issuer: &str) -> Self {
        Self {
            issuer: common_name(issuer),
            this_update: UnixTime(NOW.0 - DAY),
            next_update: Some(UnixTime(NOW.0 + DAY)),
            revoked: vec![99],
            extensions: Vec::new(),
        }
    }

    fn sign(&self, key: &Key) -> Crl {
        let entries: Vec<_> = self
            .revoked
            .iter()
            .map(|serial| asn1::sequence(&[asn1::integer(&serial.to_be_bytes()), self.this_update.to_der()]))
            .collect();
        let mut fields = vec![
            asn1::integer(&[1]),
            algorithm(oids::ECDSA_SHA256),
            self.issuer.clone(),
            self.this_update.to_der(),
        ];
        fields.extend(self.next_update.map(UnixTime::to_der));
        fields.push(asn1::sequence(&entries));
        if !self.extensions.is_empty() {
            fields.push(asn1::context(0, &asn1::sequence(&self.extensions)));
        }
        let tbs = asn1::sequence(&fields);
        let signature = bit_string(&key.sign(&tbs));
        Crl::parse(asn1::sequence(&[tbs, algorithm(oids::ECDSA_SHA256), signature])).unwrap()
    }
}

/// The verdict with a sound list of the root and a changed one of the issuer.
fn judge(unknown: UnknownStatus, change: impl FnOnce(&mut List)) -> Option<Code> {
    let scene = Scene::new();
    let mut list = List::of(ISSUER);
    change(&mut list);
    let lists = vec![List::of(ROOT).sign(&scene.root_key), list.sign(&scene.issuer_key)];
    with_lists(&scene, unknown, lists)
}

fn with_lists(scene: &Scene, unknown: UnknownStatus, crls: Vec<Crl>) -> Option<Code> {
    let mut group = scene.group();
    group.revocation = RevocationRule::Required { unknown };
    group.crls = crls;
    let trust = TrustStore::new(vec![group]);
    verify_sign_in(&scene.message().build(), CONTENT, &trust, NOW, provider::native()).code()
}

const UNKNOWN: Option<Code> = Some(Code::CertificateStatusUnknown);

fn refusing(change: impl FnOnce(&mut List)) -> Option<Code> {
    judge(UnknownStatus::Refuse, change)
}

#[test]
fn net_3_a_fresh_list_of_the_issuer_decides() {
    assert_eq!(refusing(|_| {}), None);
    assert_eq!(
        refusing(|list| list.revoked = vec![1, 7, 900]),
        Some(Code::CertificateRevoked)
    );
    assert_eq!(
        judge(UnknownStatus::Allow, |list| list.revoked = vec![7]),
        Some(Code::CertificateRevoked),
        "what is known counts even where the unknown is allowed"
    );
}

#[test]
fn net_3_a_revoked_authority_takes_its_subscribers_along() {
    let scene = Scene::new();
    let mut of_root = List::of(ROOT);
    of_root.revoked = vec![7];
    let lists = vec![
        of_root.sign(&scene.root_key),
        List::of(ISSUER).sign(&scene.issuer_key),
    ];
    assert_eq!(
        with_lists(&scene, UnknownStatus::Refuse, lists),
        Some(Code::CertificateRevoked)
    );
}

#[test]
fn net_3_stale_future_endless_and_foreign_lists_say_nothing() {
    assert_eq!(
        refusing(|list| list.next_update = Some(UnixTime(NOW.0 - 1))),
        UNKNOWN
    );
    assert_eq!(refusing(|list| list.this_update = UnixTime(NOW.0 + 1)), UNKNOWN);
    assert_eq!(refusing(|list| list.next_update = None), UNKNOWN);
    assert_eq!(refusing(|list| list.issuer = common_name("another")), UNKNOWN);
    assert_eq!(judge(UnknownStatus::Allow, |list| list.next_update = None), None);
}

#[test]
fn net_3_a_forged_list_is_not_believed() {
    let scene = Scene::new();
    let forger = Key::new();
    let lists = vec![
        List::of(ROOT).sign(&scene.root_key),
        List::of(ISSUER).sign(&forger),
    ];
    assert_eq!(with_lists(&scene, UnknownStatus::Refuse, lists), UNKNOWN);
    let mut revoking = List::of(ISSUER);
    revoking.revoked = vec![7];
    let lists = vec![
        List::of(ROOT).sign(&scene.root_key),
        revoking.sign(&forger),
        List::of(ISSUER).sign(&scene.issuer_key),
    ];
    assert_eq!(
        with_lists(&scene, UnknownStatus::Refuse, lists),
        None,
        "nor can it revoke"
    );
}

#[test]
fn net_3_every_certificate_but_the_anchor_must_be_covered() {
    let scene = Scene::new();
    let only_subscribers = vec![List::of(ISSUER).sign(&scene.issuer_key)];
    assert_eq!(
        with_lists(&scene, UnknownStatus::Refuse, only_subscribers),
        UNKNOWN
    );
    assert_eq!(with_lists(&scene, UnknownStatus::Refuse, Vec::new()), UNKNOWN);
}

#[test]
fn net_3_scope_is_respected() {
    let point = |fields: &[u8]| {
        extension(
            oids::ISSUING_DISTRIBUTION_POINT,
            true,
            &asn1::tlv(tag::SEQUENCE, fields),
        )
    };
    assert_eq!(
        refusing(|list| list.extensions = vec![point(&[0x81, 1, 0xff])]),
        None,
        "subscribers only"
    );
    assert_eq!(
        refusing(|list| list.extensions = vec![point(&[0x82, 1, 0xff])]),
        UNKNOWN,
        "authorities only"
    );
    assert_eq!(
        refusing(|list| list.extensions = vec![point(&[0x84, 1, 0xff])]),
        UNKNOWN,
        "indirect"
    );
    assert_eq!(
        refusing(|list| list.extensions = vec![point(&[0x83, 2, 1, 6])]),
        UNKNOWN,
        "some reasons"
    );
    let delta = extension(oids::DELTA_CRL_INDICATOR, true, &asn1::integer(&[1]));
    assert_eq!(refusing(|list| list.extensions = vec![delta]), UNKNOWN);
    let unknown = asn1::Oid::from_content(&[0x2a, 3]).unwrap();
    assert_eq!(
        refusing(|list| list.extensions = vec![extension(unknown, true, &[5, 0])]),
        UNKNOWN
    );
    assert_eq!(
        refusing(|list| list.extensions = vec![extension(unknown, false, &[5, 0])]),
        None
    );
}

#[test]
fn net_3_a_delta_beside_a_complete_list_leaves_the_status_open() {
    let scene = Scene::new();
    let mut delta = List::of(ISSUER);
    delta.extensions = vec![extension(oids::DELTA_CRL_INDICATOR, true, &asn1::integer(&[1]))];
    let lists = vec![
        List::of(ROOT).sign(&scene.root_key),
        List::of(ISSUER).sign(&scene.issuer_key),
        delta.sign(&scene.issuer_key),
    ];
    assert_eq!(with_lists(&scene, UnknownStatus::Refuse, lists), UNKNOWN);
}

#[test]
fn net_5_a_list_that_is_no_list_is_an_error() {
    for bytes in [
        &b""[..],
        b"0\x00",
        b"0\x80",
        &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
    ] {
        assert!(Crl::parse(bytes).is_err());
    }
}

#[test]
fn net_5_published_lists_are_read() {
    let Some(folder) = crate::vectors("kz-nuc-test") else {
        return;
    };
    let read = |name: &str| Crl::parse(std::fs::read(folder.join(name)).unwrap()).unwrap();
    let complete = read("nca_gost2022_test.crl");
    assert!(!complete.is_empty() && complete.next_update().is_some());
    read("nca_gost2022_d_test.crl");
}
