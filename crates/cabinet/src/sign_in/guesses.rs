use std::time::Duration;

use db::Tx;

use crate::throttle::{self, Pace, Subject, network_of};
use crate::{Failure, Rules, Visit};

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Guesses at one login from one network. A stranger elsewhere slows down himself only.
static LOGIN: Pace = Pace {
    name: "login",
    free: 5,
    first: SECOND,
    longest: Duration::from_secs(900),
    forget: HOUR,
};

/// Guesses at one login from all networks it was never entered from; each network adds its free guesses only.
static STRANGERS: Pace = Pace {
    name: "strangers",
    free: 50,
    first: SECOND,
    longest: Duration::from_secs(300),
    forget: HOUR,
};

/// Guesses at any login from one network; many people may share it.
const NETWORK: Pace = Pace {
    name: "network",
    free: 100,
    first: SECOND,
    longest: Duration::from_secs(60),
    forget: HOUR,
};

/// The same while strangers guess at many accounts from many networks: fewer guesses each, and nobody is locked out.
static NETWORK_UNDER_ATTACK: Pace = Pace { free: 10, ..NETWORK };

/// Guesses at all logins from all networks they were never entered from, in each of [`POTS`] counters.
static EVERYWHERE: Pace = Pace {
    name: "everywhere",
    free: 64,
    first: Duration::ZERO,
    longest: Duration::ZERO,
    forget: HOUR,
};

/// One counter would make every sign-in wait for every other.
const POTS: u8 = 16;

/// Networks that somebody entered from, where no account says it before the password was checked.
static FAMILIAR: Pace = Pace {
    name: "familiar",
    free: 0,
    first: DAY.saturating_mul(90),
    longest: DAY.saturating_mul(90),
    forget: Duration::ZERO,
};

/// A guess that was counted before anything is checked (threats, PWD-1), to be forgiven if it is right.
#[derive(Debug)]
pub(super) struct Guesses {
    own: Subject,
    shared: Vec<Subject>,
}

impl Guesses {
    /// Guesses of somebody who is signed in: nobody else is counted with them.
    pub(super) const fn alone(own: Subject) -> Self {
        Self {
            own,
            shared: Vec::new(),
        }
    }

    /// Counts a guess at a login; nothing where it must wait.
    pub(super) fn count(
        tx: &mut Tx<'_>,
        rules: &Rules,
        visit: &Visit,
        login: &str,
        is_stranger: bool,
    ) -> Result<Option<Self>, Failure> {
        let here = network_of(visit.address);
        let own = Subject::new(rules, &LOGIN, &[login, &here]);
        let strangers = Subject::new(rules, &STRANGERS, &[login]);
        let mut network = Subject::new(rules, &NETWORK, &[&here]);
        for subject in [own, network].into_iter().chain(is_stranger.then_some(strangers)) {
            if throttle::must_wait(tx, visit, subject)? {
                return Ok(None);
            }
        }
        let mut shared = Vec::with_capacity(3);
        if throttle::count(tx, visit, own)? <= LOGIN.free && is_stranger {
            let [byte] = visit.entropy.bytes();
            let everywhere = Subject::new(rules, &EVERYWHERE, &[&(byte % POTS).to_string()]);
            throttle::count(tx, visit, strangers)?;
            if throttle::count(tx, visit, everywhere)? > EVERYWHERE.free {
                network = Subject::new(rules, &NETWORK_UNDER_ATTACK, &[&here]);
            }
            shared.extend([strangers, everywhere]);
        }
        throttle::count(tx, visit, network)?;
        shared.push(network);
        Ok(Some(Self { own, shared }))
    }

    /// The guess was right: it is forgiven, and taken back where many people are counted together.
    pub(super) fn forgive(&self, tx: &mut Tx<'_>) -> Result<(), Failure> {
        throttle::forgive(tx, self.own)?;
        for subject in &self.shared {
            throttle::take_back(tx, *subject)?;
        }
        Ok(())
    }

    /// Counts it once more in place of itself: as much work as a line in somebody's history.
    pub(super) fn count_again(&self, tx: &mut Tx<'_>, visit: &Visit) -> Result<(), Failure> {
        throttle::take_back(tx, self.own)?;
        throttle::count(tx, visit, self.own)?;
        Ok(())
    }
}

/// Where a login was used before, for those that no account is known by.
#[derive(Debug)]
pub(super) struct Familiar(Subject);

impl Familiar {
    /// The network of this visit, for this login.
    pub(super) fn new(rules: &Rules, visit: &Visit, login: &str) -> Self {
        Self(Subject::new(
            rules,
            &FAMILIAR,
            &[login, &network_of(visit.address)],
        ))
    }

    /// Whether the login was used here within the last three months.
    pub(super) fn is_known(&self, tx: &mut Tx<'_>, visit: &Visit) -> Result<bool, Failure> {
        throttle::must_wait(tx, visit, self.0)
    }

    /// Notes that it was.
    pub(super) fn note(&self, tx: &mut Tx<'_>, visit: &Visit) -> Result<(), Failure> {
        throttle::count(tx, visit, self.0).map(drop)
    }
}
