//! Values at the edges of the definitions.

use crate::examples::little_endian;
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

/// Points of order 2 and 4, the base point plus each of them: on the curve, not in the subgroup.
const OUTSIDE: [(ParameterSet, [(&str, &str); 4]); 2] = [
    (
        ParameterSet::Tc26A256,
        [
            (
                "7F7F80C60535007538B45A5D95C39353BC5D80D1F36A9DC0ACE7C5118C2F5977",
                "7E7E82520F9F015FAA1D0F18C14AB9FB35188275DA3FD94206B74F34A48E0ECD",
            ),
            (
                "0100FE73F595FF158E974B44D478D9588744FE5C192AC47EA63075DCE7A14AAA",
                "0000000000000000000000000000000000000000000000000000000000000000",
            ),
            (
                "DDB921090CC4903145EC19C1E5A683137E548E895E189C8F32B7E8D45A953AE1",
                "266B0860F3C4DA7273AB5C51D5DFD1B1FD3971404EEB66D9B296EB3D7E342D8A",
            ),
            (
                "18476B1AF2E5CECDC380E4C91D2A3A5C2B6C0788066615E2B4E9A63246463E96",
                "4CFA952E3B48A1409977E07FABA396136986D7E8EDC05C336154375BE5070030",
            ),
        ],
    ),
    (
        ParameterSet::Tc26C512,
        [
            (
                "B2CEB8345535898813B22EBAED63002431BAA6E3A8897BD702D1F2A27EA3FA5D9CC65D7F23E2FF7114ED197A575D7B72C932995A7051D270EF26A6DB1101748F",
                "186C289CFFA09C983B168C30C829006C952FF4AAF99C73850875D7E77BEBEF18D653187D6BA8FE533EC74C6F061872585B97CC0F50F57752CD73F4913304621E",
            ),
            (
                "9A628F975594ECEFD89BA28A2539FFB79C8AB238AEED0851FA5C1ABB02B80B44C6734501B83A011DD625CD0B5145091A6D9ACD4B1F5C5B1E21B2B249DDFD1271",
                "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
            ),
            (
                "ACF4504E3AF7BF24456C836BF8DF6B20905250923B610CC0004381F95DF26B3C06AFA85B9B447BE0D3DF4549AA21B044A263D3585DA9263FD5A943413714189E",
                "158CCD230A088E65AE5AEBCC473F84CE8E6FA15CC101BC424B2DA4AB1E4692ABCAFAA586FAAA7FDAE92228DD2832A926B28F37DB2BE88D1971ABD1666160EF3D",
            ),
            (
                "A971A08C11434AED18BE284BDA0575DF3112277F7F11DB4CFC63762467ACF3A9AD39E333D5727748008CA4A7275F22CE793D6E36A77CF3EE6793FDA38008C4BB",
                "A9D47F0ED920FAC7438C4DE7042D95E15B4DCED16636D7D59C54ECB3089D0F889DD8856EFE606B368BDDD793C97053E7C676F70F5BFE30663501B4B3E8C6749D",
            ),
        ],
    ),
];

#[test]
fn points_of_small_order_and_points_outside_the_subgroup_are_no_keys() {
    for (set, points) in OUTSIDE {
        for (x, y) in points {
            let key = [little_endian(x), little_endian(y)].concat();
            let refusal = VerifyingKey::from_bytes(set, &key).map(|_| ());
            assert_eq!(refusal, Err(KeyError::NotInSubgroup), "{set:?} {x}");
        }
    }
}

/// q of each set, as printed.
const ORDERS: [(ParameterSet, &str); 9] = [
    (
        ParameterSet::CryptoProA,
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF6C611070995AD10045841B09B761B893",
    ),
    (
        ParameterSet::CryptoProB,
        "800000000000000000000000000000015F700CFFF1A624E5E497161BCC8A198F",
    ),
    (
        ParameterSet::CryptoProC,
        "9B9F605F5A858107AB1EC85E6B41C8AA582CA3511EDDFB74F02F3A6598980BB9",
    ),
    (
        ParameterSet::Test2001,
        "8000000000000000000000000000000150FE8A1892976154C59CFC193ACCF5B3",
    ),
    (
        ParameterSet::Tc26A256,
        "400000000000000000000000000000000FD8CDDFC87B6635C115AF556C360C67",
    ),
    (
        ParameterSet::Tc26A512,
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF27E69532F48D89116FF22B8D4E0560609B4B38ABFAD2B85DCACDB1411F10B275",
    ),
    (
        ParameterSet::Tc26B512,
        "800000000000000000000000000000000000000000000000000000000000000149A1EC142565A545ACFDB77BD9D40CFA8B996712101BEA0EC6346C54374F25BD",
    ),
    (
        ParameterSet::Tc26C512,
        "3FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC98CDBA46506AB004C33A9FF5147502CC8EDA9E7A769A12694623CEF47F023ED",
    ),
    (
        ParameterSet::Test512,
        "4531ACD1FE0023C7550D267B6B2FEE80922B14B2FFB90F04D4EB7C09B5D2D15DA82F2D7ECB1DBAC719905C5EECC423F1D86E25EDBE23C595D644AAF187E6E6DF",
    ),
];

