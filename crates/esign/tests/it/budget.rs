//! Threat NET-6: what one judgement may cost, counted and not timed.

use std::sync::atomic::{AtomicUsize, Ordering};

use esign::algorithm::{Hash, SignatureAlgorithm};
use esign::asn1::{self, oids, tag};
use esign::certificate::{Certificate, MAX_EXTENSIONS, MAX_SIZE, MalformedCode};
use esign::cms::{verify_document, verify_sign_in};
use esign::path::MAX_SIGNATURE_CHECKS;
use esign::provider::{self, Hasher, Provider, SignatureError};
use esign::trust::TrustStore;
use esign::verdict::{Code, Verdict};

use crate::forge::{
    CONTENT, Draft, Key, Message, NOW, Scene, attribute, common_name, extension, indefinite, name, wrap,
};
use crate::stamps::Authority;

#[test]
fn net_6_certificates_have_a_budget() {
    let key = Key::new();
    let draft = Draft::new(&common_name("a"), &common_name("b"), &key);
    let parse = |change: &dyn Fn(&mut Draft)| {
        let mut draft = draft.clone();
        change(&mut draft);
        Certificate::parse(draft.issue(&key)).err()
    };
    assert_eq!(parse(&|_| {}), None);
    assert_eq!(
        parse(&|d| d.subject = common_name(&"x".repeat(MAX_SIZE))),
        Some(MalformedCode::TooLarge)
    );
    let oid = |index: u8| extension(asn1::Oid::from_content(&[0x2a, index]).unwrap(), false, &[5, 0]);
    let many = |count| {
        (0..count)
            .map(|index| oid(u8::try_from(index).unwrap()))
            .collect::<Vec<_>>()
    };
    assert_eq!(parse(&|d| d.extensions = many(MAX_EXTENSIONS)), None);
    assert_eq!(
        parse(&|d| d.extensions = many(MAX_EXTENSIONS + 1)),
        Some(MalformedCode::TooLarge)
    );
    assert_eq!(
        parse(&|d| d.extensions = vec![oid(1), oid(1)]),
        Some(MalformedCode::Extensions)
    );
    let names = asn1::sequence(&vec![asn1::tlv(0x82, b"a.example"); 1_001]);
    let alternative = extension(oids::SUBJECT_ALT_NAME, false, &names);
    assert_eq!(
        parse(&|d| d.extensions = vec![alternative.clone()]),
        Some(MalformedCode::TooLarge)
    );
    let huge_serial = [asn1::tlv(tag::INTEGER, &[1; 4_000])].concat();
    let der = draft.issue(&key);
    let serial = asn1::integer(&7_u32.to_be_bytes());
    let at = der
        .windows(serial.len())
        .position(|window| window == serial)
        .unwrap();
    let spliced = [&der[8..at], &huge_serial, &der[at + serial.len()..]].concat();
    assert!(Certificate::parse(spliced).is_err());
}

/// A provider that counts what it is asked: signatures, then digests.
#[derive(Default)]
pub(crate) struct Counting(pub(crate) AtomicUsize, AtomicUsize);

impl Provider for Counting {
    fn verify(
        &self,
        algorithm: &SignatureAlgorithm,
        spki: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        provider::native().verify(algorithm, spki, message, signature)
    }

    fn verify_digest(
        &self,
        algorithm: &SignatureAlgorithm,
        spki: &[u8],
        digest: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        provider::native().verify_digest(algorithm, spki, digest, signature)
    }

    fn hasher(&self, hash: Hash) -> Box<dyn Hasher> {
        self.1.fetch_add(1, Ordering::Relaxed);
        provider::native().hasher(hash)
    }
}

#[test]
fn a_sign_in_costs_two_signature_checks_once_the_issuer_is_known() {
    let scene = Scene::new();
    let trust = scene.trust();
    let cms = scene.message().build();
    let checks = || {
        let counting = Counting::default();
        assert!(matches!(
            verify_sign_in(&cms, CONTENT, &trust, NOW, &counting),
            Verdict::Valid(_)
        ));
        counting.0.into_inner()
    };
    assert_eq!((checks(), checks()), (3, 2));
}

