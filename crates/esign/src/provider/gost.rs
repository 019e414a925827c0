//! GOST, for both providers alike: nobody else offers it.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use ::gost::{ParameterSet, VerifyingKey};

use super::SignatureError;
use crate::algorithm::{AlgorithmError, Gost};

/// Verifies a signature over a digest under a point on a curve of this standard.
pub(super) fn verify_digest(
    gost: Gost,
    set: ParameterSet,
    point: &[u8],
    digest: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError> {
    checked(set, point)?
        .verify_prehash(gost.byte_order(), digest, signature)
        .map_err(|_| SignatureError::Invalid)
}

/// Keys that were found sound: whether a point has the right order costs as much as a signature, and a key that is
/// used again gets faster.
static CHECKED: LazyLock<Mutex<Checked>> = LazyLock::new(Mutex::default);

type Checked = HashMap<(ParameterSet, Vec<u8>), VerifyingKey>;

/// The authorities of a country many times over. Beyond it everything is forgotten and the few that matter come back.
const MAX_CHECKED: usize = 256;

fn checked(set: ParameterSet, point: &[u8]) -> Result<VerifyingKey, AlgorithmError> {
    let name = (set, point.to_vec());
    let lock = || CHECKED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = lock().get(&name) {
        return Ok(known.clone());
    }
    let key = VerifyingKey::from_bytes(set, point).map_err(|_| AlgorithmError::InvalidKey)?;
    let mut known = lock();
    if known.len() >= MAX_CHECKED {
        known.clear();
    }
    known.insert(name, key.clone());
    Ok(key)
}
