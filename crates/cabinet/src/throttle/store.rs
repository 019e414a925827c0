use db::{Error, Timestamp, Tx, params};

db::record! {
    /// A counter.
    pub struct Row {
        pub tries: u32,
        pub open_at: Timestamp,
        pub forget_at: Timestamp,
    }
}

pub(super) fn find(tx: &mut Tx<'_>, subject: [u8; 32]) -> Result<Option<Row>, Error> {
    tx.optional(
        "select tries, open_at, forget_at from throttle where subject = $1",
        params![subject],
    )
}

pub(super) fn upsert(tx: &mut Tx<'_>, subject: [u8; 32], row: &Row) -> Result<(), Error> {
    tx.execute(
        "insert into throttle (subject, tries, open_at, forget_at) values ($1, $2, $3, $4)
         on conflict (subject) do update
             set tries = excluded.tries, open_at = excluded.open_at, forget_at = excluded.forget_at",
        params![subject, row.tries, row.open_at, row.forget_at],
    )?;
    Ok(())
}

/// Counts one more unless that would exceed the limit: one statement, so that two at once are both counted.
pub(super) fn take(
    tx: &mut Tx<'_>,
    subject: [u8; 32],
    limit: u32,
    now: Timestamp,
    forget_at: Timestamp,
) -> Result<Option<u32>, Error> {
    tx.optional(
        "insert into throttle (subject, tries, open_at, forget_at) values ($1, 1, $2, $3)
         on conflict (subject) do update set tries = throttle.tries + 1 where throttle.tries < $4
         returning tries",
        params![subject, now, forget_at, limit],
    )
}

pub(super) fn delete(tx: &mut Tx<'_>, subject: [u8; 32]) -> Result<(), Error> {
    tx.execute("delete from throttle where subject = $1", params![subject])?;
    Ok(())
}

pub(super) fn delete_forgotten(tx: &mut Tx<'_>, now: Timestamp, limit: u32) -> Result<u64, Error> {
    tx.execute(
        "delete from throttle where subject in
             (select subject from throttle where forget_at <= $1 order by forget_at limit $2)",
        params![now, limit],
    )
}

pub(super) fn find_forgotten(tx: &mut Tx<'_>, now: Timestamp) -> Result<Option<Timestamp>, Error> {
    tx.optional(
        "select forget_at from throttle where forget_at <= $1 order by forget_at limit 1",
        params![now],
    )
}

pub(super) fn update_tries(tx: &mut Tx<'_>, subject: [u8; 32]) -> Result<(), Error> {
    tx.execute(
        "update throttle set tries = tries - 1 where subject = $1 and tries > 0",
        params![subject],
    )?;
    Ok(())
}
