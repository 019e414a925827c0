//! Durable commits per second with 1 and with 32 waiting writers, on both engines, in turns within one run.

use db::{Db, Engine, Error, Migration, params};
use std::{
    error::Error as StdError,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};
use testkit::storage::{Cluster, Durability};
use tokio::{runtime::Runtime, task::JoinSet};

const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_secs(1);
const WRITERS: usize = 32;

static SCHEMA: &[Migration] = &[Migration {
    number: 1,
    name: "act",
    sql: "create table act (number bigint primary key, detail text not null)",
    guards: &[],
}];

fn main() -> Result<(), Box<dyn StdError>> {
    let runtime = Runtime::new()?;
    // Where the system's temporary folder is in memory, a path on a disk has to be given.
    let folder = match std::env::args().nth(1) {
        Some(path) => tempfile::tempdir_in(path)?,
        None => tempfile::tempdir()?,
    };
    let sqlite = Db::open(
        Engine::Sqlite {
            path: folder.path().join("bench.db"),
        },
        SCHEMA,
    )?;
    let ratio = measure("SQLite, synchronous=FULL", &runtime, &sqlite)?;
    sqlite.close();
    if let Some(cluster) = Cluster::start(Durability::Full) {
        let url = cluster.url(&cluster.create_database());
        let postgres = Db::open(
            Engine::Postgres {
                url,
                ca: None,
                connections: WRITERS,
            },
            SCHEMA,
        )?;
        measure("PostgreSQL, fsync=on, SERIALIZABLE", &runtime, &postgres)?;
        postgres.close();
    }
    if ratio < 15.0 {
        Err("SQLite: 32 writers reach less than 15 times the commits of one".into())
    } else {
        Ok(())
    }
}

/// Prints the medians of all rounds and gives the ratio of 32 writers to one.
fn measure(name: &str, runtime: &Runtime, db: &Db) -> Result<f64, Error> {
    let numbers = Arc::new(AtomicI64::new(0));
    let mut ratios = Vec::new();
    let (mut alone, mut together) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let one = runtime.block_on(commits(db, 1, &numbers))?;
        let many = runtime.block_on(commits(db, WRITERS, &numbers))?;
        alone.push(one);
        together.push(many);
        ratios.push(many / one);
    }
    let ratio = median(&mut ratios);
    let (alone, together) = (median(&mut alone), median(&mut together));
    println!("{name}: 1 writer {alone:.0}/s, {WRITERS} writers {together:.0}/s, ratio {ratio:.1}");
    Ok(ratio)
}

/// Acknowledged commits per second with that many writers, each waiting for its answer before the next.
#[expect(
    clippy::cast_precision_loss,
    reason = "far fewer commits than a float can count"
)]
async fn commits(db: &Db, writers: usize, numbers: &Arc<AtomicI64>) -> Result<f64, Error> {
    let first = numbers.load(Ordering::SeqCst);
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..writers {
        let (db, numbers) = (db.clone(), Arc::clone(numbers));
        tasks.spawn(async move {
            while start.elapsed() < ROUND {
                let number = numbers.fetch_add(1, Ordering::SeqCst);
                db.write(move |tx| {
                    let sql = "insert into act (number, detail) values ($1, $2)";
                    tx.execute(sql, params![number, "somebody did something"])
                })
                .await
                .map_err(|error: Error| error)?;
            }
            Ok::<_, Error>(())
        });
    }
    tasks
        .join_all()
        .await
        .into_iter()
        .collect::<Result<(), Error>>()?;
    let done = numbers.load(Ordering::SeqCst) - first;
    Ok(done as f64 / start.elapsed().as_secs_f64())
}

fn median(figures: &mut [f64]) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}
