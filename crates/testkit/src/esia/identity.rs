//! Keys with certificates, written by hand: who signs requests, who signs tokens.

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKey, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use esign::asn1::{integer, null, octet_string, sequence, set_of, tag, tlv, utf8_string};
use esign::certificate::Certificate;
use esign::private_key::PrivateKey;
use esign::time::UnixTime;
use gost::{ParameterSet, SigningKey};

// GOST R 34.10-2012 with 256 bits, its signature, CryptoPro's set A, Streebog-256 (RFC 9215 §4)
const KEY: &[u8] = &[0x2a, 0x85, 3, 7, 1, 1, 1, 1];
const SIGNATURE: &[u8] = &[0x2a, 0x85, 3, 7, 1, 1, 3, 2];
const SET_A: &[u8] = &[0x2a, 0x85, 3, 2, 2, 0x23, 1];
const DIGEST: &[u8] = &[0x2a, 0x85, 3, 7, 1, 1, 2, 2];
const RSA_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 0x0b];
const COMMON_NAME: &[u8] = &[0x55, 4, 3];

/// A key with a certificate.
pub struct Identity {
    kind: Kind,
    certificate: Certificate,
}

enum Kind {
    Gost(PrivateKey),
    Rsa(RsaKey),
}

impl Identity {
    /// A key of GOST, made from a number.
    pub fn gost(number: u8) -> Self {
        let key = SigningKey::from_little_endian(ParameterSet::CryptoProA, &[number; 32]).expect("a key");
        let point = octet_string(&key.verifying_key().to_bytes());
        let spki = sequence(&[gost_algorithm(), bits(&point)]);
        let pkcs8 = Self::gost_pkcs8(number);
        Self {
            kind: Kind::Gost(PrivateKey::from_pkcs8(&pkcs8).expect("a key")),
            certificate: certificate(&spki, &sequence(&[oid(SIGNATURE)])),
        }
    }

    /// The same key in PKCS#8.
    pub fn gost_pkcs8(number: u8) -> Vec<u8> {
        sequence(&[integer(&[0]), gost_algorithm(), octet_string(&[number; 32])])
    }

    /// A new key of RSA.
    pub fn rsa() -> Self {
        let key = RsaKey::generate(KeySize::Rsa2048).expect("a key");
        let spki = key.public_key().as_der().expect("a public key");
        Self {
            certificate: certificate(spki.as_ref(), &sequence(&[oid(RSA_SHA256), null()])),
            kind: Kind::Rsa(key),
        }
    }

    /// The certificate; nobody has signed it.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The private key, where it is one of GOST.
    pub fn into_gost(self) -> Option<PrivateKey> {
        match self.kind {
            Kind::Gost(key) => Some(key),
            Kind::Rsa(_) => None,
        }
    }

    /// What ESIA calls the algorithm of this key's signatures.
    pub(super) const fn algorithm(&self) -> &'static str {
        match self.kind {
            Kind::Gost(_) => "GOST3410_2012_256",
            Kind::Rsa(_) => "RS256",
        }
    }

    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        match &self.kind {
            Kind::Gost(key) => key
                .sign(message, &mut |bytes| bytes.fill(7))
                .expect("a signature"),
            Kind::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                let signed = key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature);
                signed.expect("a signature");
                signature
            }
        }
    }
}

fn gost_algorithm() -> Vec<u8> {
    sequence(&[oid(KEY), sequence(&[oid(SET_A), oid(DIGEST)])])
}

fn oid(content: &[u8]) -> Vec<u8> {
    tlv(tag::OID, content)
}

fn bits(octets: &[u8]) -> Vec<u8> {
    tlv(tag::BIT_STRING, &[&[0], octets].concat())
}

fn certificate(spki: &[u8], algorithm: &[u8]) -> Certificate {
    let name = sequence(&[set_of(&[sequence(&[oid(COMMON_NAME), utf8_string("ЕСИА")])])]);
    let [from, until] = [1_600_000_000, 2_000_000_000].map(|moment| UnixTime(moment).to_der());
    let signed = sequence(&[
        integer(&[7]).as_slice(),
        algorithm,
        &name,
        &sequence(&[from, until]),
        &name,
        spki,
    ]);
    let whole = sequence(&[signed.as_slice(), algorithm, &bits(&[0; 64])]);
    Certificate::parse(whole).expect("a certificate of ours")
}
