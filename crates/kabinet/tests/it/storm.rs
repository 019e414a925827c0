//! What was acknowledged stays, whenever the process ends (threats, 15.1): people storm the real binary with sign-ins,
//! proofs and changes of contacts; in the middle of it the process is killed or told to stop, and started again on the
//! same data.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests; what JSON lacks is null"
)]

mod client;
mod person;
mod site;

use std::ops::Range;
use std::sync::mpsc;
use std::thread;

use cabinet::Entropy;
use testkit::storage::{Cluster, Durability};
use testkit::visit::seeded;

use person::{Person, Unanswered};
use site::{Server, Site, Tally};

/// After how many acknowledged acts the process ends.
const ACTS: Range<u64> = 15..90;

/// How a process ends.
#[derive(Debug, Clone, Copy)]
enum End {
    Kill,
    Term,
}

#[test]
fn kill_9_in_a_storm_loses_nothing_acknowledged_on_sqlite() {
    storms(&Site::new(r#"sqlite = "kabinet.db""#), End::Kill, 5);
}

#[test]
fn kill_9_in_a_storm_loses_nothing_acknowledged_on_postgresql() {
    on_postgresql(|site| storms(site, End::Kill, 3));
}

#[test]
fn a_graceful_stop_in_a_storm_loses_nothing_acknowledged() {
    storms(&Site::new(r#"sqlite = "kabinet.db""#), End::Term, 2);
    on_postgresql(|site| storms(site, End::Term, 1));
}

/// A cluster that syncs, unlike those of other tests.
fn on_postgresql(test: impl Fn(&Site)) {
    let Some(cluster) = Cluster::start(Durability::Full) else {
        return;
    };
    let database = cluster.create_database();
    test(&Site::new(&format!("postgres = \"{}\"", cluster.url(&database))));
}

/// Rounds of storm, end, start and inspection, all on the same data.
fn storms(site: &Site, end: End, rounds: u32) {
    let seed = u64::from_be_bytes(Entropy::system().bytes());
    eprintln!("seed {seed}");
    let random = seeded(seed);
    let mut people = Person::all(&site.authority);
    for round in 1..=rounds {
        let acts = ACTS.start + u64::from_be_bytes(random.bytes()) % (ACTS.end - ACTS.start);
        storm(site.start(), &mut people, acts, end);
        let unanswered = inspect(site, &mut people);
        eprintln!("round {round}: {end:?} after {acts} acknowledged acts; {unanswered:?}");
    }
}

/// Everybody acts at once; after so many acknowledged acts the process ends.
fn storm(server: Server, people: &mut [Person], acts: u64, end: End) {
    let address = server.address;
    let (tell, told) = mpsc::channel();
    thread::scope(|scope| {
        for person in people {
            let tell = tell.clone();
            scope.spawn(move || person.storm(address, &tell));
        }
        drop(tell);
        for _ in 0..acts {
            told.recv().expect("the server lasts until its end is due");
        }
        match end {
            End::Kill => server.kill(),
            End::Term => assert_eq!(server.stop(), Some(0), "SIGTERM is a graceful end"),
        }
    });
}

/// The same data under a new process: every promise is kept, and nothing is there by halves.
fn inspect(site: &Site, people: &mut [Person]) -> Unanswered {
    let server = site.start();
    let mut unanswered = Unanswered::default();
    for person in people {
        person.check(server.address, &mut unanswered).unwrap();
    }
    let tally = site.tally();
    let whole = Tally {
        entries_in_history: tally.sessions,
        proofs_in_history: tally.stepped_up,
        // Each change is of two contacts: two lines of history, two codes to send.
        requests_in_history: 2 * tally.changes,
        codes_in_outbox: 2 * tally.changes,
        ..tally
    };
    assert_eq!(tally, whole, "left: what is there; right: what belongs together");
    assert_eq!(site.verify_audit(), Some(0));
    assert_eq!(server.stop(), Some(0));
    unanswered
}
