//! Threats NET-3 to NET-5: what lists of every kind say together.

use std::io::Read;
use std::time::Duration;

use esign::asn1::{self, oids, tag};
use esign::certificate::Certificate;
use esign::cms::{verify_document, verify_sign_in};
use esign::path::{self, PolicyInputs, Query, RevocationAnswer, RevocationQuery, SignatureCache};
use esign::pkcs12;
use esign::provider;
use esign::revocation::{Crl, Evidence, Source, Status};
use esign::time::UnixTime;
use esign::trust::{AnchorGroup, RevocationPolicy, RevocationRule, TrustStore, UnknownStatus};
use esign::verdict::{Code, Verdict};

use crate::crl::{List, delta, point};
use crate::forge::{
    CONTENT, DAY, DIGITAL_SIGNATURE, Draft, ISSUER, Key, NOW, ROOT, Scene, basic_constraints, common_name,
    extension, key_usage,
};

pub(crate) const REQUIRED: RevocationPolicy = RevocationPolicy::uniform(RevocationRule::Required {
    unknown: UnknownStatus::Refuse,
});
const CRL_SIGN: u8 = 0x02;

/// A scene whose root says that its issuer is good, and what is said about the person.
pub(crate) struct Court {
    pub(crate) scene: Scene,
    pub(crate) group: AnchorGroup,
}

impl Court {
    pub(crate) fn new() -> Self {
        Self::over(Scene::new())
    }

    pub(crate) fn over(scene: Scene) -> Self {
        let mut group = scene.group();
        group.revocation = REQUIRED;
        group.evidence = Evidence::new().with_crl(List::of(ROOT).sign(&scene.root_key));
        Self { scene, group }
    }

    /// One more list by the issuer of the person.
    fn list(mut self, change: impl FnOnce(&mut List)) -> Self {
        let mut list = List::of(ISSUER);
        change(&mut list);
        let list = list.sign(&self.scene.issuer_key);
        self.group.evidence = self.group.evidence.with_crl(list);
        self
    }

    fn crl(mut self, crl: Crl) -> Self {
        self.group.evidence = self.group.evidence.with_crl(crl);
        self
    }

    fn knowing(mut self, certificate: Certificate) -> Self {
        self.group.intermediates.push(certificate);
        self
    }

    fn trust(&self) -> TrustStore {
        TrustStore::new(vec![self.group.clone()])
    }

    pub(crate) fn sign_in(&self) -> Option<Code> {
        let cms = self.scene.message().build();
        verify_sign_in(&cms, CONTENT, &self.trust(), NOW, provider::native()).code()
    }

    pub(crate) fn document(&self) -> Option<Code> {
        let cms = self.scene.message().build();
        verify_document(&cms, None, &self.trust(), NOW, provider::native())
            .verdict
            .code()
    }
}

fn number(number: u8) -> Vec<u8> {
    extension(oids::CRL_NUMBER, false, &asn1::integer(&[number]))
}

fn reason(code: u8) -> Vec<u8> {
    extension(oids::REASON_CODE, false, &asn1::tlv(tag::ENUMERATED, &[code]))
}

const HOLD: u8 = 6;
const REMOVE: u8 = 8;

fn complete(list: &mut List) {
    list.this_update = UnixTime(NOW.0 - 2 * DAY);
    list.extensions = vec![number(1)];
}

fn changes(list: &mut List) {
    list.extensions = vec![number(2), delta()];
}

#[test]
fn net_3_a_list_of_changes_completes_the_list_it_changes() {
    let named = |list: &mut List| list.revoked = vec![7];
    assert_eq!(Court::new().list(complete).list(changes).sign_in(), None);
    let revoked = Court::new().list(complete).list(|list| {
        changes(list);
        named(list);
    });
    assert_eq!(revoked.sign_in(), Some(Code::CertificateRevoked));
    let old = |list: &mut List| {
        complete(list);
        list.next_update = Some(UnixTime(NOW.0 - 1));
    };
    assert_eq!(Court::new().list(old).sign_in(), Some(Code::RevocationStale));
    assert_eq!(
        Court::new().list(old).list(changes).sign_in(),
        None,
        "both together are as fresh as the changes (RFC 5280 §5.2.4)"
    );
}

