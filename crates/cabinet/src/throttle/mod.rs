//! Pauses after wrong guesses, and how much a day allows.
//!
//! A guess is counted before it is checked, so that parallel guesses do not slip past. Pauses grow and are forgotten;
//! nothing here locks anybody out for good. What is counted is stored as a keyed hash.

mod daily;
mod store;

pub(crate) use daily::Daily;

use std::net::IpAddr;
use std::time::Duration;

use db::Tx;

use crate::{Failure, Rules, Visit};

/// How guesses at one kind of subject are slowed down.
#[derive(Debug)]
pub struct Pace {
    /// Keeps the counters of different kinds apart.
    pub name: &'static str,
    /// Guesses without a pause.
    pub free: u32,
    /// The first pause; each next one is twice as long.
    pub first: Duration,
    /// No pause is longer.
    pub longest: Duration,
    /// After this long without a guess all is forgotten.
    pub forget: Duration,
}

/// What is counted: a login from one network, a network, a login from anywhere.
#[derive(Clone, Copy, Debug)]
pub struct Subject([u8; 32], &'static Pace);

impl Subject {
    /// The subject named by these parts.
    pub fn new(rules: &Rules, pace: &'static Pace, parts: &[&str]) -> Self {
        let name = [&[pace.name], parts].concat().join("\0");
        Self(rules.server_key.keyed_hash("throttle", name.as_bytes()), pace)
    }
}

/// Whether a guess must wait.
pub fn must_wait(tx: &mut Tx<'_>, visit: &Visit, subject: Subject) -> Result<bool, Failure> {
    Ok(store::find(tx, subject.0)?.is_some_and(|row| visit.now < row.open_at))
}

/// Counts a guess, before it is checked; says how many there were with it.
pub fn count(tx: &mut Tx<'_>, visit: &Visit, subject: Subject) -> Result<u32, Failure> {
    let Subject(key, pace) = subject;
    let before = store::find(tx, key)?
        .filter(|row| visit.now < row.forget_at)
        .map_or(0, |row| row.tries);
    let tries = before.saturating_add(1);
    let open_at = visit.now.plus(pause(pace, tries));
    store::upsert(
        tx,
        key,
        &store::Row {
            tries,
            open_at,
            forget_at: open_at.plus(pace.forget),
        },
    )?;
    Ok(tries)
}

/// Forgets the guesses, after a right one.
pub fn forgive(tx: &mut Tx<'_>, subject: Subject) -> Result<(), Failure> {
    store::delete(tx, subject.0)?;
    Ok(())
}

/// Takes one guess back that turned out right, where many people are counted together.
pub fn take_back(tx: &mut Tx<'_>, subject: Subject) -> Result<(), Failure> {
    store::update_tries(tx, subject.0)?;
    Ok(())
}

fn pause(pace: &Pace, tries: u32) -> Duration {
    match tries.checked_sub(pace.free) {
        None => Duration::ZERO,
        Some(over) => pace
            .first
            .saturating_mul(2_u32.saturating_pow(over))
            .min(pace.longest),
    }
}

/// The network an address belongs to, as far as one household or office goes: /24, /48.
pub fn network_of(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(v6) => {
            let [a, b, c, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}::/48")
        }
    }
}

pub(crate) fn has_forgotten(tx: &mut Tx<'_>, visit: &Visit) -> Result<bool, Failure> {
    Ok(store::find_forgotten(tx, visit.now)?.is_some())
}

pub(crate) fn sweep(tx: &mut Tx<'_>, visit: &Visit, limit: u32) -> Result<u64, Failure> {
    Ok(store::delete_forgotten(tx, visit.now, limit)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace {
        name: "test",
        free: 3,
        first: Duration::from_secs(1),
        longest: Duration::from_secs(60),
        forget: Duration::from_secs(3600),
    };

    #[test]
    fn pwd_2_pauses_grow_to_a_limit() {
        let pauses: Vec<u64> = (1..=11).map(|tries| pause(&PACE, tries).as_secs()).collect();
        assert_eq!(pauses, [0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(pause(&PACE, u32::MAX).as_secs(), 60);
    }

    #[test]
    fn an_address_belongs_to_its_network_in_either_notation() {
        let network = |text: &str| network_of(text.parse().unwrap());
        assert_eq!(network("10.1.2.3"), "10.1.2.0/24");
        assert_eq!(network("::ffff:10.1.2.3"), "10.1.2.0/24");
        assert_eq!(network("2001:db8:7:1::5"), "2001:db8:7::/48");
    }
}
