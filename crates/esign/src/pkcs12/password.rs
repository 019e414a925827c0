//! The password in its two spellings and what is derived from it.

use hmac::{EagerHash, KeyInit, Mac};
use sha1::Sha1;
use sha2::digest::block_api::BlockSizeUser;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use streebog::{Streebog256, Streebog512};
use zeroize::Zeroizing;

use super::Pkcs12Error;

/// What a container may cost in all. The unit is a round of PBKDF2 with SHA-256, about 0.15 µs where the processor has
/// instructions for it, so that this is 300 ms (threat WEB-4). Files in use ask for 1,024 to 600,000 rounds, most of them
/// three times: for the MAC, the keys and the certificates. A hostile file asks for billions.
const LIMIT: u32 = 2_000_000;
/// For a private key that is read: its public half is computed.
const KEY: u32 = 125_000;

/// What may still be spent on one file.
pub(super) struct Budget(u32);

impl Budget {
    pub(super) const fn new() -> Self {
        Self(LIMIT)
    }

    /// Takes the rounds of one derivation, which are made anew for each output of the hash that `length` spans.
    pub(super) fn spend(&mut self, rounds: u32, hash: Hash, length: usize) -> Result<(), Pkcs12Error> {
        let cost = u32::try_from(length.div_ceil(hash.length()))
            .ok()
            .and_then(|blocks| rounds.checked_mul(blocks))
            .and_then(|rounds| rounds.checked_mul(hash.weight()));
        self.take(cost)
    }

    pub(super) fn spend_key(&mut self) -> Result<(), Pkcs12Error> {
        self.take(Some(KEY))
    }

    fn take(&mut self, cost: Option<u32>) -> Result<(), Pkcs12Error> {
        let left = cost.and_then(|cost| self.0.checked_sub(cost));
        self.0 = left.ok_or(Pkcs12Error::TooCostly)?;
        Ok(())
    }
}

/// PBES2 takes the password as UTF-8; the older derivation takes it as BMPString with two zero bytes.
pub(super) struct Password {
    utf8: Zeroizing<Vec<u8>>,
    bmp: Zeroizing<Vec<u8>>,
}

impl Password {
    pub(super) fn new(text: &str) -> Self {
        let mut bmp = Zeroizing::new(Vec::with_capacity(text.len() * 2 + 2));
        bmp.extend(text.encode_utf16().chain([0]).flat_map(u16::to_be_bytes));
        Self {
            utf8: Zeroizing::new(text.as_bytes().to_vec()),
            bmp,
        }
    }

    /// No password at all, which some programs write where others write an empty one.
    pub(super) fn absent() -> Self {
        Self {
            utf8: Zeroizing::new(Vec::new()),
            bmp: Zeroizing::new(Vec::new()),
        }
    }
}

/// What the derivation of RFC 7292, appendix B, is asked for.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Key = 1,
    InitialVector = 2,
    Mac = 3,
}

/// The hash functions of containers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Streebog256,
    Streebog512,
}

/// Runs a generic function for the hash chosen at run time.
macro_rules! with_hash {
    ($hash:expr, $function:ident($($argument:expr),*)) => {
        match $hash {
            Hash::Sha1 => $function::<Sha1>($($argument),*),
            Hash::Sha224 => $function::<Sha224>($($argument),*),
            Hash::Sha256 => $function::<Sha256>($($argument),*),
            Hash::Sha384 => $function::<Sha384>($($argument),*),
            Hash::Sha512 => $function::<Sha512>($($argument),*),
            Hash::Streebog256 => $function::<Streebog256>($($argument),*),
            Hash::Streebog512 => $function::<Streebog512>($($argument),*),
        }
    };
}

impl Hash {
    pub(super) const fn length(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha224 => 28,
            Self::Sha256 | Self::Streebog256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 | Self::Streebog512 => 64,
        }
    }

    /// What one round costs, in units of the budget.
    const fn weight(self) -> u32 {
        match self {
            Self::Sha1 | Self::Sha224 | Self::Sha256 => 1,
            Self::Sha384 | Self::Sha512 => 4,
            Self::Streebog256 | Self::Streebog512 => 40,
        }
    }

    /// The key derivation of RFC 7292, appendix B.
    pub(super) fn derive(
        self,
        purpose: Purpose,
        password: &Password,
        salt: &[u8],
        rounds: u32,
        length: usize,
    ) -> Zeroizing<Vec<u8>> {
        let mut output = Zeroizing::new(vec![0; length]);
        with_hash!(self, derive(purpose, &password.bmp, salt, rounds, &mut output));
        output
    }

    /// PBKDF2 with HMAC over this hash.
    pub(super) fn pbkdf2(
        self,
        password: &Password,
        salt: &[u8],
        rounds: u32,
        length: usize,
    ) -> Zeroizing<Vec<u8>> {
        let mut output = Zeroizing::new(vec![0; length]);
        with_hash!(self, pbkdf2(&password.utf8, salt, rounds, &mut output));
        output
    }

    pub(super) fn hmac(self, key: &[u8], message: &[u8]) -> Option<Vec<u8>> {
        with_hash!(self, hmac(key, message))
    }

    /// Whether `expected` is the HMAC of the message, in constant time.
    pub(super) fn hmac_matches(self, key: &[u8], message: &[u8], expected: &[u8]) -> bool {
        with_hash!(self, hmac_matches(key, message, expected))
    }
}

