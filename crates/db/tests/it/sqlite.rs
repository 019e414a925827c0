//! What only SQLite has.

use crate::schema::{SCHEMA, acts, insert_act};
use db::{Db, Engine, Error, params};
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
    let log = std::fs::metadata(folder.path().join("kabinet.db-wal"))
        .unwrap()
        .len();
    assert!(log < 8 * 1024 * 1024, "the log grew to {log} bytes");
    db.close();
    assert_eq!(
        std::fs::metadata(folder.path().join("kabinet.db-wal")).map_or(0, |log| log.len()),
        0
    );
}
