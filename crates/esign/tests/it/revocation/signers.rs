//! Who may sign a list, for whom.

use std::sync::atomic::{AtomicUsize, Ordering};

use esign::algorithm::{Hash, SignatureAlgorithm};
use esign::asn1::{self, oids};
use esign::cms::verify_sign_in;
use esign::path::MAX_SIGNATURE_CHECKS;
use esign::provider::{self, Hasher, Provider, SignatureError};
use esign::revocation::Crl;
use esign::verdict::Code;

use super::Court;
use crate::crl::{List, point};
use crate::forge::{
    CONTENT, DIGITAL_SIGNATURE, Draft, ISSUER, Key, NOW, ROOT, Scene, basic_constraints, common_name,
    extension, key_usage,
};

const CRL_SIGN: u8 = 0x02;

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

/// A provider that counts how often the bytes of one list are hashed.
struct Watching<'a> {
    list: &'a [u8],
    of_list: AtomicUsize,
    all: AtomicUsize,
}

impl Provider for Watching<'_> {
    fn verify(
        &self,
        algorithm: &SignatureAlgorithm,
        spki: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        self.all.fetch_add(1, Ordering::Relaxed);
        if self.list.windows(message.len()).any(|part| part == message) {
            self.of_list.fetch_add(1, Ordering::Relaxed);
        }
        provider::native().verify(algorithm, spki, message, signature)
    }

    fn verify_digest(
        &self,
        algorithm: &SignatureAlgorithm,
        spki: &[u8],
        digest: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        self.all.fetch_add(1, Ordering::Relaxed);
        provider::native().verify_digest(algorithm, spki, digest, signature)
    }

    fn hasher(&self, hash: Hash) -> Box<dyn Hasher> {
        provider::native().hasher(hash)
    }
}

#[test]
fn net_6_a_large_list_is_not_hashed_for_strangers() {
    let court = Court::new().list(|_| {});
    let list = court.group.evidence.crls()[1].der().to_vec();
    let watching = Watching {
        list: &list,
        of_list: AtomicUsize::new(0),
        all: AtomicUsize::new(0),
    };
    // a message full of certificates in the name of the issuer, whose keys might all have signed the list
    let strangers = (0..90).map(|_| {
        let key = Key::new();
        let mut draft = Draft::new(&common_name(ROOT), &common_name(ISSUER), &key);
        draft.extensions = vec![key_usage(CRL_SIGN)];
        draft.issue(&key)
    });
    let mut message = court.scene.message();
    message.bag.splice(..0, strangers);
    let trust = court.trust();
    let verdict = verify_sign_in(&message.build(), CONTENT, &trust, NOW, &watching);
    assert_eq!(verdict.code(), None);
    assert_eq!(watching.of_list.into_inner(), 1);
    assert!(watching.all.into_inner() <= MAX_SIGNATURE_CHECKS);
}

#[test]
fn net_6_signers_that_cover_each_other_are_followed_a_few_times_only() {
    let mut court = Court::new();
    // eight keys that the issuer made for lists; the list of each covers the certificates of all
    for serial in 100..108 {
        let key = Key::new();
        let mut draft = Draft::new(&common_name(ISSUER), &common_name(ISSUER), &key);
        draft.serial = serial;
        draft.extensions = vec![key_usage(CRL_SIGN)];
        let certificate = draft.certificate(&court.scene.issuer_key);
        court = court.knowing(certificate).crl(List::of(ISSUER).sign(&key));
    }
    let watching = Watching {
        list: &[],
        of_list: AtomicUsize::new(0),
        all: AtomicUsize::new(0),
    };
    let cms = court.scene.message().build();
    let verdict = verify_sign_in(&cms, CONTENT, &court.trust(), NOW, &watching);
    assert_eq!(verdict.code(), None);
    assert!(watching.all.into_inner() <= MAX_SIGNATURE_CHECKS / 2);
}
