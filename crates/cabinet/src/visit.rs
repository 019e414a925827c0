//! The circumstances of one act: when, from where, in which language, with which randomness.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use db::Timestamp;

use crate::account::Language;

/// Time, place and chance are parameters of every use case; nothing in the domain asks the system for them.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Server time of the act; one act has one time.
    pub now: Timestamp,
    /// The language the visitor reads now.
    pub language: Language,
    /// The visitor's address, as judged by the listener's proxy rules.
    pub address: IpAddr,
    /// The `User-Agent`, at most 256 characters.
    pub device: String,
    /// Ties log lines, audit lines and the reference code of an error page together.
    pub request_id: String,
    /// The source of ids and secrets.
    pub entropy: Entropy,
}

impl Visit {
    /// A new id of the kind that `new` makes: `visit.id(AccountId::new)`.
    pub fn id<T>(&self, new: impl FnOnce(Timestamp, [u8; 10]) -> T) -> T {
        new(self.now, self.entropy.bytes())
    }
}

/// A source of random bytes.
#[derive(Clone)]
pub struct Entropy(Arc<Fill>);

type Fill = dyn Fn(&mut [u8]) + Send + Sync;

impl Entropy {
    /// Bytes from `fill`; tests seed their own.
    pub fn new(fill: impl Fn(&mut [u8]) + Send + Sync + 'static) -> Self {
        Self(Arc::new(fill))
    }

    /// The system's cryptographic source.
    pub fn system() -> Self {
        Self::new(|bytes| {
            if aws_lc_rs::rand::fill(bytes).is_err() {
                // Without randomness no secret is secret: there is nothing safe left to do.
                std::process::abort();
            }
        })
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.0)(&mut bytes);
        bytes
    }
}

impl fmt::Debug for Entropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entropy")
    }
}
