use db::{Error, Timestamp, Tx, params};

use super::change::Asked;
use super::{Slot, Value};
use crate::account::AccountId;
use crate::session::SessionId;
use crate::ticket::TicketId;

db::record! {
    /// A contact in force.
    pub(super) struct Row {
        pub(super) slot: Slot,
        pub(super) value: String,
        pub(super) key: String,
        pub(super) confirmed_at: Timestamp,
        pub(super) bouncing_at: Option<Timestamp>,
    }
}

db::record! {
    /// A change whose ticket still holds.
    pub(super) struct ChangeRow {
        pub(super) slot: Slot,
        pub(super) value: String,
        pub(super) key: String,
        pub(super) ticket: TicketId,
        pub(super) session: Option<SessionId>,
        pub(super) tries_left: u32,
        pub(super) code_hash: [u8; 32],
        pub(super) code_until: Timestamp,
        pub(super) asked_at: Timestamp,
        pub(super) until: Timestamp,
        pub(super) sent_at: Timestamp,
        pub(super) bouncing_at: Option<Timestamp>,
    }
}

db::record! {
    /// What concerns all contacts of an account, beside one that is in force if any is.
    pub(super) struct CardRow {
        pub(super) version: Option<i64>,
        pub(super) changed_at: Option<Timestamp>,
        pub(super) frozen_at: Option<Timestamp>,
        pub(super) slot: Option<Slot>,
        pub(super) value: Option<String>,
        pub(super) confirmed_at: Option<Timestamp>,
        pub(super) bouncing_at: Option<Timestamp>,
    }
}

/// The parts of a change that a sending makes.
pub(super) struct NewChange<'a> {
    pub(super) key: &'a str,
    pub(super) ticket: TicketId,
    pub(super) code_hash: [u8; 32],
    pub(super) code_until: Timestamp,
    pub(super) asked_at: Timestamp,
    pub(super) until: Timestamp,
}

