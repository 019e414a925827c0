//! The ciphers of GOST in the modes that protect key files: CTR with change of keys (RFC 9337 §4) and the older
//! CFB of GOST 28147-89 (RFC 4357).

use cbc::cipher::consts::{U8, U32};
use cbc::cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, BlockSizeUser, KeyInit, KeySizeUser};
use kuznyechik::Kuznyechik;
use magma::{Gost89CryptoProA, Magma};
use zeroize::Zeroizing;

use super::{Pkcs12Error, oids};
use crate::asn1::{self, Element, Oid, Reader, Rules, only, tag};

/// A cipher of GOST with its mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GostCipher {
    /// GOST R 34.12-2015, 128 bits, CTR-ACPKM
    Kuznyechik,
    /// GOST R 34.12-2015, 64 bits, CTR-ACPKM
    Magma,
    /// GOST 28147-89 in CFB with these substitutions
    Gost28147(Substitution),
}

/// The tables of GOST 28147-89 (RFC 4357 §11.2, RFC 7836 appendix C).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Substitution {
    /// what OpenSSL's engine writes
    CryptoProA,
    /// what RFC 9337 asks for
    Tc26Z,
}

/// All ciphers here take keys of this length.
pub(super) const KEY: usize = 32;

impl GostCipher {
    /// Reads the identifier of a cipher and, in its parameters, the vector.
    pub(super) fn read<'a>(
        cipher: Oid<'_>,
        parameters: Option<Element<'a>>,
    ) -> Result<(Self, &'a [u8]), Pkcs12Error> {
        let vector_length = match cipher {
            oids::KUZNYECHIK_CTR_ACPKM => 16,
            oids::MAGMA_CTR_ACPKM => 12,
            oids::GOST_28147 => 8,
            other => return Err(Pkcs12Error::unsupported(other)),
        };
        let mut fields = parameters.ok_or(Pkcs12Error::Malformed)?.children()?;
        let vector = fields.expect(tag::OCTET_STRING)?.content();
        let cipher = match cipher {
            oids::KUZNYECHIK_CTR_ACPKM => Self::Kuznyechik,
            oids::MAGMA_CTR_ACPKM => Self::Magma,
            _ => Self::Gost28147(Substitution::read(fields.element()?.oid()?)?),
        };
        fields.finish()?;
        if vector.len() != vector_length {
            return Err(Pkcs12Error::Malformed);
        }
        Ok((cipher, vector))
    }

    /// Decrypts; `None` if key or vector are of another length than the cipher's.
    pub(super) fn decrypt(self, key: &[u8], vector: &[u8], encrypted: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        match self {
            Self::Kuznyechik => Section::KUZNYECHIK.decrypt::<Kuznyechik>(key, vector, encrypted),
            Self::Magma => Section::MAGMA.decrypt::<Magma>(key, vector, encrypted),
            Self::Gost28147(substitution) => {
                let (key, vector) = (key.try_into().ok()?, vector.try_into().ok()?);
                let mut data = Zeroizing::new(encrypted.to_vec());
                match substitution {
                    Substitution::CryptoProA => cfb::<Gost89CryptoProA>(key, vector, &mut data),
                    Substitution::Tc26Z => cfb::<Magma>(key, vector, &mut data),
                }
                Some(data)
            }
        }
    }
}

impl Substitution {
    fn read(name: Oid<'_>) -> Result<Self, Pkcs12Error> {
        match name {
            oids::GOST_28147_CRYPTO_PRO_A => Ok(Self::CryptoProA),
            oids::GOST_28147_TC26_Z => Ok(Self::Tc26Z),
            other => Err(Pkcs12Error::unsupported(other)),
        }
    }
}

/// How many octets one key of CTR-ACPKM encrypts.
struct Section {
    /// by R 1323565.1.025
    standard: usize,
    /// by OpenSSL's engine, which in PBES2 sets the key after the parameters and so falls back to that of TLS
    engine: usize,
}

impl Section {
    const KUZNYECHIK: Self = Self {
        standard: 256 * 1024,
        engine: 4 * 1024,
    };
    const MAGMA: Self = Self {
        standard: 8 * 1024,
        engine: 1024,
    };

    /// Nothing in a file names its section. The engine leaves the unused half of the vector zero, so such a file is
    /// first read as its own; what does not come out whole is read the other way.
    fn decrypt<C: BlockCipherEncrypt + KeyInit>(
        &self,
        key: &[u8],
        vector: &[u8],
        encrypted: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        let (start, seed) = vector.split_at_checked(C::block_size() / 2)?;
        let read = |section| ctr_acpkm::<C>(key, start, section, encrypted);
        if encrypted.len() <= self.engine {
            return read(self.standard);
        }
        let (likely, other) = if seed.iter().all(|octet| *octet == 0) {
            (self.engine, self.standard)
        } else {
            (self.standard, self.engine)
        };
        let plain = read(likely)?;
        if is_whole(Reader::ber(&plain)).is_ok() {
            return Some(plain);
        }
        let second = read(other)?;
        Some(if is_whole(Reader::ber(&second)).is_ok() {
            second
        } else {
            plain
        })
    }
}

