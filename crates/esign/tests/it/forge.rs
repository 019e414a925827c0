//! Certificates and messages made to order, sound by default and wrong where a test wants them wrong.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use esign::asn1::{self, Oid, oids, tag};
use esign::certificate::Certificate;
use esign::profile::Profile;
use esign::time::UnixTime;
use esign::trust::{AnchorGroup, PurposeRule, TrustStore};

/// 2026-11-22T12:00:00Z
pub(crate) const NOW: UnixTime = UnixTime(1_795_348_800);
pub(crate) const DAY: i64 = 86_400;
pub(crate) const CONTENT: &[u8] = b"Kabinet/1 sign-in\nnonce: 42\n";

pub(crate) struct Key {
    pair: EcdsaKeyPair,
}

impl Key {
    pub(crate) fn new() -> Self {
        Self {
            pair: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap(),
        }
    }

    pub(crate) fn spki(&self) -> Vec<u8> {
        spki(
            &[
                asn1::object_identifier(oids::EC_PUBLIC_KEY),
                asn1::object_identifier(oids::P256),
            ],
            self.point(),
        )
    }

    pub(crate) fn point(&self) -> &[u8] {
        self.pair.public_key().as_ref()
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.pair
            .sign(&SystemRandom::new(), message)
            .unwrap()
            .as_ref()
            .to_vec()
    }
}

pub(crate) fn spki(algorithm: &[Vec<u8>], key: &[u8]) -> Vec<u8> {
    asn1::sequence(&[asn1::sequence(algorithm), bit_string(key)])
}

pub(crate) fn bit_string(octets: &[u8]) -> Vec<u8> {
    asn1::tlv(tag::BIT_STRING, &[&[0], octets].concat())
}

pub(crate) fn algorithm(oid: Oid<'_>) -> Vec<u8> {
    asn1::sequence(&[asn1::object_identifier(oid)])
}

