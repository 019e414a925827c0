//! How much one network may ask for of what is costly and done for anybody.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use cabinet::throttle::network_of;
use db::Timestamp;

/// Networks remembered at once. Those that come while so many are spending share one bucket.
const NETWORKS: usize = 16_384;
const ALL_OTHERS: &str = "others";

/// A token bucket for each network, in memory: a restart forgives.
#[derive(Debug)]
pub struct Allowance {
    /// In which time an empty bucket fills up.
    whole: Duration,
    /// In which time it regains one token.
    each: Duration,
    /// When a network's bucket will be full again; one that is full is not kept.
    full_at: Mutex<HashMap<String, Timestamp>>,
}

impl Allowance {
    /// At most `burst` at once and, after that, `per_second`.
    pub fn new(burst: u32, per_second: u32) -> Self {
        let each = Duration::from_secs(1) / per_second.max(1);
        Self {
            whole: each.saturating_mul(burst),
            each,
            full_at: Mutex::default(),
        }
    }

    /// A school behind one address looks itself up at the same lesson, each of a thousand with a dozen letters.
    pub fn for_searches() -> Self {
        Self::new(12_000, 100)
    }

    /// Takes one token for the network of `address`. `false`: none is left at the moment.
    pub(crate) fn take(&self, address: IpAddr, now: Timestamp) -> bool {
        let mut full_at = self.full_at();
        let network = bucket(&mut full_at, network_of(address), now);
        let before = full_at.get(&network).copied().unwrap_or(now).max(now);
        let after = before.plus(self.each);
        let is_left = after <= now.plus(self.whole);
        if is_left {
            full_at.insert(network, after);
        }
        is_left
    }

    fn full_at(&self) -> MutexGuard<'_, HashMap<String, Timestamp>> {
        self.full_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Allowance {
    /// A school behind one address signs in within a minute; a flood is a hundred writes a second.
    fn default() -> Self {
        Self::new(6_000, 100)
    }
}

/// The bucket that counts for `network`. Where there is no room for another, the full ones are forgotten first.
fn bucket(full_at: &mut HashMap<String, Timestamp>, network: String, now: Timestamp) -> String {
    if full_at.len() < NETWORKS || full_at.contains_key(&network) {
        return network;
    }
    full_at.retain(|_, full_at| *full_at > now);
    if full_at.len() < NETWORKS {
        network
    } else {
        ALL_OTHERS.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use testkit::visit::NOW;

    use super::*;

    fn network(number: u32) -> IpAddr {
        IpAddr::V4(Ipv4Addr::from_bits(number << 8))
    }

    #[test]
    fn net_7_a_bucket_empties_and_fills_again() {
        let allowance = Allowance::new(3, 2);
        let take = |at: Timestamp| allowance.take(network(1), at);
        assert!(take(NOW) && take(NOW) && take(NOW) && !take(NOW));
        let later = NOW.plus(Duration::from_millis(500));
        assert!(take(later) && !take(later));
        assert!(allowance.take(network(2), NOW), "another network has its own");
        let much_later = NOW.plus(Duration::from_secs(60));
        assert!(take(much_later) && take(much_later) && take(much_later) && !take(much_later));
    }

    #[test]
    fn net_7_a_crowd_of_networks_takes_no_more_memory() {
        let allowance = Allowance::new(2, 1);
        let crowd = u32::try_from(NETWORKS).unwrap();
        for number in 0..crowd {
            assert!(allowance.take(network(number), NOW));
        }
        let take = |number, at| allowance.take(network(number), at);
        assert!(take(crowd, NOW) && take(crowd + 1, NOW));
        assert!(!take(crowd + 2, NOW), "the late ones share a bucket");
        assert!(take(0, NOW), "the others keep theirs");
        assert_eq!(allowance.full_at().len(), NETWORKS + 1);
        assert!(take(crowd, NOW.plus(Duration::from_secs(9))));
        assert_eq!(allowance.full_at().len(), 1, "full buckets are forgotten");
    }
}
