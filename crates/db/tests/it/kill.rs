//! What was acknowledged survives.

use crate::{
    child::{self, Task},
    schema::SCHEMA,
};
use db::{Db, Engine, Error};
use std::collections::BTreeSet;
use testkit::storage::{Cluster, Durability};
use tokio::runtime::Runtime;

/// Reopens the database: every acknowledged act is there, and every act is there whole or not at all.
fn verify(engine: Engine, acknowledged: &BTreeSet<i64>) {
    let db = Db::open(engine, SCHEMA).unwrap();
    let (acts, traces) = Runtime::new()
        .unwrap()
        .block_on(db.read(|tx| {
            let acts: Vec<i64> = tx.list("select number from act", &[])?;
            Ok::<_, Error>((acts, tx.list::<i64>("select number from trace", &[])?))
        }))
        .unwrap();
    db.close();
    let (acts, traces): (BTreeSet<i64>, BTreeSet<i64>) =
        (acts.into_iter().collect(), traces.into_iter().collect());
    assert_eq!(acts, traces, "half an act is there");
    let lost: Vec<_> = acknowledged.difference(&acts).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
}

/// Lets a child write until it has said `wanted` times that it did, kills it, and tells all that it said.
fn kill_after(wanted: usize, engine: &Engine, mut end: impl FnMut()) -> BTreeSet<i64> {
    let mut process = child::start(Task::Write, engine, None);
    let mut said = child::lines(&mut process);
    let mut acknowledged = BTreeSet::new();
    while acknowledged.len() < wanted {
        let line = said.next().expect("the child goes on until killed").unwrap();
        acknowledged.extend(child::done(&line));
    }
    end();
    process.kill().unwrap();
    acknowledged.extend(said.map_while(Result::ok).filter_map(|line| child::done(&line)));
    process.wait().unwrap();
    acknowledged
}

fn sqlite(folder: &tempfile::TempDir) -> Engine {
    Engine::Sqlite {
        path: folder.path().join("kabinet.db"),
    }
}

#[test]
fn kill_9_of_the_process_loses_nothing_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let mut all = BTreeSet::new();
    for wanted in [1, 3, 10, 50, 200, 700] {
        let engine = sqlite(&folder);
        all.extend(kill_after(wanted, &engine, || ()));
        verify(engine, &all);
        // The next child begins at 1 again.
        clear(sqlite(&folder));
        all.clear();
    }
}

#[test]
fn kill_9_of_the_process_loses_nothing_on_postgres() {
    let Some(cluster) = Cluster::shared() else { return };
    for wanted in [1, 20, 300] {
        let url = cluster.url(&cluster.create_database());
        let engine = Engine::Postgres {
            url,
            ca: None,
            connections: 4,
        };
        let acknowledged = kill_after(wanted, &engine, || ());
        verify(engine, &acknowledged);
    }
}

#[test]
fn kill_9_of_the_server_loses_nothing_on_postgres() {
    let Some(cluster) = Cluster::start(Durability::Full) else {
        return;
    };
    for wanted in [20, 200] {
        let url = cluster.url(&cluster.create_database());
        let engine = Engine::Postgres {
            url,
            ca: None,
            connections: 4,
        };
        let acknowledged = kill_after(wanted, &engine, || cluster.kill());
        cluster.resume();
        verify(engine, &acknowledged);
    }
}

#[test]
fn kill_9_at_the_nth_write_or_sync_loses_nothing_on_sqlite() {
    if !child::can_inject() {
        return;
    }
    for call in ["pwrite64", "fdatasync,fsync"] {
        for nth in [9, 10, 11, 12, 13, 14, 15, 17, 20, 25, 40] {
            let folder = tempfile::tempdir().unwrap();
            let engine = sqlite(&folder);
            let mut process = child::start(
                Task::Write,
                &engine,
                Some(&format!("{call}:signal=KILL:when={nth}")),
            );
            let said: BTreeSet<i64> = child::lines(&mut process)
                .map_while(Result::ok)
                .filter_map(|line| child::done(&line))
                .collect();
            process.wait().unwrap();
            verify(engine, &said);
        }
    }
}

#[test]
fn a_failed_sync_ends_in_errors_and_stops_writing() {
    if !child::can_inject() {
        return;
    }
    for nth in [12, 15, 20] {
        let folder = tempfile::tempdir().unwrap();
        let engine = sqlite(&folder);
        // Only this one sync fails: a naive engine would go on as if nothing had happened.
        let injection = format!("fdatasync,fsync:error=EIO:when={nth}");
        let mut process = child::start(Task::Write, &engine, Some(&injection));
        let (mut acknowledged, mut stopped, mut late) = (BTreeSet::new(), 0, 0);
        for line in child::lines(&mut process).map_while(Result::ok) {
            assert!(!line.starts_with("failed"), "{line}");
            if line == "stopped" {
                stopped += 1;
                if stopped == 100 {
                    process.kill().unwrap();
                }
            } else if let Some(number) = child::done(&line) {
                // each of the other seven writers may still say what was done before
                late += i32::from(stopped > 0);
                assert!(late < 8, "{number} was written after the disk had failed");
                acknowledged.insert(number);
            }
        }
        process.wait().unwrap();
        assert!(stopped >= 100, "the failure was not noticed");
        verify(engine, &acknowledged);
    }
}

#[test]
fn a_full_disk_is_told_and_left_behind() {
    if !child::can_inject() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let engine = sqlite(&folder);
    let mut process = child::start(Task::Write, &engine, Some("pwrite64:error=ENOSPC:when=150..180"));
    let (mut acknowledged, mut full, mut after) = (BTreeSet::new(), 0, 0);
    for line in child::lines(&mut process).map_while(Result::ok) {
        assert!(!line.starts_with("failed") && line != "stopped", "{line}");
        if line == "full" {
            full += 1;
        } else if let Some(number) = child::done(&line) {
            acknowledged.insert(number);
            after += i32::from(full > 0);
            if after == 50 {
                process.kill().unwrap();
            }
        }
    }
    process.wait().unwrap();
    assert!(
        full > 0 && after >= 50,
        "{full} refusals, {after} acts after them"
    );
    verify(engine, &acknowledged);
}

fn clear(engine: Engine) {
    let db = Db::open(engine, SCHEMA).unwrap();
    let cleared = db.write(|tx| {
        tx.execute("delete from act", &[])?;
        tx.execute("delete from trace", &[])
    });
    Runtime::new()
        .unwrap()
        .block_on(cleared)
        .map_err(|error: Error| error)
        .unwrap();
    db.close();
}
