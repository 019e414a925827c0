//! What people hold beside a key: an app with one-time codes, a device with passkeys.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac::{self, HMAC_SHA1_FOR_LEGACY_USE_ONLY};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use cabinet::Secret;
use cabinet::binding::{Assertion, Attestation, Seed};
use data_encoding::BASE32_NOPAD;
use db::Timestamp;

/// The code that an app shows at a moment.
pub fn code(seed: &Seed, now: Timestamp) -> String {
    code_of(&seed.text(), now)
}

/// The same from the secret as a page shows it (RFC 6238), worked out apart from the product.
pub fn code_of(secret: &str, now: Timestamp) -> String {
    let secret = BASE32_NOPAD.decode(secret.as_bytes()).expect("base32");
    let key = hmac::Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, &secret);
    let step = now.as_seconds() / 30;
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let offset = usize::from(tag.as_ref().last().expect("a tag") & 15);
    let bytes = tag.as_ref().get(offset..offset + 4).expect("four bytes");
    let number = u32::from_be_bytes(bytes.try_into().expect("four bytes")) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

/// An authenticator with one passkey, which tells lies on request.
#[derive(Debug)]
pub struct Device {
    key: EcdsaKeyPair,
    /// The name of the key.
    pub id: Vec<u8>,
    /// The owner, as it was told when the key was made.
    pub user: Vec<u8>,
    /// The page that asks.
    pub origin: String,
    /// The site that the key is for.
    pub site: String,
    /// Presence, verification, backup.
    pub flags: u8,
    /// Uses so far.
    pub counter: u32,
    /// The algorithm that it says its key is of.
    pub algorithm: i8,
}

/// Present and verified.
pub const VERIFIED: u8 = 0x05;

impl Device {
    /// A device of this owner, at the page of the tests.
    pub fn new(id: &[u8], user: &[u8]) -> Self {
        Self {
            key: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key"),
            id: id.to_vec(),
            user: user.to_vec(),
            origin: "https://kabinet.example".to_owned(),
            site: "kabinet.example".to_owned(),
            flags: VERIFIED,
            counter: 0,
            algorithm: -7,
        }
    }

    /// Makes the key (WebAuthn, 6.3.2).
    pub fn attest(&self, challenge: &Secret) -> Attestation {
        let mut data = self.data(self.flags | 0x40);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).expect("short").to_be_bytes());
        data.extend(&self.id);
        data.extend(self.public_key());
        // {"fmt": "none", "attStmt": {}, "authData": …}
        let mut object = vec![0xa3, 0x63];
        object.extend(b"fmt");
        object.push(0x64);
        object.extend(b"none");
        object.push(0x67);
        object.extend(b"attStmt");
        object.push(0xa0);
        object.push(0x68);
        object.extend(b"authData");
        object.push(0x59);
        object.extend(u16::try_from(data.len()).expect("short").to_be_bytes());
        object.extend(data);
        Attestation {
            client_data: self.client_data("webauthn.create", challenge),
            object,
        }
    }

    /// Uses the key (WebAuthn, 6.3.3).
    pub fn assert(&mut self, challenge: &Secret) -> Assertion {
        self.counter += 1;
        let client_data = self.client_data("webauthn.get", challenge);
        self.assert_about(client_data)
    }

    /// Uses the key for a statement of somebody else's making.
    pub fn assert_about(&self, client_data: Vec<u8>) -> Assertion {
        let data = self.data(self.flags);
        let message = [data.as_slice(), digest(&SHA256, &client_data).as_ref()].concat();
        let signature = self
            .key
            .sign(&SystemRandom::new(), &message)
            .expect("a signature");
        Assertion {
            credential_id: self.id.clone(),
            client_data,
            authenticator_data: data,
            signature: signature.as_ref().to_vec(),
            user_handle: Some(self.user.clone()),
        }
    }

    /// What a browser would say.
    pub fn client_data(&self, kind: &str, challenge: &Secret) -> Vec<u8> {
        let (challenge, origin) = (challenge.base64url(), &self.origin);
        format!(r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}","crossOrigin":false}}"#)
            .into_bytes()
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let mut data = digest(&SHA256, self.site.as_bytes()).as_ref().to_vec();
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// COSE: {1: 2, 3: -7, -1: 1, -2: x, -3: y}
    fn public_key(&self) -> Vec<u8> {
        let point = self.key.public_key().as_ref();
        let (x, y) = (point.get(1..33).expect("x"), point.get(33..65).expect("y"));
        let algorithm = u8::try_from(-1 - i16::from(self.algorithm)).expect("small") | 0x20;
        let mut key = vec![0xa5, 0x01, 0x02, 0x03, algorithm, 0x20, 0x01, 0x21, 0x58, 0x20];
        key.extend(x);
        key.extend([0x22, 0x58, 0x20]);
        key.extend(y);
        key
    }
}
