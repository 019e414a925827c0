//! Writing containers: PBES2 with AES-256 and PBKDF2-HMAC-SHA256, a MAC with SHA-256.

use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeEncrypt, KeyIvInit};
use sha1::{Digest, Sha1};

use super::oids;
use super::password::{Hash, Password, Purpose};
use crate::asn1::{
    Oid, context, integer, null, object_identifier, octet_string, oids as common, sequence, set_of, tag, tlv,
};
use crate::private_key::Random;

const SALT: usize = 16;
const BLOCK: usize = 16;
const KEY: usize = 32;

/// A key to be written.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    /// PrivateKeyInfo (PKCS#8) in DER.
    pub private_key: &'a [u8],
    /// Its certificate in DER.
    pub certificate: &'a [u8],
    /// The name under which programs list it.
    pub friendly_name: &'a str,
}

/// How a container is protected.
#[derive(Clone, Copy)]
pub struct Protection<'a> {
    /// The password.
    pub password: &'a str,
    /// Rounds of each key derivation.
    pub rounds: u32,
}

/// Writes a container with the keys and, beside them, certificates of authorities (in DER).
pub fn write(
    entries: &[Entry<'_>],
    authorities: &[&[u8]],
    protection: Protection<'_>,
    random: Random<'_>,
) -> Vec<u8> {
    let password = Password::new(protection.password);
    let mut keys = Vec::new();
    let mut certificates = Vec::new();
    for entry in entries {
        let attributes = attributes(entry);
        let (algorithm, encrypted) = encrypt(entry.private_key, &password, protection.rounds, random);
        let shrouded = sequence(&[algorithm, octet_string(&encrypted)]);
        keys.push(bag(oids::SHROUDED_KEY_BAG, &shrouded, &attributes));
        certificates.push(bag(oids::CERT_BAG, &certificate(entry.certificate), &attributes));
    }
    certificates.extend(
        authorities
            .iter()
            .map(|authority| bag(oids::CERT_BAG, &certificate(authority), &[])),
    );

    let (algorithm, encrypted) = encrypt(&sequence(&certificates), &password, protection.rounds, random);
    let encrypted = tlv(tag::context(0), &encrypted);
    let info = sequence(&[object_identifier(common::DATA), algorithm, encrypted]);
    let safe = sequence(&[
        content_info(common::ENCRYPTED_DATA, &sequence(&[integer(&[0]), info])),
        content_info(common::DATA, &octet_string(&sequence(&keys))),
    ]);

    let salt = random_bytes::<SALT>(random);
    let key = Hash::Sha256.derive(
        Purpose::Mac,
        &password,
        &salt,
        protection.rounds,
        Hash::Sha256.length(),
    );
    // HMAC takes a key of any length
    let mac = Hash::Sha256.hmac(&key, &safe).unwrap_or_default();
    let digest = sequence(&[
        sequence(&[object_identifier(common::SHA256), null()]),
        octet_string(&mac),
    ]);
    let mac_data = sequence(&[
        digest,
        octet_string(&salt),
        integer(&protection.rounds.to_be_bytes()),
    ]);
    sequence(&[
        integer(&[3]),
        content_info(common::DATA, &octet_string(&safe)),
        mac_data,
    ])
}

fn content_info(kind: Oid<'_>, content: &[u8]) -> Vec<u8> {
    sequence(&[object_identifier(kind), context(0, content)])
}

fn bag(kind: Oid<'_>, value: &[u8], attributes: &[u8]) -> Vec<u8> {
    sequence(&[object_identifier(kind), context(0, value), attributes.to_vec()])
}

fn certificate(encoded: &[u8]) -> Vec<u8> {
    sequence(&[
        object_identifier(oids::X509_CERTIFICATE),
        context(0, &octet_string(encoded)),
    ])
}

/// The name, and the id that ties key and certificate together: the hash that OpenSSL uses.
fn attributes(entry: &Entry<'_>) -> Vec<u8> {
    let name: Vec<u8> = entry
        .friendly_name
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    let attribute = |kind, value: Vec<u8>| sequence(&[object_identifier(kind), set_of(&[value])]);
    set_of(&[
        attribute(oids::FRIENDLY_NAME, tlv(tag::BMP_STRING, &name)),
        attribute(oids::LOCAL_KEY_ID, octet_string(&Sha1::digest(entry.certificate))),
    ])
}

/// The AlgorithmIdentifier and the encrypted bytes.
fn encrypt(plain: &[u8], password: &Password, rounds: u32, random: Random<'_>) -> (Vec<u8>, Vec<u8>) {
    let salt = random_bytes::<SALT>(random);
    let vector = random_bytes::<BLOCK>(random);
    let mut key = [0; KEY];
    key.iter_mut()
        .zip(&*Hash::Sha256.pbkdf2(password, &salt, rounds, KEY))
        .for_each(|(to, from)| *to = *from);
    let encrypted =
        cbc::Encryptor::<aes::Aes256>::new(&key.into(), &vector.into()).encrypt_padded_vec::<Pkcs7>(plain);
    let function = sequence(&[object_identifier(oids::HMAC_SHA256), null()]);
    let derivation = sequence(&[octet_string(&salt), integer(&rounds.to_be_bytes()), function]);
    let parameters = sequence(&[
        sequence(&[object_identifier(oids::PBKDF2), derivation]),
        sequence(&[object_identifier(oids::AES_256_CBC), octet_string(&vector)]),
    ]);
    (sequence(&[object_identifier(oids::PBES2), parameters]), encrypted)
}

fn random_bytes<const N: usize>(random: Random<'_>) -> [u8; N] {
    let mut bytes = [0; N];
    random(&mut bytes);
    bytes
}