#[test]
fn net_3_changes_count_only_from_the_list_they_begin_at() {
    let old = |list: &mut List| {
        complete(list);
        list.next_update = Some(UnixTime(NOW.0 - 1));
    };
    let with = |change: &dyn Fn(&mut List)| {
        let changed = |list: &mut List| {
            changes(list);
            change(list);
        };
        Court::new().list(old).list(changed).sign_in()
    };
    let stale = Some(Code::RevocationStale);
    let gap = extension(oids::DELTA_CRL_INDICATOR, true, &asn1::integer(&[2]));
    assert_eq!(
        with(&|list| list.extensions = vec![number(3), gap.clone()]),
        stale
    );
    let of_none = extension(oids::DELTA_CRL_INDICATOR, true, &asn1::integer(&[0]));
    assert_eq!(
        with(&|list| list.extensions = vec![number(1), of_none.clone()]),
        stale,
        "already in the list"
    );
    assert_eq!(
        with(&|list| list.extensions = vec![number(0), delta()]),
        None,
        "numbered apart, as in Kazakhstan"
    );
    assert_eq!(
        with(&|list| list.extensions = vec![delta()]),
        stale,
        "without number"
    );
    let users_only = point(&[0x81, 1, 0xff]);
    assert_eq!(
        with(&|list| list.extensions.push(users_only.clone())),
        stale,
        "another scope"
    );
    assert_eq!(with(&|list| list.next_update = Some(UnixTime(NOW.0 - 1))), stale);
    let forged = {
        let mut list = List::of(ISSUER);
        changes(&mut list);
        list.sign(&Key::new())
    };
    assert_eq!(Court::new().list(old).crl(forged).sign_in(), stale, "another key");
}

#[test]
fn net_3_a_hold_can_be_taken_back_and_nothing_else() {
    let named = |code| {
        move |list: &mut List| {
            complete(list);
            list.revoked = vec![7];
            list.entry_extensions = vec![reason(code)];
        }
    };
    let removal = |list: &mut List| {
        changes(list);
        list.revoked = vec![7];
        list.entry_extensions = vec![reason(REMOVE)];
    };
    assert_eq!(
        Court::new().list(named(HOLD)).sign_in(),
        Some(Code::CertificateOnHold)
    );
    assert_eq!(Court::new().list(named(HOLD)).list(removal).sign_in(), None);
    assert_eq!(
        Court::new().list(named(1)).list(removal).sign_in(),
        Some(Code::CertificateRevoked),
        "a compromised key stays so"
    );
    assert_eq!(
        Court::new().list(named(HOLD)).list(|_| {}).sign_in(),
        None,
        "a newer list without it"
    );
    let newer_hold = |list: &mut List| {
        list.revoked = vec![7];
        list.entry_extensions = vec![reason(HOLD)];
    };
    assert_eq!(
        Court::new().list(complete).list(newer_hold).sign_in(),
        Some(Code::CertificateOnHold)
    );
}

#[test]
fn net_3_lists_by_reason_count_together() {
    let some = |bits: &'static [u8]| {
        move |list: &mut List| {
            list.extensions = vec![point(
                &[&[0x83, u8::try_from(bits.len()).unwrap()], bits].concat(),
            )];
        }
    };
    // keyCompromise and cACompromise; all the others
    let (few, rest) = (some(&[5, 0x60]), some(&[7, 0x1f, 0x80]));
    let missing = Some(Code::RevocationReasonsMissing);
    assert_eq!(Court::new().list(few).sign_in(), missing);
    assert_eq!(Court::new().list(rest).sign_in(), missing);
    assert_eq!(Court::new().list(few).list(rest).sign_in(), None);
}

