use std::collections::HashMap;

use esign::revocation::OcspResponse;
use esign::time::UnixTime;

/// Answers that are remembered, of about two kilobytes each.
const CAPACITY: usize = 10_000;
/// An answer is asked for again after this time even if it counts for longer: something may have been revoked.
const LONGEST: i64 = 10 * 60;

/// The last good answers. One that is no longer fresh is kept: it is what there is when the responder is down.
#[derive(Debug, Default)]
pub(super) struct Cache(HashMap<Key, Kept>);

/// The certificate and its issuer, by their fingerprints.
pub(super) type Key = [[u8; 32]; 2];

#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) response: OcspResponse,
    fresh_until: UnixTime,
}

impl Kept {
    pub(super) fn is_fresh(&self, now: UnixTime) -> bool {
        now < self.fresh_until
    }
}

impl Cache {
    pub(super) fn find(&self, key: &Key) -> Option<Kept> {
        self.0.get(key).cloned()
    }

    pub(super) fn keep(&mut self, key: Key, response: OcspResponse, now: UnixTime) {
        if self.0.len() >= CAPACITY && !self.0.contains_key(&key) {
            self.0.retain(|_, kept| kept.is_fresh(now));
            if self.0.len() >= CAPACITY {
                self.0.clear();
            }
        }
        let longest = UnixTime(now.0 + LONGEST);
        let fresh_until = response.next_update().map_or(longest, |end| end.min(longest));
        self.0.insert(
            key,
            Kept {
                response,
                fresh_until,
            },
        );
    }
}
