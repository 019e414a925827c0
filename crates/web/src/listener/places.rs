//! Who may hold how many connections.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Limits;
use crate::proxy::Proxies;

pub(super) struct Places {
    seats: Arc<Semaphore>,
    per_address: usize,
    proxies: Proxies,
    held: Mutex<HashMap<IpAddr, usize>>,
}

/// One connection's place; given back when dropped.
pub(super) struct Place {
    places: Arc<Places>,
    /// `None` for a proxy, whose connections are not counted by address.
    network: Option<IpAddr>,
    _seat: OwnedSemaphorePermit,
}

impl Places {
    pub(super) fn new(limits: Limits, proxies: Proxies) -> Arc<Self> {
        Arc::new(Self {
            seats: Arc::new(Semaphore::new(limits.connections)),
            per_address: limits.per_address,
            proxies,
            held: Mutex::default(),
        })
    }

    /// Waits until there is room for a connection: clients beyond the cap queue in the kernel.
    pub(super) async fn wait(&self) -> Option<OwnedSemaphorePermit> {
        self.seats.clone().acquire_owned().await.ok()
    }

    /// A place for `peer`, or nothing where its network holds too many.
    pub(super) fn take(self: &Arc<Self>, seat: OwnedSemaphorePermit, peer: IpAddr) -> Option<Place> {
        let network = (!self.proxies.contains(peer)).then(|| network(peer));
        if let Some(network) = network {
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            let count = held.entry(network).or_default();
            if *count >= self.per_address {
                return None;
            }
            *count += 1;
        }
        Some(Place {
            places: Arc::clone(self),
            network,
            _seat: seat,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(network) = self.network else { return };
        let mut held = self.places.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(&network) {
            *count -= 1;
            if *count == 0 {
                held.remove(&network);
            }
        }
    }
}

/// One subscriber has a whole IPv6 /64.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn web_8_one_network_cannot_take_all_places() {
        let limits = Limits {
            connections: 10,
            per_address: 2,
        };
        let places = Places::new(limits, Proxies::default());
        let take = |address: &str| {
            let seat = places.seats.clone().try_acquire_owned().unwrap();
            places.take(seat, address.parse().unwrap())
        };
        let first = take("2001:db8::1").unwrap();
        let _second = take("2001:db8::2").unwrap();
        assert!(take("2001:db8::3").is_none(), "a third of the same /64");
        assert!(take("2001:db8:0:1::1").is_some(), "another network");
        drop(first);
        assert!(take("2001:db8::3").is_some(), "a place was given back");
        assert_eq!(
            places.held.lock().unwrap().len(),
            1,
            "empty networks are forgotten"
        );
    }

    #[tokio::test]
    async fn web_8_a_proxy_speaks_for_many() {
        let proxies = Proxies::parse(&["10.0.0.0/8".to_owned()]).unwrap();
        let places = Places::new(
            Limits {
                connections: 10,
                per_address: 1,
            },
            proxies,
        );
        let held: Vec<_> = (0..5)
            .map(|_| {
                let seat = places.seats.clone().try_acquire_owned().unwrap();
                places.take(seat, "10.1.2.3".parse().unwrap())
            })
            .collect();
        assert!(held.iter().all(Option::is_some));
    }
}