#[test]
fn numbers_must_be_less_than_the_order() {
    for (set, order) in ORDERS {
        let (q, length) = (little_endian(order), set.field_len());
        assert_eq!(
            SigningKey::from_little_endian(set, &q).map(|_| ()),
            Err(KeyError::Scalar)
        );
        assert_eq!(
            SigningKey::from_little_endian(set, &vec![0; length]).map(|_| ()),
            Err(KeyError::Scalar)
        );
        assert_eq!(
            SigningKey::from_little_endian(set, &q[1..]).map(|_| ()),
            Err(KeyError::Length)
        );
        let (signing, digest) = (key(set), vec![7; length]);
        let good = signing.sign_prehash(ByteOrder::Kazakh, &digest, &[]).unwrap();
        let (r, s) = good.as_ref().split_at(length);
        let verifying = signing.verifying_key();
        for pair in [[&q, s], [r, &q]] {
            let refusal = verifying.verify_prehash(ByteOrder::Kazakh, &digest, &pair.concat());
            assert_eq!(refusal, Err(SignatureError::OutOfRange), "{set:?}");
        }
    }
}

/// Step 2 of signing and of verifying: a digest that is zero modulo q counts as one.
#[test]
fn a_digest_of_zero_counts_as_one() {
    for (set, order) in ORDERS {
        let signing = key(set);
        let zero = vec![0; set.field_len()];
        let one: Vec<u8> = [1]
            .into_iter()
            .chain(zero.iter().copied())
            .take(zero.len())
            .collect();
        let signature = signing.sign_prehash(ByteOrder::Kazakh, &zero, &[]).unwrap();
        assert_eq!(
            signature,
            signing.sign_prehash(ByteOrder::Kazakh, &one, &[]).unwrap()
        );
        for digest in [zero, one, little_endian(order)] {
            let verdict =
                signing
                    .verifying_key()
                    .verify_prehash(ByteOrder::Kazakh, &digest, signature.as_ref());
            assert_eq!(verdict, Ok(()), "{set:?}");
        }
    }
}

/// The private keys 1 and q - 1: the base point and its opposite, where additions meet equal and opposite points.
#[test]
fn keys_at_the_ends_of_the_range_work() {
    for (set, order) in ORDERS {
        let one: Vec<u8> = [1].into_iter().chain(vec![0; set.field_len() - 1]).collect();
        let mut last = little_endian(order);
        last[0] -= 1;
        for (scalar, seed) in [&one, &last].into_iter().zip(1..) {
            let signing = SigningKey::from_little_endian(set, scalar).unwrap();
            let verifying = VerifyingKey::from_bytes(set, &signing.verifying_key().to_bytes()).unwrap();
            for filler in 0..4 {
                let digest = vec![filler * seed; set.field_len()];
                let signature = signing.sign_prehash(ByteOrder::Kazakh, &digest, &[]).unwrap();
                let verdict = verifying.verify_prehash(ByteOrder::Kazakh, &digest, signature.as_ref());
                assert_eq!(verdict, Ok(()), "{set:?}");
            }
        }
    }
}

/// A digest with many zero bits, whose inversion meets limbs of zeros.
#[test]
fn digests_that_are_powers_of_two_take_no_longer() {
    for set in ParameterSet::ALL {
        let signing = key(set);
        for position in 0..set.field_len() {
            let mut digest = vec![0; set.field_len()];
            digest[position] = 1;
            let signature = signing.sign_prehash(ByteOrder::Russian, &digest, &[]).unwrap();
            let verdict =
                signing
                    .verifying_key()
                    .verify_prehash(ByteOrder::Russian, &digest, signature.as_ref());
            assert_eq!(verdict, Ok(()), "{set:?} {position}");
        }
    }
}
