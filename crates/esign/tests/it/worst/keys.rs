//! Key files.

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::KeySize;
use esign::asn1::{self, Oid, oids, tag};

use super::{Bomb, Kind};
use crate::forge::{Draft, Key, common_name};

pub(super) const BOMBS: &[Bomb] = &[
    Bomb(Kind::Pkcs12, "billions of rounds", |_, _| {
        container(&[], &mac(oids::SHA1, 20, u32::MAX))
    }),
    Bomb(
        Kind::Pkcs12,
        "2,000,000 rounds of SHA-1, the most allowed",
        |_, _| container(&[], &mac(oids::SHA1, 20, 2_000_000)),
    ),
    Bomb(Kind::Pkcs12, "1,875,000 rounds of PBKDF2 with SHA-256", |_, _| {
        container(&[shrouded(9, 1_875_000)], &[])
    }),
    Bomb(Kind::Pkcs12, "468,750 rounds of PBKDF2 with SHA-512", |_, _| {
        container(&[shrouded(11, 468_750)], &[])
    }),
    Bomb(
        Kind::Pkcs12,
        "25,000 rounds of PBKDF2 with Streebog, 512 bits",
        |_, _| container(&[], &mac(oids::STREEBOG_512, 64, 25_000)),
    ),
    Bomb(Kind::Pkcs12, "16 keys of P-384 with 200 certificates", |_, _| {
        let certificate = certificate();
        let key = |index: u8| {
            let curve = [
                asn1::object_identifier(oids::EC_PUBLIC_KEY),
                asn1::object_identifier(oids::P384),
            ];
            let private = asn1::sequence(&[asn1::integer(&[1]), asn1::octet_string(&[index + 1; 48])]);
            private_key(&curve, &private)
        };
        let keys = (0..16).map(|index| bag(1, &key(index)));
        let bags: Vec<_> = keys
            .chain((0..200).map(|_| certificate_bag(&certificate)))
            .collect();
        container(&bags, &[])
    }),
    Bomb(Kind::Pkcs12, "16 keys of RSA, 3,072 bits", |_, _| {
        let pair = aws_lc_rs::rsa::KeyPair::generate(KeySize::Rsa3072).unwrap();
        let key = pair.as_der().unwrap();
        container(&vec![bag(1, key.as_ref()); 16], &[])
    }),
    Bomb(Kind::Pkcs12, "17 keys", |_, _| {
        let pair = aws_lc_rs::rsa::KeyPair::generate(KeySize::Rsa2048).unwrap();
        let key = pair.as_der().unwrap();
        container(&vec![bag(1, key.as_ref()); 17], &[])
    }),
];

fn certificate() -> Vec<u8> {
    let key = Key::new();
    Draft::new(&common_name("a"), &common_name("b"), &key).issue(&key)
}

fn private_key(algorithm: &[Vec<u8>], key: &[u8]) -> Vec<u8> {
    asn1::sequence(&[
        asn1::integer(&[0]),
        asn1::sequence(algorithm),
        asn1::octet_string(key),
    ])
}

/// A key encrypted by PBES2 with AES-256, whose rounds are of the HMAC of this number (RFC 8018 §B.1).
fn shrouded(hmac: u8, rounds: u32) -> Vec<u8> {
    let function = asn1::sequence(&[asn1::tlv(
        tag::OID,
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, hmac],
    )]);
    let rounds = asn1::integer(&rounds.to_be_bytes());
    let derivation = asn1::sequence(&[asn1::octet_string(b"saltsalt"), rounds, function]);
    let aes = asn1::tlv(tag::OID, &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 42]);
    let parameters = asn1::sequence(&[
        asn1::sequence(&[rsadsi(&[5, 12]), derivation]),
        asn1::sequence(&[aes, asn1::octet_string(&[0; 16])]),
    ]);
    let algorithm = asn1::sequence(&[rsadsi(&[5, 13]), parameters]);
    bag(2, &asn1::sequence(&[algorithm, asn1::octet_string(&[0; 64])]))
}

/// MacData (RFC 7292 §4).
fn mac(hash: Oid<'_>, length: usize, rounds: u32) -> Vec<u8> {
    let algorithm = asn1::sequence(&[asn1::object_identifier(hash), asn1::null()]);
    let digest = asn1::sequence(&[algorithm, asn1::octet_string(&vec![0; length])]);
    let rounds = asn1::integer(&rounds.to_be_bytes());
    asn1::sequence(&[digest, asn1::octet_string(b"saltsalt"), rounds])
}

/// `1.2.840.113549.1.` and these octets.
fn rsadsi(rest: &[u8]) -> Vec<u8> {
    asn1::tlv(
        tag::OID,
        &[&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1], rest].concat(),
    )
}

fn bag(kind: u8, value: &[u8]) -> Vec<u8> {
    asn1::sequence(&[rsadsi(&[12, 10, 1, kind]), asn1::context(0, value)])
}

fn certificate_bag(certificate: &[u8]) -> Vec<u8> {
    let octets = asn1::context(0, &asn1::octet_string(certificate));
    bag(3, &asn1::sequence(&[rsadsi(&[9, 22, 1]), octets]))
}

fn container(bags: &[Vec<u8>], mac: &[u8]) -> Vec<u8> {
    let data = |content: &[u8]| {
        let octets = asn1::context(0, &asn1::octet_string(content));
        asn1::sequence(&[asn1::object_identifier(oids::DATA), octets])
    };
    let safe = asn1::sequence(&[data(&asn1::sequence(bags))]);
    asn1::sequence(&[asn1::integer(&[3]), data(&safe), mac.to_vec()])
}
