//! Threat NET-3: which revocation lists are believed.

use esign::asn1::{self, oids, tag};
use esign::cms::{verify_document, verify_sign_in};
use esign::path::RevocationAnswer;
use esign::provider;
use esign::revocation::Crl;
use esign::time::UnixTime;
use esign::trust::{RevocationPolicy, RevocationRule, TrustStore, UnknownStatus};
use esign::verdict::{Code, Verdict};

use crate::budget::Counting;
use crate::forge::{
    CONTENT, DAY, ISSUER, Key, NOW, ROOT, Scene, algorithm, bit_string, common_name, extension,
};

pub(crate) struct List {
    pub(crate) issuer: Vec<u8>,
    pub(crate) this_update: UnixTime,
    pub(crate) next_update: Option<UnixTime>,
    pub(crate) revoked: Vec<u32>,
    /// when the entries were revoked; with the list by default
    pub(crate) revoked_at: Option<UnixTime>,
    pub(crate) entry_extensions: Vec<Vec<u8>>,
    pub(crate) extensions: Vec<Vec<u8>>,
}

impl List {
    pub(crate) fn of(issuer: &str) -> Self {
        Self {
            issuer: common_name(issuer),
            this_update: UnixTime(NOW.0 - DAY),
            next_update: Some(UnixTime(NOW.0 + DAY)),
            revoked: vec![99],
            revoked_at: None,
            entry_extensions: Vec::new(),
            extensions: Vec::new(),
        }
    }

    pub(crate) fn sign(&self, key: &Key) -> Crl {
        self.sign_with(key, |_| self.entry_extensions.clone())
    }

