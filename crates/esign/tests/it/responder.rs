//! The responder of the OpenSSL command line: it reads our requests, we judge its answers.

use std::fmt::Write as _;

use esign::certificate::Certificate;
use esign::path::{self, PolicyInputs, Query, RevocationQuery, SignatureCache};
use esign::provider;
use esign::revocation::{Evidence, IdHash, OcspRequest, OcspResponse};
use esign::time::UnixTime;
use esign::verdict::Code;

use crate::openssl::{KINDS, Openssl};
use crate::revocation::REQUIRED;

const NONCE: [u8; 32] = [42; 32];

/// What the responder says of the person, in the words of its index.
fn ask(openssl: &Openssl, entry: &str, hash: IdHash, signer: &[&str]) -> OcspResponse {
    let (person, root) = (openssl.certificate("person.pem"), openssl.certificate("root.pem"));
    let serial = person.serial().iter().fold(String::new(), |mut text, octet| {
        let _ = write!(text, "{octet:02X}");
        text
    });
    let index = format!("{entry}\t{serial}\tunknown\t/CN=x\n");
    std::fs::write(openssl.path().join("index.txt"), index).unwrap();
    let request = OcspRequest::with_hash(hash, &person, &root, Some(NONCE));
    std::fs::write(openssl.path().join("request"), request.to_der()).unwrap();
    let common = [
        "ocsp",
        "-index",
        "index.txt",
        "-CA",
        "root.pem",
        "-ndays",
        "1",
        "-reqin",
        "request",
        "-respout",
        "response",
    ];
    openssl.run(&[&common[..], signer].concat());
    let response = OcspResponse::parse(&std::fs::read(openssl.path().join("response")).unwrap()).unwrap();
    assert_eq!(request.is_answered_by(&response), Ok(()));
    let other_nonce = OcspRequest::with_hash(hash, &person, &root, Some([43; 32]));
    assert!(other_nonce.is_answered_by(&response).is_err());
    response
}

fn judge(person: &Certificate, root: &Certificate, response: OcspResponse) -> Option<Code> {
    let at = UnixTime(response.produced_at().0 + 60);
    let query = Query {
        target: person,
        anchors: std::slice::from_ref(root),
        candidates: Vec::new(),
        at,
        revocation: RevocationQuery::now(REQUIRED.sign_in),
        evidence: &Evidence::new().with_ocsp(response),
        policy: PolicyInputs::default(),
        min_rsa_bits: 2048,
    };
    let codes = [provider::native(), provider::portable()]
        .map(|provider| path::validate(&query, provider, &SignatureCache::default()).code());
    assert_eq!(codes[0], codes[1]);
    codes[0]
}

const VALID: &str = "V\t390101000000Z\t";
const REVOKED: &str = "R\t390101000000Z\t200101000000Z,keyCompromise";
const ON_HOLD: &str = "R\t390101000000Z\t200101000000Z,certificateHold";

#[test]
fn net_3_answers_of_openssl_by_the_issuer() {
    let openssl = Openssl::new(KINDS[1].1);
    let signer = ["-rsigner", "root.pem", "-rkey", "root.key"];
    let (person, root) = (openssl.certificate("person.pem"), openssl.certificate("root.pem"));
    for (entry, expected) in [
        (VALID, None),
        (REVOKED, Some(Code::CertificateRevoked)),
        (ON_HOLD, Some(Code::CertificateOnHold)),
    ] {
        for hash in [IdHash::Sha1, IdHash::Sha256] {
            for more in [&[][..], &["-resp_key_id"]] {
                let response = ask(&openssl, entry, hash, &[&signer[..], more].concat());
                assert_eq!(judge(&person, &root, response), expected, "{entry} {hash:?}");
            }
        }
    }
}

#[test]
fn net_3_answers_of_openssl_by_a_delegate() {
    let openssl = Openssl::new(KINDS[1].1);
    let (person, root) = (openssl.certificate("person.pem"), openssl.certificate("root.pem"));
    let make = |name: &str, extensions: &str, key: &[&str]| {
        let file = |ending: &str| format!("{name}.{ending}");
        let (key_file, csr, pem) = (file("key"), file("csr"), file("pem"));
        std::fs::write(openssl.path().join("delegate"), extensions).unwrap();
        let request = [
            "req",
            "-nodes",
            "-keyout",
            &key_file,
            "-out",
            &csr,
            "-subj",
            "/CN=Responder",
        ];
        openssl.run(&[&request[..], key].concat());
        openssl.run(&[
            "x509", "-req", "-in", &csr, "-CA", "root.pem", "-CAkey", "root.key", "-days", "30", "-extfile",
            "delegate", "-out", &pem,
        ]);
        let signer = ["-rsigner", pem.as_str(), "-rkey", key_file.as_str()];
        judge(&person, &root, ask(&openssl, VALID, IdHash::Sha1, &signer))
    };
    let refused = Some(Code::RevocationResponderNotAuthorised);
    let sound = "extendedKeyUsage=OCSPSigning\nnoCheck=yes\n";
    assert_eq!(make("rsa", sound, KINDS[0].1), None);
    assert_eq!(make("p384", sound, KINDS[2].1), None);
    assert_eq!(
        make("server", "extendedKeyUsage=serverAuth\nnoCheck=yes\n", KINDS[1].1),
        refused
    );
    assert_eq!(
        make("unchecked", "extendedKeyUsage=OCSPSigning\n", KINDS[1].1),
        refused
    );
}
