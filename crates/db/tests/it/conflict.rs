//! Closures that are in each other's way.

use crate::schema::{SCHEMA, counter, set_counter};
use db::{Error, Tx};
use std::sync::{
    Arc, Barrier,
    atomic::{AtomicU32, Ordering},
};
use testkit::storage::{on_both_with, on_postgres_with};
use tokio::task::JoinSet;

fn add_one(tx: &mut Tx<'_>) -> Result<i64, Error> {
    let value = counter(tx, "a")? + 1;
    set_counter(tx, "a", value)?;
    Ok(value)
}

#[test]
fn a_serialization_conflict_is_run_again() {
    on_postgres_with(SCHEMA, |db| async move {
        db.write(|tx| set_counter(tx, "a", 0)).await.unwrap();
        let (both_have_read, runs) = (Arc::new(Barrier::new(2)), Arc::new(AtomicU32::new(0)));
        let mut tasks = JoinSet::new();
        for _ in 0..2 {
            let (db, both_have_read, runs) = (db.clone(), both_have_read.clone(), runs.clone());
            let first = AtomicU32::new(0);
            tasks.spawn(async move {
                db.write(move |tx| {
                    runs.fetch_add(1, Ordering::SeqCst);
                    let value = counter(tx, "a")?;
                    if first.fetch_add(1, Ordering::SeqCst) == 0 {
                        both_have_read.wait();
                    }
                    set_counter(tx, "a", value + 1)
                })
                .await
            });
        }
        assert!(tasks.join_all().await.iter().all(Result::is_ok));
        assert!(runs.load(Ordering::SeqCst) > 2, "one of them had to run again");
        assert_eq!(db.read(|tx| counter(tx, "a")).await.unwrap(), 2);
    });
}

#[test]
fn race_2_no_increment_is_lost() {
    on_both_with(SCHEMA, |db| async move {
        db.write(|tx| set_counter(tx, "a", 0)).await.unwrap();
        let mut tasks = JoinSet::new();
        for _ in 0..64 {
            let db = db.clone();
            tasks.spawn(async move { db.write(add_one).await });
        }
        let mut seen: Vec<i64> = tasks.join_all().await.into_iter().map(Result::unwrap).collect();
        seen.sort_unstable();
        assert_eq!(seen, (1..=64).collect::<Vec<i64>>());
    });
}