#[test]
fn net_6_a_maze_of_issuers_is_left_within_the_budget() {
    let scene = Scene::new();
    let message = maze(&scene);
    let counting = Counting::default();
    let verdict = verify_sign_in(&message.build(), CONTENT, &scene.trust(), NOW, &counting);
    assert_eq!(verdict.code(), Some(Code::CertificateTooComplex));
    assert!(counting.0.into_inner() <= MAX_SIGNATURE_CHECKS);
}

/// A person under forty authorities of one name that all certify each other, none of them by the root, but one says so.
pub(crate) fn maze(scene: &Scene) -> Message<'_> {
    let keys: Vec<Key> = (0..40).map(|_| Key::new()).collect();
    let maze = common_name("maze");
    let bag = keys.iter().enumerate().map(|(index, key)| {
        let issuer = if index == 0 { &scene.issuer.issuer } else { &maze };
        let mut draft = Draft::authority(issuer, &maze, key);
        draft.serial = u32::try_from(index).unwrap();
        draft.issue(&keys[(index + 1) % keys.len()])
    });
    let mut person = scene.person.clone();
    person.issuer.clone_from(&maze);
    let mut message = Message::new(&scene.person_key, person.issue(&keys[0]));
    message.bag.extend(bag);
    message
}

#[test]
fn net_6_all_signers_and_groups_of_a_message_share_one_budget() {
    let scene = Scene::new();
    let mut message = maze(&scene);
    message.signers = 8;
    let trust = TrustStore::new(vec![scene.group(), scene.group(), scene.group()]);
    let counting = Counting::default();
    let report = verify_document(&message.build(), None, &trust, NOW, &counting);
    assert_eq!(report.signers.len(), 8);
    assert_eq!(report.verdict, Verdict::Invalid(Code::CertificateTooComplex));
    assert!(counting.0.into_inner() <= MAX_SIGNATURE_CHECKS);
}

#[test]
fn net_6_twins_of_one_key_are_followed_a_few_times_only() {
    let scene = Scene::new();
    let twin = |index: u8| {
        let mut twin = scene.person.clone();
        let mark = asn1::octet_string(&[index]);
        twin.extensions
            .push(extension(oids::SUBJECT_KEY_IDENTIFIER, false, &mark));
        twin.issue(&scene.person_key)
    };
    let mut message = scene.message();
    message.bag = (0..90).map(twin).collect();
    let trust = TrustStore::new(vec![scene.group(), scene.group()]);
    let judge = |message: &Message<'_>| {
        let counting = Counting::default();
        let verdict = verify_sign_in(&message.build(), CONTENT, &trust, NOW, &counting);
        (verdict.code(), counting.0.into_inner())
    };
    let (code, checks) = judge(&message);
    assert_eq!(code, Some(Code::CertificateTooComplex));
    assert!(checks <= 16, "{checks}");
    // the same certificate again and again is one
    message.bag = vec![scene.person_der(); 90];
    message.bag.splice(..0, [twin(1), twin(2), twin(3)]);
    assert_eq!(judge(&message).0, None);
}

#[test]
fn net_6_a_signer_has_no_longer_issuer_than_a_certificate() {
    let scene = Scene::new();
    let refused = |issuer: Vec<u8>| {
        let mut message = scene.message();
        message.id = Some(asn1::sequence(&[issuer, asn1::integer(&[7])]));
        let verdict = verify_sign_in(&message.build(), CONTENT, &scene.trust(), NOW, provider::native());
        verdict.code()
    };
    let unknown = Some(Code::CmsSignerCertificateMissing);
    let too_large = Some(Code::CmsTooLarge);
    assert_eq!(refused(name(&vec![(oids::COMMON_NAME, "x"); 1_000])), unknown);
    assert_eq!(refused(name(&vec![(oids::COMMON_NAME, "x"); 1_001])), too_large);
    assert_eq!(refused(common_name(&"x".repeat(MAX_SIZE))), too_large);
}

