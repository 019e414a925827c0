//! Writing CMS signatures: CAdES-BES (ETSI EN 319 122-1) with the four attributes a verifier asks for.

use gost::ByteOrder;
use sha2::{Digest, Sha256, Sha384, Sha512};
use streebog::{Streebog256, Streebog512};

use crate::algorithm::Gost;
use crate::asn1::{
    Oid, context, integer, null, object_identifier, octet_string, oids, sequence, set_of, tag, tlv,
};
use crate::certificate::Certificate;
use crate::private_key::{PrivateKey, Random, SigningAlgorithm};
use crate::time::UnixTime;

/// Whether the content travels inside the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The message carries the content.
    Attached,
    /// The content is kept elsewhere.
    Detached,
}

/// What is to be signed, by whom and when.
pub struct Request<'a> {
    /// The key of the certificate.
    pub key: &'a PrivateKey,
    /// The signer's certificate.
    pub certificate: &'a Certificate,
    /// Certificates to send along, such as those of the authorities.
    pub others: &'a [Certificate],
    /// The bytes that are signed.
    pub content: &'a [u8],
    /// The claimed time of signing.
    pub at: UnixTime,
    /// Attached or detached.
    pub form: Form,
}

/// Signs. `None` if the key cannot (an RSA key too small for its hash, a key of an outdated standard).
pub fn sign(request: &Request<'_>, random: Random<'_>) -> Option<Vec<u8>> {
    let signer = Signer::sign(request, Some(oids::DATA), random)?;
    let content = match request.form {
        Form::Attached => context(0, &octet_string(request.content)),
        Form::Detached => Vec::new(),
    };
    let mut certificates: Vec<&[u8]> = request.others.iter().map(Certificate::der).collect();
    certificates.push(request.certificate.der());
    let signed_data = sequence(&[
        integer(&[1]),
        set_of(&[signer.digest_algorithm]),
        sequence(&[object_identifier(oids::DATA), content]),
        implicit(0, set_of(&certificates)),
        set_of(&[signer.info]),
    ]);
    Some(sequence(&[
        object_identifier(oids::SIGNED_DATA),
        context(0, &signed_data),
    ]))
}

/// One signer of a message that is being written.
pub(super) struct Signer {
    /// AlgorithmIdentifier
    digest_algorithm: Vec<u8>,
    /// SignerInfo (RFC 5652 §5.3)
    pub(super) info: Vec<u8>,
}

impl Signer {
    /// Signs the content, which is of this type; a counter-signature names none (§11.4).
    pub(super) fn sign(
        request: &Request<'_>,
        content_type: Option<Oid<'_>>,
        random: Random<'_>,
    ) -> Option<Self> {
        let algorithms = Algorithms::of(request.key.algorithm()?)?;
        let attributes = set_of(&signed_attributes(request, content_type, &algorithms));
        let signature = request.key.sign(&attributes, random)?;
        let info = sequence(&[
            integer(&[1]),
            sequence(&[
                request.certificate.issuer().as_der().to_vec(),
                serial(request.certificate),
            ]),
            algorithms.digest.clone(),
            // signed as SET OF, written as [0] (§5.4)
            implicit(0, attributes),
            algorithms.signature,
            octet_string(&signature),
        ]);
        Some(Self {
            digest_algorithm: algorithms.digest,
            info,
        })
    }
}

/// A SET with the tag `[N]` in the place of its own.
fn implicit(number: u8, mut set: Vec<u8>) -> Vec<u8> {
    if let Some(tag) = set.first_mut() {
        *tag = tag::context_constructed(number);
    }
    set
}

/// AlgorithmIdentifiers, and the hash that the first of them names.
struct Algorithms {
    digest: Vec<u8>,
    hash: fn(&[u8]) -> Vec<u8>,
    signature: Vec<u8>,
    /// What SigningCertificateV2 refers to the certificate by.
    reference: Reference,
}

