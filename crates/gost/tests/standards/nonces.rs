//! The one-time numbers, seen through the points that they make.

use gost::{ByteOrder, ParameterSet, SigningKey};
use streebog::{Digest, Streebog512};

use crate::random::{bytes, key};

/// HMAC (RFC 2104) with Streebog-512.
fn hmac(key: &[u8; 64], parts: &[&[u8]]) -> [u8; 64] {
    let pad = |byte: u8| key.map(|octet| octet ^ byte);
    let inner = parts
        .iter()
        .fold(Streebog512::new().chain_update(pad(0x36)), |hash, part| {
            hash.chain_update(part)
        });
    Streebog512::new()
        .chain_update(pad(0x5C))
        .chain_update(inner.finalize())
        .finalize()
        .into()
}

/// RFC 6979 §3.2 word by word; numbers are big-endian here.
fn first_candidate(private: &[u8], e: &[u8], added: &[u8], order_bits: usize) -> Vec<u8> {
    let (mut key, mut value) = ([0; 64], [1; 64]);
    for round in [0, 1] {
        key = hmac(&key, &[&value, &[round], private, e, added]);
        value = hmac(&key, &[&value]);
    }
    value = hmac(&key, &[&value]);
    let mut candidate = value[..private.len()].to_vec();
    for _ in order_bits..8 * candidate.len() {
        let mut carry = 0;
        for byte in &mut candidate {
            (*byte, carry) = (*byte >> 1 | carry << 7, *byte & 1);
        }
    }
    candidate
}

fn reversed(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().rev().copied().collect()
}

/// r is x(k · P), and whoever knows k can make the point too. On these sets x is practically always below q.
#[test]
fn k_is_what_rfc_6979_says() {
    let sets = [
        (ParameterSet::CryptoProA, 256, true),
        (ParameterSet::CryptoProB, 256, false),
        (ParameterSet::Tc26A512, 512, true),
        (ParameterSet::Test512, 511, false),
    ];
    for (set, order_bits, always_below_order) in sets {
        let mut compared = 0;
        for number in 0..12_u8 {
            let private = bytes(set, "signer");
            let mut private_number = private.clone();
            private_number[set.field_len() - 1] &= 0x3F;
            let mut digest = bytes(set, &format!("message {number}"));
            // Below q, so that e is the digest itself.
            digest[set.field_len() - 1] &= 0x3F;
            let added = vec![number; usize::from(number)];
            let k = first_candidate(&reversed(&private_number), &reversed(&digest), &added, order_bits);
            let Ok(one_time) = SigningKey::from_little_endian(set, &reversed(&k)) else {
                continue;
            };
            compared += 1;
            let signature = key(set, "signer")
                .sign_prehash(ByteOrder::Kazakh, &digest, &added)
                .unwrap();
            let x = &one_time.verifying_key().to_bytes()[..set.field_len()];
            assert_eq!(&signature.as_ref()[..set.field_len()], x, "{set:?} {number}");
        }
        assert!(
            compared >= if always_below_order { 12 } else { 2 },
            "{set:?}: {compared}"
        );
    }
}

#[test]
fn what_is_added_changes_the_signature_and_nothing_else_does() {
    for set in ParameterSet::ALL {
        let (key, digest) = (key(set, "signer"), bytes(set, "digest"));
        let sign = |added: &[u8]| key.sign_prehash(ByteOrder::Russian, &digest, added).unwrap();
        assert_eq!(sign(&[]), sign(&[]));
        assert_eq!(sign(b"entropy"), sign(b"entropy"));
        assert_ne!(sign(&[]), sign(b"entropy"));
        for added in [&b"entropy"[..], b"Entropy"] {
            let verdict =
                key.verifying_key()
                    .verify_prehash(ByteOrder::Russian, &digest, sign(added).as_ref());
            assert_eq!(verdict, Ok(()));
        }
    }
}
