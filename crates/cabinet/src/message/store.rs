use db::{Error, Timestamp, Tx, params};

use super::recent::Counts;
use super::{Channel, Message, MessageId, State};
use crate::account::{AccountId, Language};

db::record! {
    /// What a claim reads.
    pub(super) struct Row {
        pub(super) id: MessageId,
        pub(super) fence: i64,
        pub(super) account: Option<AccountId>,
        pub(super) channel: Channel,
        pub(super) recipient: String,
        pub(super) language: Language,
        pub(super) created_at: Timestamp,
        pub(super) attempts: u32,
        pub(super) notice: Option<Vec<u8>>,
        pub(super) body: Option<Vec<u8>>,
    }
}

db::record! {
    /// What the list reads.
    pub(super) struct RecentRow {
        pub(super) id: MessageId,
        pub(super) created_at: Timestamp,
        pub(super) channel: Channel,
        pub(super) recipient: String,
        pub(super) language: Language,
        pub(super) kind: String,
        pub(super) state: State,
        pub(super) attempts: u32,
        pub(super) maybe_duplicate: bool,
        pub(super) reason: Option<String>,
        pub(super) body: Option<Vec<u8>>,
    }
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    now: Timestamp,
    id: MessageId,
    message: &Message,
    notice: &[u8],
) -> Result<(), Error> {
    tx.execute(
        "insert into message (id, account_id, channel, recipient, language, kind, notice, state, created_at, expires_at,
             due_at, attempts, fence, handing_over, maybe_duplicate)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9, 0, 0, 0, 0)",
        params![
            id,
            message.account,
            message.to.channel(),
            message.to.address(),
            message.language,
            message.notice.kind(),
            notice,
            State::Queued,
            now,
            message.notice.expires_at()
        ],
    )?;
    Ok(())
}

pub(super) fn update_due(
    tx: &mut Tx<'_>,
    now: Timestamp,
    channel: Channel,
    recipient: &str,
) -> Result<u64, Error> {
    tx.execute(
        "update message set due_at = $1
         where channel = $2 and recipient = $3 and state = 'queued' and due_at > $1",
        params![now, channel, recipient],
    )
}

/// Like the choice of [`claim`], but stops at the first.
pub(super) fn find_due(
    tx: &mut Tx<'_>,
    now: Timestamp,
    channel: Channel,
) -> Result<Option<MessageId>, Error> {
    tx.optional(
        "select m.id from message m
         where m.state = 'queued' and m.channel = $1 and m.due_at <= $2
             and (m.leased_until is null or m.leased_until <= $2)
             and not exists (
                 select 1 from message earlier
                 where earlier.recipient = m.recipient and earlier.state = 'queued'
                     and earlier.channel = m.channel
                     and (earlier.created_at < m.created_at
                         or (earlier.created_at = m.created_at and earlier.id < m.id)))
         limit 1",
        params![channel, now],
    )
}

pub(super) fn update_expired(tx: &mut Tx<'_>, now: Timestamp, channel: Channel) -> Result<u64, Error> {
    tx.execute(
        "update message set state = 'expired', settled_at = $1, notice = null, body = null
         where state = 'queued' and channel = $2 and expires_at <= $1
             and (leased_until is null or leased_until <= $1)",
        params![now, channel],
    )
}

/// Only the oldest message to a recipient can be claimed; what an earlier claim may have handed over is marked.
pub(super) fn claim(
    tx: &mut Tx<'_>,
    now: Timestamp,
    leased_until: Timestamp,
    channel: Channel,
    limit: u32,
) -> Result<Vec<Row>, Error> {
    tx.list(
        "update message set leased_until = $1, fence = fence + 1, attempts = attempts + 1, handing_over = 0,
             maybe_duplicate = case when handing_over = 1 then 1 else maybe_duplicate end
         where id in (
             select m.id from message m
             where m.state = 'queued' and m.channel = $2 and m.due_at <= $3
                 and (m.leased_until is null or m.leased_until <= $3)
                 and not exists (
                     select 1 from message earlier
                     where earlier.recipient = m.recipient and earlier.state = 'queued'
                         and earlier.channel = m.channel
                         and (earlier.created_at < m.created_at
                             or (earlier.created_at = m.created_at and earlier.id < m.id)))
             order by m.due_at limit $4)
         returning id, fence, account_id, channel, recipient, language, created_at, attempts, notice, body",
        params![leased_until, channel, now, limit],
    )
}

pub(super) fn update_handing_over(
    tx: &mut Tx<'_>,
    id: MessageId,
    fence: i64,
    now: Timestamp,
    body: &[u8],
) -> Result<u64, Error> {
    tx.execute(
        "update message set handing_over = 1, body = case when body is null then $1 else body end
         where id = $2 and fence = $3 and state = 'queued' and leased_until > $4",
        params![body, id, fence, now],
    )
}

pub(super) fn update_sent(
    tx: &mut Tx<'_>,
    id: MessageId,
    fence: i64,
    now: Timestamp,
    keep: bool,
) -> Result<u64, Error> {
    tx.execute(
        "update message set state = 'sent', settled_at = $1, leased_until = null, handing_over = 0, reason = null,
             notice = null, body = case when $2 = 1 then body else null end
         where id = $3 and fence = $4 and state = 'queued'",
        params![now, keep, id, fence],
    )
}

pub(super) fn update_retry(
    tx: &mut Tx<'_>,
    id: MessageId,
    fence: i64,
    due_at: Timestamp,
    maybe_taken: bool,
    reason: &str,
) -> Result<u64, Error> {
    tx.execute(
        "update message set due_at = $1, leased_until = null, handing_over = 0, reason = $2,
             maybe_duplicate = case when $3 = 1 then 1 else maybe_duplicate end
         where id = $4 and fence = $5 and state = 'queued'",
        params![due_at, reason, maybe_taken, id, fence],
    )
}

/// A dead letter keeps its address and reason; the words are of no use to anybody.
pub(super) fn update_dead(
    tx: &mut Tx<'_>,
    id: MessageId,
    fence: i64,
    now: Timestamp,
    reason: &str,
) -> Result<u64, Error> {
    tx.execute(
        "update message set state = 'dead', settled_at = $1, leased_until = null, handing_over = 0, reason = $2,
             notice = null, body = null
         where id = $3 and fence = $4 and state = 'queued'",
        params![now, reason, id, fence],
    )
}

pub(super) fn list_recent(tx: &mut Tx<'_>, limit: u32) -> Result<Vec<RecentRow>, Error> {
    tx.list(
        "select id, created_at, channel, recipient, language, kind, state, attempts, maybe_duplicate, reason, body
         from message order by created_at desc, id desc limit $1",
        params![limit],
    )
}

pub(super) fn count(tx: &mut Tx<'_>) -> Result<Counts, Error> {
    tx.one(
        "select (select count(*) from message where state = 'queued'),
             (select count(*) from message where state = 'dead')",
        params![],
    )
}

pub(super) fn find_settled(tx: &mut Tx<'_>, before: Timestamp) -> Result<Option<Timestamp>, Error> {
    tx.optional(
        "select settled_at from message where settled_at < $1 order by settled_at limit 1",
        params![before],
    )
}

pub(super) fn delete_settled(tx: &mut Tx<'_>, before: Timestamp, limit: u32) -> Result<u64, Error> {
    tx.execute(
        "delete from message where id in (
             select id from message where settled_at < $1 order by settled_at limit $2)",
        params![before, limit],
    )
}