enum Reference {
    /// SHA-256, which is the default and therefore not named.
    Sha256,
    /// The hash of the signature.
    Named,
}

impl Algorithms {
    fn of(algorithm: SigningAlgorithm) -> Option<Self> {
        let identifier = |oid| sequence(&[object_identifier(oid)]);
        let with_null = |oid| sequence(&[object_identifier(oid), null()]);
        let by_default = |digest, hash, signature| Self {
            digest: identifier(digest),
            hash,
            signature,
            reference: Reference::Sha256,
        };
        Some(match algorithm {
            SigningAlgorithm::RsaSha256 => {
                by_default(oids::SHA256, hash::<Sha256>, with_null(oids::RSA_SHA256))
            }
            SigningAlgorithm::EcdsaP256 => {
                by_default(oids::SHA256, hash::<Sha256>, identifier(oids::ECDSA_SHA256))
            }
            SigningAlgorithm::EcdsaP384 => {
                by_default(oids::SHA384, hash::<Sha384>, identifier(oids::ECDSA_SHA384))
            }
            // RFC 8419 §3.1
            SigningAlgorithm::Ed25519 => by_default(oids::SHA512, hash::<Sha512>, identifier(oids::ED25519)),
            SigningAlgorithm::Gost(gost) => {
                let hash = match gost {
                    Gost::Russian256 | Gost::Kazakh256 => hash::<Streebog256>,
                    Gost::Russian512 | Gost::Kazakh512 => hash::<Streebog512>,
                    Gost::Russian2001 | Gost::Kazakh2004 => return None,
                };
                match gost.byte_order() {
                    // RFC 9215 §2, §3: no parameters
                    ByteOrder::Russian => Self {
                        digest: identifier(gost.digest_oid()),
                        hash,
                        signature: identifier(gost.signature_oid()),
                        reference: Reference::Named,
                    },
                    // as the programs of the Kazakh authority write it
                    ByteOrder::Kazakh => Self {
                        digest: with_null(gost.digest_oid()),
                        hash,
                        signature: with_null(gost.signature_oid()),
                        reference: Reference::Sha256,
                    },
                }
            }
        })
    }
}

fn hash<D: Digest>(bytes: &[u8]) -> Vec<u8> {
    D::digest(bytes).to_vec()
}

fn signed_attributes(
    request: &Request<'_>,
    content_type: Option<Oid<'_>>,
    algorithms: &Algorithms,
) -> Vec<Vec<u8>> {
    let attribute = |kind, value: Vec<u8>| sequence(&[object_identifier(kind), set_of(&[value])]);
    let content_type = content_type.map(|kind| attribute(oids::CONTENT_TYPE, object_identifier(kind)));
    let others = [
        attribute(oids::SIGNING_TIME, request.at.to_der()),
        attribute(
            oids::MESSAGE_DIGEST,
            octet_string(&(algorithms.hash)(request.content)),
        ),
        attribute(
            oids::SIGNING_CERTIFICATE_V2,
            signing_certificate(request.certificate, algorithms),
        ),
    ];
    content_type.into_iter().chain(others).collect()
}

/// SigningCertificateV2 (RFC 5035 §3).
fn signing_certificate(certificate: &Certificate, algorithms: &Algorithms) -> Vec<u8> {
    let issuer = tlv(tag::context_constructed(4), certificate.issuer().as_der());
    let issuer_serial = sequence(&[sequence(&[issuer]), serial(certificate)]);
    let (algorithm, hash) = match algorithms.reference {
        Reference::Sha256 => (Vec::new(), certificate.fingerprint().to_vec()),
        Reference::Named => (algorithms.digest.clone(), (algorithms.hash)(certificate.der())),
    };
    let id = sequence(&[algorithm, octet_string(&hash), issuer_serial]);
    sequence(&[sequence(&[id])])
}

fn serial(certificate: &Certificate) -> Vec<u8> {
    tlv(tag::INTEGER, certificate.serial())
}
