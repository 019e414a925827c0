use db::{Error, Timestamp, Tx, params};

use super::{Issued, New, Purpose, TicketId};
use crate::account::AccountId;
use crate::session::SessionId;
use crate::{BrowserHash, SecretHash};

db::record! {
    /// What every look at a ticket reads.
    pub struct Row {
        pub id: TicketId,
        pub account: Option<AccountId>,
        pub session: Option<SessionId>,
        pub created_at: Timestamp,
        pub expires_at: Timestamp,
        pub payload: Vec<u8>,
    }
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    now: Timestamp,
    issued: &Issued,
    new: &New<'_>,
    payload: &[u8],
) -> Result<(), Error> {
    tx.execute(
        "insert into ticket (id, secret_hash, purpose, browser_hash, account_id, session_id, payload, created_at,
             expires_at, tries_left)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            issued.id,
            issued.secret.hash(),
            new.purpose,
            new.browser.map(|browser| *browser.as_bytes()),
            new.account,
            new.session,
            payload,
            now,
            now.plus(new.life),
            i64::from(new.tries)
        ],
    )?;
    Ok(())
}

pub(super) fn find(
    tx: &mut Tx<'_>,
    now: Timestamp,
    purpose: Purpose,
    secret: SecretHash,
    browser: Option<BrowserHash>,
) -> Result<Option<Row>, Error> {
    tx.optional(
        "select id, account_id, session_id, created_at, expires_at, payload from ticket
         where secret_hash = $1 and purpose = $2 and used_at is null and expires_at > $3
             and (browser_hash is null or browser_hash = $4)",
        params![secret, purpose, now, browser.map(|browser| *browser.as_bytes())],
    )
}

pub(super) fn find_by_id(
    tx: &mut Tx<'_>,
    now: Timestamp,
    purpose: Purpose,
    id: TicketId,
) -> Result<Option<Row>, Error> {
    tx.optional(
        "select id, account_id, session_id, created_at, expires_at, payload from ticket
         where id = $1 and purpose = $2 and used_at is null and expires_at > $3",
        params![id, purpose, now],
    )
}

pub(super) fn update_filled(
    tx: &mut Tx<'_>,
    id: TicketId,
    account: Option<AccountId>,
    payload: &[u8],
) -> Result<(), Error> {
    tx.execute(
        "update ticket set account_id = $1, payload = $2 where id = $3 and used_at is null",
        params![account, payload, id],
    )?;
    Ok(())
}

/// What became of a ticket: when it was used, whether it was ended unused.
pub(super) fn find_end(
    tx: &mut Tx<'_>,
    purpose: Purpose,
    secret: SecretHash,
) -> Result<Option<(Option<Timestamp>, i64)>, Error> {
    tx.optional(
        "select used_at, void from ticket where secret_hash = $1 and purpose = $2",
        params![secret, purpose],
    )
}

pub(super) fn list_since(
    tx: &mut Tx<'_>,
    now: Timestamp,
    purpose: Purpose,
    account: AccountId,
    since: Timestamp,
) -> Result<Vec<Row>, Error> {
    tx.list(
        "select id, account_id, session_id, created_at, expires_at, payload from ticket
         where account_id = $1 and purpose = $2 and used_at is null and expires_at > $3 and created_at >= $4",
        params![account, purpose, now, since],
    )
}

pub(super) fn take(
    tx: &mut Tx<'_>,
    now: Timestamp,
    purpose: Purpose,
    secret: SecretHash,
    browser: Option<BrowserHash>,
) -> Result<Option<Row>, Error> {
    tx.optional(
        "update ticket set used_at = $1
         where secret_hash = $2 and purpose = $3 and used_at is null and expires_at > $1
             and (browser_hash is null or browser_hash = $4)
         returning id, account_id, session_id, created_at, expires_at, payload",
        params![now, secret, purpose, browser.map(|browser| *browser.as_bytes())],
    )
}

pub(super) fn update_taken(
    tx: &mut Tx<'_>,
    now: Timestamp,
    purpose: Purpose,
    id: TicketId,
    browser: BrowserHash,
) -> Result<u64, Error> {
    tx.execute(
        "update ticket set used_at = $1
         where id = $2 and purpose = $3 and used_at is null and expires_at > $1 and browser_hash = $4",
        params![now, id, purpose, *browser.as_bytes()],
    )
}

pub(super) fn take_by_id(
    tx: &mut Tx<'_>,
    now: Timestamp,
    purpose: Purpose,
    id: TicketId,
) -> Result<Option<Row>, Error> {
    tx.optional(
        "update ticket set used_at = $1
         where id = $2 and purpose = $3 and used_at is null and expires_at > $1
         returning id, account_id, session_id, created_at, expires_at, payload",
        params![now, id, purpose],
    )
}

pub(super) fn update_tries(tx: &mut Tx<'_>, now: Timestamp, id: TicketId) -> Result<u64, Error> {
    tx.execute(
        "update ticket set tries_left = tries_left - 1
         where id = $1 and tries_left > 0 and used_at is null and expires_at > $2",
        params![id, now],
    )
}

pub(super) fn find_tries(tx: &mut Tx<'_>, id: TicketId) -> Result<Option<u32>, Error> {
    tx.optional("select tries_left from ticket where id = $1", params![id])
}

pub(super) fn update_used(tx: &mut Tx<'_>, now: Timestamp, id: TicketId) -> Result<u64, Error> {
    tx.execute(
        "update ticket set used_at = $1, void = 1 where id = $2 and used_at is null",
        params![now, id],
    )
}

pub(super) fn update_used_by_account(
    tx: &mut Tx<'_>,
    now: Timestamp,
    account: AccountId,
) -> Result<u64, Error> {
    tx.execute(
        // The ways back of a person who was robbed are no half-finished acts.
        "update ticket set used_at = $1, void = 1
         where account_id = $2 and used_at is null and purpose not in ('undo-contact', 'not-me')",
        params![now, account],
    )
}

pub(super) fn update_used_by_purpose(
    tx: &mut Tx<'_>,
    now: Timestamp,
    account: AccountId,
    purpose: Purpose,
) -> Result<u64, Error> {
    tx.execute(
        "update ticket set used_at = $1, void = 1 where account_id = $2 and purpose = $3 and used_at is null",
        params![now, account, purpose],
    )
}

pub(super) fn update_session(
    tx: &mut Tx<'_>,
    account: AccountId,
    old: SessionId,
    new: SessionId,
) -> Result<u64, Error> {
    tx.execute(
        "update ticket set session_id = $1
         where account_id = $2 and session_id = $3 and used_at is null
             and purpose in ('confirm-contact', 'merge', 'provider', 'provider-link', 'unknown-certificate')",
        params![new, account, old],
    )
}
