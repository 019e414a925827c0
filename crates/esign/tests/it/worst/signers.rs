//! Messages whose signers, certificates and evidence are the attack.

use esign::algorithm::Hash;
use esign::asn1::{self, Oid, Rules, oids};
use esign::provider;
use gost::{ParameterSet, SigningKey};

use super::evidence::{answers, one_number, unsigned};
use super::{Bomb, Kind};
use crate::budget::maze;
use crate::crl::List;
use crate::forge::{
    CONTENT, Draft, ISSUER, Key, Message, Order, Scene, algorithm, attribute, common_name, content_type,
    extension, name, spki, wrap,
};

pub(super) const BOMBS: &[Bomb] = &[
    Bomb(Kind::Cms, "8 signers in a maze of issuers", |scene, _| {
        let mut message = maze(scene);
        message.signers = 8;
        message.build()
    }),
    Bomb(
        Kind::Cms,
        "450 names under 450 constraints, 64 signers",
        |scene, _| names(scene, 450),
    ),
    Bomb(
        Kind::Cms,
        "900 names under 900 constraints, 64 signers",
        |scene, _| names(scene, 900),
    ),
    Bomb(
        Kind::Cms,
        "policies that map to each other, 64 signers",
        |scene, _| policies(scene),
    ),
    Bomb(Kind::Cms, "100 lists, 64 signers", |scene, _| {
        let mut list = List::of(ISSUER);
        list.issuer = name(&vec![(oids::COMMON_NAME, "x"); 900]);
        list.extensions = vec![crate::crl::point(&[0x84, 1, 0xff])];
        let list = unsigned(&list, scene);
        signed_with(scene, vec![list; 100])
    }),
    Bomb(
        Kind::Cms,
        "a list of one number 300,000 times, 64 signers",
        |scene, _| {
            scene.person.serial = 99;
            let list = one_number(scene).der().to_vec();
            signed_with(scene, vec![list])
        },
    ),
    Bomb(
        Kind::Cms,
        "100 responses of 100 answers, 64 signers",
        |scene, _| {
            let response = answers(scene, 100).der(&scene.issuer_key);
            let other = asn1::context(
                1,
                &[asn1::object_identifier(oids::OCSP_RESPONSE), response].concat(),
            );
            signed_with(scene, vec![other; 100])
        },
    ),
    Bomb(
        Kind::Cms,
        "99 keys of GOST, 512 bits, for one signature",
        |scene, _| {
            let mut message = scene.message();
            let key = |index: u8| {
                let mut private = [0; 64];
                private[0] = index + 1;
                let private = SigningKey::from_little_endian(ParameterSet::Tc26C512, &private).unwrap();
                let point = private.verifying_key().to_bytes();
                let identifier = [
                    asn1::object_identifier(oids::GOST_2012_512),
                    asn1::sequence(&[asn1::object_identifier(oids::TC26_512_C)]),
                ];
                let mut twin = scene.person.clone();
                twin.spki = spki(&identifier, &asn1::octet_string(&point));
                twin.serial = u32::from(index);
                let id = asn1::octet_string(&[42]);
                twin.extensions
                    .push(extension(oids::SUBJECT_KEY_IDENTIFIER, false, &id));
                twin.issue(&scene.issuer_key)
            };
            message.bag = (0..99).map(key).collect();
            message.id = Some(asn1::tlv(0x80, &[42]));
            message.order = Order::AsGiven;
            message.digest_algorithm = algorithm(oids::STREEBOG_512);
            message.signature_algorithm = algorithm(oids::GOST_2012_512_SIGNATURE);
            let digest = provider::native().digest(Hash::Streebog512, CONTENT);
            message.attributes = Some(vec![
                attribute(oids::MESSAGE_DIGEST, &[asn1::octet_string(&digest)]),
                content_type(oids::DATA),
            ]);
            let signer = with_signature(&message.signer_info(), &[1; 128]);
            let mut parts = message.parts();
            *parts.last_mut().unwrap() = asn1::set_of(&[signer]);
            wrap(&asn1::sequence(&parts))
        },
    ),
];

/// The signer with another signature, which is its last field.
fn with_signature(signer: &[u8], signature: &[u8]) -> Vec<u8> {
    let fields = asn1::only(signer, Rules::Der).unwrap().sequence().unwrap();
    let fields = fields.collect(10).unwrap();
    let mut kept: Vec<_> = fields.iter().map(|field| field.raw().to_vec()).collect();
    *kept.last_mut().unwrap() = asn1::octet_string(signature);
    asn1::sequence(&kept)
}

fn signed_with(scene: &Scene, revocation: Vec<Vec<u8>>) -> Vec<u8> {
    let mut message = scene.message();
    message.signers = 64;
    message.revocation = revocation;
    message.build()
}

fn names(scene: &mut Scene, count: usize) -> Vec<u8> {
    let subtree = asn1::sequence(&[asn1::tlv(0x82, b"a.example")]);
    let constraints = asn1::sequence(&[asn1::context(0, &subtree.repeat(count))]);
    let constraints = extension(oids::NAME_CONSTRAINTS, true, &constraints);
    scene.issuer.extensions.push(constraints);
    let names = asn1::sequence(&vec![asn1::tlv(0x82, b"b.a.example"); count]);
    let names = extension(oids::SUBJECT_ALT_NAME, false, &names);
    scene.person.extensions.push(names);
    let mut message = scene.message();
    message.signers = 64;
    message.build()
}

/// Five authorities one under another; each states thirty policies and maps each to every other (CVE-2023-0464).
fn policies(scene: &Scene) -> Vec<u8> {
    let oid = |index: u8| asn1::object_identifier(Oid::from_content(&[0x2a, index]).unwrap());
    let stated: Vec<_> = (1..=30).map(|index| asn1::sequence(&[oid(index)])).collect();
    let stated = extension(oids::CERTIFICATE_POLICIES, true, &asn1::sequence(&stated));
    let pairs = (1..=30).flat_map(|from| (1..=30).map(move |to| (from, to)));
    let mapped: Vec<_> = pairs
        .map(|(from, to)| asn1::sequence(&[oid(from), oid(to)]))
        .collect();
    let mapped = extension(oids::POLICY_MAPPINGS, true, &asn1::sequence(&mapped));
    let keys: Vec<Key> = (0..5).map(|_| Key::new()).collect();
    let mut bag = Vec::new();
    let (mut issuer, mut issuer_key) = (scene.issuer.subject.clone(), &scene.issuer_key);
    for (index, key) in keys.iter().enumerate() {
        let subject = common_name(&format!("authority {index}"));
        let mut draft = Draft::authority(&issuer, &subject, key);
        draft.extensions.extend([stated.clone(), mapped.clone()]);
        bag.push(draft.issue(issuer_key));
        (issuer, issuer_key) = (subject, key);
    }
    let mut person = scene.person.clone();
    person.issuer = issuer;
    person.extensions.push(stated);
    let mut message = Message::new(&scene.person_key, person.issue(issuer_key));
    message.bag.extend(bag);
    message.signers = 64;
    message.build()
}
