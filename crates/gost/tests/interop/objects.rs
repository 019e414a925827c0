//! Certificates, revocation lists, messages, answers and tokens that OpenSSL's GOST engine, TC 26 and the National
//! Certification Authority of Kazakhstan signed.

use std::{fs, path::PathBuf};

use gost::{ByteOrder, ParameterSet, SigningKey, VerifyingKey};
use gost94::{Gost94CryptoPro, Gost94Test, digest::Digest};
use streebog::{Streebog256, Streebog512};

use crate::der::{Value, from_pem};

const SIGNED_ATTRIBUTES: u8 = 0xA0;

/// The folder of vectors made by others, if it is there.
fn vectors(folder: &str) -> Option<PathBuf> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/vectors")).join(folder);
    if !path.is_dir() {
        println!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}

/// The set of a curve's object identifier, given without tag and length.
fn parameter_set(curve: &[u8]) -> ParameterSet {
    let (russian, old, new) = ([0x2A, 0x85, 0x03], [0x02, 0x02], [0x07, 0x01, 0x02, 0x01]);
    let cryptopro = [&russian[..], &old].concat();
    let tc26 = [&russian[..], &new].concat();
    let kazakh = [0x2A, 0x83, 0x0E, 0x03, 0x0A, 1, 1];
    let below = |arc: &[u8]| curve.strip_prefix(arc).map(<[u8]>::to_vec).unwrap_or_default();
    match (&below(&cryptopro)[..], &below(&tc26)[..], &below(&kazakh)[..]) {
        ([0x23, 1] | [0x24, 0], ..) | (_, [1, 2], _) | (.., [1, 1, 1]) => ParameterSet::CryptoProA,
        ([0x23, 2], ..) | (_, [1, 3], _) => ParameterSet::CryptoProB,
        ([0x23, 3] | [0x24, 1], ..) | (_, [1, 4], _) => ParameterSet::CryptoProC,
        (_, [1, 1], _) | (.., [2, 1, 1]) => ParameterSet::Tc26A256,
        (_, [2, 1], _) | (.., [2, 2, 1]) => ParameterSet::Tc26A512,
        (_, [2, 2], _) => ParameterSet::Tc26B512,
        (_, [2, 3], _) => ParameterSet::Tc26C512,
        _ => panic!("unknown curve {curve:02X?}"),
    }
}

struct Key {
    point: VerifyingKey,
    order: ByteOrder,
    hash: fn(&[u8]) -> Vec<u8>,
}

impl Key {
    fn of_certificate(certificate: &Value<'_>) -> Self {
        let spki = certificate.at(&[0, 6]);
        let algorithm = spki.at(&[0, 0]).content;
        let set = parameter_set(spki.at(&[0, 1, 0]).content);
        let octets = Value::read(&spki.at(&[1]).content[1..]);
        Self {
            point: VerifyingKey::from_bytes(set, octets.content).unwrap(),
            order: match algorithm {
                [0x2A, 0x83, 0x0E, ..] => ByteOrder::Kazakh,
                _ => ByteOrder::Russian,
            },
            hash: match (algorithm, set.field_len()) {
                ([0x2A, 0x85, 0x03, 0x02, 0x02, 0x13], _) => {
                    |message| Gost94CryptoPro::digest(message).to_vec()
                }
                ([0x2A, 0x83, 0x0E, 0x03, 0x0A, 1, 1, 1, 1], _) => {
                    |message| Gost94Test::digest(message).to_vec()
                }
                (_, 32) => |message| Streebog256::digest(message).to_vec(),
                _ => |message| Streebog512::digest(message).to_vec(),
            },
        }
    }

    fn verify(&self, message: &[u8], signature: &[u8]) {
        let digest = (self.hash)(message);
        self.point.verify_prehash(self.order, &digest, signature).unwrap();
        let other = (self.hash)(&[message, b"."].concat());
        self.point
            .verify_prehash(self.order, &other, signature)
            .unwrap_err();
    }

    /// A certificate, a list or a basic OCSP response: what is signed, an algorithm, a bit string.
    fn verify_signed(&self, object: &Value<'_>) {
        self.verify(object.at(&[0]).whole, &object.at(&[2]).content[1..]);
    }

