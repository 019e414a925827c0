//! GOST end to end: objects of OpenSSL's engine, of TC 26 and of the Kazakh authority's test hierarchy.

use std::fs;

use data_encoding::BASE64;
use esign::algorithm::{AlgorithmError, Gost, Hash, PublicKey, SignatureAlgorithm};
use esign::asn1::{self, Oid, Reader, object_identifier, octet_string, oids, sequence, tag, tlv};
use esign::certificate::Certificate;
use esign::cms::verify_document;
use esign::profile::Profile;
use esign::provider::{self, Provider, SignatureError};
use esign::revocation::OcspResponse;
use esign::time::UnixTime;
use esign::trust::{AnchorGroup, TrustStore};
use esign::verdict::Code;

use crate::forge::{NOW, Scene, algorithm};
use crate::vectors;

const ENGINE: [(&str, Gost); 12] = [
    ("gost2001_A", Gost::Russian2001),
    ("gost2012_256_A", Gost::Russian256),
    ("gost2012_256_B", Gost::Russian256),
    ("gost2012_256_C", Gost::Russian256),
    ("gost2012_256_XA", Gost::Russian256),
    ("gost2012_256_TCA", Gost::Russian256),
    ("gost2012_256_TCB", Gost::Russian256),
    ("gost2012_256_TCC", Gost::Russian256),
    ("gost2012_256_TCD", Gost::Russian256),
    ("gost2012_512_A", Gost::Russian512),
    ("gost2012_512_B", Gost::Russian512),
    ("gost2012_512_C", Gost::Russian512),
];

fn providers() -> [&'static dyn Provider; 2] {
    [provider::native(), provider::portable()]
}

fn certificate(folder: &str, name: &str) -> Option<Certificate> {
    let bytes = fs::read(vectors(folder)?.join(name)).unwrap();
    let der = match bytes.strip_prefix(b"-----BEGIN") {
        Some(_) => from_pem(&bytes),
        None => bytes,
    };
    Some(Certificate::parse(der).unwrap())
}

fn from_pem(pem: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(pem).unwrap();
    let base64: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    BASE64.decode(base64.as_bytes()).unwrap()
}

/// What is signed, with what, and the signature: certificates, lists and OCSP answers are built alike.
struct Signed {
    message: Vec<u8>,
    algorithm: SignatureAlgorithm,
    signature: Vec<u8>,
}

impl Signed {
    fn read(der: &[u8]) -> Self {
        let mut fields = Reader::der(der).sequence().unwrap();
        let message = fields.element().unwrap().raw().to_vec();
        let algorithm = SignatureAlgorithm::from_identifier(fields.element().unwrap()).unwrap();
        let signature = fields.element().unwrap().bit_octets().unwrap().to_vec();
        Self {
            message,
            algorithm,
            signature,
        }
    }

    /// Holds with both providers, and with neither over another message or with another signature.
    fn assert_by(&self, signer: &Certificate, what: &str) {
        for provider in providers() {
            let verify = |message: &[u8], signature: &[u8]| {
                provider.verify(&self.algorithm, signer.spki(), message, signature)
            };
            assert_eq!(verify(&self.message, &self.signature), Ok(()), "{what}");
            let invalid = Err(SignatureError::Invalid);
            assert_eq!(verify(b"other", &self.signature), invalid, "{what}");
            let mut reversed = self.signature.clone();
            reversed.reverse();
            assert_eq!(
                verify(&self.message, &reversed),
                invalid,
                "{what}: one byte order"
            );
            assert_eq!(verify(&self.message, &self.signature[1..]), invalid, "{what}");
        }
    }
}

#[test]
fn crt_8_certificates_of_every_parameter_set_verify() {
    for (name, gost) in ENGINE {
        let Some(certificate) = certificate("gost-interop", &format!("{name}.crt")) else {
            return;
        };
        let signed = Signed::read(certificate.der());
        assert_eq!(signed.algorithm, SignatureAlgorithm::Gost(gost), "{name}");
        assert_eq!(certificate.algorithm_name(), gost.name(), "{name}");
        signed.assert_by(&certificate, name);
    }
}

/// The signature and its attributes are judged before the certificate, which is an authority's and may not sign.
fn judge(message: &[u8], content: Option<&[u8]>, anchor: Certificate) -> Vec<Option<Code>> {
    let at = anchor.not_before();
    let trust = TrustStore::new(vec![AnchorGroup::new("test", Profile::Plain, vec![anchor])]);
    providers()
        .map(|provider| {
            verify_document(message, content, &trust, at, provider)
                .verdict
                .code()
        })
        .into()
}

#[test]
fn cms_7_messages_of_every_parameter_set_verify() {
    for (name, _) in ENGINE {
        let Some(folder) = vectors("gost-interop") else {
            return;
        };
        let anchor = certificate("gost-interop", &format!("{name}.crt")).unwrap();
        let message = fs::read(folder.join(format!("{name}.cms"))).unwrap();
        let content = fs::read(folder.join("msg.txt")).unwrap();
        let of_authority = Some(Code::CertificateWrongPurpose);
        assert_eq!(
            judge(&message, Some(&content), anchor.clone()),
            [of_authority; 2],
            "{name}"
        );
        let mut tampered = message;
        *tampered.last_mut().unwrap() ^= 1;
        let broken = Some(Code::CmsSignatureInvalid);
        assert_eq!(judge(&tampered, Some(&content), anchor), [broken; 2], "{name}");
    }
}