/// A name of UTF8Strings, an attribute to each relative name.
pub(crate) fn name(attributes: &[(Oid<'_>, &str)]) -> Vec<u8> {
    let sets: Vec<_> = attributes
        .iter()
        .map(|(oid, text)| {
            asn1::set_of(&[asn1::sequence(&[
                asn1::object_identifier(*oid),
                asn1::utf8_string(text),
            ])])
        })
        .collect();
    asn1::sequence(&sets)
}

pub(crate) fn common_name(text: &str) -> Vec<u8> {
    name(&[(oids::COMMON_NAME, text)])
}

pub(crate) fn extension(oid: Oid<'_>, critical: bool, value: &[u8]) -> Vec<u8> {
    let mut fields = vec![asn1::object_identifier(oid)];
    if critical {
        fields.push(asn1::tlv(tag::BOOLEAN, &[0xff]));
    }
    fields.push(asn1::octet_string(value));
    asn1::sequence(&fields)
}

pub(crate) fn basic_constraints(path_length: Option<u8>) -> Vec<u8> {
    let mut fields = vec![asn1::tlv(tag::BOOLEAN, &[0xff])];
    fields.extend(path_length.map(|length| asn1::integer(&[length])));
    extension(oids::BASIC_CONSTRAINTS, true, &asn1::sequence(&fields))
}

/// keyUsage from the first octet of its bits.
pub(crate) fn key_usage(bits: u8) -> Vec<u8> {
    let unused = u8::try_from(bits.trailing_zeros().min(7)).unwrap();
    extension(
        oids::KEY_USAGE,
        true,
        &asn1::tlv(tag::BIT_STRING, &[unused, bits]),
    )
}

pub(crate) const DIGITAL_SIGNATURE: u8 = 0x80;
pub(crate) const KEY_ENCIPHERMENT: u8 = 0x20;
pub(crate) const CERT_AND_CRL_SIGN: u8 = 0x06;

pub(crate) fn purposes(purposes: &[Oid<'_>]) -> Vec<u8> {
    let list: Vec<_> = purposes
        .iter()
        .map(|purpose| asn1::object_identifier(*purpose))
        .collect();
    extension(oids::EXTENDED_KEY_USAGE, false, &asn1::sequence(&list))
}

/// A certificate before it is signed.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) serial: u32,
    pub(crate) issuer: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    pub(crate) not_before: UnixTime,
    pub(crate) not_after: UnixTime,
    pub(crate) spki: Vec<u8>,
    pub(crate) algorithm: Vec<u8>,
    pub(crate) extensions: Vec<Vec<u8>>,
}

impl Draft {
    pub(crate) fn new(issuer: &[u8], subject: &[u8], key: &Key) -> Self {
        Self {
            serial: 7,
            issuer: issuer.to_vec(),
            subject: subject.to_vec(),
            not_before: UnixTime(NOW.0 - 30 * DAY),
            not_after: UnixTime(NOW.0 + 30 * DAY),
            spki: key.spki(),
            algorithm: algorithm(oids::ECDSA_SHA256),
            extensions: Vec::new(),
        }
    }

    pub(crate) fn authority(issuer: &[u8], subject: &[u8], key: &Key) -> Self {
        let mut draft = Self::new(issuer, subject, key);
        draft.extensions = vec![basic_constraints(None), key_usage(CERT_AND_CRL_SIGN)];
        draft
    }

    pub(crate) fn issue(&self, by: &Key) -> Vec<u8> {
        let mut fields = vec![
            asn1::context(0, &asn1::integer(&[2])),
            asn1::integer(&self.serial.to_be_bytes()),
            self.algorithm.clone(),
            self.issuer.clone(),
            asn1::sequence(&[self.not_before.to_der(), self.not_after.to_der()]),
            self.subject.clone(),
            self.spki.clone(),
        ];
        if !self.extensions.is_empty() {
            fields.push(asn1::context(3, &asn1::sequence(&self.extensions)));
        }
        let tbs = asn1::sequence(&fields);
        let signature = bit_string(&by.sign(&tbs));
        asn1::sequence(&[tbs, self.algorithm.clone(), signature])
    }

    pub(crate) fn certificate(&self, by: &Key) -> Certificate {
        Certificate::parse(self.issue(by)).unwrap()
    }
}

/// A root, an issuer under it, a person under that.
pub(crate) struct Scene {
    pub(crate) root_key: Key,
    pub(crate) root: Certificate,
    pub(crate) issuer_key: Key,
    pub(crate) issuer: Draft,
    pub(crate) person_key: Key,
    pub(crate) person: Draft,
}

pub(crate) const ROOT: &str = "НЕГІЗГІ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ";
pub(crate) const ISSUER: &str = "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ";

impl Scene {
    pub(crate) fn new() -> Self {
        let (root_key, issuer_key, person_key) = (Key::new(), Key::new(), Key::new());
        let root = Draft::authority(&common_name(ROOT), &common_name(ROOT), &root_key).certificate(&root_key);
        let issuer = Draft::authority(&common_name(ROOT), &common_name(ISSUER), &issuer_key);
        let mut person = Draft::new(&common_name(ISSUER), &kazakh("900101300007"), &person_key);
        person.extensions = vec![key_usage(DIGITAL_SIGNATURE), purposes(&[oids::CLIENT_AUTH])];
        Self {
            root_key,
            root,
            issuer_key,
            issuer,
            person_key,
            person,
        }
    }

    pub(crate) fn group(&self) -> AnchorGroup {
        let mut group = AnchorGroup::new("kz", Profile::Kz, vec![self.root.clone()]);
        group.intermediates = vec![self.issuer.certificate(&self.root_key)];
        group.person_ids = vec!["KZ:IIN".parse().unwrap(), "KZ:BIN".parse().unwrap()];
        // the person's one key is for everything
        group.sign = PurposeRule::sign(Vec::<String>::new());
        group
    }

    pub(crate) fn trust(&self) -> TrustStore {
        TrustStore::new(vec![self.group()])
    }

    pub(crate) fn person_der(&self) -> Vec<u8> {
        self.person.issue(&self.issuer_key)
    }

    pub(crate) fn message(&self) -> Message<'_> {
        Message::new(&self.person_key, self.person_der())
    }
}

pub(crate) fn kazakh(iin: &str) -> Vec<u8> {
    name(&[
        (oids::COMMON_NAME, "АХМЕТОВ ӘЛІХАН"),
        (oids::SURNAME, "АХМЕТОВ"),
        (oids::SERIAL_NUMBER, &format!("IIN{iin}")),
        (oids::COUNTRY, "KZ"),
        (oids::GIVEN_NAME, "СЕРІКҰЛЫ"),
    ])
}

type Unsigned<'k> = Box<dyn Fn(&[u8]) -> Vec<Vec<u8>> + 'k>;

/// How the signed attributes are ordered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// as DER has it
    Der,
    /// as given, and signed so
    AsGiven,
    /// as given, and signed in the order of DER
    SortedToSign,
}

/// A CMS message before it is put together.
pub(crate) struct Message<'k> {
    pub(crate) key: &'k Key,
    pub(crate) certificate: Vec<u8>,
    pub(crate) bag: Vec<Vec<u8>>,
    pub(crate) content_type: Oid<'static>,
    pub(crate) content: Option<Vec<u8>>,
    /// `None`: signed without attributes
    pub(crate) attributes: Option<Vec<Vec<u8>>>,
    pub(crate) digest_algorithm: Vec<u8>,
    pub(crate) signature_algorithm: Vec<u8>,
    pub(crate) id: Option<Vec<u8>>,
    pub(crate) signers: usize,
    /// unsigned attributes, given the signature value
    pub(crate) unsigned: Unsigned<'k>,
    pub(crate) order: Order,
    /// elements of the field `crls`
    pub(crate) revocation: Vec<Vec<u8>>,
}

