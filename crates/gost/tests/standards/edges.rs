//! Values at the edges of the definitions.

use gost::{ByteOrder, KeyError, ParameterSet, SignatureError, SigningKey, VerifyingKey};

fn key(set: ParameterSet) -> SigningKey {
    let d: Vec<u8> = (1..=u8::try_from(set.field_len() - 1).unwrap())
        .chain([0])
        .collect();
    SigningKey::from_little_endian(set, &d).unwrap()
}

#[test]
fn every_set_signs_what_it_verifies_and_reads_the_key_it_made() {
    for set in ParameterSet::ALL {
        let signing = key(set);
        let verifying = VerifyingKey::from_bytes(set, &signing.verifying_key().to_bytes()).unwrap();
        assert_eq!(verifying, signing.verifying_key());
        for order in [ByteOrder::Russian, ByteOrder::Kazakh] {
            for filler in [0, 1, 0x80, 0xFF] {
                let digest = vec![filler; set.field_len()];
                let signature = signing.sign_prehash(order, &digest, &[]).unwrap();
                let verdict = verifying.verify_prehash(order, &digest, signature.as_ref());
                assert_eq!(verdict, Ok(()), "{set:?} {order:?} {filler}");
            }
        }
    }
}

#[test]
fn a_key_off_the_curve_or_of_another_length_is_refused() {
    for set in ParameterSet::ALL {
        let bytes = key(set).verifying_key().to_bytes();
        let read = |bytes: &[u8]| VerifyingKey::from_bytes(set, bytes).map(|_| ());
        assert_eq!(read(&bytes[1..]), Err(KeyError::Length));
        assert_eq!(read(&[]), Err(KeyError::Length));
        assert_eq!(read(&[&bytes[..], &[0]].concat()), Err(KeyError::Length));
        assert_eq!(read(&vec![0xFF; bytes.len()]), Err(KeyError::Coordinate));
        let mut moved = bytes.clone();
        moved[set.field_len()] ^= 1;
        assert_eq!(read(&moved), Err(KeyError::NotOnCurve));
    }
}

#[test]
fn lengths_and_zeros_are_refused_before_any_mathematics() {
    for set in ParameterSet::ALL {
        let (signing, length) = (key(set), set.field_len());
        let verifying = signing.verifying_key();
        let verify =
            |digest: &[u8], signature: &[u8]| verifying.verify_prehash(ByteOrder::Russian, digest, signature);
        let digest = vec![7; length];
        let good = signing.sign_prehash(ByteOrder::Russian, &digest, &[]).unwrap();
        let good = good.as_ref();
        assert_eq!(verify(&digest[1..], good), Err(SignatureError::DigestLength));
        assert_eq!(verify(&digest, &good[1..]), Err(SignatureError::Length));
        assert_eq!(verify(&digest, &[]), Err(SignatureError::Length));
        assert_eq!(
            verify(&digest, &[good, &[0]].concat()),
            Err(SignatureError::Length)
        );
        let zero = vec![0; length];
        assert_eq!(
            verify(&digest, &[&zero, &good[length..]].concat()),
            Err(SignatureError::OutOfRange)
        );
        assert_eq!(
            verify(&digest, &[&good[..length], &zero].concat()),
            Err(SignatureError::OutOfRange)
        );
    }
}
