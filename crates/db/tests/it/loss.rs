//! PostgreSQL's connections break, turn read-only, go away and come back.

use crate::{
    proxy::{self, Cut},
    schema::{SCHEMA, acts, insert_act},
};
use db::{Db, Engine, Error, Tx};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};
use testkit::storage::{Cluster, Durability, on_postgres_with};
use tokio::runtime::Runtime;

fn open(url: String, connections: usize) -> Db {
    Db::open(
        Engine::Postgres {
            url,
            ca: None,
            connections,
        },
        SCHEMA,
    )
    .unwrap()
}

fn backend(tx: &mut Tx<'_>) -> Result<i64, Error> {
    tx.one("select cast(pg_backend_pid() as bigint)", &[])
}

#[test]
fn a_connection_that_breaks_is_replaced_and_the_closure_runs_again() {
    on_postgres_with(SCHEMA, |db| async move {
        let runs = Arc::new(AtomicU32::new(0));
        let counted = runs.clone();
        let kill_on_first_run = move |tx: &mut Tx<'_>| {
            insert_act(tx, 1)?;
            if counted.fetch_add(1, Ordering::SeqCst) == 0 {
                tx.one::<bool>("select pg_terminate_backend(pg_backend_pid())", &[])?;
            }
            Ok::<_, Error>(())
        };
        db.write(kill_on_first_run).await.unwrap();
        assert_eq!(runs.load(Ordering::SeqCst), 2);
        assert_eq!(db.read(acts).await.unwrap(), [1]);
    });
}

#[test]
fn connections_that_broke_while_idle_are_not_noticed() {
    let Some(cluster) = Cluster::shared() else { return };
    let name = cluster.create_database();
    let db = open(cluster.url(&name), 1);
    Runtime::new().unwrap().block_on(async {
        for number in 1..=3 {
            db.write(move |tx| insert_act(tx, number)).await.unwrap();
            cluster.sql(&format!(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"
            ));
            assert_eq!(
                db.read(acts).await.unwrap().len(),
                usize::try_from(number).unwrap()
            );
        }
    });
    db.close();
}

#[test]
fn sqlstate_25006_closes_the_connection() {
    let Some(cluster) = Cluster::shared() else { return };
    let name = cluster.create_database();
    let db = open(cluster.url(&name), 1);
    Runtime::new().unwrap().block_on(async {
        let before = db.write(backend).await.unwrap();
        db.write(|tx| tx.execute("set default_transaction_read_only = on", &[]))
            .await
            .unwrap();
        db.write(|tx| insert_act(tx, 1)).await.unwrap();
        assert_ne!(db.write(backend).await.unwrap(), before);

        let set = |value| format!("alter database {name} set default_transaction_read_only = {value}");
        cluster.sql(&set("on"));
        db.write(|tx| tx.execute("set default_transaction_read_only = on", &[]))
            .await
            .unwrap();
        let refused = db.write(|tx| insert_act(tx, 2)).await;
        assert!(
            matches!(&refused, Err(error @ Error::Unavailable(_)) if error.is_temporary()),
            "{refused:?}"
        );
        cluster.sql(&format!("begin read write; {}; commit", set("off")));
        db.write(|tx| insert_act(tx, 3)).await.unwrap();
        assert_eq!(db.read(acts).await.unwrap(), [1, 3]);
    });
    db.close();
}

#[test]
fn a_restart_of_the_server_heals_alone() {
    let Some(cluster) = Cluster::start(Durability::Full) else {
        return;
    };
    let db = open(cluster.url(&cluster.create_database()), 2);
    Runtime::new().unwrap().block_on(async {
        db.write(|tx| insert_act(tx, 1)).await.unwrap();
        cluster.crash();
        for refused in [
            db.write(|tx| insert_act(tx, 2)).await,
            db.read(acts).await.map(drop),
        ] {
            assert!(
                matches!(&refused, Err(error @ Error::Unavailable(_)) if error.is_temporary()),
                "{refused:?}"
            );
        }
        cluster.resume();
        db.write(|tx| insert_act(tx, 3)).await.unwrap();
        assert_eq!(db.read(acts).await.unwrap(), [1, 3]);
    });
    db.close();
}

#[test]
fn an_unknown_commit_is_said_to_be_unknown_and_never_repeated() {
    let Some(cluster) = Cluster::shared() else { return };
    for cut in [Cut::Before, Cut::After] {
        let url = cluster.url(&cluster.create_database());
        let server = url
            .split(' ')
            .find_map(|part| part.strip_prefix("host="))
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let armed = proxy::open(folder.path(), Path::new(server), cut);
        let db = open(url.replace(server, &folder.path().display().to_string()), 2);
        Runtime::new().unwrap().block_on(async {
            for number in 0..50 {
                let runs = Arc::new(AtomicU32::new(0));
                let counted = runs.clone();
                armed.store(true, Ordering::SeqCst);
                let result = db.write(move |tx| {
                    counted.fetch_add(1, Ordering::SeqCst);
                    insert_act(tx, number)
                });
                let result = result.await;
                assert!(matches!(result, Err(Error::CommitUnknown(_))), "{result:?}");
                assert_eq!(runs.load(Ordering::SeqCst), 1);
                let there = db.read(acts).await.unwrap().contains(&number);
                assert_eq!(there, cut == Cut::After, "act {number}, cut {cut:?}");
            }
        });
        db.close();
    }
}

#[test]
fn aborted_requests_leave_no_transaction_open() {
    let Some(cluster) = Cluster::shared() else { return };
    let name = cluster.create_database();
    let db = open(cluster.url(&name), 4);
    Runtime::new().unwrap().block_on(async {
        for number in 0..300 {
            let aborted = db.clone();
            let request = tokio::spawn(async move { aborted.write(move |tx| insert_act(tx, number)).await });
            if number % 3 == 0 {
                tokio::task::yield_now().await;
            }
            request.abort();
        }
        db.write(|tx| insert_act(tx, 1000)).await.unwrap();
    });
    db.close();
    let open =
        format!("select count(*) from pg_stat_activity where datname = '{name}' and state like 'idle in%'");
    assert_eq!(cluster.sql(&open), "0");
}