pub(crate) fn attribute(oid: Oid<'_>, values: &[Vec<u8>]) -> Vec<u8> {
    asn1::sequence(&[asn1::object_identifier(oid), asn1::set_of(values)])
}

pub(crate) fn content_type(oid: Oid<'_>) -> Vec<u8> {
    attribute(oids::CONTENT_TYPE, &[asn1::object_identifier(oid)])
}

pub(crate) fn digest(content: &[u8]) -> Vec<u8> {
    asn1::octet_string(&esign::provider::sha256(content))
}

pub(crate) fn message_digest(content: &[u8]) -> Vec<u8> {
    attribute(oids::MESSAGE_DIGEST, &[digest(content)])
}

impl<'k> Message<'k> {
    pub(crate) fn new(key: &'k Key, certificate: Vec<u8>) -> Self {
        Self {
            key,
            bag: vec![certificate.clone()],
            certificate,
            content_type: oids::DATA,
            content: Some(CONTENT.to_vec()),
            attributes: Some(vec![content_type(oids::DATA), message_digest(CONTENT)]),
            digest_algorithm: algorithm(oids::SHA256),
            signature_algorithm: algorithm(oids::ECDSA_SHA256),
            id: None,
            signers: 1,
            unsigned: Box::new(|_| Vec::new()),
            order: Order::Der,
            revocation: Vec::new(),
        }
    }

    pub(crate) fn signer_info(&self) -> Vec<u8> {
        let certificate = Certificate::parse(self.certificate.clone()).unwrap();
        let issuer_and_serial = asn1::sequence(&[
            certificate.issuer().as_der().to_vec(),
            asn1::tlv(tag::INTEGER, certificate.serial()),
        ]);
        let id = self.id.clone().unwrap_or(issuer_and_serial);
        let mut fields = vec![asn1::integer(&[1]), id, self.digest_algorithm.clone()];
        let signed = match &self.attributes {
            Some(attributes) => {
                let sorted = asn1::set_of(attributes);
                let (sent, signed) = match self.order {
                    Order::Der => (sorted.clone(), sorted),
                    Order::AsGiven => {
                        let given = asn1::tlv(tag::SET, &asn1::concat(attributes));
                        (given.clone(), given)
                    }
                    Order::SortedToSign => (asn1::tlv(tag::SET, &asn1::concat(attributes)), sorted),
                };
                let mut tagged = sent;
                tagged[0] = 0xa0;
                fields.push(tagged);
                signed
            }
            None => self.content.clone().unwrap_or_else(|| CONTENT.to_vec()),
        };
        fields.push(self.signature_algorithm.clone());
        let signature = self.key.sign(&signed);
        fields.push(asn1::octet_string(&signature));
        let unsigned = (self.unsigned)(&signature);
        if !unsigned.is_empty() {
            fields.push(asn1::context(1, &asn1::concat(&unsigned)));
        }
        asn1::sequence(&fields)
    }

    /// The parts of SignedData.
    pub(crate) fn parts(&self) -> Vec<Vec<u8>> {
        let mut content = vec![asn1::object_identifier(self.content_type)];
        content.extend(
            self.content
                .as_ref()
                .map(|octets| asn1::context(0, &asn1::octet_string(octets))),
        );
        let mut parts = vec![
            asn1::integer(&[1]),
            asn1::set_of(std::slice::from_ref(&self.digest_algorithm)),
            asn1::sequence(&content),
        ];
        if !self.bag.is_empty() {
            parts.push(asn1::context(0, &asn1::concat(&self.bag)));
        }
        if !self.revocation.is_empty() {
            parts.push(asn1::context(1, &asn1::concat(&self.revocation)));
        }
        let signer = if self.signers == 0 {
            Vec::new()
        } else {
            self.signer_info()
        };
        parts.push(asn1::tlv(tag::SET, &signer.repeat(self.signers)));
        parts
    }

    pub(crate) fn build(&self) -> Vec<u8> {
        wrap(&asn1::sequence(&self.parts()))
    }
}

/// ContentInfo around SignedData.
pub(crate) fn wrap(signed_data: &[u8]) -> Vec<u8> {
    asn1::sequence(&[
        asn1::object_identifier(oids::SIGNED_DATA),
        asn1::context(0, signed_data),
    ])
}

/// An element of indefinite length.
pub(crate) fn indefinite(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag, 0x80], content, &[0, 0]].concat()
}
