use db::{Error, Timestamp, Tx, params};

use super::{AssistedId, Officer, Request};
use crate::account::AccountId;

db::text_enum! {
    /// How it ended.
    pub(super) enum Ending {
        /// The person came in.
        Used = "used",
        /// One of the contacts that were told said no.
        Stopped = "stopped",
        /// One of the operator's people gave it up.
        Cancelled = "cancelled",
        /// The account was recovered otherwise, or went into another.
        Void = "void",
    }
}

db::record! {
    /// A recovery that has not ended.
    pub(super) struct Row {
        pub id: AssistedId,
        pub account: AccountId,
        pub reason: String,
        pub skips_second_factor: i64,
        pub asked_at: Timestamp,
        pub asked_by: String,
        pub asked_by_account: Option<AccountId>,
        pub approved_at: Option<Timestamp>,
        pub approved_by: Option<String>,
        pub second_half: Option<Vec<u8>>,
        pub open_from: Option<Timestamp>,
        pub until: Timestamp,
    }
}

impl Row {
    pub(super) fn asked_by(&self) -> Officer {
        Officer {
            name: self.asked_by.clone(),
            account: self.asked_by_account,
        }
    }
}

/// Those that have not ended, and `$which`.
macro_rules! select_open {
    ($which:literal) => {
        concat!(
            "select id, account_id, reason, skips_second_factor, asked_at, asked_by, asked_by_account, approved_at,
                 approved_by, second_half, open_from, until
             from assisted_recovery where ended_at is null and until > $1 ",
            $which
        )
    };
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    id: AssistedId,
    request: &Request,
    officer: &Officer,
    half: [u8; 32],
    now: Timestamp,
    until: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "insert into assisted_recovery (id, account_id, reason, skips_second_factor, asked_at, asked_by, asked_by_account,
             first_half, until)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            id,
            request.account,
            request.reason,
            i64::from(request.skips_second_factor),
            now,
            officer.name,
            officer.account,
            half,
            until
        ],
    )?;
    Ok(())
}

pub(super) fn find(tx: &mut Tx<'_>, id: AssistedId, now: Timestamp) -> Result<Option<Row>, Error> {
    tx.optional(select_open!("and id = $2"), params![now, id])
}

pub(super) fn find_open(tx: &mut Tx<'_>, account: AccountId, now: Timestamp) -> Result<Option<Row>, Error> {
    tx.optional(select_open!("and account_id = $2"), params![now, account])
}

pub(super) fn find_by_half(tx: &mut Tx<'_>, half: [u8; 32], now: Timestamp) -> Result<Option<Row>, Error> {
    tx.optional(select_open!("and first_half = $2"), params![now, half])
}

pub(super) fn list(tx: &mut Tx<'_>, now: Timestamp) -> Result<Vec<Row>, Error> {
    tx.list(select_open!("order by id"), params![now])
}

pub(super) fn update_approved(
    tx: &mut Tx<'_>,
    id: AssistedId,
    officer: &Officer,
    half: [u8; 32],
    now: Timestamp,
    open_from: Timestamp,
    until: Timestamp,
) -> Result<u64, Error> {
    tx.execute(
        "update assisted_recovery
         set approved_at = $1, approved_by = $2, approved_by_account = $3, second_half = $4, open_from = $5, until = $6
         where id = $7 and approved_at is null and ended_at is null and until > $1",
        params![now, officer.name, officer.account, half, open_from, until, id],
    )
}

pub(super) fn update_ended(
    tx: &mut Tx<'_>,
    id: AssistedId,
    ending: Ending,
    now: Timestamp,
) -> Result<u64, Error> {
    tx.execute(
        "update assisted_recovery set ended_at = $1, ending = $2 where id = $3 and ended_at is null and until > $1",
        params![now, ending, id],
    )
}

pub(super) fn update_ended_by_account(
    tx: &mut Tx<'_>,
    account: AccountId,
    ending: Ending,
    now: Timestamp,
) -> Result<u64, Error> {
    tx.execute(
        "update assisted_recovery set ended_at = $1, ending = $2 where account_id = $3 and ended_at is null",
        params![now, ending, account],
    )
}
