//! What only SQLite has.

use crate::schema::{SCHEMA, acts, insert_act};
use db::{Db, Engine, Error, Migration, Tx, params};
use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
    path::Path,
};
use testkit::storage::on_sqlite_with;
use tokio::{runtime::Runtime, task::JoinSet};

#[test]
fn the_file_is_safe_from_power_loss_and_known_bugs() {
    on_sqlite_with(SCHEMA, |db| async move {
        let settings = db.write(|tx| {
            Ok::<_, Error>((
                tx.one::<i64>("pragma synchronous", &[])?,
                tx.one::<String>("pragma journal_mode", &[])?,
                tx.one::<bool>("pragma foreign_keys", &[])?,
                tx.optional::<i64>("pragma mmap_size", &[])?.unwrap_or(0),
            ))
        });
        assert_eq!(settings.await.unwrap(), (2, "wal".to_owned(), true, 0));
        let version: String = db
            .read(|tx| tx.one("select sqlite_version()", &[]))
            .await
            .map_err(|error: Error| error)
            .unwrap();
        let numbers: Vec<u32> = version
            .split('.')
            .filter_map(|number| number.parse().ok())
            .collect();
        assert!(numbers >= vec![3, 51, 3], "{version} may corrupt its log");
    });
}

#[test]
fn what_must_last_is_synced_whatever_was_written_before_it() {
    on_sqlite_with(SCHEMA, |db| async move {
        let level = |tx: &mut Tx<'_>| tx.one::<i64>("pragma synchronous", &[]);
        for _ in 0..2 {
            let (full, normal): (Result<_, Error>, Result<_, Error>) =
                (db.write(level).await, db.write_unsynced(level).await);
            assert_eq!((full.unwrap(), normal.unwrap()), (2, 1));
        }
        db.write_unsynced(|tx| insert_act(tx, 1)).await.unwrap();
        assert_eq!(db.read(acts).await.unwrap(), vec![1], "it is seen at once");
    });
}

#[test]
fn a_database_in_memory_is_one_for_all_threads_and_gone_afterwards() {
    let open = || {
        Db::open(
            Engine::Sqlite {
                path: ":memory:".into(),
            },
            SCHEMA,
        )
        .unwrap()
    };
    let (one, other) = (open(), open());
    Runtime::new().unwrap().block_on(async {
        let mut tasks = JoinSet::new();
        for number in 0..50 {
            let one = one.clone();
            tasks.spawn(async move {
                one.write(move |tx| insert_act(tx, number)).await.unwrap();
                assert!(one.read(acts).await.unwrap().contains(&number));
                assert!(one.read_heavy(acts).await.unwrap().contains(&number));
            });
        }
        tasks.join_all().await;
        assert_eq!(one.read(acts).await.unwrap().len(), 50);
        assert!(other.read(acts).await.unwrap().is_empty());
    });
}

#[test]
fn the_log_is_copied_and_reused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kabinet.db");
    let db = Db::open(Engine::Sqlite { path: path.clone() }, SCHEMA).unwrap();
    Runtime::new().unwrap().block_on(async {
        for number in 0..400 {
            let sql = "insert into lamp (id, room, light, seen_at, photo) values ($1, '', '', 0, $2)";
            let write = db.write(move |tx| {
                tx.execute(sql, params![number.to_string().into_bytes(), vec![0_u8; 50_000]])
            });
            write.await.map_err(|error: Error| error).unwrap();
        }
    });
    let log = fs::metadata(folder.path().join("kabinet.db-wal")).unwrap().len();
    assert!(log < 8 * 1024 * 1024, "the log grew to {log} bytes");
    db.close();
    assert_eq!(
        fs::metadata(folder.path().join("kabinet.db-wal")).map_or(0, |log| log.len()),
        0
    );
}

static LATER: &[Migration] = &[
    SCHEMA[0],
    Migration {
        number: 2,
        name: "later",
        sql: "drop table act",
        guards: &[],
    },
    Migration {
        number: 3,
        name: "later still",
        sql: "drop table trace",
        guards: &[],
    },
];

fn open(path: &Path, migrations: &'static [Migration]) -> Db {
    Db::open(Engine::Sqlite { path: path.into() }, migrations).unwrap()
}

fn copies(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().flatten();
    let names = entries.map(|entry| entry.file_name().into_string().unwrap());
    names.filter(|name| name.contains(".before-")).collect()
}

#[test]
fn the_file_is_copied_before_its_schema_changes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kabinet.db");
    let db = open(&path, SCHEMA);
    let runtime = Runtime::new().unwrap();
    runtime.block_on(db.write(|tx| insert_act(tx, 7))).unwrap();
    db.close();
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    open(&path, SCHEMA).close();
    assert_eq!(
        copies(folder.path()),
        Vec::<String>::new(),
        "nothing is to be done"
    );

    open(&path, &LATER[..2]).close();
    assert_eq!(copies(folder.path()), ["kabinet.db.before-0002"]);
    let copy = folder.path().join("kabinet.db.before-0002");
    assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    let before = open(&copy, SCHEMA);
    assert_eq!(runtime.block_on(before.read(acts)).unwrap(), [7]);
    before.close();

    open(&path, LATER).close();
    let left = copies(folder.path());
    assert!(!left.contains(&"kabinet.db.before-0002".to_owned()), "{left:?}");
    assert!(left.contains(&"kabinet.db.before-0003".to_owned()), "{left:?}");
}

/// A copy of the files of a running server is what a crash leaves behind.
#[test]
fn after_a_crash_a_damaged_file_is_found_and_not_written_to() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kabinet.db");
    let db = open(&path, SCHEMA);
    let runtime = Runtime::new().unwrap();
    let fill = db.write(|tx| (0..5000).try_for_each(|number| insert_act(tx, number)));
    runtime.block_on(fill).unwrap();
    db.close();
    let db = open(&path, SCHEMA);
    runtime.block_on(db.write(|tx| insert_act(tx, 5000))).unwrap();
    let (whole, damaged) = (folder.path().join("whole.db"), folder.path().join("damaged.db"));
    for copy in [&whole, &damaged] {
        fs::copy(&path, copy).unwrap();
        let log = |path: &Path| format!("{}-wal", path.display());
        fs::copy(log(&path), log(copy)).unwrap();
    }
    db.close();
    let mut bytes = fs::read(&damaged).unwrap();
    let middle = bytes.len() / 4096 / 2 * 4096;
    bytes[middle..middle + 4096].fill(0xa5);
    fs::write(&damaged, bytes).unwrap();

    let damaged = open(&damaged, SCHEMA);
    let noticed = (0..100_000).any(|_| {
        let write = damaged.write(|tx| tx.execute("update counter set value = 1", &[]));
        matches!(runtime.block_on(write), Err(Error::WritingStopped(_)))
    });
    assert!(noticed, "it is still written to");
    let whole = open(&whole, SCHEMA);
    for number in 6000..6200 {
        runtime
            .block_on(whole.write(move |tx| insert_act(tx, number)))
            .unwrap();
    }
}
