//! Time, place and chance that a test controls.

use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use cabinet::account::Language;
use cabinet::{BrowserHash, Entropy, Rules, Secret, ServerKey, Visit};
use db::Timestamp;

/// When tests happen: 22 November 2026, 10:00 UTC.
pub const NOW: Timestamp = Timestamp::from_seconds(1_795_341_600);

/// The documented defaults, for `https://kabinet.example`.
pub fn rules() -> Rules {
    let base_url = "https://kabinet.example/".parse().expect("a constant");
    Rules::new(base_url, "Кабинет города", ServerKey::new([7; 32]))
}

/// A visit at [`NOW`] from 192.0.2.10. Every call has a stream of random bytes of its own.
pub fn visit() -> Visit {
    static STREAMS: AtomicU64 = AtomicU64::new(1 << 32);
    Visit {
        now: NOW,
        language: Language::Ru,
        address: IpAddr::from([192, 0, 2, 10]),
        device: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/141.0 Safari/537.36".to_owned(),
        request_id: "test".to_owned(),
        entropy: seeded(STREAMS.fetch_add(1, Ordering::Relaxed)),
    }
}

/// Random-looking bytes that a seed decides. Clones share one stream, so that no value comes twice.
pub fn seeded(seed: u64) -> Entropy {
    let counter = AtomicU64::new(0);
    Entropy::new(move |bytes| {
        for chunk in bytes.chunks_mut(32) {
            let block = [seed, counter.fetch_add(1, Ordering::Relaxed)]
                .map(u64::to_be_bytes)
                .concat();
            let random = digest(&SHA256, &block);
            chunk
                .iter_mut()
                .zip(random.as_ref())
                .for_each(|(byte, random)| *byte = *random);
        }
    })
}

/// The browser with this number.
pub fn browser(number: u64) -> BrowserHash {
    BrowserHash::of(&Secret::new(&seeded(number)))
}

/// The same visitor at another time or place.
pub trait Elsewhere {
    /// So much later.
    #[must_use]
    fn later(&self, by: Duration) -> Self;
    /// From another address.
    #[must_use]
    fn from(&self, address: &str) -> Self;
}

impl Elsewhere for Visit {
    fn later(&self, by: Duration) -> Self {
        Self {
            now: self.now.plus(by),
            ..self.clone()
        }
    }

    fn from(&self, address: &str) -> Self {
        Self {
            address: address.parse().expect("an address"),
            ..self.clone()
        }
    }
}
