//! `openssl ts`, both ways.

use esign::algorithm::Hash;
use esign::asn1::{Oid, oids};
use esign::cms::verify_document;
use esign::provider::native;
use esign::trust::RevocationRule;
use esign::tsp::{Imprint, TimeStampRequest, TimeStampResponse, TimeStampToken};
use esign::verdict::{Code, Problem, Verdict};

use crate::authority::{Authority, CONTENT};

/// Asks OpenSSL, as an authority under a section of the configuration, for a stamp.
pub(crate) fn response(authority: &Authority, request: &TimeStampRequest, section: &str) -> Vec<u8> {
    authority.write("query", &request.to_der());
    authority.run(&[
        "ts",
        "-reply",
        "-config",
        "config",
        "-section",
        section,
        "-queryfile",
        "query",
        "-signer",
        "time.pem",
        "-inkey",
        "time.key",
        "-out",
        "response",
    ]);
    authority.read("response")
}

pub(crate) fn stamp(authority: &Authority, message: &[u8]) -> TimeStampToken {
    let request =
        TimeStampRequest::new(Imprint::of(message, Hash::Sha256, native())).with_nonce(&[0x9a, 1, 2]);
    let response = TimeStampResponse::parse(&response(authority, &request, "tsa1")).unwrap();
    response.token_for(&request).unwrap()
}

#[test]
fn openssl_answers_our_requests_and_its_stamps_are_believed() {
    let authority = Authority::new();
    let trust = authority.trust(RevocationRule::NotAsked);
    for hash in [Hash::Sha256, Hash::Sha384, Hash::Sha512] {
        for section in ["tsa1", "tsa_v1"] {
            if section == "tsa_v1" && hash != Hash::Sha256 {
                continue;
            }
            let request = TimeStampRequest::new(Imprint::of(CONTENT, hash, native())).with_nonce(&[7; 16]);
            let answer = response(&authority, &request, section);
            let token = TimeStampResponse::parse(&answer)
                .unwrap()
                .token_for(&request)
                .unwrap();
            let verdict = token.verify(CONTENT, &trust, authority.now(), native());
            let proven = verdict.into_result().unwrap();
            assert_eq!(proven.token().policy().to_string(), "1.2.3.4.1");
            let stated_accuracy = if section == "tsa1" { 1_000_000 } else { 0 };
            assert_eq!(proven.token().accuracy_micros(), stated_accuracy);
            let other = token.verify(b"other", &trust, authority.now(), native());
            assert_eq!(other.code(), Some(Code::TspImprintMismatch));
            // and OpenSSL itself sees its answer to our question
            authority.run(&[
                "ts",
                "-verify",
                "-queryfile",
                "query",
                "-in",
                "response",
                "-CAfile",
                "timeroot.pem",
            ]);
        }
    }
}

#[test]
fn openssl_refuses_and_says_why() {
    let authority = Authority::new();
    let imprint = Imprint::of(CONTENT, Hash::Sha256, native());
    let policy = Oid::from_content(&[0x2a, 9]).unwrap();
    let request = TimeStampRequest::new(imprint).with_policy(policy);
    let answer = TimeStampResponse::parse(&response(&authority, &request, "tsa1")).unwrap();
    let TimeStampResponse::Refused(failure) = &answer else {
        panic!("{answer:?}")
    };
    assert_eq!(failure.status, 2);
    assert_eq!(failure.reasons, ["the requested policy is not supported"]);
    assert!(!failure.text.is_empty());
    assert_eq!(
        answer.token_for(&request).err().map(Problem::code),
        Some(Code::TspNotGranted)
    );
}

#[test]
fn a_flipped_bit_in_a_token_is_never_believed() {
    let authority = Authority::new();
    let trust = authority.trust(RevocationRule::NotAsked);
    let token = stamp(&authority, CONTENT);
    let before = token.gen_time();
    let mut harmless = 0;
    for at in (0..token.as_bytes().len()).step_by(3) {
        let mut flipped = token.as_bytes().to_vec();
        flipped[at] ^= 1 << (at % 8);
        let Ok(flipped) = TimeStampToken::parse(&flipped) else {
            continue;
        };
        if let Verdict::Valid(proven) = flipped.verify(CONTENT, &trust, authority.now(), native()) {
            assert_eq!(proven.token().gen_time(), before);
            harmless += 1;
        }
    }
    assert!(harmless < 12, "{harmless}");
}

#[test]
fn a_stamp_is_no_signature_of_a_person() {
    let authority = Authority::new();
    let token = stamp(&authority, CONTENT);
    let trust = authority.trust(RevocationRule::NotAsked);
    let report = verify_document(token.as_bytes(), None, &trust, authority.now(), native());
    assert!(
        !matches!(report.verdict, Verdict::Valid(())),
        "{:?}",
        oids::TST_INFO
    );
}
