//! key files of many makes, damaged and hostile ones.

use esign::pkcs12::{self, Container};
use esign::private_key::SigningAlgorithm;

use crate::support::vector;

const CYRILLIC: &str = "пароль-Test1";

fn algorithm(container: &Container) -> Option<SigningAlgorithm> {
    container.keys[0]
        .private_key
        .as_ref()
        .map(esign::private_key::PrivateKey::algorithm)
}

#[test]
fn a_4_files_of_openssl_open() {
    for (key, expected) in [
        ("rsa", SigningAlgorithm::RsaSha256),
        ("p256", SigningAlgorithm::EcdsaP256),
        ("p384", SigningAlgorithm::EcdsaP384),
        ("ed", SigningAlgorithm::Ed25519),
    ] {
        for form in ["modern", "legacy", "3des"] {
            let Some(file) = vector(&format!("p12-interop/{key}-{form}.p12")) else {
                return;
            };
            let container = pkcs12::open(&file, CYRILLIC).unwrap();
            assert_eq!(container.keys.len(), 1, "{key}-{form}");
            assert_eq!(algorithm(&container), Some(expected), "{key}-{form}");
        }
    }
    for (name, password) in [("rsa-sha512", "abc"), ("rsa-nomac", "abc"), ("rsa-emptypw", "")] {
        let Some(file) = vector(&format!("p12-interop/{name}.p12")) else {
            return;
        };
        let container = pkcs12::open(&file, password).unwrap();
        assert_eq!(algorithm(&container), Some(SigningAlgorithm::RsaSha256), "{name}");
    }
}