/// An issuer that leaves its lists to somebody else under the root.
fn delegating() -> (Court, Key) {
    let mut scene = Scene::new();
    let lists = common_name("LISTS");
    let issuer = asn1::context(2, &asn1::context(4, &lists));
    scene.person.extensions.push(extension(
        oids::CRL_DISTRIBUTION_POINTS,
        false,
        &asn1::sequence(&[asn1::sequence(&[issuer])]),
    ));
    let key = Key::new();
    let mut draft = Draft::new(&common_name(ROOT), &lists, &key);
    draft.extensions = vec![key_usage(CRL_SIGN)];
    let certificate = draft.certificate(&scene.root_key);
    (Court::over(scene).knowing(certificate), key)
}

fn indirect(list: &mut List) {
    let name = asn1::context(0, &asn1::context(0, &asn1::context(4, &common_name("LISTS"))));
    list.issuer = common_name("LISTS");
    list.extensions = vec![point(&[&name[..], &[0x84, 1, 0xff]].concat())];
}

fn of_issuer(issuer: &str) -> Vec<u8> {
    let name = asn1::context(4, &common_name(issuer));
    extension(oids::CERTIFICATE_ISSUER, true, &asn1::sequence(&[name]))
}

fn indirect_list(key: &Key, change: impl FnOnce(&mut List)) -> Crl {
    let mut list = List::of("LISTS");
    indirect(&mut list);
    change(&mut list);
    list.sign(key)
}

#[test]
fn net_3_whom_the_certificate_names_may_speak_for_its_issuer() {
    let judge = |change: &dyn Fn(&mut List)| {
        let (court, key) = delegating();
        court.crl(indirect_list(&key, change)).sign_in()
    };
    assert_eq!(judge(&|_| {}), None);
    assert_eq!(
        judge(&|list| {
            list.revoked = vec![1, 7, 9];
            list.entry_extensions = vec![of_issuer(ISSUER)];
        }),
        Some(Code::CertificateRevoked)
    );
    assert_eq!(
        judge(&|list| {
            list.revoked = vec![7];
            list.entry_extensions = vec![of_issuer(ROOT)];
        }),
        None,
        "the same number of another issuer"
    );
    assert_eq!(
        judge(&|list| list.revoked = vec![7]),
        None,
        "the same number of the list's own issuer"
    );
    assert_eq!(
        judge(&|list| list.extensions = Vec::new()),
        Some(Code::CertificateStatusUnknown),
        "not marked as indirect"
    );
}

#[test]
fn net_3_an_entry_is_of_the_issuer_named_last() {
    let (court, key) = delegating();
    let mut list = List::of("LISTS");
    indirect(&mut list);
    list.revoked = vec![3, 7];
    // only the first entry names the issuer, the second goes on with it
    let crl = list.sign_with(&key, |index| {
        (index == 0).then(|| of_issuer(ISSUER)).into_iter().collect()
    });
    assert_eq!(court.crl(crl).sign_in(), Some(Code::CertificateRevoked));
}

#[test]
fn net_3_nobody_speaks_for_an_issuer_uncalled() {
    let (court, key) = delegating();
    let named_nowhere = Scene {
        person: Draft {
            extensions: Scene::new().person.extensions,
            ..court.scene.person.clone()
        },
        ..court.scene
    };
    let court = Court {
        scene: named_nowhere,
        group: court.group,
    };
    let list = indirect_list(&key, |_| {});
    assert_eq!(court.crl(list).sign_in(), Some(Code::CertificateStatusUnknown));
    let (court, _) = delegating();
    let forged = indirect_list(&Key::new(), |_| {});
    assert_eq!(
        court.crl(forged).sign_in(),
        Some(Code::RevocationSignatureInvalid)
    );
    let (mut court, key) = delegating();
    court.group.intermediates.pop();
    assert_eq!(
        court.crl(indirect_list(&key, |_| {})).sign_in(),
        Some(Code::RevocationSignerUnknown)
    );
}

