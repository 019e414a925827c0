//! Closures that are in each other's way.

use crate::schema::{SCHEMA, counter, set_counter};
use db::{Db, Error, Tx};
use std::{
    sync::{
        Arc, Barrier, Mutex,
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    time::Duration,
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

/// A rival commits whenever the closure has read and not yet written.
#[test]
fn a_writer_that_loses_again_and_again_is_let_through_alone() {
    on_postgres_with(SCHEMA, |db| async move {
        db.write(|tx| set_counter(tx, "a", 0)).await.unwrap();
        let (call, called) = tokio::sync::mpsc::unbounded_channel();
        let (finish, finished) = mpsc::channel();
        let rival = tokio::spawn(rival(db.clone(), called, finish));
        let finished = Mutex::new(finished);
        let value = db.write(move |tx| {
            let value = counter(tx, "a")?;
            call.send(()).unwrap();
            // Where the rival must wait for us, we need not wait for it.
            finished
                .lock()
                .unwrap()
                .recv_timeout(Duration::from_millis(200))
                .ok();
            set_counter(tx, "a", value + 1)?;
            Ok::<_, Error>(value + 1)
        });
        value.await.unwrap();
        rival.await.unwrap();
    });
}

async fn rival(db: Db, mut called: tokio::sync::mpsc::UnboundedReceiver<()>, finish: mpsc::Sender<()>) {
    while called.recv().await.is_some() {
        db.write(add_one).await.unwrap();
        // At the end nobody waits for it any more.
        finish.send(()).ok();
    }
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
