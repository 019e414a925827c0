//! WEB-4: files that want to cost time, memory or a crash.

use esign::asn1::{integer, null, object_identifier, octet_string, oids, sequence, tag, tlv};
use esign::pkcs12::{self, Entry, Pkcs12Error, Protection};

use crate::support::{
    ED25519, Openssl, P256, RSA, bag, certificate_bag, container, counting_random, rsadsi, vector,
};

const BILLIONS: [u8; 4] = [0x80, 0, 0, 0];

/// MacData with SHA-1 and this number of rounds.
fn mac_data(rounds: &[u8]) -> Vec<u8> {
    let sha1 = sequence(&[object_identifier(oids::SHA1), null()]);
    let digest_info = sequence(&[sha1, octet_string(&[0; 20])]);
    sequence(&[digest_info, octet_string(b"saltsalt"), rounds.to_vec()])
}

/// A key encrypted by 3DES of PKCS#12 with these rounds.
fn old_shrouded(rounds: Vec<u8>) -> Vec<u8> {
    let algorithm = sequence(&[
        rsadsi(&[12, 1, 3]),
        sequence(&[octet_string(b"saltsalt"), rounds]),
    ]);
    bag(2, &sequence(&[algorithm, octet_string(&[0; 64])]))
}

/// A key encrypted by PBES2 with these rounds.
fn new_shrouded(rounds: Vec<u8>) -> Vec<u8> {
    let pbkdf2 = sequence(&[rsadsi(&[5, 12]), sequence(&[octet_string(b"saltsalt"), rounds])]);
    let aes = tlv(tag::OID, &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 42]);
    let aes = sequence(&[aes, octet_string(&[0; 16])]);
    let algorithm = sequence(&[rsadsi(&[5, 13]), sequence(&[pbkdf2, aes])]);
    bag(2, &sequence(&[algorithm, octet_string(&[0; 64])]))
}

#[test]
fn web_4_billions_of_rounds_are_refused_at_once_wherever_they_are_asked_for() {
    let endless = || integer(&BILLIONS);
    let beyond_32_bits = || integer(&[1, 0, 0, 0, 0, 0, 0, 0, 0]);
    for file in [
        container(&[], &mac_data(&endless())),
        container(&[], &mac_data(&beyond_32_bits())),
        container(&[old_shrouded(endless())], &[]),
        container(&[old_shrouded(beyond_32_bits())], &[]),
        container(&[new_shrouded(endless())], &[]),
        container(&[new_shrouded(beyond_32_bits())], &[]),
    ] {
        assert_eq!(pkcs12::open(&file, "secret").unwrap_err(), Pkcs12Error::TooCostly);
    }
}

/// MacData by PBMAC1 with HMAC-SHA-256 and a derived key of this length.
fn pbmac1(rounds: &[u8], length: u8) -> Vec<u8> {
    let hmac_sha256 = sequence(&[tlv(tag::OID, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 9])]);
    let parameters = [
        octet_string(b"saltsalt"),
        integer(rounds),
        integer(&[length]),
        hmac_sha256.clone(),
    ];
    let pbkdf2 = sequence(&[rsadsi(&[5, 12]), sequence(&parameters)]);
    let algorithm = sequence(&[rsadsi(&[5, 14]), sequence(&[pbkdf2, hmac_sha256])]);
    let digest_info = sequence(&[algorithm, octet_string(&[0; 32])]);
    sequence(&[digest_info, octet_string(b"unused")])
}

#[test]
fn web_4_a_mac_under_a_short_key_is_no_mac() {
    let open = |length| pkcs12::open(&container(&[], &pbmac1(&[1], length)), "secret").unwrap_err();
    assert_eq!(open(1), Pkcs12Error::Malformed);
    assert_eq!(open(19), Pkcs12Error::Malformed);
    assert_eq!(open(20), Pkcs12Error::WrongPassword);
}

#[test]
fn web_4_a_long_derived_key_costs_its_rounds_for_each_block() {
    let three_million = [0x2d, 0xc6, 0xc0];
    let file = container(&[], &pbmac1(&three_million, 128));
    assert_eq!(pkcs12::open(&file, "secret").unwrap_err(), Pkcs12Error::TooCostly);
}