/// A list in the name of the issuer by a key of its own, whose certificate `by` issued in the name of `parent`.
fn by_other_key(parent: &str, by: impl FnOnce(&Scene) -> &Key, usage: u8) -> Court {
    let court = Court::new();
    let key = Key::new();
    let mut draft = Draft::new(&common_name(parent), &common_name(ISSUER), &key);
    draft.serial = 8;
    draft.extensions = vec![key_usage(usage)];
    let certificate = draft.certificate(by(&court.scene));
    let list = List::of(ISSUER).sign(&key);
    court.knowing(certificate).crl(list)
}

#[test]
fn net_3_an_authority_may_sign_lists_with_another_key() {
    assert_eq!(
        by_other_key(ROOT, |scene| &scene.root_key, CRL_SIGN).sign_in(),
        None
    );
    assert_eq!(
        by_other_key(ISSUER, |scene| &scene.issuer_key, CRL_SIGN).sign_in(),
        None
    );
    assert_eq!(
        by_other_key(ROOT, |scene| &scene.root_key, DIGITAL_SIGNATURE).sign_in(),
        Some(Code::RevocationSignatureInvalid),
        "only the issuer's own key is left to try"
    );
}

#[test]
fn net_3_a_stranger_under_the_same_anchor_cannot_take_the_name_of_an_authority() {
    let court = Court::new();
    let (stranger_key, key) = (Key::new(), Key::new());
    let stranger = Draft::authority(&common_name(ROOT), &common_name("stranger"), &stranger_key);
    let mut draft = Draft::new(&common_name("stranger"), &common_name(ISSUER), &key);
    draft.extensions = vec![key_usage(CRL_SIGN), basic_constraints(None)];
    let stranger = stranger.certificate(&court.scene.root_key);
    let court = court
        .knowing(stranger)
        .knowing(draft.certificate(&stranger_key))
        .crl(List::of(ISSUER).sign(&key));
    assert_eq!(court.sign_in(), Some(Code::RevocationSignatureInvalid));
}

#[test]
fn net_3_a_revoked_key_signs_no_lists() {
    let mut court = by_other_key(ROOT, |scene| &scene.root_key, CRL_SIGN);
    let mut of_root = List::of(ROOT);
    of_root.revoked = vec![8];
    court.group.evidence = court.group.evidence.with_crl(of_root.sign(&court.scene.root_key));
    assert_eq!(court.sign_in(), Some(Code::RevocationSignatureInvalid));
}

#[test]
fn cms_11_what_was_learnt_after_a_proven_moment_speaks_of_it() {
    let later = |revoked_at: i64, more: Vec<Vec<u8>>| {
        let mut court = Court::new().list(|list| {
            list.this_update = UnixTime(NOW.0 + DAY);
            list.next_update = Some(UnixTime(NOW.0 + 2 * DAY));
            list.revoked = vec![7];
            list.revoked_at = Some(UnixTime(revoked_at));
            list.entry_extensions = more;
        });
        court.group.revocation = REQUIRED;
        (court.sign_in(), court.document())
    };
    let future = Some(Code::RevocationNotYetValid);
    assert_eq!(later(NOW.0 + 1, vec![reason(1)]), (future, None), "revoked since");
    assert_eq!(later(NOW.0 + 1, vec![reason(HOLD)]), (future, None));
    assert_eq!(
        later(NOW.0 - 1, vec![reason(1)]),
        (future, Some(Code::CertificateRevoked))
    );
    assert_eq!(
        later(NOW.0 - 1, vec![reason(HOLD)]),
        (future, Some(Code::CertificateOnHold))
    );
    let since = asn1::tlv(tag::GENERALIZED_TIME, b"20261101000000Z");
    let invalid = extension(oids::INVALIDITY_DATE, false, &since);
    assert_eq!(
        later(NOW.0 + 1, vec![reason(1), invalid]),
        (future, Some(Code::CertificateRevoked)),
        "the key was in wrong hands already"
    );
}

