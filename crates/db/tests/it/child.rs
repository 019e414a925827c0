//! A process of its own, to be killed: this test binary, started again.

use crate::{migration::STEPS, schema::SCHEMA};
use db::{Db, Engine, Error, params};
use std::{
    io::{BufRead, BufReader, Lines, Write},
    process::{Child, ChildStdout, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};
use tokio::{runtime::Runtime, task::JoinSet};

/// What a child is to do.
#[derive(Clone, Copy)]
pub(crate) enum Task {
    /// Write numbered acts, saying `done N` after each answer and `failed` after each error, until killed.
    Write,
    /// Open the database with all the steps of [`STEPS`], saying `done 0`.
    Migrate,
}

/// Starts a child, under `strace` with this injection if there is one.
pub(crate) fn start(task: Task, engine: &Engine, injection: Option<&str>) -> Child {
    let program = std::env::current_exe().unwrap();
    let mut command = match injection {
        None => Command::new(program),
        Some(injection) => {
            let mut command = Command::new("strace");
            command
                .args(["-f", "-o", "/dev/null", "-e", &format!("inject={injection}")])
                .arg(program);
            command
        }
    };
    let name = match task {
        Task::Write => "child::write",
        Task::Migrate => "child::migrate",
    };
    command
        .args([name, "--exact", "--ignored", "--nocapture"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    let order = match engine {
        Engine::Sqlite { path } => format!("sqlite {}\n", path.display()),
        Engine::Postgres { url, .. } => format!("postgres {url}\n"),
    };
    child.stdin.take().unwrap().write_all(order.as_bytes()).unwrap();
    child
}

/// What the child says, line by line.
pub(crate) fn lines(child: &mut Child) -> Lines<BufReader<ChildStdout>> {
    BufReader::new(child.stdout.take().unwrap()).lines()
}

/// The number in a line `done N`.
pub(crate) fn done(line: &str) -> Option<i64> {
    line.strip_prefix("done ")?.parse().ok()
}

pub(crate) fn can_inject() -> bool {
    let there = Command::new("strace")
        .args(["-f", "-o", "/dev/null", "true"])
        .status();
    let there = there.is_ok_and(|status| status.success());
    if !there {
        eprintln!("SKIPPED: strace is not here or may not trace");
    }
    there
}

fn ordered() -> Option<Engine> {
    let mut order = String::new();
    std::io::stdin().lock().read_line(&mut order).ok()?;
    let (engine, place) = order.trim_end().split_once(' ')?;
    Some(match engine {
        "sqlite" => Engine::Sqlite { path: place.into() },
        _ => Engine::Postgres {
            url: place.into(),
            ca: None,
            connections: 4,
        },
    })
}

#[test]
#[ignore = "started by other tests"]
fn write() {
    let Some(engine) = ordered() else { return };
    let db = Db::open(engine, SCHEMA).unwrap();
    let numbers = Arc::new(AtomicI64::new(1));
    Runtime::new().unwrap().block_on(async {
        let mut writers = JoinSet::new();
        for _ in 0..8 {
            let (db, numbers) = (db.clone(), numbers.clone());
            writers.spawn(async move {
                while numbers.load(Ordering::SeqCst) < 100_000 {
                    let number = numbers.fetch_add(1, Ordering::SeqCst);
                    let written = db.write(move |tx| {
                        tx.execute("insert into act (number) values ($1)", params![number])?;
                        tx.execute("insert into trace (number) values ($1)", params![number])
                            .map(drop)
                    });
                    let said = match written.await {
                        Ok(()) => format!("done {number}\n"),
                        Err(Error::DiskFull(_)) => "full\n".into(),
                        Err(Error::DiskFailed(_) | Error::WritingStopped(_)) => "stopped\n".into(),
                        Err(error) => format!("failed {error}\n"),
                    };
                    // One write per line, so that a kill does not cut it.
                    if std::io::stdout().write_all(said.as_bytes()).is_err() {
                        return;
                    }
                }
            });
        }
        writers.join_all().await;
    });
}

#[test]
#[ignore = "started by other tests"]
fn migrate() {
    let Some(engine) = ordered() else { return };
    Db::open(engine, STEPS).unwrap().close();
    println!("done 0");
}
