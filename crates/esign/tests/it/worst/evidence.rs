//! Certificates, lists and answers by themselves.

use esign::asn1::{self, Oid, oids, tag};
use esign::revocation::Crl;
use esign::time::UnixTime;

use super::{Bomb, Kind, MEGABYTES};
use crate::crl::List;
use crate::forge::{Draft, ISSUER, Key, NOW, Scene, algorithm, bit_string, common_name, extension, name};
use crate::ocsp::{Draught, people};

pub(super) const BOMBS: &[Bomb] = &[
    Bomb(Kind::Certificate, "999 names in 64 KiB", |_, _| {
        let long = "x".repeat(40);
        certificate(|draft| draft.subject = name(&vec![(oids::COMMON_NAME, long.as_str()); 998]))
    }),
    Bomb(Kind::Certificate, "8,000 policies in 64 KiB", |_, _| {
        let policy = |index: u16| {
            let [high, low] = index.to_be_bytes();
            let arc = [0x2a, 0x80 | high | 0x40, low & 0x7f];
            asn1::sequence(&[asn1::object_identifier(Oid::from_content(&arc).unwrap())])
        };
        let list: Vec<_> = (0..8_000).map(policy).collect();
        let policies = extension(oids::CERTIFICATE_POLICIES, false, &asn1::sequence(&list));
        certificate(|draft| draft.extensions.push(policies.clone()))
    }),
    Bomb(Kind::Certificate, "ten megabytes", |_, _| {
        certificate(|draft| draft.subject = common_name(&"x".repeat(MEGABYTES)))
    }),
    Bomb(Kind::Crl, "short entries", |scene, _| {
        let mut list = List::of(ISSUER);
        list.revoked = (0..400_000).collect();
        list.sign(&scene.issuer_key).der().to_vec()
    }),
    Bomb(Kind::Crl, "each entry of another issuer", |_, _| {
        crl(|index| {
            let issuer = asn1::sequence(&[asn1::context(4, &common_name(&index.to_string()))]);
            vec![extension(oids::CERTIFICATE_ISSUER, true, &issuer)]
        })
    }),
    Bomb(Kind::Crl, "an issuer of ten megabytes", |scene, _| {
        let mut list = List::of(ISSUER);
        list.issuer = name(&vec![(oids::COMMON_NAME, "x"); MEGABYTES / 14]);
        unsigned(&list, scene)
    }),
    Bomb(Kind::Ocsp, "100 answers", |scene, _| {
        answers(scene, 100).der(&scene.issuer_key)
    }),
    Bomb(Kind::Ocsp, "20,000 answers", |scene, _| {
        answers(scene, 20_000).der(&scene.issuer_key)
    }),
];

fn certificate(change: impl Fn(&mut Draft)) -> Vec<u8> {
    let key = Key::new();
    let mut draft = Draft::new(&common_name("a"), &common_name("b"), &key);
    change(&mut draft);
    draft.issue(&key)
}

/// Entries of ten megabytes in all, each with these extensions.
fn crl(extensions_of: impl Fn(usize) -> Vec<Vec<u8>>) -> Vec<u8> {
    let entry = |index: usize| {
        asn1::sequence(&[
            asn1::integer(&index.to_be_bytes()),
            NOW.to_der(),
            asn1::sequence(&extensions_of(index)),
        ])
    };
    let size = entry(100_000).len();
    let entries: Vec<_> = (0..MEGABYTES / size).map(entry).collect();
    let fields = [
        asn1::integer(&[1]),
        algorithm(oids::ECDSA_SHA256),
        common_name(ISSUER),
        NOW.to_der(),
        asn1::sequence(&entries),
    ];
    let tbs = asn1::sequence(&fields);
    asn1::sequence(&[tbs, algorithm(oids::ECDSA_SHA256), bit_string(&[0; 64])])
}

/// As [`List::sign`] would make it, read by nobody yet.
pub(super) fn unsigned(list: &List, _: &Scene) -> Vec<u8> {
    let fields = [
        asn1::integer(&[1]),
        algorithm(oids::ECDSA_SHA256),
        list.issuer.clone(),
        list.this_update.to_der(),
        list.next_update.map(UnixTime::to_der).unwrap_or_default(),
        asn1::context(0, &asn1::sequence(&list.extensions)),
    ];
    let tbs = asn1::tlv(tag::SEQUENCE, &fields.concat());
    asn1::sequence(&[tbs, algorithm(oids::ECDSA_SHA256), bit_string(&[0; 64])])
}

/// A response that says so much about one certificate.
pub(super) fn answers(scene: &Scene, count: usize) -> Draught {
    let (person, issuer) = people(scene);
    let mut draught = Draught::about(&person, &issuer);
    let answer = draught.answers[0].clone();
    draught.answers = vec![answer; count];
    draught
}

/// A list that names nobody but one number, over and over.
pub(super) fn one_number(scene: &Scene) -> Crl {
    let mut list = List::of(ISSUER);
    list.revoked = vec![99; 300_000];
    list.sign(&scene.issuer_key)
}