#[test]
fn net_6_comparisons_of_names_add_up_over_the_signers() {
    let mut scene = Scene::new();
    let names = vec![asn1::tlv(0x82, b"b.a.example"); 450];
    let subtree = asn1::sequence(&[asn1::tlv(0x82, b"a.example")]);
    let constraints = asn1::sequence(&[asn1::context(0, &subtree.repeat(450))]);
    scene
        .issuer
        .extensions
        .push(extension(oids::NAME_CONSTRAINTS, true, &constraints));
    scene
        .person
        .extensions
        .push(extension(oids::SUBJECT_ALT_NAME, false, &asn1::sequence(&names)));
    let judge = |signers| {
        let mut message = scene.message();
        message.signers = signers;
        verify_document(&message.build(), None, &scene.trust(), NOW, provider::native()).verdict
    };
    assert_eq!(judge(1), Verdict::Valid(()));
    assert_eq!(judge(2), Verdict::Invalid(Code::CertificateTooComplex));
}

#[test]
fn net_6_name_constraints_are_not_compared_without_end() {
    let mut scene = Scene::new();
    let subtrees: Vec<_> = (0..900)
        .map(|_| asn1::sequence(&[asn1::tlv(0x82, b"a.example")]))
        .collect();
    let constraints = asn1::sequence(&[asn1::context(0, &asn1::concat(&subtrees))]);
    scene
        .issuer
        .extensions
        .push(extension(oids::NAME_CONSTRAINTS, true, &constraints));
    let names = asn1::sequence(&vec![asn1::tlv(0x82, b"b.a.example"); 900]);
    scene
        .person
        .extensions
        .push(extension(oids::SUBJECT_ALT_NAME, false, &names));
    assert_eq!(
        verify_sign_in(
            &scene.message().build(),
            CONTENT,
            &scene.trust(),
            NOW,
            provider::native()
        )
        .code(),
        Some(Code::CertificateTooComplex)
    );
}

/// What one judgement of a message costs, in signature checks and digests.
fn cost(cms: &[u8], content: Option<&[u8]>, trust: &TrustStore) -> (Option<Code>, usize, usize) {
    let counting = Counting::default();
    let report = verify_document(cms, content, trust, NOW, &counting);
    (
        report.verdict.code(),
        counting.0.into_inner(),
        counting.1.into_inner(),
    )
}

#[test]
fn net_6_the_content_is_hashed_once_for_all_signers() {
    let scene = Scene::new();
    let mut message = scene.message();
    message.signers = 64;
    let (code, checks, digests) = cost(&message.build(), None, &scene.trust());
    assert_eq!(code, None);
    // the content, and the attributes of each signer
    assert!(checks <= 66 && digests <= 65, "{checks} {digests}");
    message.signers = 65;
    let (code, checks, digests) = cost(&message.build(), None, &scene.trust());
    assert_eq!((code, checks, digests), (Some(Code::CmsTooLarge), 0, 0));
}

#[test]
fn net_6_the_content_is_hashed_once_for_signers_without_attributes_too() {
    let scene = Scene::new();
    let mut message = scene.message();
    message.attributes = None;
    message.signers = 64;
    let (code, checks, digests) = cost(&message.build(), None, &scene.trust());
    assert_eq!((code, digests), (None, 1));
    assert!(checks <= 66, "{checks}");
}

#[test]
fn net_6_attributes_are_hashed_once_for_all_certificates_that_fit() {
    let scene = Scene::new();
    let id = asn1::octet_string(&[42]);
    let twin = |index: u8| {
        let mut twin = scene.person.clone();
        (twin.spki, twin.serial) = (Key::new().spki(), u32::from(index));
        twin.extensions
            .push(extension(oids::SUBJECT_KEY_IDENTIFIER, false, &id));
        twin.issue(&scene.issuer_key)
    };
    let mut message = scene.message();
    message.bag = (0..99).map(twin).collect();
    message.id = Some(asn1::tlv(tag::context(0), &[42]));
    let (code, checks, digests) = cost(&message.build(), None, &scene.trust());
    assert_eq!((code, checks), (Some(Code::CmsSignatureInvalid), 99));
    assert!(digests <= 2, "of the content and of the attributes: {digests}");
}