/// Key identifiers in the place of signature identifiers, with signed attributes and without.
#[test]
fn cms_7_messages_of_tc_26_verify() {
    for (message, root) in [
        ("signed_a111.pem", "root256_cert.pem"),
        ("signed_a121.pem", "root256_cert.pem"),
    ] {
        let Some(folder) = vectors("tc26-cms") else { return };
        let message = from_pem(&fs::read(folder.join(message)).unwrap());
        let root = certificate("tc26-cms", root).unwrap();
        let at = UnixTime(root.not_before().0 + 86_400);
        let trust = TrustStore::new(vec![AnchorGroup::new("test", Profile::Plain, vec![root])]);
        for provider in providers() {
            let report = verify_document(&message, None, &trust, at, provider);
            // their root does not say that it is an authority, which is judged after the signature
            let code = report.verdict.code();
            assert_eq!(code, Some(Code::CertificateIssuerNotAuthority));
        }
    }
}

#[test]
fn crt_8_the_kazakh_test_hierarchy_verifies() {
    let Some(folder) = vectors("kz-nuc-test") else {
        return;
    };
    let root = certificate("kz-nuc-test", "root_test_gost_2022.cer").unwrap();
    let authority = certificate("kz-nuc-test", "nca_gost2022_test.cer").unwrap();
    Signed::read(root.der()).assert_by(&root, "the root");
    Signed::read(authority.der()).assert_by(&root, "the authority");
    for name in ["nca_gost2022_test.crl", "nca_gost2022_d_test.crl"] {
        Signed::read(&fs::read(folder.join(name)).unwrap()).assert_by(&authority, name);
    }
}

#[test]
fn crt_8_answers_of_the_kazakh_responder_verify() {
    let Some(folder) = vectors("kz-nuc-test") else {
        return;
    };
    for name in [
        "ocsp_response_individual_2015.bin",
        "ocsp_response_ceo_2015_revoked.bin",
    ] {
        let response = OcspResponse::parse(&fs::read(folder.join(name)).unwrap()).unwrap();
        Signed::read(response.basic_der()).assert_by(&response.certificates()[0], name);
    }
}

/// The hash and the byte order follow from the identifier alone: the other country's reading is never tried.
#[test]
fn crt_8_a_signature_under_another_identifier_is_not_tried() {
    let Some(russian) = certificate("gost-interop", "gost2012_512_A.crt") else {
        return;
    };
    let signed = Signed::read(russian.der());
    for provider in providers() {
        for gost in [Gost::Kazakh512, Gost::Russian256] {
            let relabelled = SignatureAlgorithm::Gost(gost);
            let check = provider.verify(&relabelled, russian.spki(), &signed.message, &signed.signature);
            assert_eq!(check, Err(SignatureError::Mismatch), "{gost:?}");
        }
        let rsa = SignatureAlgorithm::RsaPkcs1(Hash::Streebog512);
        let check = provider.verify(&rsa, russian.spki(), &signed.message, &signed.signature);
        assert_eq!(check, Err(SignatureError::Mismatch));
    }
}

fn spki(key: Oid<'_>, parameters: &[Oid<'_>], point: &[u8]) -> Vec<u8> {
    let parameters: Vec<_> = parameters.iter().map(|oid| object_identifier(*oid)).collect();
    sequence(&[
        sequence(&[object_identifier(key), sequence(&parameters)]),
        tlv(tag::BIT_STRING, &[&[0], &*octet_string(point)].concat()),
    ])
}

