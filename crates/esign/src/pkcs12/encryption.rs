//! How the parts of a container are encrypted: PBES2 (RFC 8018) and the older schemes of PKCS#12.

use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipherDecrypt, BlockModeDecrypt, InnerIvInit, KeyInit};
use zeroize::Zeroizing;

use super::gost::{self, GostCipher};
use super::password::{Budget, Hash, Password, Purpose};
use super::{Pkcs12Error, oids};
use crate::asn1::{Element, Oid, Rules, only, tag};

const MAX_SALT: usize = 1024;
const MAX_KEY: usize = 128;

/// An algorithm that encrypts by password, read from its identifier.
#[derive(Debug)]
pub(super) struct Encryption<'a> {
    cipher: Cipher,
    derivation: Derivation<'a>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cipher {
    Aes128,
    Aes192,
    Aes256,
    TripleDes,
    /// Two keys, the first used twice.
    TripleDesTwoKeys,
    Rc2Bits40,
    Rc2Bits128,
    Gost(GostCipher),
}

#[derive(Debug)]
enum Derivation<'a> {
    Pbes2 { pbkdf2: Pbkdf2<'a>, vector: &'a [u8] },
    Pkcs12 { salt: &'a [u8], rounds: u32 },
}

/// PBKDF2 with its parameters (RFC 8018, appendix A.2).
#[derive(Debug)]
pub(super) struct Pbkdf2<'a> {
    hash: Hash,
    salt: &'a [u8],
    rounds: u32,
    length: Option<usize>,
}

impl<'a> Encryption<'a> {
    /// Reads an AlgorithmIdentifier.
    pub(super) fn read(algorithm: Element<'a>) -> Result<Self, Pkcs12Error> {
        let (scheme, parameters) = identifier(algorithm)?;
        let cipher = match scheme {
            oids::PBES2 => return Self::read_pbes2(parameters),
            oids::PBE_3DES_3_KEYS => Cipher::TripleDes,
            oids::PBE_3DES_2_KEYS => Cipher::TripleDesTwoKeys,
            oids::PBE_RC2_128 => Cipher::Rc2Bits128,
            oids::PBE_RC2_40 => Cipher::Rc2Bits40,
            oids::PBE_CRYPTO_PRO => return Err(Pkcs12Error::CryptoPro),
            other => return Err(Pkcs12Error::unsupported(other)),
        };
        let mut fields = parameters.ok_or(Pkcs12Error::Malformed)?.children()?;
        let salt = salt(fields.element()?)?;
        let rounds = rounds(fields.element()?)?;
        Ok(Self {
            cipher,
            derivation: Derivation::Pkcs12 { salt, rounds },
        })
    }

    fn read_pbes2(parameters: Option<Element<'a>>) -> Result<Self, Pkcs12Error> {
        let mut fields = parameters.ok_or(Pkcs12Error::Malformed)?.children()?;
        let pbkdf2 = Pbkdf2::read(fields.element()?)?;
        let (cipher, vector) = Cipher::read(fields.element()?)?;
        if pbkdf2.length.is_some_and(|length| length != cipher.key_length()) {
            return Err(Pkcs12Error::Malformed);
        }
        Ok(Self {
            cipher,
            derivation: Derivation::Pbes2 { pbkdf2, vector },
        })
    }

    /// The plain bytes. Padding and structure are all that tells a wrong password here.
    pub(super) fn decrypt(
        &self,
        encrypted: &[u8],
        password: &Password,
        budget: &mut Budget,
    ) -> Result<Zeroizing<Vec<u8>>, Pkcs12Error> {
        let (key, vector) = match &self.derivation {
            Derivation::Pbes2 { pbkdf2, vector } => {
                let key = pbkdf2.derive(password, self.cipher.key_length(), budget)?;
                (key, Zeroizing::new(vector.to_vec()))
            }
            Derivation::Pkcs12 { salt, rounds } => {
                // key and vector are derived apart
                budget.spend(*rounds, Hash::Sha1, self.cipher.key_length())?;
                budget.spend(*rounds, Hash::Sha1, 8)?;
                let key = Hash::Sha1.derive(Purpose::Key, password, salt, *rounds, self.cipher.key_length());
                (
                    key,
                    Hash::Sha1.derive(Purpose::InitialVector, password, salt, *rounds, 8),
                )
            }
        };
        let plain = match self.cipher {
            Cipher::Gost(cipher) => {
                let plain = cipher.decrypt(&key, &vector, encrypted);
                Ok(Some(plain.ok_or(Pkcs12Error::Malformed)?))
            }
            Cipher::Aes128 => decrypt::<aes::Aes128>(&key, &vector, encrypted),
            Cipher::Aes192 => decrypt::<aes::Aes192>(&key, &vector, encrypted),
            Cipher::Aes256 => decrypt::<aes::Aes256>(&key, &vector, encrypted),
            Cipher::TripleDes => decrypt::<des::TdesEde3>(&key, &vector, encrypted),
            Cipher::TripleDesTwoKeys => decrypt::<des::TdesEde2>(&key, &vector, encrypted),
            Cipher::Rc2Bits40 | Cipher::Rc2Bits128 => decrypt::<rc2::Rc2>(&key, &vector, encrypted),
        };
        // all that is ever encrypted is one SEQUENCE; anything else was decrypted with another key
        plain?
            .filter(|plain| only(plain, Rules::Ber).is_ok_and(|element| element.tag() == tag::SEQUENCE))
            .ok_or(Pkcs12Error::WrongPassword)
    }
}

