//! Fast verification beside the definition: what signing's arithmetic made, changed, and judged in both ways.

use gost::{ByteOrder, ParameterSet, SigningKey, VerifyingKey};
use streebog::{Digest, Streebog512};

/// Signatures for each set; each is judged as it is and changed.
const SIGNATURES: u32 = 250;

pub(crate) fn bytes(set: ParameterSet, seed: &str) -> Vec<u8> {
    let mut bytes = Streebog512::digest(format!("{set:?} {seed}")).to_vec();
    bytes.truncate(set.field_len());
    bytes
}

pub(crate) fn key(set: ParameterSet, seed: &str) -> SigningKey {
    let mut scalar = bytes(set, seed);
    scalar[set.field_len() - 1] &= 0x3F;
    SigningKey::from_little_endian(set, &scalar).unwrap()
}

/// A key's first verification goes without its multiples, later ones with them: both must agree.
#[test]
fn every_signature_is_valid_and_no_changed_one_is() {
    for set in ParameterSet::ALL {
        let (old, length) = (key(set, "old"), 2 * set.field_len());
        let remembered = VerifyingKey::from_bytes(set, &old.verifying_key().to_bytes()).unwrap();
        for number in 0..SIGNATURES {
            let digest = bytes(set, &format!("digest {number}"));
            let order = if number % 2 == 0 {
                ByteOrder::Russian
            } else {
                ByteOrder::Kazakh
            };
            let signature = old.sign_prehash(order, &digest, &number.to_le_bytes()).unwrap();
            let mut changed = signature.as_ref().to_vec();
            let bit = usize::try_from(number * 37).unwrap() % (8 * length);
            changed[bit / 8] ^= 1 << (bit % 8);
            let fresh = old.verifying_key();
            for key in [&fresh, &remembered] {
                assert_eq!(
                    key.verify_prehash(order, &digest, signature.as_ref()),
                    Ok(()),
                    "{set:?} {number}"
                );
                key.verify_prehash(order, &digest, &changed).unwrap_err();
            }
        }
    }
}

#[test]
fn many_keys_are_on_their_curves_and_verify_only_their_own() {
    for set in ParameterSet::ALL {
        let digest = bytes(set, "digest");
        let keys: Vec<SigningKey> = (0..20).map(|number| key(set, &format!("key {number}"))).collect();
        for (number, signing) in keys.iter().enumerate() {
            let signature = signing.sign_prehash(ByteOrder::Russian, &digest, &[]).unwrap();
            for (other, verifying) in keys.iter().enumerate().skip(number).take(2) {
                let key = VerifyingKey::from_bytes(set, &verifying.verifying_key().to_bytes()).unwrap();
                let verdict = key.verify_prehash(ByteOrder::Russian, &digest, signature.as_ref());
                assert_eq!(verdict.is_ok(), other == number, "{set:?} {number} {other}");
            }
        }
    }
}