#[test]
fn crt_8_parameters_go_with_their_standard_only() {
    let read = |key, parameters: &[Oid<'_>], length| {
        let spki = spki(key, parameters, &vec![1; length]);
        PublicKey::from_spki(&spki).map(|_| ())
    };
    for (key, parameters, length) in [
        (
            oids::GOST_2001,
            &[oids::CRYPTO_PRO_XCH_A, oids::GOST_94_CRYPTO_PRO][..],
            64,
        ),
        (oids::GOST_2012_256, &[oids::CRYPTO_PRO_A, oids::STREEBOG_256], 64),
        (oids::GOST_2012_256, &[oids::TC26_256_D], 64),
        (oids::GOST_2012_512, &[oids::TC26_512_C], 128),
        (
            oids::KZ_GOST_2004,
            &[oids::KZ_GOST_2004_A, oids::KZ_GOST_95_TEST],
            64,
        ),
        (
            oids::KZ_GOST_2015_512,
            &[oids::KZ_GOST_2015_512_A, oids::KZ_STREEBOG_512],
            128,
        ),
    ] {
        assert_eq!(read(key, parameters, length), Ok(()));
        assert_eq!(read(key, parameters, length - 1), Err(AlgorithmError::Malformed));
    }
    for (what, key, parameters, length) in [
        ("a short curve", oids::GOST_2012_512, &[oids::TC26_256_A][..], 64),
        ("a long curve", oids::GOST_2012_256, &[oids::TC26_512_A], 128),
        (
            "a new curve in 2001",
            oids::GOST_2001,
            &[oids::TC26_256_A, oids::GOST_94_CRYPTO_PRO],
            64,
        ),
        ("no hash in 2001", oids::GOST_2001, &[oids::CRYPTO_PRO_A], 64),
        (
            "the S-box of the others",
            oids::GOST_2001,
            &[oids::CRYPTO_PRO_A, oids::KZ_GOST_95_TEST],
            64,
        ),
        (
            "another hash",
            oids::GOST_2012_256,
            &[oids::CRYPTO_PRO_A, oids::STREEBOG_512],
            64,
        ),
        (
            "the curve of the others",
            oids::KZ_GOST_2015_512,
            &[oids::TC26_512_A, oids::KZ_STREEBOG_512],
            128,
        ),
        (
            "the hash of the others",
            oids::KZ_GOST_2015_512,
            &[oids::KZ_GOST_2015_512_A, oids::STREEBOG_512],
            128,
        ),
        (
            "no hash in Kazakhstan",
            oids::KZ_GOST_2015_512,
            &[oids::KZ_GOST_2015_512_A],
            128,
        ),
        ("a curve of NIST", oids::GOST_2012_256, &[oids::P256], 64),
    ] {
        assert_eq!(
            read(key, parameters, length),
            Err(AlgorithmError::Parameters),
            "{what}"
        );
    }
}

#[test]
fn crt_8_a_point_off_its_curve_is_refused_by_name() {
    let off = spki(oids::GOST_2012_256, &[oids::TC26_256_A], &[1; 64]);
    for provider in providers() {
        let algorithm = SignatureAlgorithm::Gost(Gost::Russian256);
        assert_eq!(
            provider.verify(&algorithm, &off, b"", &[1; 64]),
            Err(SignatureError::Algorithm(AlgorithmError::InvalidKey))
        );
    }
}

/// A document signed without attributes, with this key in the certificate and this identifier in the signer's place.
fn judged(spki: Vec<u8>, signature_algorithm: Vec<u8>) -> Option<Code> {
    let mut scene = Scene::new();
    scene.person.spki = spki;
    let mut message = scene.message();
    message.attributes = None;
    message.digest_algorithm = algorithm(oids::STREEBOG_256);
    message.signature_algorithm = signature_algorithm;
    verify_document(&message.build(), None, &scene.trust(), NOW, provider::native())
        .verdict
        .code()
}

#[test]
fn crt_8_each_way_to_contradict_gost_has_its_own_code() {
    let signature = || algorithm(oids::GOST_2012_256_SIGNATURE);
    let key = |curve, octet| spki(oids::GOST_2012_256, &[curve], &[octet; 64]);
    assert_eq!(
        judged(key(oids::TC26_256_A, 1), signature()),
        Some(Code::CertificateKeyInvalid)
    );
    assert_eq!(
        judged(key(oids::KZ_GOST_2004_A, 1), signature()),
        Some(Code::CertificateAlgorithmParameters)
    );
    let with_number = sequence(&[
        object_identifier(oids::GOST_2012_256_SIGNATURE),
        asn1::integer(&[1]),
    ]);
    assert_eq!(
        judged(key(oids::TC26_256_A, 1), with_number),
        Some(Code::CmsAlgorithmParameters)
    );
}

#[test]
fn cms_7_only_russian_messages_name_the_key_in_place_of_the_signature() {
    let signer_info = |oid, parameters: &[u8]| {
        let identifier = sequence(&[object_identifier(oid), parameters.to_vec()]);
        let element = asn1::only(&identifier, asn1::Rules::Der).unwrap();
        SignatureAlgorithm::from_signer_info(element, Hash::Streebog512)
    };
    let null = asn1::null();
    for parameters in [&[][..], &null] {
        for oid in [oids::GOST_2012_512, oids::GOST_2012_512_SIGNATURE] {
            assert_eq!(
                signer_info(oid, parameters),
                Ok(SignatureAlgorithm::Gost(Gost::Russian512))
            );
        }
        assert_eq!(
            signer_info(oids::KZ_GOST_2015_512_SIGNATURE, parameters),
            Ok(SignatureAlgorithm::Gost(Gost::Kazakh512))
        );
    }
    assert_eq!(
        signer_info(oids::KZ_GOST_2015_512, &null),
        Err(AlgorithmError::Unsupported)
    );
    let other = asn1::integer(&[1]);
    assert_eq!(
        signer_info(oids::GOST_2012_512_SIGNATURE, &other),
        Err(AlgorithmError::Parameters)
    );
    for oid in [oids::RSA_ENCRYPTION, oids::EC_PUBLIC_KEY] {
        assert_eq!(signer_info(oid, &null), Err(AlgorithmError::Unsupported));
    }
}