#[test]
fn cms_11_a_hold_at_a_proven_moment_is_not_undone_by_its_end() {
    let hold = |list: &mut List| {
        complete(list);
        list.revoked = vec![7];
        list.entry_extensions = vec![reason(HOLD)];
    };
    let removal = |list: &mut List| {
        changes(list);
        list.this_update = UnixTime(NOW.0 + DAY);
        list.next_update = Some(UnixTime(NOW.0 + 2 * DAY));
        list.revoked = vec![7];
        list.entry_extensions = vec![reason(REMOVE)];
    };
    let on_hold = Some(Code::CertificateOnHold);
    assert_eq!(Court::new().list(hold).list(removal).document(), on_hold);
    let silent = |list: &mut List| {
        list.this_update = UnixTime(NOW.0 + DAY);
        list.next_update = Some(UnixTime(NOW.0 + 2 * DAY));
    };
    assert_eq!(Court::new().list(hold).list(silent).document(), on_hold);
}

#[test]
fn cms_11_a_list_that_no_longer_names_expired_certificates_proves_nothing() {
    let court = Court::new().list(|list| {
        list.this_update = UnixTime(NOW.0 + 31 * DAY);
        list.next_update = Some(UnixTime(NOW.0 + 40 * DAY));
    });
    assert_eq!(court.document(), Some(Code::RevocationNotYetValid));
}

#[test]
fn net_4_grace_lets_in_and_judges_no_document() {
    let late = |grace| {
        let mut court = Court::new().list(|list| list.next_update = Some(UnixTime(NOW.0 - 60)));
        court.group.revocation.grace = Duration::from_secs(grace);
        court
    };
    let stale = Some(Code::RevocationStale);
    assert_eq!(late(59).sign_in(), stale);
    assert_eq!((late(60).sign_in(), late(60).document()), (None, stale));
    let court = late(60);
    let cms = court.scene.message().build();
    let Verdict::Valid(signer) = verify_sign_in(&cms, CONTENT, &court.trust(), NOW, provider::native())
    else {
        panic!("refused")
    };
    assert_eq!(signer.revocation(), RevocationAnswer::WithinGrace);
}

#[test]
fn net_4_entering_and_signing_have_rules_of_their_own() {
    let mut court = Court::new();
    court.group.revocation.sign_in = RevocationRule::NotAsked;
    assert_eq!(
        (court.sign_in(), court.document()),
        (None, Some(Code::CertificateStatusUnknown))
    );
}

#[test]
fn net_5_newer_evidence_takes_effect_while_the_store_is_in_use() {
    let court = Court::new().list(|_| {});
    let trust = court.trust();
    let cms = court.scene.message().build();
    let judge = || verify_sign_in(&cms, CONTENT, &trust, NOW, provider::native()).code();
    assert_eq!(judge(), None);
    let newer = Court::over(court.scene).list(|list| list.revoked = vec![7]);
    trust.replace_evidence("another", &Evidence::new());
    assert_eq!(trust.evidence("kz").unwrap().crls().len(), 2);
    trust.replace_evidence("kz", &newer.group.evidence);
    let cms = newer.scene.message().build();
    assert_eq!(
        verify_sign_in(&cms, CONTENT, &trust, NOW, provider::native()).code(),
        Some(Code::CertificateRevoked)
    );
}

#[test]
fn what_a_status_rests_on_is_told() {
    let court = Court::new().list(|_| {});
    let cms = court.scene.message().build();
    let Verdict::Valid(signer) = verify_sign_in(&cms, CONTENT, &court.trust(), NOW, provider::native())
    else {
        panic!("refused")
    };
    let findings = signer.findings();
    assert_eq!(findings.len(), 2, "all but the anchor");
    for (finding, crl) in findings.iter().zip(court.group.evidence.crls()) {
        assert_eq!(finding.status, Status::Good);
        let [Source::Crl(source)] = finding.sources.as_slice() else {
            panic!("{:?}", finding.sources)
        };
        assert_eq!(source.fingerprint(), crl.fingerprint());
    }
}

