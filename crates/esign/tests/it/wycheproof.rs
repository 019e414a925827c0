//! Project Wycheproof: every vector on both providers, with one answer.

use data_encoding::HEXLOWER;
use esign::algorithm::{Hash, SignatureAlgorithm};
use esign::provider;
use serde_json::Value;

use crate::vectors;

fn run(file: &str, algorithm: SignatureAlgorithm) {
    let Some(folder) = vectors("wycheproof") else {
        return;
    };
    let suite: Value = serde_json::from_slice(&std::fs::read(folder.join(file)).unwrap()).unwrap();
    let hex = |value: &Value| HEXLOWER.decode(value.as_str().unwrap().as_bytes()).unwrap();
    let mut count = 0;
    for group in suite["testGroups"].as_array().unwrap() {
        let spki = hex(&group["publicKeyDer"]);
        for test in group["tests"].as_array().unwrap() {
            let (message, signature) = (hex(&test["msg"]), hex(&test["sig"]));
            for (name, provider) in [("native", provider::native()), ("portable", provider::portable())] {
                let accepted = provider.verify(&algorithm, &spki, &message, &signature).is_ok();
                let allowed = match test["result"].as_str().unwrap() {
                    "valid" => accepted,
                    "invalid" => !accepted,
                    _ => true,
                };
                assert!(
                    allowed,
                    "{file} {name} test {}: accepted {accepted}",
                    test["tcId"]
                );
            }
            count += 1;
        }
    }
    assert_eq!(count, suite["numberOfTests"]);
}

#[test]
fn rsa_pkcs1_sha256() {
    run(
        "rsa_signature_2048_sha256_test.json",
        SignatureAlgorithm::RsaPkcs1(Hash::Sha256),
    );
}

#[test]
fn ecdsa_p256() {
    run(
        "ecdsa_secp256r1_sha256_test.json",
        SignatureAlgorithm::Ecdsa(Hash::Sha256),
    );
}

#[test]
fn ecdsa_p384() {
    run(
        "ecdsa_secp384r1_sha384_test.json",
        SignatureAlgorithm::Ecdsa(Hash::Sha384),
    );
}

#[test]
fn ed25519() {
    run("ed25519_test.json", SignatureAlgorithm::Ed25519);
}
