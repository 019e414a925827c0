//! Who may hold how many connections. Where there is no room, the connection that has been silent the longest makes
//! room: a crowd of idle clients keeps nobody out.

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::Limits;
use crate::proxy::Proxies;

pub(super) struct Places {
    limits: Limits,
    proxies: Proxies,
    held: Mutex<Held>,
}

/// Connections by age, and how many of them each network holds.
#[derive(Default)]
struct Held {
    next: u64,
    seats: BTreeMap<u64, Arc<Seat>>,
    networks: HashMap<IpAddr, usize>,
}

struct Seat {
    /// `None` for a proxy, whose connections are not counted by address.
    network: Option<IpAddr>,
    is_serving: AtomicBool,
    leave: Notify,
}

/// One connection's place; given back when dropped.
pub(super) struct Place {
    places: Arc<Places>,
    number: u64,
    seat: Arc<Seat>,
}

/// Marks one connection as being served.
pub(super) struct Attendant(Arc<Seat>);

/// While it lives, the connection's request is being served and nobody sends it away.
pub(super) struct Serving(Arc<Seat>);

impl Places {
    pub(super) fn new(limits: Limits, proxies: Proxies) -> Arc<Self> {
        Arc::new(Self {
            limits,
            proxies,
            held: Mutex::default(),
        })
    }

    /// A place for `peer`, or nothing where all who could make room are being served.
    pub(super) fn take(self: &Arc<Self>, peer: IpAddr) -> Option<Place> {
        let network = (!self.proxies.contains(peer)).then(|| network(peer));
        let mut held = self.held();
        let is_crowded = network.is_some_and(|network| held.count(network) >= self.limits.per_address);
        if is_crowded && !held.make_room(network) {
            return None;
        }
        if held.seats.len() >= self.limits.connections && !held.make_room(None) {
            return None;
        }
        let seat = Arc::new(Seat {
            network,
            is_serving: AtomicBool::new(false),
            leave: Notify::new(),
        });
        let number = held.add(Arc::clone(&seat));
        drop(held);
        Some(Place {
            places: Arc::clone(self),
            number,
            seat,
        })
    }

    /// Sends the longest silent connections away.
    pub(super) fn make_room(&self, connections: usize) {
        let mut held = self.held();
        for _ in 0..connections {
            held.make_room(None);
        }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn count(&self, network: IpAddr) -> usize {
        self.networks.get(&network).copied().unwrap_or_default()
    }

    fn add(&mut self, seat: Arc<Seat>) -> u64 {
        let number = self.next;
        self.next += 1;
        if let Some(network) = seat.network {
            *self.networks.entry(network).or_default() += 1;
        }
        self.seats.insert(number, seat);
        number
    }

    fn remove(&mut self, number: u64) {
        let Some(network) = self.seats.remove(&number).and_then(|seat| seat.network) else {
            return;
        };
        if let Some(count) = self.networks.get_mut(&network) {
            *count -= 1;
            if *count == 0 {
                self.networks.remove(&network);
            }
        }
    }

    /// Sends away the oldest connection, of one network or of all, that waits for its client.
    fn make_room(&mut self, network: Option<IpAddr>) -> bool {
        let is_idle = |seat: &Seat| !seat.is_serving.load(Ordering::Relaxed);
        let matches = |seat: &Seat| network.is_none() || seat.network == network;
        let found = self.seats.iter().find(|(_, seat)| is_idle(seat) && matches(seat));
        let Some((&number, seat)) = found else {
            return false;
        };
        seat.leave.notify_one();
        self.remove(number);
        true
    }
}

impl Place {
    /// What marks the connection as being served.
    pub(super) fn attendant(&self) -> Attendant {
        Attendant(Arc::clone(&self.seat))
    }

    /// Ends when the connection must make room for another.
    pub(super) async fn told_to_leave(&self) {
        self.seat.leave.notified().await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.held().remove(self.number);
    }
}

impl Attendant {
    pub(super) fn serve(&self) -> Serving {
        self.0.is_serving.store(true, Ordering::Relaxed);
        Serving(Arc::clone(&self.0))
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.is_serving.store(false, Ordering::Relaxed);
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

    fn places(connections: usize, per_address: usize, proxies: &[&str]) -> Arc<Places> {
        let proxies: Vec<String> = proxies.iter().map(|&text| text.to_owned()).collect();
        let limits = Limits {
            connections,
            per_address,
        };
        Places::new(limits, Proxies::parse(&proxies).unwrap())
    }

    fn take(places: &Arc<Places>, address: &str) -> Option<Place> {
        places.take(address.parse().unwrap())
    }

    fn was_sent_away(place: &Place) -> bool {
        !place.places.held().seats.contains_key(&place.number)
    }

    #[tokio::test]
    async fn web_8_one_network_makes_room_among_itself() {
        let places = places(10, 2, &[]);
        let other = take(&places, "2001:db8:0:1::1").unwrap();
        let first = take(&places, "2001:db8::1").unwrap();
        let second = take(&places, "2001:db8::2").unwrap();
        let third = take(&places, "2001:db8::3").unwrap();
        first.told_to_leave().await;
        assert!(was_sent_away(&first) && !was_sent_away(&second) && !was_sent_away(&other));
        drop((first, second, third, other));
        assert!(places.held().networks.is_empty(), "empty networks are forgotten");
    }

    #[tokio::test]
    async fn web_8_who_is_served_stays() {
        let places = places(2, 2, &[]);
        let (first, second) = (
            take(&places, "192.0.2.1").unwrap(),
            take(&places, "192.0.2.2").unwrap(),
        );
        let serving = first.attendant().serve();
        let third = take(&places, "192.0.2.3").unwrap();
        assert!(was_sent_away(&second) && !was_sent_away(&first));
        let also = third.attendant().serve();
        assert!(take(&places, "192.0.2.4").is_none(), "nobody can make room");
        drop((serving, also));
        assert!(take(&places, "192.0.2.4").is_some());
    }

    #[tokio::test]
    async fn web_8_a_proxy_speaks_for_many() {
        let places = places(10, 1, &["10.0.0.0/8"]);
        let held: Vec<_> = (0..5).map(|_| take(&places, "10.1.2.3").unwrap()).collect();
        assert!(!held.iter().any(was_sent_away));
    }
}
