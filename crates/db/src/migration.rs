//! Numbered steps of the schema, forward only, each in a transaction of its own.

use crate::{Error, Guard, Tx, params};
use sha2::{Digest, Sha256};

/// A step of the schema.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Its place, ascending from 1.
    pub number: u32,
    /// What it does, in a word or two.
    pub name: &'static str,
    /// Its statements in the common SQL, separated by `;`. Never changed once released.
    pub sql: &'static str,
    /// What the database refuses from then on.
    pub guards: &'static [Guard],
}

const TABLE: &str = "create table if not exists schema_migration \
    (number bigint primary key, name text not null, digest text not null, applied_at bigint not null)";

/// Row 0 stands for the schema before the first step. Whoever applies a step holds this row.
const LOCK_ROW: &str = "insert into schema_migration (number, name, digest, applied_at) \
    values (0, 'nothing', '', 0) on conflict do nothing";

const NOW_SQLITE: &str = "select cast(unixepoch('subsec') * 1000000 as integer)";
const NOW_POSTGRES: &str = "select cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)";

crate::record! {
    struct Applied {
        number: u32,
        name: String,
        digest: String,
    }
}

/// One transaction of the engine, run as often as it takes.
pub(crate) type Transact<'a> =
    dyn FnMut(&dyn Fn(&mut Tx<'_>) -> Result<bool, Error>) -> Result<bool, Error> + 'a;

/// Brings the schema up to date. Run by several processes at once, or killed and run again, it does the same.
pub(crate) fn apply(migrations: &'static [Migration], transact: &mut Transact<'_>) -> Result<(), Error> {
    let mut last = 0;
    for migration in migrations {
        if migration.number <= last {
            return Err(refusal(migration.number, format!("it stands after {last}")));
        }
        last = migration.number;
    }
    // Where two begin at once, both may find no table, and one of them fails to create it.
    prepare(transact).or_else(|_| prepare(transact))?;
    while transact(&|tx| pending(tx, migrations).map(|next| next.is_some()))? {
        transact(&|tx| apply_next(tx, migrations))?;
    }
    Ok(())
}

/// The first step that is still to be done in a database that some step has been applied to.
pub(crate) fn next_of_old(
    tx: &mut Tx<'_>,
    migrations: &'static [Migration],
) -> Result<Option<&'static Migration>, Error> {
    let table = "select name from sqlite_master where type = 'table' and name = 'schema_migration'";
    if tx.optional::<String>(table, &[])?.is_none() {
        return Ok(None);
    }
    let is_old: bool = tx.one("select count(*) > 1 from schema_migration", &[])?;
    if is_old { pending(tx, migrations) } else { Ok(None) }
}

fn prepare(transact: &mut Transact<'_>) -> Result<bool, Error> {
    transact(&|tx| {
        tx.execute(TABLE, &[])?;
        tx.execute(LOCK_ROW, &[])?;
        Ok(true)
    })
}

fn apply_next(tx: &mut Tx<'_>, migrations: &'static [Migration]) -> Result<bool, Error> {
    tx.execute("update schema_migration set name = name where number = 0", &[])?;
    let Some(migration) = pending(tx, migrations)? else {
        return Ok(false);
    };
    tx.batch(migration.sql)?;
    for guard in migration.guards {
        tx.batch(tx.either(guard.sqlite, guard.postgres))?;
    }
    let now = tx.either(NOW_SQLITE, NOW_POSTGRES);
    let applied_at: i64 = tx.one(now, &[])?;
    tx.execute(
        "insert into schema_migration (number, name, digest, applied_at) values ($1, $2, $3, $4)",
        params![migration.number, migration.name, digest(migration), applied_at],
    )?;
    Ok(true)
}

/// The first step that is still to be done, after making sure that those done are ours.
fn pending(tx: &mut Tx<'_>, migrations: &'static [Migration]) -> Result<Option<&'static Migration>, Error> {
    let done: Vec<Applied> = tx.list(
        "select number, name, digest from schema_migration where number > 0 order by number",
        &[],
    )?;
    let mut known = migrations.iter();
    for applied in done {
        let Some(migration) = known.next() else {
            let reason = format!(
                "the database is newer than this program: it has «{}» already",
                applied.name
            );
            return Err(refusal(applied.number, reason));
        };
        if applied.number != migration.number {
            return Err(refusal(
                migration.number,
                format!("missing, although {} is applied", applied.number),
            ));
        }
        if applied.digest != digest(migration) {
            let reason = format!("«{}» was changed after it had been applied", migration.name);
            return Err(refusal(migration.number, reason));
        }
    }
    Ok(known.next())
}

fn refusal(number: u32, reason: String) -> Error {
    Error::Migration { number, reason }
}

fn digest(migration: &Migration) -> String {
    use std::fmt::Write;
    let guards = migration
        .guards
        .iter()
        .flat_map(|guard| [guard.sqlite, guard.postgres]);
    let text: String = std::iter::once(migration.sql).chain(guards).collect();
    Sha256::digest(text).iter().fold(String::new(), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
