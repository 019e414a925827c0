use aws_lc_rs::{digest, signature};

use super::{Provider, SignatureError, gost};
use crate::algorithm::{Curve, Hash, PublicKey, SignatureAlgorithm};

pub(super) struct Native;

impl Provider for Native {
    fn verify(
        &self,
        algorithm: &SignatureAlgorithm,
        spki_der: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        let (check, key): (&'static dyn signature::VerificationAlgorithm, &[u8]) =
            match (*algorithm, PublicKey::from_spki(spki_der)?) {
                (SignatureAlgorithm::RsaPkcs1(hash), PublicKey::Rsa { der, .. }) => (pkcs1(hash)?, der),
                (SignatureAlgorithm::RsaPss(hash), PublicKey::Rsa { der, .. }) => (pss(hash)?, der),
                (SignatureAlgorithm::Ecdsa(hash), PublicKey::Ec { curve, point }) => {
                    (ecdsa(curve, hash)?, point)
                }
                (SignatureAlgorithm::Ed25519, PublicKey::Ed25519(key)) => (&signature::ED25519, key),
                (
                    SignatureAlgorithm::Gost(of_signature),
                    PublicKey::Gost {
                        gost: of_key,
                        set,
                        point,
                    },
                ) if of_signature == of_key => {
                    return gost::verify(of_key, set, point, message, signature);
                }
                _ => return Err(SignatureError::Mismatch),
            };
        signature::UnparsedPublicKey::new(check, key)
            .verify(message, signature)
            .map_err(|_| SignatureError::Invalid)
    }

    fn digest(&self, hash: Hash, message: &[u8]) -> Vec<u8> {
        let algorithm = match hash {
            Hash::Sha256 => &digest::SHA256,
            Hash::Sha384 => &digest::SHA384,
            Hash::Sha512 => &digest::SHA512,
            other => return gost::digest(other, message).unwrap_or_default(),
        };
        digest::digest(algorithm, message).as_ref().to_vec()
    }
}

fn pkcs1(hash: Hash) -> Result<&'static signature::RsaParameters, SignatureError> {
    Ok(match hash {
        Hash::Sha256 => &signature::RSA_PKCS1_2048_8192_SHA256,
        Hash::Sha384 => &signature::RSA_PKCS1_2048_8192_SHA384,
        Hash::Sha512 => &signature::RSA_PKCS1_2048_8192_SHA512,
        _ => return Err(SignatureError::Mismatch),
    })
}

fn pss(hash: Hash) -> Result<&'static signature::RsaParameters, SignatureError> {
    Ok(match hash {
        Hash::Sha256 => &signature::RSA_PSS_2048_8192_SHA256,
        Hash::Sha384 => &signature::RSA_PSS_2048_8192_SHA384,
        Hash::Sha512 => &signature::RSA_PSS_2048_8192_SHA512,
        _ => return Err(SignatureError::Mismatch),
    })
}

fn ecdsa(curve: Curve, hash: Hash) -> Result<&'static signature::EcdsaVerificationAlgorithm, SignatureError> {
    Ok(match (curve, hash) {
        (Curve::P256, Hash::Sha256) => &signature::ECDSA_P256_SHA256_ASN1,
        (Curve::P256, Hash::Sha384) => &signature::ECDSA_P256_SHA384_ASN1,
        (Curve::P256, Hash::Sha512) => &signature::ECDSA_P256_SHA512_ASN1,
        (Curve::P384, Hash::Sha256) => &signature::ECDSA_P384_SHA256_ASN1,
        (Curve::P384, Hash::Sha384) => &signature::ECDSA_P384_SHA384_ASN1,
        (Curve::P384, Hash::Sha512) => &signature::ECDSA_P384_SHA512_ASN1,
        _ => return Err(SignatureError::Mismatch),
    })
}