pub(super) fn find_frozen(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<Timestamp>, Error> {
    let card: Option<Option<Timestamp>> = tx.optional(
        "select frozen_at from contact_card where account_id = $1",
        params![account],
    )?;
    Ok(card.flatten())
}

/// The card, if there is one, beside each contact in force.
pub(super) fn list_with_card(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<CardRow>, Error> {
    tx.list(
        "select k.version, k.changed_at, k.frozen_at, c.slot, c.value, c.confirmed_at, c.bouncing_at
         from account a left join contact_card k on k.account_id = a.id left join contact c on c.account_id = a.id
         where a.id = $1",
        params![account],
    )
}

pub(super) fn raise_version(tx: &mut Tx<'_>, account: AccountId, now: Timestamp) -> Result<(), Error> {
    tx.execute(
        "insert into contact_card (account_id, version, changed_at) values ($1, 1, $2)
         on conflict (account_id) do update
             set version = contact_card.version + 1, changed_at = excluded.changed_at",
        params![account, now],
    )?;
    Ok(())
}

pub(super) fn freeze(tx: &mut Tx<'_>, account: AccountId, now: Timestamp) -> Result<(), Error> {
    tx.execute(
        "insert into contact_card (account_id, version, changed_at, frozen_at) values ($1, 1, $2, $2)
         on conflict (account_id) do update
             set version = contact_card.version + 1, changed_at = excluded.changed_at,
                 frozen_at = excluded.frozen_at",
        params![account, now],
    )?;
    Ok(())
}

pub(super) fn list(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Row>, Error> {
    tx.list(
        "select slot, value, key, confirmed_at, bouncing_at from contact where account_id = $1 order by slot",
        params![account],
    )
}

pub(super) fn find(tx: &mut Tx<'_>, account: AccountId, slot: Slot) -> Result<Option<Row>, Error> {
    tx.optional(
        "select slot, value, key, confirmed_at, bouncing_at from contact where account_id = $1 and slot = $2",
        params![account, slot],
    )
}

pub(super) fn upsert(
    tx: &mut Tx<'_>,
    account: AccountId,
    slot: Slot,
    value: &Value,
    confirmed_at: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "insert into contact (account_id, slot, value, key, confirmed_at) values ($1, $2, $3, $4, $5)
         on conflict (account_id, slot) do update
             set value = excluded.value, key = excluded.key, confirmed_at = excluded.confirmed_at, bouncing_at = null",
        params![account, slot, value.as_str(), value.key(), confirmed_at],
    )?;
    Ok(())
}

pub(super) fn delete(tx: &mut Tx<'_>, account: AccountId, slot: Slot) -> Result<(), Error> {
    tx.execute(
        "delete from contact where account_id = $1 and slot = $2",
        params![account, slot],
    )?;
    Ok(())
}

pub(super) fn update_bouncing(
    tx: &mut Tx<'_>,
    account: AccountId,
    value: &str,
    at: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "update contact set bouncing_at = $1 where account_id = $2 and value = $3",
        params![at, account, value],
    )?;
    Ok(())
}

pub(super) fn update_reached(tx: &mut Tx<'_>, account: AccountId, value: &str) -> Result<(), Error> {
    tx.execute(
        "update contact set bouncing_at = null
         where account_id = $1 and value = $2 and bouncing_at is not null",
        params![account, value],
    )?;
    Ok(())
}

pub(super) fn list_changes(
    tx: &mut Tx<'_>,
    account: AccountId,
    now: Timestamp,
) -> Result<Vec<ChangeRow>, Error> {
    tx.list(
        "select c.slot, c.value, c.key, c.ticket_id, t.session_id, t.tries_left, c.code_hash, c.code_until, c.asked_at, c.until,
             c.sent_at, c.bouncing_at
         from contact_change c join ticket t on t.id = c.ticket_id
         where c.account_id = $1 and t.used_at is null and t.expires_at > $2",
        params![account, now],
    )
}

pub(super) fn find_change(
    tx: &mut Tx<'_>,
    account: AccountId,
    slot: Slot,
    now: Timestamp,
) -> Result<Option<ChangeRow>, Error> {
    Ok(list_changes(tx, account, now)?
        .into_iter()
        .find(|row| row.slot == slot))
}

pub(super) fn insert_change(
    tx: &mut Tx<'_>,
    now: Timestamp,
    asked: &Asked,
    change: &NewChange<'_>,
) -> Result<(), Error> {
    tx.execute(
        "insert into contact_change (account_id, slot, value, key, ticket_id, code_hash, code_until, asked_at, until,
             sent_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (account_id, slot) do update
             set value = excluded.value, key = excluded.key, ticket_id = excluded.ticket_id,
                 code_hash = excluded.code_hash, code_until = excluded.code_until, asked_at = excluded.asked_at,
                 until = excluded.until, sent_at = excluded.sent_at, bouncing_at = null",
        params![
            asked.account,
            asked.slot,
            asked.value.as_str(),
            change.key,
            change.ticket,
            change.code_hash,
            change.code_until,
            change.asked_at,
            change.until,
            now
        ],
    )?;
    Ok(())
}

pub(super) fn delete_change(
    tx: &mut Tx<'_>,
    account: AccountId,
    slot: Slot,
) -> Result<Option<TicketId>, Error> {
    tx.optional(
        "delete from contact_change where account_id = $1 and slot = $2 returning ticket_id",
        params![account, slot],
    )
}

pub(super) fn update_change_bouncing(
    tx: &mut Tx<'_>,
    account: AccountId,
    value: &str,
    now: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "update contact_change set bouncing_at = $1 where account_id = $2 and value = $3",
        params![now, account, value],
    )?;
    Ok(())
}

pub(super) fn find_old_change(tx: &mut Tx<'_>, now: Timestamp) -> Result<Option<Timestamp>, Error> {
    tx.optional(
        "select until from contact_change where until <= $1 order by until limit 1",
        params![now],
    )
}

pub(super) fn delete_old_changes(tx: &mut Tx<'_>, now: Timestamp, limit: u32) -> Result<u64, Error> {
    tx.execute(
        "delete from contact_change where ticket_id in (
             select ticket_id from contact_change where until <= $1 order by until limit $2)",
        params![now, limit],
    )
}

pub(super) fn find_login(tx: &mut Tx<'_>, key: &str) -> Result<Option<AccountId>, Error> {
    tx.optional(
        "select account_id from contact_login where key = $1 and held_until is null",
        params![key],
    )
}

