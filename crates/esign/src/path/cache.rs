use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

/// How many signatures are remembered.
const CAPACITY: usize = 4_096;

/// Signatures of issuers on certificates of issuers, and on revocation lists, that were checked before.
///
/// Each is kept under a hash of everything that went into the check, so a hit means the very same check. Of
/// certificates only good ones are kept: bad ones can be made without end.
#[derive(Debug, Default)]
pub struct SignatureCache(Mutex<HashMap<[u8; 32], bool>>);

impl SignatureCache {
    pub(crate) fn key(parts: &[&[u8]]) -> [u8; 32] {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hash.finalize().into()
    }

    /// Whether the signature is good, if it was checked before.
    pub(crate) fn find(&self, key: &[u8; 32]) -> Option<bool> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(key)
            .copied()
    }

    pub(crate) fn insert(&self, key: [u8; 32], is_good: bool) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= CAPACITY {
            known.clear();
        }
        known.insert(key, is_good);
    }
}
