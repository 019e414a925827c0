//! GOST R 34.10-2012 A.1 (also RFC 7091 §7.1, RFC 5832 §7.1) and A.2: the examples' keys and signatures.

use gost::{ByteOrder, ParameterSet, SignatureError, SigningKey, VerifyingKey};

struct Example {
    set: ParameterSet,
    d: &'static str,
    x: &'static str,
    y: &'static str,
    e: &'static str,
    r: &'static str,
    s: &'static str,
}

const EXAMPLES: [Example; 2] = [
    Example {
        set: ParameterSet::Test2001,
        d: "7A929ADE789BB9BE10ED359DD39A72C11B60961F49397EEE1D19CE9891EC3B28",
        x: "7F2B49E270DB6D90D8595BEC458B50C58585BA1D4E9B788F6689DBD8E56FD80B",
        y: "26F1B489D6701DD185C8413A977B3CBBAF64D1C593D26627DFFB101A87FF77DA",
        e: "2DFBC1B372D89A1188C09C52E0EEC61FCE52032AB1022E8E67ECE6672B043EE5",
        r: "41AA28D2F1AB148280CD9ED56FEDA41974053554A42767B83AD043FD39DC0493",
        s: "01456C64BA4642A1653C235A98A60249BCD6D3F746B631DF928014F6C5BF9C40",
    },
    Example {
        set: ParameterSet::Test512,
        d: "0BA6048AADAE241BA40936D47756D7C93091A0E8514669700EE7508E508B1020\
            72E8123B2200A0563322DAD2827E2714A2636B7BFD18AADFC62967821FA18DD4",
        x: "115DC5BC96760C7B48598D8AB9E740D4C4A85A65BE33C1815B5C320C854621DD\
            5A515856D13314AF69BC5B924C8B4DDFF75C45415C1D9DD9DD33612CD530EFE1",
        y: "37C7C90CD40B0F5621DC3AC1B751CFA0E2634FA0503B3D52639F5D7FB72AFD61\
            EA199441D943FFE7F0C70A2759A3CDB84C114E1F9339FDF27F35ECA93677BEEC",
        e: "3754F3CFACC9E0615C4F4A7C4D8DAB531B09B6F9C170C533A71D147035B0C591\
            7184EE536593F4414339976C647C5D5A407ADEDB1D560C4FC6777D2972075B8C",
        r: "2F86FA60A081091A23DD795E1E3C689EE512A3C82EE0DCC2643C78EEA8FCACD3\
            5492558486B20F1C9EC197C90699850260C93BCBCD9C5C3317E19344E173AE36",
        s: "1081B394696FFE8E6585E7A9362D26B6325F56778AADBC081C0BFBE933D52FF5\
            823CE288E8C4F362526080DF7F70CE406A6EEB1F56919CB92A9853BDE73E5B4A",
    },
];

/// A printed number as little-endian bytes.
pub(crate) fn little_endian(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().rchunks(2);
    digits
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

fn signature(example: &Example, order: ByteOrder) -> Vec<u8> {
    let mut bytes = [little_endian(example.r), little_endian(example.s)].concat();
    if order == ByteOrder::Russian {
        bytes.reverse();
    }
    bytes
}

#[test]
fn the_private_keys_have_the_printed_public_keys() {
    for example in &EXAMPLES {
        let key = SigningKey::from_little_endian(example.set, &little_endian(example.d)).unwrap();
        let printed = [little_endian(example.x), little_endian(example.y)].concat();
        assert_eq!(key.verifying_key().to_bytes(), printed, "{:?}", example.set);
        assert_eq!(
            VerifyingKey::from_bytes(example.set, &printed).unwrap(),
            key.verifying_key()
        );
    }
}

#[test]
fn the_printed_signatures_are_valid_in_both_orders_and_only_for_their_digests() {
    for example in &EXAMPLES {
        let printed = [little_endian(example.x), little_endian(example.y)].concat();
        let key = VerifyingKey::from_bytes(example.set, &printed).unwrap();
        let digest = little_endian(example.e);
        for order in [ByteOrder::Russian, ByteOrder::Kazakh] {
            let signature = signature(example, order);
            key.verify_prehash(order, &digest, &signature).unwrap();
            for bit in 0..8 * signature.len() {
                let mut changed = signature.clone();
                changed[bit / 8] ^= 1 << (bit % 8);
                key.verify_prehash(order, &digest, &changed).unwrap_err();
            }
            let mut other = digest.clone();
            other[0] ^= 1;
            let refusal = key.verify_prehash(order, &other, &signature);
            assert_eq!(refusal, Err(SignatureError::Mismatch));
        }
        let swapped = key.verify_prehash(
            ByteOrder::Kazakh,
            &digest,
            &signature(example, ByteOrder::Russian),
        );
        swapped.unwrap_err();
    }
}