    /// The list with other extensions for each entry.
    pub(crate) fn sign_with(&self, key: &Key, extensions_of: impl Fn(usize) -> Vec<Vec<u8>>) -> Crl {
        let revoked_at = self.revoked_at.unwrap_or(self.this_update);
        let entries: Vec<_> = self
            .revoked
            .iter()
            .enumerate()
            .map(|(index, serial)| {
                let mut entry = vec![asn1::integer(&serial.to_be_bytes()), revoked_at.to_der()];
                let extensions = extensions_of(index);
                if !extensions.is_empty() {
                    entry.push(asn1::sequence(&extensions));
                }
                asn1::sequence(&entry)
            })
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

pub(crate) fn with_lists(scene: &Scene, unknown: UnknownStatus, crls: Vec<Crl>) -> Option<Code> {
    let mut group = scene.group();
    group.revocation = RevocationPolicy::uniform(RevocationRule::Required { unknown });
    group.evidence = crls.into_iter().collect();
    let trust = TrustStore::new(vec![group]);
    verify_sign_in(&scene.message().build(), CONTENT, &trust, NOW, provider::native()).code()
}

const UNKNOWN: Option<Code> = Some(Code::CertificateStatusUnknown);

/// The mark of a list of changes since list number 1.
pub(crate) fn delta() -> Vec<u8> {
    extension(oids::DELTA_CRL_INDICATOR, true, &asn1::integer(&[1]))
}

/// issuingDistributionPoint of these fields.
pub(crate) fn point(fields: &[u8]) -> Vec<u8> {
    extension(
        oids::ISSUING_DISTRIBUTION_POINT,
        true,
        &asn1::tlv(tag::SEQUENCE, fields),
    )
}

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
    let stale = Some(Code::RevocationStale);
    assert_eq!(
        refusing(|list| list.next_update = Some(UnixTime(NOW.0 - 1))),
        stale
    );
    assert_eq!(
        refusing(|list| list.this_update = UnixTime(NOW.0 + 1)),
        Some(Code::RevocationNotYetValid)
    );
    assert_eq!(refusing(|list| list.next_update = None), stale);
    assert_eq!(refusing(|list| list.issuer = common_name("another")), UNKNOWN);
    assert_eq!(judge(UnknownStatus::Allow, |list| list.next_update = None), None);
}

#[test]
fn net_3_who_was_revoked_once_stays_revoked_when_the_list_grows_old() {
    let revoked = Some(Code::CertificateRevoked);
    for unknown in [UnknownStatus::Allow, UnknownStatus::Refuse] {
        let naming = |change: &dyn Fn(&mut List)| {
            judge(unknown, |list| {
                list.revoked = vec![7];
                change(list);
            })
        };
        assert_eq!(
            naming(&|list| list.next_update = Some(UnixTime(NOW.0 - 1))),
            revoked
        );
        assert_eq!(naming(&|list| list.next_update = None), revoked);
        assert_eq!(naming(&|list| list.extensions = vec![delta()]), revoked);
        let authorities_only = |list: &mut List| list.extensions = vec![point(&[0x82, 1, 0xff])];
        assert_eq!(naming(&authorities_only), revoked);
        let some_reasons = |list: &mut List| list.extensions = vec![point(&[0x83, 2, 1, 6])];
        assert_eq!(naming(&some_reasons), revoked);
        let future = naming(&|list| list.this_update = UnixTime(NOW.0 + 1));
        assert_ne!(future, revoked, "not yet there at the moment asked about");
    }
}

#[test]
fn net_3_entries_that_say_something_else_revoke_nobody() {
    let naming = |change: &dyn Fn(&mut List)| {
        refusing(|list| {
            list.revoked = vec![7];
            change(list);
        })
    };
    let removed = extension(oids::REASON_CODE, false, &asn1::tlv(tag::ENUMERATED, &[8]));
    let taken_back = |list: &mut List| {
        list.extensions = vec![delta()];
        list.entry_extensions = vec![removed.clone()];
    };
    assert_eq!(naming(&taken_back), Some(Code::RevocationBaseMissing));
    let another = asn1::sequence(&[asn1::context(4, &common_name("another"))]);
    let of_another = extension(oids::CERTIFICATE_ISSUER, true, &another);
    assert_eq!(
        naming(&|list| list.entry_extensions = vec![of_another.clone()]),
        Some(Code::RevocationUnknownExtension),
        "only indirect lists name other issuers"
    );
    let strange = extension(asn1::Oid::from_content(&[0x2a, 3]).unwrap(), true, &[5, 0]);
    assert_eq!(
        naming(&|list| list.entry_extensions = vec![strange.clone()]),
        Some(Code::RevocationUnknownExtension)
    );
    assert_eq!(
        naming(&|list| list.extensions = vec![point(&[0x85, 1, 0xff])]),
        Some(Code::RevocationOutOfScope),
        "attribute certificates"
    );
}

#[test]
fn net_6_a_list_by_another_key_is_checked_once() {
    let scene = Scene::new();
    let mut group = scene.group();
    group.revocation = RevocationPolicy::uniform(RevocationRule::Required {
        unknown: UnknownStatus::Allow,
    });
    let forger = Key::new();
    let lists = [List::of(ROOT).sign(&forger), List::of(ISSUER).sign(&forger)];
    group.evidence = lists.into_iter().collect();
    let trust = TrustStore::new(vec![group]);
    let checks = || {
        let counting = Counting::default();
        let verdict = verify_sign_in(&scene.message().build(), CONTENT, &trust, NOW, &counting);
        assert_eq!(verdict.code(), None);
        counting.0.into_inner()
    };
    assert_eq!((checks(), checks()), (5, 2));
}

#[test]
fn net_3_a_document_whose_status_is_unknown_is_not_called_valid() {
    let scene = Scene::new();
    let mut group = scene.group();
    group.revocation = RevocationPolicy::uniform(RevocationRule::Required {
        unknown: UnknownStatus::Allow,
    });
    let trust = TrustStore::new(vec![group]);
    let cms = scene.message().build();
    let report = verify_document(&cms, None, &trust, NOW, provider::native());
    assert_eq!(report.verdict, Verdict::Unknown(Code::CertificateStatusUnknown));
    let Verdict::Valid(signer) = verify_sign_in(&cms, CONTENT, &trust, NOW, provider::native()) else {
        panic!("refused")
    };
    assert_eq!(
        signer.revocation(),
        RevocationAnswer::UnknownAllowed(Code::CertificateStatusUnknown)
    );
}

#[test]
fn net_3_a_forged_list_is_not_believed() {
    let scene = Scene::new();
    let forger = Key::new();
    let lists = vec![
        List::of(ROOT).sign(&scene.root_key),
        List::of(ISSUER).sign(&forger),
    ];
    assert_eq!(
        with_lists(&scene, UnknownStatus::Refuse, lists),
        Some(Code::RevocationSignatureInvalid)
    );
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
    assert_eq!(
        refusing(|list| list.extensions = vec![point(&[0x81, 1, 0xff])]),
        None,
        "subscribers only"
    );
    assert_eq!(
        refusing(|list| list.extensions = vec![point(&[0x82, 1, 0xff])]),
        Some(Code::RevocationOutOfScope),
        "authorities only"
    );
    assert_eq!(
        refusing(|list| list.extensions = vec![point(&[0x84, 1, 0xff])]),
        None,
        "indirect, of the issuer itself"
    );
    assert_eq!(
        refusing(|list| list.extensions = vec![point(&[0x83, 2, 1, 6])]),
        Some(Code::RevocationReasonsMissing),
        "some reasons"
    );
    assert_eq!(
        refusing(|list| list.extensions = vec![delta()]),
        Some(Code::RevocationBaseMissing)
    );
    let unknown = asn1::Oid::from_content(&[0x2a, 3]).unwrap();
    assert_eq!(
        refusing(|list| list.extensions = vec![extension(unknown, true, &[5, 0])]),
        Some(Code::RevocationUnknownExtension)
    );
    assert_eq!(
        refusing(|list| list.extensions = vec![extension(unknown, false, &[5, 0])]),
        None
    );
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