/// A round of Streebog costs several of SHA-2, and the key of this MAC takes two blocks of it.
#[test]
fn web_4_rounds_of_gost_count_for_what_they_cost() {
    let streebog512 = sequence(&[object_identifier(oids::STREEBOG_512)]);
    let mac_data = |rounds: &[u8]| {
        let digest_info = sequence(&[streebog512.clone(), octet_string(&[0; 64])]);
        sequence(&[digest_info, octet_string(b"saltsalt"), integer(rounds)])
    };
    let open = |rounds: &[u8]| pkcs12::open(&container(&[], &mac_data(rounds)), "secret").unwrap_err();
    assert_eq!(open(&[7, 0xd0]), Pkcs12Error::WrongPassword);
    let a_million = [0x0f, 0x42, 0x40];
    assert_eq!(open(&a_million), Pkcs12Error::TooCostly);
}

#[test]
fn rounds_that_are_no_number_of_rounds_are_malformed() {
    let negative = tlv(tag::INTEGER, &[0xff]);
    for rounds in [integer(&[0]), negative] {
        let file = container(&[new_shrouded(rounds.clone())], &[]);
        assert_eq!(pkcs12::open(&file, "secret").unwrap_err(), Pkcs12Error::Malformed);
        let file = container(&[], &mac_data(&rounds));
        assert_eq!(pkcs12::open(&file, "secret").unwrap_err(), Pkcs12Error::Malformed);
    }
}

#[test]
fn bags_beyond_count_and_depth_are_refused() {
    let many = vec![bag(5, &octet_string(b"")); 300];
    assert_eq!(
        pkcs12::open(&container(&many, &[]), "").unwrap_err(),
        Pkcs12Error::TooCostly
    );
    let mut deep = bag(5, &octet_string(b""));
    for _ in 0..6 {
        deep = bag(6, &sequence(&[deep]));
    }
    assert_eq!(
        pkcs12::open(&container(&[deep], &[]), "").unwrap_err(),
        Pkcs12Error::TooCostly
    );
    // forty levels of BER in 80 bytes
    let deep = [0x30, 0x80].repeat(40);
    assert!(pkcs12::open(&deep, "").is_err());
}

#[test]
fn a_file_cut_anywhere_is_damaged_not_locked() {
    for name in [
        "p12-interop/rsa-modern.p12",
        "p12-interop/p256-legacy.p12",
        "kz-nuc-test/individual_valid.p12",
        "gost-interop/gost2012_256_TCA-gost89.p12",
    ] {
        let Some(file) = vector(name) else { return };
        for length in 1..file.len() {
            let refused = pkcs12::open(&file[..length], "Qwerty12").unwrap_err();
            assert_eq!(refused, Pkcs12Error::Malformed, "{name} at {length}");
        }
    }
}

/// Nothing protects these files, so every flipped bit reaches the readers of keys and certificates.
#[test]
fn a_flipped_bit_never_crashes_an_open_file() {
    let Some(openssl) = Openssl::find() else { return };
    for kind in [RSA, P256, ED25519] {
        let pair = openssl.key("one", kind);
        let file = container(
            &[bag(1, &pair.private_key), certificate_bag(&pair.certificate)],
            &[],
        );
        assert!(pkcs12::open(&file, "").is_ok());
        for place in 0..file.len() {
            let mut flipped = file.clone();
            flipped[place] ^= 1 << (place % 8);
            // opened or refused, as it comes: the signature of the certificate is not judged here
            let _ = pkcs12::open(&flipped, "");
        }
    }
}

#[test]
fn a_flipped_bit_never_opens_a_protected_file() {
    let Some(openssl) = Openssl::find() else { return };
    let pair = openssl.key("one", P256);
    let entry = Entry {
        private_key: &pair.private_key,
        certificate: &pair.certificate,
        friendly_name: "one",
    };
    let protection = Protection {
        password: "secret",
        rounds: 1,
    };
    let file = pkcs12::write(&[entry], &[], protection, &mut counting_random(3));
    // before it lies what says that it is a container, behind it the MAC of SHA-256 in 74 bytes
    let protected = 30..=file.len() - 74;
    for place in protected {
        let mut flipped = file.clone();
        flipped[place] ^= 1 << (place % 8);
        assert!(
            pkcs12::open(&flipped, "secret").is_err(),
            "at {place} of {}",
            file.len()
        );
    }
}