    /// The first signer of a CMS message; `detached` is for messages without content.
    fn verify_message(&self, message: &Value<'_>, detached: &[u8]) {
        let signed = message.at(&[1, 0]);
        let signer = signed.children().last().unwrap().at(&[0]).children();
        let attributes = signer.iter().find(|field| field.tag == SIGNED_ATTRIBUTES);
        let signature = signer.iter().rfind(|field| field.tag == 0x04).unwrap().content;
        if let Some(attributes) = attributes {
            self.verify(&[&[0x31], &attributes.whole[1..]].concat(), signature);
        } else {
            let content = signed.at(&[2]).children();
            let attached = content.get(1).map(|content| content.at(&[0]).content);
            self.verify(attached.unwrap_or(detached), signature);
        }
    }
}

/// The first certificate that a CMS message carries.
fn carried<'d>(message: &Value<'d>) -> Value<'d> {
    let signed = message.at(&[1, 0]).children();
    signed.iter().find(|field| field.tag == 0xA0).unwrap().at(&[0])
}

#[test]
fn certificates_messages_and_keys_of_the_openssl_engine() {
    let Some(folder) = vectors("gost-interop") else {
        return;
    };
    let read = |name: &str, extension: &str| {
        from_pem(fs::read(folder.join(name).with_extension(extension)).unwrap())
    };
    let message = fs::read(folder.join("msg.txt")).unwrap();
    let names = "gost2001_A gost2012_256_A gost2012_256_B gost2012_256_C gost2012_256_TCA gost2012_256_TCB \
                 gost2012_256_TCC gost2012_256_TCD gost2012_256_XA gost2012_512_A gost2012_512_B gost2012_512_C";
    for name in names.split_whitespace() {
        println!("{name}");
        let certificate = read(name, "crt");
        let certificate = Value::read(&certificate);
        let key = Key::of_certificate(&certificate);
        key.verify_signed(&certificate);
        key.verify_message(&Value::read(&read(name, "cms")), &message);
        let private = read(name, "key");
        let private = Value::read(&private).at(&[2]).content;
        let private = SigningKey::from_little_endian(key.point.parameter_set(), private).unwrap();
        assert_eq!(private.verifying_key(), key.point);
    }
}

#[test]
fn messages_of_tc26() {
    let Some(folder) = vectors("tc26-cms") else { return };
    let read = |name: &str| from_pem(fs::read(folder.join(name)).unwrap());
    let root = read("root256_cert.pem");
    let root = Value::read(&root);
    let authority = Key::of_certificate(&root);
    authority.verify_signed(&root);
    for (certificate, message) in [
        ("sender512_cert.pem", "signed_a111.pem"),
        ("sender256_cert.pem", "signed_a121.pem"),
    ] {
        let (certificate, message) = (read(certificate), read(message));
        let certificate = Value::read(&certificate);
        authority.verify_signed(&certificate);
        Key::of_certificate(&certificate).verify_message(&Value::read(&message), &[]);
    }
}

#[test]
fn hierarchy_of_the_kazakh_authority() {
    let Some(folder) = vectors("kz-nuc-test") else {
        return;
    };
    let read = |name: &str| from_pem(fs::read(folder.join(name)).unwrap());
    let root = read("root_test_gost_2022.cer");
    let root = Value::read(&root);
    let root_key = Key::of_certificate(&root);
    root_key.verify_signed(&root);
    let issuing = read("nca_gost2022_test.cer");
    let issuing = Value::read(&issuing);
    root_key.verify_signed(&issuing);
    let authority = Key::of_certificate(&issuing);
    for list in ["nca_gost2022_test.crl", "nca_gost2022_d_test.crl"] {
        authority.verify_signed(&Value::read(&read(list)));
    }
    for answer in [
        "ocsp_response_individual_2015.bin",
        "ocsp_response_ceo_2015_revoked.bin",
    ] {
        let answer = read(answer);
        let basic = Value::read(Value::read(&answer).at(&[1, 0, 1]).content);
        let responder = basic.at(&[3, 0, 0]);
        authority.verify_signed(&responder);
        Key::of_certificate(&responder).verify_signed(&basic);
    }
    let token = read("tsp_token.bin");
    let token = Value::read(&token);
    Key::of_certificate(&carried(&token)).verify_message(&token, &[]);
}
