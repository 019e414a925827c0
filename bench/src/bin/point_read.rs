//! One indexed read, many times: by plain rusqlite, or by `db`. Counted by `bench/point-read` under callgrind.

use db::{Db, Engine, Error, Migration, params};
use rusqlite::{Connection, OpenFlags};
use std::{error::Error as StdError, hint::black_box, path::Path};

const ROWS: i64 = 100_000;
const SELECT: &str =
    "select id, fingerprint, owner, issuer, serial, seen_at, locked from certificate where fingerprint = $1";

static SCHEMA: &[Migration] = &[Migration {
    number: 1,
    name: "certificate",
    sql: "create table certificate (id bytea primary key, fingerprint bytea not null unique, owner text not null, \
          issuer text not null, serial bytea not null, seen_at bigint not null, locked bigint not null)",
    guards: &[],
}];

db::record! {
    /// The seven columns that both read.
    struct Certificate {
        id: [u8; 16],
        fingerprint: [u8; 32],
        owner: String,
        issuer: String,
        serial: Vec<u8>,
        seen_at: i64,
        locked: bool,
    }
}

fn main() -> Result<(), Box<dyn StdError>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .as_slice()
    {
        ["prepare", path] => prepare(Path::new(path)),
        ["rusqlite", path, count] => by_rusqlite(Path::new(path), count.parse()?),
        ["db", path, count] => by_db(Path::new(path), count.parse()?),
        _ => Err("point_read prepare FILE | rusqlite FILE COUNT | db FILE COUNT".into()),
    }
}

fn open(path: &Path) -> Result<Db, Error> {
    Db::open(
        Engine::Sqlite {
            path: path.to_owned(),
        },
        SCHEMA,
    )
}

fn prepare(path: &Path) -> Result<(), Box<dyn StdError>> {
    open(path)?.close();
    let mut connection = Connection::open(path)?;
    let transaction = connection.transaction()?;
    let mut insert = transaction.prepare("insert into certificate values ($1, $2, $3, $4, $5, $6, 0)")?;
    for number in 0..ROWS {
        let (owner, issuer) = (format!("Owner the {number}th"), "Ұлттық куәландырушы орталық");
        insert.execute((
            key::<16>(number),
            key::<32>(number),
            owner,
            issuer,
            key::<20>(number),
            number,
        ))?;
    }
    drop(insert);
    Ok(transaction.commit()?)
}

/// Spread over the index as hashes are.
fn key<const N: usize>(number: i64) -> [u8; N] {
    let mut state = number
        .cast_unsigned()
        .wrapping_add(1)
        .wrapping_mul(0x9E37_79B9_7F4A_7C15);
    std::array::from_fn(|_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()[0]
    })
}

/// The keys that are read, in an order of their own.
fn keys(count: i64) -> impl Iterator<Item = [u8; 32]> {
    (0..count).map(|number| key(number.wrapping_mul(7919).rem_euclid(ROWS)))
}

fn by_rusqlite(path: &Path, count: i64) -> Result<(), Box<dyn StdError>> {
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    for key in keys(count) {
        let mut statement = connection.prepare_cached(SELECT)?;
        black_box(statement.query_row([&key[..]], |row| {
            Ok(Certificate {
                id: row.get(0)?,
                fingerprint: row.get(1)?,
                owner: row.get(2)?,
                issuer: row.get(3)?,
                serial: row.get(4)?,
                seen_at: row.get(5)?,
                locked: row.get(6)?,
            })
        })?);
    }
    Ok(())
}

fn by_db(path: &Path, count: i64) -> Result<(), Box<dyn StdError>> {
    let db = open(path)?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(async {
        for key in keys(count) {
            black_box(
                db.read(move |tx| tx.one::<Certificate>(SELECT, params![key]))
                    .await?,
            );
        }
        Ok::<_, Error>(())
    })?;
    db.close();
    Ok(())
}
