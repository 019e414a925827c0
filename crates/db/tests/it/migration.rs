//! Migrations: killed, repeated, changed, newer.

use crate::child::{self, Task};
use db::{Db, Engine, Error, Migration};
use std::thread;
use testkit::storage::Cluster;
use tokio::runtime::Runtime;

/// Applied twice or by halves, the sum would be wrong or a table missing.
pub(crate) static STEPS: &[Migration] = &[
    Migration {
        number: 1,
        name: "one",
        sql: "create table first (value bigint not null); insert into first (value) values (1)",
        guards: &[],
    },
    Migration {
        number: 2,
        name: "two",
        sql: "create table second (value bigint not null); insert into second (value) select value + 1 from first; \
              insert into first (value) values (10); create index second_value on second (value)",
        guards: &[],
    },
    Migration {
        number: 10,
        name: "ten",
        sql: "insert into first (value) values (100); alter table second add column note text",
        guards: &[],
    },
];

static CHANGED: &[Migration] = &[Migration {
    number: 1,
    name: "one",
    sql: "create table first (value text not null)",
    guards: &[],
}];

static GAP: &[Migration] = &[STEPS[0], STEPS[2]];

static BROKEN: &[Migration] = &[
    STEPS[0],
    Migration {
        number: 2,
        name: "two",
        sql: "create table second (value bigint); create table first (value bigint)",
        guards: &[],
    },
];

static DISORDERLY: &[Migration] = &[STEPS[1], STEPS[0]];

/// Runs a test with the addresses of as many empty databases as it asks for.
fn on_both(test: impl Fn(&dyn Fn() -> Engine)) {
    let folder = tempfile::tempdir().unwrap();
    test(&|| {
        let file = tempfile::Builder::new()
            .suffix(".db")
            .tempfile_in(folder.path())
            .unwrap();
        Engine::Sqlite {
            path: file.path().to_owned(),
        }
    });
    let Some(cluster) = Cluster::shared() else { return };
    test(&|| Engine::Postgres {
        url: cluster.url(&cluster.create_database()),
        ca: None,
        connections: 1,
    });
}

fn refusal(engine: Engine, migrations: &'static [Migration]) -> String {
    match Db::open(engine, migrations) {
        Err(error @ Error::Migration { .. }) => error.to_string(),
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("not refused"),
    }
}

/// All that the steps leave behind.
fn content(engine: Engine) -> (i64, Vec<i64>, Vec<(i64, String)>) {
    let db = Db::open(engine, STEPS).unwrap();
    let content = Runtime::new().unwrap().block_on(db.read(|tx| {
        Ok::<_, Error>((
            tx.one("select cast(sum(value) as bigint) from first", &[])?,
            tx.list("select value from second where note is null", &[])?,
            tx.list(
                "select number, name from schema_migration where number > 0 order by number",
                &[],
            )?,
        ))
    }));
    db.close();
    content.unwrap()
}

#[test]
fn a_killed_run_is_finished_by_the_next() {
    if !child::can_inject() {
        return;
    }
    on_both(|fresh| {
        let expected = content(fresh());
        assert_eq!((expected.0, expected.1.len(), expected.2.len()), (111, 1, 3));
        let mut survived = false;
        let mut nth = 1;
        // N = 1, 2, 3 … until no kill happens.
        while !survived {
            let engine = fresh();
            let (calls, stride) = match engine {
                Engine::Sqlite { .. } => ("pwrite64,fdatasync,fsync,ftruncate", 1),
                // Each takes a database, and a database takes half a second.
                Engine::Postgres { .. } => ("sendto,sendmsg,writev", 3),
            };
            let injection = format!("{calls}:signal=KILL:when={nth}");
            let mut process = child::start(Task::Migrate, &engine, Some(&injection));
            survived = child::lines(&mut process)
                .map_while(Result::ok)
                .any(|line| child::done(&line).is_some());
            process.wait().unwrap();
            assert_eq!(content(engine), expected, "after a kill at call {nth}");
            nth += stride;
        }
        assert!(nth > 10, "the kills came to nothing");
    });
}

#[test]
fn several_may_start_at_once() {
    on_both(|fresh| {
        let engine = fresh();
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| Db::open(engine.clone(), STEPS).unwrap().close());
            }
        });
        assert_eq!(content(engine).0, 111);
    });
}

#[test]
fn a_changed_step_is_refused() {
    on_both(|fresh| {
        let engine = fresh();
        Db::open(engine.clone(), STEPS).unwrap().close();
        let said = refusal(engine, CHANGED);
        assert!(
            said.starts_with("migration 1:") && said.contains("changed"),
            "{said}"
        );
    });
}

#[test]
fn a_newer_schema_is_refused() {
    on_both(|fresh| {
        let engine = fresh();
        Db::open(engine.clone(), STEPS).unwrap().close();
        let said = refusal(engine.clone(), &STEPS[..2]);
        assert!(
            said.starts_with("migration 10:") && said.contains("newer"),
            "{said}"
        );
        assert!(refusal(engine, GAP).contains("migration 10"));
    });
}

#[test]
fn a_step_that_fails_leaves_nothing_behind() {
    on_both(|fresh| {
        let engine = fresh();
        assert!(matches!(
            Db::open(engine.clone(), BROKEN),
            Err(Error::Statement { .. })
        ));
        assert_eq!(content(engine).0, 111);
    });
}

#[test]
fn steps_out_of_order_are_refused() {
    on_both(|fresh| assert!(refusal(fresh(), DISORDERLY).contains("after 2")));
}
