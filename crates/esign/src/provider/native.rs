use ::gost::ParameterSet;
use aws_lc_rs::digest::{self, Context, Digest};
use aws_lc_rs::signature::{self, UnparsedPublicKey};

use super::{Hasher, Provider, SignatureError, gost, hash};
use crate::algorithm::{Curve, Gost, Hash, PublicKey, SignatureAlgorithm};

pub(super) struct Native;

impl Provider for Native {
    fn verify(
        &self,
        algorithm: &SignatureAlgorithm,
        spki_der: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        match Key::new(*algorithm, spki_der)? {
            Key::International(key) => key
                .verify(message, signature)
                .map_err(|_| SignatureError::Invalid),
            Key::Gost(gost, ..) => {
                let digest = self.digest(gost.hash(), message);
                self.verify_digest(algorithm, spki_der, &digest, signature)
            }
        }
    }

    fn verify_digest(
        &self,
        algorithm: &SignatureAlgorithm,
        spki_der: &[u8],
        digest: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        match Key::new(*algorithm, spki_der)? {
            Key::International(key) => {
                let hash = algorithm.hash().and_then(sha2).ok_or(SignatureError::Mismatch)?;
                let digest = Digest::import_less_safe(digest, hash).map_err(|_| SignatureError::Mismatch)?;
                key.verify_digest(&digest, signature)
                    .map_err(|_| SignatureError::Invalid)
            }
            Key::Gost(gost, set, point) => gost::verify_digest(gost, set, point, digest, signature),
        }
    }

    fn hasher(&self, hash: Hash) -> Box<dyn Hasher> {
        match sha2(hash) {
            Some(algorithm) => Box::new(Sha2(Context::new(algorithm))),
            None => hash::hasher(hash),
        }
    }
}

/// A key for signatures of one algorithm.
enum Key<'a> {
    International(UnparsedPublicKey<&'a [u8]>),
    Gost(Gost, ParameterSet, &'a [u8]),
}

impl<'a> Key<'a> {
    fn new(algorithm: SignatureAlgorithm, spki_der: &'a [u8]) -> Result<Self, SignatureError> {
        let (check, key): (&'static dyn signature::VerificationAlgorithm, &[u8]) =
            match (algorithm, PublicKey::from_spki(spki_der)?) {
                (SignatureAlgorithm::RsaPkcs1(hash), PublicKey::Rsa { der, .. }) => (pkcs1(hash)?, der),
                (SignatureAlgorithm::RsaPss(hash), PublicKey::Rsa { der, .. }) => (pss(hash)?, der),
                (SignatureAlgorithm::Ecdsa(hash), PublicKey::Ec { curve, point }) => {
                    (ecdsa(curve, hash)?, point)
                }
                (SignatureAlgorithm::Ed25519, PublicKey::Ed25519(key)) => (&signature::ED25519, key),
                (SignatureAlgorithm::Gost(signed), PublicKey::Gost { gost, set, point })
                    if signed == gost =>
                {
                    return Ok(Self::Gost(gost, set, point));
                }
                _ => return Err(SignatureError::Mismatch),
            };
        Ok(Self::International(UnparsedPublicKey::new(check, key)))
    }
}

struct Sha2(Context);

impl Hasher for Sha2 {
    fn update(&mut self, octets: &[u8]) {
        self.0.update(octets);
    }

    fn finish(self: Box<Self>) -> Vec<u8> {
        self.0.finish().as_ref().to_vec()
    }
}

fn sha2(hash: Hash) -> Option<&'static digest::Algorithm> {
    Some(match hash {
        Hash::Sha256 => &digest::SHA256,
        Hash::Sha384 => &digest::SHA384,
        Hash::Sha512 => &digest::SHA512,
        _ => return None,
    })
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
