//! Threat NET-6: what one judgement may cost, counted and not timed.

use std::sync::atomic::{AtomicUsize, Ordering};

use esign::algorithm::{Hash, SignatureAlgorithm};
use esign::asn1::{self, oids, tag};
use esign::certificate::{Certificate, MAX_EXTENSIONS, MAX_SIZE, MalformedCode};
use esign::cms::verify_sign_in;
use esign::provider::{self, Provider, SignatureError};
use esign::verdict::{Code, Verdict};

use crate::forge::{CONTENT, Draft, Key, Message, NOW, Scene, common_name, extension};

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

/// A provider that counts what it is asked.
#[derive(Default)]
struct Counting(AtomicUsize);

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

    fn digest(&self, hash: Hash, message: &[u8]) -> Vec<u8> {
        provider::native().digest(hash, message)
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
    // forty authorities of one name that all certify each other, none of them under the root
    let keys: Vec<Key> = (0..40).map(|_| Key::new()).collect();
    let maze = common_name("maze");
    let bag = keys.iter().enumerate().map(|(index, key)| {
        let mut draft = Draft::authority(&maze, &maze, key);
        draft.serial = u32::try_from(index).unwrap();
        draft.issue(&keys[(index + 1) % keys.len()])
    });
    let mut person = scene.person.clone();
    person.issuer.clone_from(&maze);
    let mut message = Message::new(&scene.person_key, person.issue(&keys[0]));
    message.bag.extend(bag);
    let counting = Counting::default();
    let verdict = verify_sign_in(&message.build(), CONTENT, &scene.trust(), NOW, &counting);
    assert_eq!(verdict.code(), Some(Code::CertificateTooComplex));
    assert!(counting.0.into_inner() <= 201);
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
