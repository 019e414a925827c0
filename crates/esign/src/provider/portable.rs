use rsa::traits::SignatureScheme as _;
use rsa::{BoxedUint, Pkcs1v15Sign, Pss, RsaPublicKey};
use sha2::{Sha256, Sha384, Sha512};
use signature::hazmat::PrehashVerifier as _;

use super::{Hasher, Provider, SignatureError, gost, hash};
use crate::algorithm::{Curve, Hash, PublicKey, SignatureAlgorithm};
use crate::asn1::{self, Rules};

pub(super) struct Portable;

impl Provider for Portable {
    fn verify(
        &self,
        algorithm: &SignatureAlgorithm,
        spki_der: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        match (algorithm.hash(), PublicKey::from_spki(spki_der)?) {
            (Some(hash), _) => {
                let digest = self.digest(hash, message);
                self.verify_digest(algorithm, spki_der, &digest, signature)
            }
            (None, PublicKey::Ed25519(key)) => ed25519(key, message, signature),
            (None, _) => Err(SignatureError::Mismatch),
        }
    }

    fn verify_digest(
        &self,
        algorithm: &SignatureAlgorithm,
        spki_der: &[u8],
        digest: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        match (*algorithm, PublicKey::from_spki(spki_der)?) {
            (
                SignatureAlgorithm::RsaPkcs1(hash),
                PublicKey::Rsa {
                    modulus, exponent, ..
                },
            ) => {
                let scheme = match hash {
                    Hash::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
                    Hash::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
                    Hash::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
                    _ => return Err(SignatureError::Mismatch),
                };
                let key = rsa_key(modulus, exponent)?;
                scheme
                    .verify(&key, digest, signature)
                    .map_err(|_| SignatureError::Invalid)
            }
            (
                SignatureAlgorithm::RsaPss(hash),
                PublicKey::Rsa {
                    modulus, exponent, ..
                },
            ) => {
                let key = rsa_key(modulus, exponent)?;
                match hash {
                    Hash::Sha256 => Pss::<Sha256>::new().verify(&key, digest, signature),
                    Hash::Sha384 => Pss::<Sha384>::new().verify(&key, digest, signature),
                    Hash::Sha512 => Pss::<Sha512>::new().verify(&key, digest, signature),
                    _ => return Err(SignatureError::Mismatch),
                }
                .map_err(|_| SignatureError::Invalid)
            }
            (
                SignatureAlgorithm::Ecdsa(_),
                PublicKey::Ec {
                    curve: Curve::P256,
                    point,
                },
            ) => {
                let (r, s) = numbers::<32>(signature)?;
                p256::ecdsa::VerifyingKey::from_sec1_bytes(point)
                    .and_then(|key| {
                        let signature = p256::ecdsa::Signature::from_scalars(r, s)?;
                        key.verify_prehash(digest, &signature)
                    })
                    .map_err(|_| SignatureError::Invalid)
            }
            (
                SignatureAlgorithm::Ecdsa(_),
                PublicKey::Ec {
                    curve: Curve::P384,
                    point,
                },
            ) => {
                let (r, s) = numbers::<48>(signature)?;
                p384::ecdsa::VerifyingKey::from_sec1_bytes(point)
                    .and_then(|key| {
                        let signature = p384::ecdsa::Signature::from_scalars(r, s)?;
                        key.verify_prehash(digest, &signature)
                    })
                    .map_err(|_| SignatureError::Invalid)
            }
            (SignatureAlgorithm::Gost(signed), PublicKey::Gost { gost, set, point }) if signed == gost => {
                gost::verify_digest(gost, set, point, digest, signature)
            }
            _ => Err(SignatureError::Mismatch),
        }
    }

    fn hasher(&self, hash: Hash) -> Box<dyn Hasher> {
        hash::hasher(hash)
    }
}

fn rsa_key(modulus: &[u8], exponent: &[u8]) -> Result<RsaPublicKey, SignatureError> {
    let modulus = BoxedUint::from_be_slice_vartime(modulus);
    let exponent = BoxedUint::from_be_slice_vartime(exponent);
    RsaPublicKey::new(modulus, exponent).map_err(|_| SignatureError::Invalid)
}

/// ECDSA-Sig-Value (RFC 5480 §A) as two numbers of the curve's size.
fn numbers<const N: usize>(signature: &[u8]) -> Result<([u8; N], [u8; N]), SignatureError> {
    fn read<const N: usize>(signature: &[u8]) -> asn1::Result<([u8; N], [u8; N])> {
        let mut numbers = asn1::only(signature, Rules::Der)?.sequence()?;
        let r = padded(numbers.element()?.unsigned()?)?;
        let s = padded(numbers.element()?.unsigned()?)?;
        numbers.finish()?;
        Ok((r, s))
    }
    fn padded<const N: usize>(magnitude: &[u8]) -> asn1::Result<[u8; N]> {
        let mut number = [0; N];
        let start = N.checked_sub(magnitude.len()).ok_or(asn1::Error::Value)?;
        number
            .get_mut(start..)
            .ok_or(asn1::Error::Value)?
            .copy_from_slice(magnitude);
        Ok(number)
    }
    read(signature).map_err(|_| SignatureError::Invalid)
}

fn ed25519(key: &[u8; 32], message: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
    let signature = ed25519_dalek::Signature::from_slice(signature).map_err(|_| SignatureError::Invalid)?;
    ed25519_dalek::VerifyingKey::from_bytes(key)
        .and_then(|key| key.verify_strict(message, &signature))
        .map_err(|_| SignatureError::Invalid)
}