impl Cipher {
    /// The cipher of PBES2 and its vector.
    fn read(algorithm: Element<'_>) -> Result<(Self, &[u8]), Pkcs12Error> {
        let (oid, parameters) = identifier(algorithm)?;
        let cipher = match oid {
            oids::AES_128_CBC => Self::Aes128,
            oids::AES_192_CBC => Self::Aes192,
            oids::AES_256_CBC => Self::Aes256,
            oids::DES_EDE3_CBC => Self::TripleDes,
            other => {
                let (cipher, vector) = GostCipher::read(other, parameters)?;
                return Ok((Self::Gost(cipher), vector));
            }
        };
        let vector = parameters.filter(|vector| vector.tag() == tag::OCTET_STRING);
        Ok((cipher, vector.ok_or(Pkcs12Error::Malformed)?.content()))
    }

    const fn key_length(self) -> usize {
        match self {
            Self::Rc2Bits40 => 5,
            Self::Aes128 | Self::TripleDesTwoKeys | Self::Rc2Bits128 => 16,
            Self::Aes192 | Self::TripleDes => 24,
            Self::Aes256 => 32,
            Self::Gost(_) => gost::KEY,
        }
    }
}

impl<'a> Pbkdf2<'a> {
    /// Reads an AlgorithmIdentifier, which must be of PBKDF2.
    pub(super) fn read(algorithm: Element<'a>) -> Result<Self, Pkcs12Error> {
        let (function, parameters) = identifier(algorithm)?;
        if function != oids::PBKDF2 {
            return Err(Pkcs12Error::unsupported(function));
        }
        let mut fields = parameters.ok_or(Pkcs12Error::Malformed)?.children()?;
        let salt = salt(fields.element()?)?;
        let rounds = rounds(fields.element()?)?;
        let length = fields.optional(tag::INTEGER)?.map(key_length).transpose()?;
        let hash = match fields.optional(tag::SEQUENCE)? {
            Some(function) => hmac_hash(function)?,
            None => Hash::Sha1,
        };
        Ok(Self {
            hash,
            salt,
            rounds,
            length,
        })
    }

    /// The length of the derived key, where the file names one.
    pub(super) const fn length(&self) -> Option<usize> {
        self.length
    }

    pub(super) fn derive(
        &self,
        password: &Password,
        length: usize,
        budget: &mut Budget,
    ) -> Result<Zeroizing<Vec<u8>>, Pkcs12Error> {
        budget.spend(self.rounds, self.hash, length)?;
        Ok(self.hash.pbkdf2(password, self.salt, self.rounds, length))
    }
}

/// The hash of an AlgorithmIdentifier that names an HMAC.
pub(super) fn hmac_hash(algorithm: Element<'_>) -> Result<Hash, Pkcs12Error> {
    match identifier(algorithm)?.0 {
        oids::HMAC_SHA1 => Ok(Hash::Sha1),
        oids::HMAC_SHA224 => Ok(Hash::Sha224),
        oids::HMAC_SHA256 => Ok(Hash::Sha256),
        oids::HMAC_SHA384 => Ok(Hash::Sha384),
        oids::HMAC_SHA512 => Ok(Hash::Sha512),
        oids::HMAC_STREEBOG256 => Ok(Hash::Streebog256),
        oids::HMAC_STREEBOG512 => Ok(Hash::Streebog512),
        other => Err(Pkcs12Error::unsupported(other)),
    }
}

/// The identifier and parameters of an AlgorithmIdentifier.
pub(super) fn identifier(algorithm: Element<'_>) -> Result<(Oid<'_>, Option<Element<'_>>), Pkcs12Error> {
    let mut fields = algorithm.children()?;
    let oid = fields.element()?.oid()?;
    let parameters = if fields.is_empty() {
        None
    } else {
        Some(fields.element()?)
    };
    fields.finish()?;
    Ok((oid, parameters))
}

/// A salt given as it is (PBKDF2 also foresees other sources, which nothing writes).
pub(super) fn salt(element: Element<'_>) -> Result<&[u8], Pkcs12Error> {
    if element.tag() == tag::OCTET_STRING && element.content().len() <= MAX_SALT {
        Ok(element.content())
    } else {
        Err(Pkcs12Error::Malformed)
    }
}

/// A number of rounds, at least one.
pub(super) fn rounds(element: Element<'_>) -> Result<u32, Pkcs12Error> {
    // a number too large for 32 bits is no number of rounds but an attack
    let octets = element.unsigned()?;
    match element.small() {
        Ok(0) => Err(Pkcs12Error::Malformed),
        Ok(rounds) => Ok(rounds),
        Err(_) if octets.len() > 4 => Err(Pkcs12Error::TooCostly),
        Err(error) => Err(error.into()),
    }
}

fn key_length(element: Element<'_>) -> Result<usize, Pkcs12Error> {
    match usize::try_from(element.small()?) {
        Ok(length @ 1..=MAX_KEY) => Ok(length),
        _ => Err(Pkcs12Error::Malformed),
    }
}

/// CBC with PKCS#7 padding; `None` if the padding is bad.
fn decrypt<C: BlockCipherDecrypt + KeyInit>(
    key: &[u8],
    vector: &[u8],
    encrypted: &[u8],
) -> Result<Option<Zeroizing<Vec<u8>>>, Pkcs12Error> {
    let cipher = C::new_from_slice(key).map_err(|_| Pkcs12Error::Malformed)?;
    let mode = cbc::Decryptor::inner_iv_slice_init(cipher, vector).map_err(|_| Pkcs12Error::Malformed)?;
    let mut buffer = Zeroizing::new(encrypted.to_vec());
    let Ok(length) = mode.decrypt_padded::<Pkcs7>(&mut buffer).map(<[u8]>::len) else {
        return Ok(None);
    };
    buffer.truncate(length);
    Ok(Some(buffer))
}
