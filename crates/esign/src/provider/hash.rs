//! Hashes by RustCrypto.

use gost94::{Gost94CryptoPro, Gost94Test};
use sha2::{Digest, Sha256, Sha384, Sha512};
use streebog::{Streebog256, Streebog512};

use super::Hasher;
use crate::algorithm::Hash;

impl<D: Digest> Hasher for D {
    fn update(&mut self, octets: &[u8]) {
        Digest::update(self, octets);
    }

    fn finish(self: Box<Self>) -> Vec<u8> {
        self.finalize().to_vec()
    }
}

pub(super) fn hasher(hash: Hash) -> Box<dyn Hasher> {
    match hash {
        Hash::Sha256 => Box::new(Sha256::new()),
        Hash::Sha384 => Box::new(Sha384::new()),
        Hash::Sha512 => Box::new(Sha512::new()),
        Hash::Streebog256 => Box::new(Streebog256::new()),
        Hash::Streebog512 => Box::new(Streebog512::new()),
        Hash::Gost94CryptoPro => Box::new(Gost94CryptoPro::new()),
        Hash::Gost94Test => Box::new(Gost94Test::new()),
    }
}