fn derive<D: Digest + BlockSizeUser>(
    purpose: Purpose,
    password: &[u8],
    salt: &[u8],
    rounds: u32,
    output: &mut [u8],
) {
    let block = D::block_size();
    let diversifier = vec![purpose as u8; block];
    let fill = |bytes: &[u8]| -> Vec<u8> {
        bytes
            .iter()
            .copied()
            .cycle()
            .take(bytes.len().next_multiple_of(block))
            .collect()
    };
    let mut input = Zeroizing::new(fill(salt));
    input.extend_from_slice(&Zeroizing::new(fill(password)));
    for chunk in output.chunks_mut(<D as Digest>::output_size()) {
        let mut digest = D::new()
            .chain_update(&diversifier)
            .chain_update(&*input)
            .finalize();
        for _ in 1..rounds {
            digest = D::digest(&digest);
        }
        chunk.iter_mut().zip(&digest).for_each(|(to, from)| *to = *from);
        let addend: Zeroizing<Vec<u8>> = Zeroizing::new(digest.iter().copied().cycle().take(block).collect());
        input
            .chunks_exact_mut(block)
            .for_each(|part| add_one_more(part, &addend));
    }
}

/// `number + addend + 1`, big-endian, modulo the length of the number.
fn add_one_more(number: &mut [u8], addend: &[u8]) {
    let mut carry = 1;
    for (digit, other) in number.iter_mut().zip(addend).rev() {
        let sum = u16::from(*digit) + u16::from(*other) + carry;
        let [high, low] = sum.to_be_bytes();
        *digit = low;
        carry = u16::from(high);
    }
}

fn pbkdf2<D: EagerHash>(password: &[u8], salt: &[u8], rounds: u32, output: &mut [u8]) {
    pbkdf2::pbkdf2_hmac::<D>(password, salt, rounds, output);
}

fn hmac<D: EagerHash>(key: &[u8], message: &[u8]) -> Option<Vec<u8>> {
    let mac = hmac::Hmac::<D>::new_from_slice(key).ok()?;
    Some(mac.chain_update(message).finalize().into_bytes().to_vec())
}

fn hmac_matches<D: EagerHash>(key: &[u8], message: &[u8], expected: &[u8]) -> bool {
    hmac::Hmac::<D>::new_from_slice(key)
        .is_ok_and(|mac| mac.chain_update(message).verify_slice(expected).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the test suite of Bouncy Castle, which every other implementation quotes.
    #[test]
    fn derivation_matches_published_values() {
        let password = Password::new("smeg");
        let salt = [0x0a, 0x58, 0xcf, 0x64, 0x53, 0x0d, 0x82, 0x3f];
        let key = Hash::Sha1.derive(Purpose::Key, &password, &salt, 1, 24);
        assert_eq!(
            *key,
            [
                0x8a, 0xaa, 0xe6, 0x29, 0x7b, 0x6c, 0xb0, 0x46, 0x42, 0xab, 0x5b, 0x07, 0x78, 0x51, 0x28,
                0x4e, 0xb7, 0x12, 0x8f, 0x1a, 0x2a, 0x7f, 0xbc, 0xa3
            ]
        );
        let vector = Hash::Sha1.derive(Purpose::InitialVector, &password, &salt, 1, 8);
        assert_eq!(*vector, [0x79, 0x99, 0x3d, 0xfe, 0x04, 0x8d, 0x3b, 0x76]);
    }

    #[test]
    fn web_4_rounds_of_one_file_add_up() {
        let mut budget = Budget::new();
        assert_eq!(budget.spend(600_000, Hash::Sha256, 32), Ok(()));
        assert_eq!(budget.spend(750_000, Hash::Sha1, 32), Err(Pkcs12Error::TooCostly));
        assert_eq!(budget.spend(600_000, Hash::Sha256, 32), Ok(()));
        assert_eq!(
            budget.spend(200_001, Hash::Sha512, 64),
            Err(Pkcs12Error::TooCostly)
        );
        assert_eq!(budget.spend(600_000, Hash::Sha256, 32), Ok(()));
        assert_eq!(budget.spend_key(), Ok(()));
    }
}