/// Whoever has the address, or holds it for an undo.
pub(super) fn find_owner(tx: &mut Tx<'_>, key: &str, now: Timestamp) -> Result<Option<AccountId>, Error> {
    tx.optional(
        "select account_id from contact_login where key = $1 and (held_until is null or held_until > $2)",
        params![key, now],
    )
}

/// Changes no row when another account has the address, or holds it for an undo.
pub(super) fn upsert_login(
    tx: &mut Tx<'_>,
    key: &str,
    account: AccountId,
    slot: Slot,
    now: Timestamp,
) -> Result<u64, Error> {
    tx.execute(
        "insert into contact_login (key, account_id, slot) values ($1, $2, $3)
         on conflict (key) do update set account_id = excluded.account_id, slot = excluded.slot, held_until = null
         where contact_login.account_id = excluded.account_id or contact_login.held_until <= $4",
        params![key, account, slot, now],
    )
}

pub(super) fn update_login_held(
    tx: &mut Tx<'_>,
    account: AccountId,
    slot: Slot,
    kept: &str,
    held_until: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "update contact_login set held_until = $1
         where account_id = $2 and slot = $3 and key <> $4 and held_until is null",
        params![held_until, account, slot, kept],
    )?;
    Ok(())
}

pub(super) fn find_released_login(tx: &mut Tx<'_>, now: Timestamp) -> Result<Option<Timestamp>, Error> {
    tx.optional(
        "select held_until from contact_login where held_until <= $1 order by held_until limit 1",
        params![now],
    )
}

pub(super) fn delete_released_logins(tx: &mut Tx<'_>, now: Timestamp, limit: u32) -> Result<u64, Error> {
    tx.execute(
        "delete from contact_login where key in (
             select key from contact_login where held_until <= $1 order by held_until limit $2)",
        params![now, limit],
    )
}

db::record! {
    /// What became of the codes to a range of numbers.
    pub(super) struct PrefixCounts {
        pub(super) sent: u32,
        pub(super) answered: u32,
    }
}

pub(super) fn add_prefix(
    tx: &mut Tx<'_>,
    prefix: &str,
    hour: Timestamp,
    pot: u32,
    add: &PrefixCounts,
) -> Result<(), Error> {
    tx.execute(
        "insert into sms_prefix (prefix, hour, pot, sent, answered) values ($1, $2, $3, $4, $5)
         on conflict (prefix, hour, pot) do update
             set sent = sms_prefix.sent + excluded.sent, answered = sms_prefix.answered + excluded.answered",
        params![prefix, hour, pot, add.sent, add.answered],
    )?;
    Ok(())
}

pub(super) fn find_prefix(
    tx: &mut Tx<'_>,
    prefix: &str,
    since: Timestamp,
    before: Timestamp,
) -> Result<PrefixCounts, Error> {
    tx.one(
        "select cast(coalesce(sum(sent), 0) as bigint), cast(coalesce(sum(answered), 0) as bigint)
         from sms_prefix where prefix = $1 and hour >= $2 and hour < $3",
        params![prefix, since, before],
    )
}

pub(super) fn list_prefixes(
    tx: &mut Tx<'_>,
    since: Timestamp,
    before: Timestamp,
    at_least: u32,
) -> Result<Vec<(String, u32, u32)>, Error> {
    tx.list(
        "select prefix, cast(sum(sent) as bigint), cast(sum(answered) as bigint)
         from sms_prefix where hour >= $1 and hour < $2
         group by prefix having sum(sent) >= $3 order by prefix",
        params![since, before, at_least],
    )
}

pub(super) fn find_old_prefix(tx: &mut Tx<'_>, before: Timestamp) -> Result<Option<Timestamp>, Error> {
    tx.optional(
        "select hour from sms_prefix where hour < $1 order by hour limit 1",
        params![before],
    )
}

pub(super) fn delete_prefixes(tx: &mut Tx<'_>, before: Timestamp, limit: u32) -> Result<u64, Error> {
    tx.execute(
        "delete from sms_prefix where (prefix, hour, pot) in
             (select prefix, hour, pot from sms_prefix where hour < $1 order by hour limit $2)",
        params![before, limit],
    )
}
