//! What a transaction promises.

use crate::schema::{SCHEMA, acts, counter, insert_act, set_counter};
use db::{Db, Error, Tx, params};
use std::sync::{
    Arc, Barrier,
    atomic::{AtomicBool, Ordering},
};
use testkit::storage::on_both_with;
use tokio::task::JoinSet;

/// What a use case would return.
#[derive(Debug)]
enum Failure {
    Refused,
    Storage,
}

impl From<Error> for Failure {
    fn from(_: Error) -> Self {
        Self::Storage
    }
}

#[test]
fn a_failed_closure_undoes_only_itself() {
    on_both_with(SCHEMA, |db| async move {
        let mut tasks = JoinSet::new();
        for number in 0..60 {
            let db = db.clone();
            tasks.spawn(async move {
                let result = db
                    .write(move |tx| {
                        insert_act(tx, number)?;
                        if number % 3 == 0 {
                            Err(Failure::Refused)
                        } else {
                            Ok(number)
                        }
                    })
                    .await;
                assert_eq!(result.is_ok(), number % 3 != 0);
            });
        }
        tasks.join_all().await;
        let expected: Vec<i64> = (0..60).filter(|number| number % 3 != 0).collect();
        assert_eq!(db.read(acts).await.unwrap(), expected);
    });
}

#[test]
fn a_panic_undoes_only_itself() {
    on_both_with(SCHEMA, |db| async move {
        let mut tasks = JoinSet::new();
        for number in 0..9_i64 {
            let db = db.clone();
            tasks.spawn(async move {
                let result = db
                    .write(move |tx| {
                        insert_act(tx, number)?;
                        assert!(number % 3 != 0, "this panic belongs to the test");
                        Ok::<_, Error>(())
                    })
                    .await;
                let panicked = matches!(result, Err(Error::Panicked));
                assert_eq!(panicked, number % 3 == 0, "{result:?}");
            });
        }
        tasks.join_all().await;
        assert_eq!(db.read(acts).await.unwrap(), [1, 2, 4, 5, 7, 8]);
        let panicked = db
            .read(|_| -> Result<(), Error> { panic!("this panic belongs to the test") })
            .await;
        assert!(matches!(panicked, Err(Error::Panicked)));
        assert_eq!(db.read(acts).await.unwrap().len(), 6);
    });
}

#[test]
fn a_failed_statement_cannot_be_ignored() {
    on_both_with(SCHEMA, |db| async move {
        db.write(|tx| insert_act(tx, 1)).await.unwrap();
        let result = db
            .write(|tx| {
                insert_act(tx, 2)?;
                drop(insert_act(tx, 1));
                Ok::<_, Error>(())
            })
            .await;
        assert!(matches!(result, Err(Error::Statement { .. })), "{result:?}");
        assert_eq!(db.read(acts).await.unwrap(), [1]);
    });
}

#[test]
fn an_answer_means_committed() {
    on_both_with(SCHEMA, |db| async move {
        let mut tasks = JoinSet::new();
        for number in 0..40 {
            let db = db.clone();
            tasks.spawn(async move {
                db.write(move |tx| insert_act(tx, number)).await.unwrap();
                assert!(db.read(acts).await.unwrap().contains(&number));
            });
        }
        tasks.join_all().await;
    });
}

#[test]
fn a_caller_that_went_away_loses_nothing() {
    on_both_with(SCHEMA, |db| async move {
        for number in 0..20 {
            let write = db.clone();
            tokio::spawn(async move { write.write(move |tx| insert_act(tx, number)).await }).abort();
        }
        db.write(|tx| insert_act(tx, 1000)).await.unwrap();
        let seen = db.read(acts).await.unwrap();
        assert!(seen.contains(&1000));
        let again = db.read(|tx| tx.one::<i64>("select count(*) from act", &[])).await;
        assert_eq!(
            again.map_err(|error: Error| error).unwrap(),
            i64::try_from(seen.len()).unwrap()
        );
    });
}

#[test]
fn a_read_sees_one_moment() {
    on_both_with(SCHEMA, |db| async move {
        db.write(|tx| set_counter(tx, "a", 1)).await.unwrap();
        for heavy in [false, true] {
            let (reached, go_on) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
            let read = {
                let (db, reached, go_on) = (db.clone(), reached.clone(), go_on.clone());
                let waits = AtomicBool::new(true);
                let closure = move |tx: &mut Tx<'_>| {
                    let before = counter(tx, "a")?;
                    if waits.swap(false, Ordering::SeqCst) {
                        reached.wait();
                        go_on.wait();
                    }
                    Ok::<_, Error>((before, counter(tx, "a")?))
                };
                tokio::spawn(async move {
                    if heavy {
                        db.read_heavy(closure).await
                    } else {
                        db.read(closure).await
                    }
                })
            };
            reached.wait();
            db.write(|tx| set_counter(tx, "a", 2)).await.unwrap();
            go_on.wait();
            let (before, after) = read.await.unwrap().unwrap();
            assert_eq!(before, after);
            assert_eq!(db.read(|tx| counter(tx, "a")).await.unwrap(), 2);
        }
    });
}

#[test]
fn a_read_cannot_write() {
    on_both_with(SCHEMA, |db| async move {
        assert!(matches!(
            db.read(|tx| insert_act(tx, 1)).await,
            Err(Error::Statement { .. })
        ));
        assert!(matches!(
            db.read_heavy(|tx| insert_act(tx, 1)).await,
            Err(Error::Statement { .. })
        ));
        assert!(db.read(acts).await.unwrap().is_empty());
    });
}

/// Two doctors, each of whom may go off call if the other stays.
#[test]
fn race_1_write_skew_is_impossible() {
    async fn leave(db: Db, own: &'static str) -> bool {
        db.write(move |tx| {
            let on_call = sum(tx)?;
            if on_call < 2 {
                return Ok(false);
            }
            tx.execute("update counter set value = 0 where name = $1", params![own])?;
            Ok::<_, Error>(true)
        })
        .await
        .unwrap()
    }
    fn sum(tx: &mut Tx<'_>) -> Result<i64, Error> {
        tx.one("select cast(sum(value) as bigint) from counter", &[])
    }
    on_both_with(SCHEMA, |db| async move {
        for _ in 0..30 {
            db.write(|tx| set_counter(tx, "a", 1).and_then(|()| set_counter(tx, "b", 1)))
                .await
                .unwrap();
            let (left_a, left_b) = tokio::join!(
                tokio::spawn(leave(db.clone(), "a")),
                tokio::spawn(leave(db.clone(), "b"))
            );
            assert!(left_a.unwrap() != left_b.unwrap(), "one of them stays");
        }
    });
}

#[test]
fn a_closed_database_says_so() {
    on_both_with(SCHEMA, |db| async move {
        let late = db.clone();
        tokio::task::spawn_blocking(move || late.close()).await.unwrap();
        assert!(matches!(db.read(acts).await, Err(Error::Closed)));
        assert!(matches!(db.read_heavy(acts).await, Err(Error::Closed)));
        assert!(matches!(
            db.write(|tx| insert_act(tx, 1)).await,
            Err(Error::Closed)
        ));
    });
}
