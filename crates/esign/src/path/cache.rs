use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

/// How many signatures are remembered.
const CAPACITY: usize = 4_096;

/// Signatures of issuers on certificates of issuers, and on revocation lists, that were found good.
///
/// Only successes are kept, under a hash of everything that went into the check, so a hit means the very same check.
#[derive(Debug, Default)]
pub struct SignatureCache(Mutex<HashSet<[u8; 32]>>);

impl SignatureCache {
    pub(crate) fn key(parts: &[&[u8]]) -> [u8; 32] {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hash.finalize().into()
    }

    pub(crate) fn contains(&self, key: &[u8; 32]) -> bool {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(key)
    }

    pub(crate) fn insert(&self, key: [u8; 32]) {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.len() >= CAPACITY {
            keys.clear();
        }
        keys.insert(key);
    }
}
