//! Codes and access tokens: in memory, for a minute or two, used once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand;
use data_encoding::BASE64URL_NOPAD;

use tokio::time::Instant;

use super::people::Resident;

const LIFE: Duration = Duration::from_secs(120);
/// So many unfinished visits a demo has at most.
const MOST: usize = 10_000;

/// What somebody agreed to.
#[derive(Clone)]
pub(super) struct Grant {
    pub(super) resident: &'static Resident,
    pub(super) redirect_uri: String,
    pub(super) nonce: Option<String>,
    pub(super) code_challenge: String,
}

/// Grants by the code or token that stands for them.
#[derive(Default)]
pub(super) struct Grants(Mutex<HashMap<String, (Instant, Grant)>>);

impl Grants {
    /// A new code or token for a grant.
    pub(super) fn issue(&self, grant: Grant) -> Option<String> {
        let mut bytes = [0; 32];
        rand::fill(&mut bytes).ok()?;
        let secret = BASE64URL_NOPAD.encode(&bytes);
        let mut grants = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        grants.retain(|_, (since, _)| since.elapsed() < LIFE);
        if grants.len() >= MOST {
            return None;
        }
        grants.insert(secret.clone(), (Instant::now(), grant));
        Some(secret)
    }

    /// What a code or token stands for; afterwards it stands for nothing.
    pub(super) fn take(&self, secret: &str) -> Option<Grant> {
        let mut grants = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, grant) = grants.remove(secret)?;
        (since.elapsed() < LIFE).then_some(grant)
    }
}

impl Grant {
    /// Whether this is the secret behind the challenge (RFC 7636 §4.6).
    pub(super) fn was_asked_by(&self, verifier: &str) -> bool {
        BASE64URL_NOPAD.encode(digest(&SHA256, verifier.as_bytes()).as_ref()) == self.code_challenge
    }
}
