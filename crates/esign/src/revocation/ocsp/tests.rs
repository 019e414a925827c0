//! Answers of the Kazakh test authority about certificates that were not published: judged from the answer on.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::PathBuf;

use crate::asn1::{self, Reader, tag};
use crate::certificate::Certificate;
use crate::path::{Checks, PolicyInputs, Query, RevocationQuery, SignatureCache};
use crate::provider;
use crate::revocation::{self, Evidence, OcspResponse, Question, Status};
use crate::time::UnixTime;
use crate::trust::{RevocationRule, UnknownStatus};
use crate::verdict::Code;

/// 2022-09-02T17:00:00Z
const AT: UnixTime = UnixTime(1_662_138_000);

/// A certificate of this number that nobody signed.
fn stand_in(issuer: &Certificate, serial: &[u8]) -> Certificate {
    let mut fields = Reader::der(issuer.der()).sequence().unwrap();
    fields.element().unwrap();
    let algorithm = fields.element().unwrap().raw().to_vec();
    let tbs = asn1::sequence(&[
        asn1::context(0, &asn1::integer(&[2])),
        asn1::tlv(tag::INTEGER, serial),
        algorithm.clone(),
        issuer.subject().as_der().to_vec(),
        asn1::sequence(&[issuer.not_before().to_der(), issuer.not_after().to_der()]),
        issuer.subject().as_der().to_vec(),
        issuer.spki().to_vec(),
    ]);
    let signature = asn1::tlv(tag::BIT_STRING, &[0]);
    Certificate::parse(asn1::sequence(&[tbs, algorithm, signature])).unwrap()
}

#[test]
fn net_3_answers_of_the_kazakh_authority() {
    let folder = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/vectors/kz-nuc-test"
    ));
    if !folder.exists() {
        println!("skipped: {} is absent", folder.display());
        return;
    }
    let file = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let authority = Certificate::parse(file("nca_gost2022_test.cer")).unwrap();
    let judge = |name: &str, serial: &str| {
        let serial = data_encoding::HEXUPPER.decode(serial.as_bytes()).unwrap();
        let certificate = stand_in(&authority, &serial);
        let evidence = Evidence::new().with_ocsp(OcspResponse::parse(&file(name)).unwrap());
        let query = Query {
            target: &certificate,
            anchors: std::slice::from_ref(&authority),
            candidates: Vec::new(),
            at: AT,
            revocation: RevocationQuery::now(RevocationRule::Required {
                unknown: UnknownStatus::Refuse,
            }),
            evidence: &evidence,
            policy: PolicyInputs::default(),
            min_rsa_bits: 2048,
        };
        let path = [&certificate, &authority];
        let question = Question::new(&query, &path).unwrap();
        let cache = SignatureCache::default();
        let mut checks = Checks::new(provider::native(), &cache);
        revocation::status(&question, &mut checks).unwrap().status
    };
    assert_eq!(
        judge(
            "ocsp_response_ceo_2015_revoked.bin",
            "3A90343E720594C55204B19CB9A402422EF0E622"
        ),
        Status::Revoked(Code::CertificateOnHold)
    );
    assert_eq!(
        judge(
            "ocsp_response_individual_2015.bin",
            "0FF06211DC82BEB00253FFA000F1DE84ABEF454F"
        ),
        Status::Revoked(Code::CertificateUnknownToAuthority)
    );
    assert_eq!(
        judge("ocsp_response_individual_2015.bin", "0102"),
        Status::Unknown(Code::CertificateStatusUnknown)
    );
}