/// Whether everything to the bottom has the form of ASN.1, also what lies in octet strings.
fn is_whole(mut reader: Reader<'_>) -> asn1::Result<()> {
    while !reader.is_empty() {
        let element = reader.element()?;
        if element.is_constructed() {
            is_whole(element.children()?)?;
        } else if element.tag() == tag::OCTET_STRING
            && let Ok(inner) = only(element.content(), Rules::Ber)
            && inner.tag() == tag::SEQUENCE
        {
            is_whole(inner.children()?)?;
        }
    }
    Ok(())
}

/// CTR-ACPKM (RFC 8645 §6.2.2): the start of the counter is given, and each section has a key of its own.
fn ctr_acpkm<C: BlockCipherEncrypt + KeyInit>(
    key: &[u8],
    start: &[u8],
    section: usize,
    encrypted: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let mut data = Zeroizing::new(encrypted.to_vec());
    let mut cipher = C::new_from_slice(key).ok()?;
    let mut counter = Block::<C>::default();
    counter.get_mut(..start.len())?.copy_from_slice(start);
    for (index, part) in data.chunks_mut(section).enumerate() {
        if index > 0 {
            cipher = C::new_from_slice(&*next_key(&cipher)).ok()?;
        }
        for piece in part.chunks_mut(counter.len()) {
            let mut gamma = counter.clone();
            cipher.encrypt_block(&mut gamma);
            xor(piece, &gamma);
            increment(&mut counter);
        }
    }
    Some(data)
}

/// ACPKM (RFC 8645 §6.2.1): the next key is a constant encrypted with the last.
fn next_key<C: BlockCipherEncrypt>(cipher: &C) -> Zeroizing<[u8; KEY]> {
    let mut key = Zeroizing::new([0; KEY]);
    key.iter_mut().zip(0x80..).for_each(|(byte, value)| *byte = value);
    for part in key.chunks_exact_mut(C::block_size()) {
        let mut block = Block::<C>::default();
        block.copy_from_slice(part);
        cipher.encrypt_block(&mut block);
        part.copy_from_slice(&block);
    }
    key
}

/// Adds one to a big-endian number.
fn increment(counter: &mut [u8]) {
    for digit in counter.iter_mut().rev() {
        *digit = digit.wrapping_add(1);
        if *digit != 0 {
            break;
        }
    }
}

/// GOST 28147-89, which numbers its octets from the other end than GOST R 34.12-2015 does.
struct Gost28147<C>(C);

type Octets = [u8; 8];

impl<C> Gost28147<C>
where
    C: BlockCipherEncrypt
        + BlockCipherDecrypt
        + KeyInit
        + BlockSizeUser<BlockSize = U8>
        + KeySizeUser<KeySize = U32>,
{
    fn new(key: &[u8; KEY]) -> Self {
        let mut words = Zeroizing::new(*key);
        words.chunks_exact_mut(4).for_each(<[u8]>::reverse);
        Self(C::new((&*words).into()))
    }

    fn encrypt(&self, mut octets: Octets) -> Octets {
        octets.reverse();
        self.0.encrypt_block((&mut octets).into());
        octets.reverse();
        octets
    }

    fn decrypt(&self, mut octets: Octets) -> Octets {
        octets.reverse();
        self.0.decrypt_block((&mut octets).into());
        octets.reverse();
        octets
    }

    /// CryptoPro key meshing (RFC 4357 §2.3.2): the next key is a constant decrypted with the last.
    fn meshed(&self) -> Self {
        let mut key = Zeroizing::new([0; KEY]);
        for (part, block) in key.chunks_exact_mut(8).zip(MESHING_CONSTANT) {
            part.copy_from_slice(&self.decrypt(block));
        }
        Self::new(&key)
    }
}

/// After so many octets the key is changed.
const MESHING: usize = 1024;

const MESHING_CONSTANT: [Octets; 4] = [
    [0x69, 0x00, 0x72, 0x22, 0x64, 0xc9, 0x04, 0x23],
    [0x8d, 0x3a, 0xdb, 0x96, 0x46, 0xe9, 0x2a, 0xc4],
    [0x18, 0xfe, 0xac, 0x94, 0x00, 0xed, 0x07, 0x12],
    [0xc0, 0x86, 0xdc, 0xc2, 0xef, 0x4c, 0xa9, 0x2b],
];

/// Decrypts CFB.
fn cfb<C>(key: &[u8; KEY], mut register: Octets, data: &mut [u8])
where
    C: BlockCipherEncrypt
        + BlockCipherDecrypt
        + KeyInit
        + BlockSizeUser<BlockSize = U8>
        + KeySizeUser<KeySize = U32>,
{
    let mut cipher = Gost28147::<C>::new(key);
    for (index, section) in data.chunks_mut(MESHING).enumerate() {
        if index > 0 {
            cipher = cipher.meshed();
            register = cipher.encrypt(register);
        }
        for piece in section.chunks_mut(register.len()) {
            let gamma = cipher.encrypt(register);
            register
                .iter_mut()
                .zip(&*piece)
                .for_each(|(to, from)| *to = *from);
            xor(piece, &gamma);
        }
    }
}

fn xor(data: &mut [u8], gamma: &[u8]) {
    data.iter_mut().zip(gamma).for_each(|(byte, mask)| *byte ^= mask);
}