/// The complete list and the changes of the Kazakh test authority, asked about a key of the next year.
#[test]
fn net_4_lists_of_the_kazakh_authority() {
    let Some(folder) = crate::vectors("kz-nuc-test") else {
        return;
    };
    let file = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let authority = Certificate::parse(file("nca_gost2022_test.cer")).unwrap();
    let lists = ["nca_gost2022_test.crl", "nca_gost2022_d_test.crl"]
        .map(|name| Crl::read(file(name).as_slice()).unwrap());
    let [complete, changes] = lists.clone();
    assert!(!complete.is_delta() && changes.is_delta() && changes.is_empty());
    let container = pkcs12::open(&file("individual_valid.p12"), "Qwerty12").unwrap();
    let person = container.keys[0].certificate.clone();
    let evidence: Evidence = lists.into_iter().collect();
    let judge = |evidence: &Evidence, days: u64| {
        let query = Query {
            target: &person,
            anchors: std::slice::from_ref(&authority),
            candidates: Vec::new(),
            at: UnixTime(person.not_before().0 + 1),
            revocation: RevocationQuery {
                grace: Duration::from_secs(days * 86_400),
                ..RevocationQuery::now(REQUIRED.sign_in)
            },
            evidence,
            policy: PolicyInputs::default(),
            min_rsa_bits: 2048,
        };
        path::validate(&query, provider::native(), &SignatureCache::default())
    };
    assert_eq!(judge(&evidence, 1).code(), Some(Code::RevocationStale));
    let Verdict::Valid(path) = judge(&evidence, 400) else {
        panic!("refused")
    };
    assert_eq!(path.revocation(), RevocationAnswer::WithinGrace);
    let [finding] = path.findings() else {
        panic!("one certificate below the anchor")
    };
    assert_eq!(finding.sources.len(), 2, "the list together with its changes");
    let only_changes = Evidence::new().with_crl(changes);
    assert_eq!(
        judge(&only_changes, 400).code(),
        Some(Code::RevocationBaseMissing)
    );
}

/// A source that must not be read further than so many octets.
struct Guarded<'a>(&'a [u8]);

impl Read for Guarded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        assert!(!self.0.is_empty(), "read too far");
        self.0.read(buffer)
    }
}

#[test]
fn net_5_what_is_no_list_is_found_before_it_is_read() {
    let key = Key::new();
    let der = List::of(ISSUER).sign(&key).der().to_vec();
    let read = Crl::read(der.as_slice()).unwrap();
    assert_eq!(read.der(), der);
    assert!(
        Crl::read([&der[..], &[0]].concat().as_slice()).is_err(),
        "trailing"
    );
    assert!(Crl::read(&der[..der.len() - 1]).is_err(), "truncated");
    let beginning = |head: [u8; 6]| Crl::read(Guarded(&head));
    assert!(
        beginning([0x30, 0x84, 0x10, 0, 0, 1]).is_err(),
        "larger than 256 MiB"
    );
    assert!(beginning([0x30, 0x80, 0x30, 0x80, 0x30, 0x80]).is_err());
    assert!(beginning(*b"<html>").is_err());
    assert!(Crl::read(std::io::empty()).is_err());
}

#[test]
fn net_5_a_number_is_found_among_many_and_no_other() {
    let mut list = List::of(ISSUER);
    list.revoked = (0..2_000).map(|index| index * 3 + 1).rev().collect();
    let key = Key::new();
    let crl = list.sign(&key);
    assert_eq!(crl.len(), 2_000);
    let named = |serial: u32| {
        let mut draft = Draft::new(&common_name(ISSUER), &common_name("x"), &key);
        draft.serial = serial;
        crl.names(&draft.certificate(&key))
    };
    for serial in (0..6_002).step_by(97).chain([1, 128, 256, 5_998, 65_536]) {
        assert_eq!(named(serial), serial % 3 == 1 && serial < 6_000, "{serial}");
    }
}
