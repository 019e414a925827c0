use db::{Error, Timestamp, Tx, params};

use super::Head;
use crate::account::AccountId;

db::record! {
    /// A line as stored. The act is plain text here: an altered one must be reported, not be unreadable.
    pub struct Row {
        pub seq: i64,
        pub at: Timestamp,
        pub act: String,
        pub actor: Option<AccountId>,
        pub address: String,
        pub device: String,
        pub request_id: String,
        pub detail: String,
        pub hash: Vec<u8>,
    }
}

db::record! {
    /// A chain with its head.
    pub struct HeadRow {
        pub chain: Vec<u8>,
        pub seq: i64,
        pub hash: Vec<u8>,
    }
}

pub(super) fn find_head(tx: &mut Tx<'_>, chain: &[u8]) -> Result<Option<Head>, Error> {
    let row: Option<(i64, Vec<u8>, Timestamp)> = tx.optional(
        "select seq, hash, at from audit_head where chain = $1",
        params![chain],
    )?;
    Ok(row.map(|(seq, hash, at)| Head { seq, hash, at }))
}

pub(super) fn find_latest_time(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, Error> {
    let row: Option<(Timestamp,)> =
        tx.optional("select at from audit_head order by at desc limit 1", params![])?;
    Ok(row.map(|(at,)| at))
}

pub(super) fn find_hash(tx: &mut Tx<'_>, chain: &[u8], seq: i64) -> Result<Option<Vec<u8>>, Error> {
    let row: Option<(Vec<u8>,)> = tx.optional(
        "select hash from audit_line where chain = $1 and seq = $2",
        params![chain, seq],
    )?;
    Ok(row.map(|(hash,)| hash))
}

pub(super) fn list_newest(tx: &mut Tx<'_>, chain: &[u8], limit: u32) -> Result<Vec<Row>, Error> {
    tx.list(
        "select seq, at, act, actor, address, device, request_id, detail, hash from audit_line
         where chain = $1 order by seq desc limit $2",
        params![chain, i64::from(limit)],
    )
}

pub(super) fn list_after(tx: &mut Tx<'_>, chain: &[u8], seq: i64, limit: u32) -> Result<Vec<Row>, Error> {
    tx.list(
        "select seq, at, act, actor, address, device, request_id, detail, hash from audit_line
         where chain = $1 and seq > $2 order by seq limit $3",
        params![chain, seq, i64::from(limit)],
    )
}

/// Chains by the lines themselves, so that a chain without a head is found too.
pub(super) fn find_chain_after(tx: &mut Tx<'_>, chain: &[u8]) -> Result<Option<Vec<u8>>, Error> {
    let row: Option<(Vec<u8>,)> = tx.optional(
        "select chain from audit_line where chain > $1 order by chain limit 1",
        params![chain],
    )?;
    Ok(row.map(|(chain,)| chain))
}

pub(super) fn list_heads_after(tx: &mut Tx<'_>, chain: &[u8], limit: u32) -> Result<Vec<HeadRow>, Error> {
    tx.list(
        "select chain, seq, hash from audit_head where chain > $1 order by chain limit $2",
        params![chain, i64::from(limit)],
    )
}

pub(super) fn list_unlinked(tx: &mut Tx<'_>, limit: u32) -> Result<Vec<HeadRow>, Error> {
    tx.list(
        "select chain, seq, hash from audit_head where unlinked = 1 limit $1",
        params![i64::from(limit)],
    )
}

pub(super) fn insert_line(tx: &mut Tx<'_>, chain: &[u8], line: &Row) -> Result<(), Error> {
    tx.execute(
        "insert into audit_line (chain, seq, at, act, actor, address, device, request_id, detail, hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            chain,
            line.seq,
            line.at,
            line.act,
            line.actor,
            line.address,
            line.device,
            line.request_id,
            line.detail,
            line.hash
        ],
    )?;
    Ok(())
}

pub(super) fn upsert_head(tx: &mut Tx<'_>, chain: &[u8], line: &Row, unlinked: bool) -> Result<(), Error> {
    tx.execute(
        "insert into audit_head (chain, seq, hash, at, unlinked) values ($1, $2, $3, $4, $5)
         on conflict (chain) do update
             set seq = excluded.seq, hash = excluded.hash, at = excluded.at, unlinked = excluded.unlinked",
        params![chain, line.seq, line.hash, line.at, unlinked],
    )?;
    Ok(())
}

pub(super) fn update_linked(tx: &mut Tx<'_>, chain: &[u8]) -> Result<(), Error> {
    tx.execute(
        "update audit_head set unlinked = 0 where chain = $1",
        params![chain],
    )?;
    Ok(())
}
