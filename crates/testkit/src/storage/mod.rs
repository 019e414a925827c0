//! The same test on both databases.

mod postgres;
mod tls;

pub use tls::Encrypted;

pub use postgres::{Cluster, Durability};

use db::{Db, Engine, Migration};
use tokio::runtime::{Builder, Runtime};

/// Connections of a test to PostgreSQL.
const CONNECTIONS: usize = 8;

/// Runs a test of the domain on an empty SQLite file and on an empty PostgreSQL database.
///
/// Where PostgreSQL is not installed, that half is skipped with a message, or fails if `KABINET_REQUIRE_POSTGRES` is 1.
#[cfg(feature = "domain")]
pub fn on_both<F: Future<Output = ()>>(test: impl Fn(Db) -> F) {
    on_both_with(cabinet::MIGRATIONS, test);
}

/// [`on_both`] with another schema.
pub fn on_both_with<F: Future<Output = ()>>(migrations: &'static [Migration], test: impl Fn(Db) -> F) {
    on_sqlite_with(migrations, &test);
    on_postgres_with(migrations, &test);
}

/// Runs a test of the domain in a database in memory, where speed matters more than the engine.
#[cfg(feature = "domain")]
pub fn in_memory<F: Future<Output = ()>>(test: impl Fn(Db) -> F) {
    run(
        Engine::Sqlite {
            path: ":memory:".into(),
        },
        cabinet::MIGRATIONS,
        test,
    );
}

/// Runs a test on an empty SQLite file.
///
/// # Panics
/// If the file cannot be made.
pub fn on_sqlite_with<F: Future<Output = ()>>(migrations: &'static [Migration], test: impl Fn(Db) -> F) {
    eprintln!("on SQLite");
    let folder = tempfile::tempdir().expect("a folder for SQLite");
    run(
        Engine::Sqlite {
            path: folder.path().join("kabinet.db"),
        },
        migrations,
        test,
    );
}

/// Runs a test on an empty PostgreSQL database, if PostgreSQL is installed.
pub fn on_postgres_with<F: Future<Output = ()>>(migrations: &'static [Migration], test: impl Fn(Db) -> F) {
    let Some(cluster) = Cluster::shared() else { return };
    eprintln!("on PostgreSQL");
    let database = cluster.create_database();
    let url = cluster.url(&database);
    run(
        Engine::Postgres {
            url,
            ca: None,
            connections: CONNECTIONS,
        },
        migrations,
        test,
    );
    cluster.drop_database(&database);
}

fn run<F: Future<Output = ()>>(engine: Engine, migrations: &'static [Migration], test: impl Fn(Db) -> F) {
    let db = Db::open(engine, migrations).expect("the database opens");
    runtime().block_on(test(db.clone()));
    db.close();
}

fn runtime() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
}