#[test]
fn net_6_time_stamps_share_the_budget_of_the_message() {
    let scene = Scene::new();
    let authority = Authority::new(NOW);
    let mut group = scene.group();
    group.time_stamps.anchors = vec![authority.root.clone()];
    let trust = TrustStore::new(vec![group.clone(), group]);
    let mut message = scene.message();
    message.unsigned = Box::new(|signature| {
        let tokens: Vec<_> = (0..64).map(|_| authority.stamp(signature)).collect();
        vec![attribute(oids::SIGNATURE_TIME_STAMP, &tokens)]
    });
    let (code, checks, _) = cost(&message.build(), None, &trust);
    assert_eq!(code, None);
    assert!(
        checks <= 64 * 2 + 4,
        "each stamp and its authority once: {checks}"
    );
}

/// How large a bomb is; ten megabytes take a fraction of a second without debugging.
const SIZE: usize = 512 * 1024;

#[test]
fn cms_10_bombs_of_ber_end() {
    let scene = Scene::new();
    let data = |content: Vec<u8>| {
        let mut parts = scene.message().parts();
        parts[2] = indefinite(
            tag::SEQUENCE,
            &[asn1::object_identifier(oids::DATA), indefinite(0xa0, &content)].concat(),
        );
        wrap(&indefinite(tag::SEQUENCE, &parts.concat()))
    };
    let tiny = [4, 0].repeat(SIZE / 2);
    let mut in_chunks = indefinite(0x24, &tiny);
    for _ in 0..3 {
        in_chunks = indefinite(0x24, &in_chunks);
    }
    let judge = |cms: &[u8]| cost(cms, None, &scene.trust());
    let digest_of_nothing = Some(Code::CmsDigestMismatch);
    assert_eq!(judge(&data(in_chunks.clone())), (digest_of_nothing, 0, 1));
    assert_eq!(
        judge(&data(indefinite(0x24, &in_chunks))).0,
        Some(Code::CmsMalformed)
    );
    let mut parts = scene.message().parts();
    parts[3] = indefinite(0xa0, &[0x30, 0].repeat(SIZE / 2));
    assert_eq!(
        judge(&wrap(&asn1::sequence(&parts))),
        (Some(Code::CmsTooLarge), 0, 0)
    );
    let mut parts = scene.message().parts();
    parts[4] = indefinite(tag::SET, &[0x30, 0].repeat(SIZE / 2));
    assert_eq!(
        judge(&wrap(&asn1::sequence(&parts))),
        (Some(Code::CmsMalformed), 0, 0)
    );
    // what looks like attributes, as content of a signature without any
    let empty = asn1::sequence(&[asn1::object_identifier(oids::DATA), vec![0x31, 0]]);
    let mut message = scene.message();
    message.attributes = None;
    message.content = Some(asn1::tlv(tag::SET, &empty.repeat(SIZE / empty.len())));
    assert_eq!(judge(&message.build()), (Some(Code::CmsNoSignedAttributes), 0, 0));
}

#[test]
fn cms_10_huge_integers_and_identifiers() {
    let huge = vec![1; 1 << 20];
    let deep = [vec![0x2a], vec![0x81; 1 << 17], vec![1]].concat();
    let documents = |change: &dyn Fn(&mut Message<'_>)| {
        let scene = Scene::new();
        let mut message = scene.message();
        change(&mut message);
        verify_document(&message.build(), None, &scene.trust(), NOW, provider::native()).verdict
    };
    let serial = |m: &mut Message<'_>| {
        m.id = Some(asn1::sequence(&[
            common_name("x"),
            asn1::tlv(tag::INTEGER, &huge),
        ]));
    };
    assert_eq!(
        documents(&serial),
        Verdict::Invalid(Code::CmsSignerCertificateMissing)
    );
    let algorithm = |m: &mut Message<'_>| m.digest_algorithm = asn1::sequence(&[asn1::tlv(tag::OID, &deep)]);
    assert_eq!(
        documents(&algorithm),
        Verdict::Unknown(Code::CmsUnsupportedAlgorithm)
    );
    let version = [asn1::tlv(tag::INTEGER, &huge), asn1::null()];
    let parts = asn1::sequence(&version);
    let scene = Scene::new();
    let report = verify_document(&wrap(&parts), None, &scene.trust(), NOW, provider::native());
    assert_eq!(report.verdict, Verdict::Invalid(Code::CmsMalformed));
}
