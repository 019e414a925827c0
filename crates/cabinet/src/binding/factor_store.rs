use db::{Error, Timestamp, Tx, params};

use super::{AuthenticatorId, SecondFactor};
use crate::account::AccountId;

db::record! {
    /// A second factor of an account.
    pub struct Row {
        pub id: AuthenticatorId,
        pub factor: SecondFactor,
        pub bound_at: Timestamp,
        pub last_used_at: Option<Timestamp>,
        pub codes_left: i64,
    }
}

pub(super) fn list(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Row>, Error> {
    tx.list(
        "select a.id, a.kind, a.bound_at, a.last_used_at,
             (select count(*) from recovery_code r where r.account_id = a.account_id and r.used_at is null)
         from authenticator a
         where a.account_id = $1 and a.removed_at is null and a.kind in ('passkey', 'totp', 'sms', 'recovery-code')
         order by a.bound_at, a.id",
        params![account],
    )
}

pub(super) fn find(
    tx: &mut Tx<'_>,
    account: AccountId,
    factor: SecondFactor,
) -> Result<Option<AuthenticatorId>, Error> {
    tx.optional(
        "select id from authenticator where account_id = $1 and kind = $2 and removed_at is null
         order by bound_at limit 1",
        params![account, factor],
    )
}

/// What is to be removed, if it is a second factor of this account.
pub(super) fn find_by_id(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: AuthenticatorId,
) -> Result<Option<SecondFactor>, Error> {
    tx.optional(
        "select kind from authenticator
         where id = $1 and account_id = $2 and removed_at is null and kind in ('totp', 'sms', 'recovery-code')",
        params![id, account],
    )
}

pub(super) fn update_removed(
    tx: &mut Tx<'_>,
    account: AccountId,
    factor: SecondFactor,
    now: Timestamp,
) -> Result<u64, Error> {
    tx.execute(
        "update authenticator set removed_at = $1 where account_id = $2 and kind = $3 and removed_at is null",
        params![now, account, factor],
    )
}

pub(super) fn find_totp(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<Vec<u8>>, Error> {
    tx.optional("select seed from totp where account_id = $1", params![account])
}

pub(super) fn insert_totp(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: AuthenticatorId,
    seed: &[u8],
    last_step: i64,
) -> Result<u64, Error> {
    tx.execute(
        "insert into totp (account_id, authenticator_id, seed, last_step) values ($1, $2, $3, $4)
         on conflict do nothing",
        params![account, id, seed, last_step],
    )
}

/// Of two codes of one step the second changes nothing.
pub(super) fn update_last_step(tx: &mut Tx<'_>, account: AccountId, step: i64) -> Result<u64, Error> {
    tx.execute(
        "update totp set last_step = $1 where account_id = $2 and last_step < $1",
        params![step, account],
    )
}

pub(super) fn delete_totp(tx: &mut Tx<'_>, account: AccountId) -> Result<u64, Error> {
    tx.execute("delete from totp where account_id = $1", params![account])
}

pub(super) fn insert_recovery_code(
    tx: &mut Tx<'_>,
    account: AccountId,
    hash: [u8; 32],
    now: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "insert into recovery_code (account_id, code_hash, made_at) values ($1, $2, $3)",
        params![account, hash, now],
    )?;
    Ok(())
}

pub(super) fn update_recovery_code_used(
    tx: &mut Tx<'_>,
    account: AccountId,
    hash: [u8; 32],
    now: Timestamp,
) -> Result<u64, Error> {
    tx.execute(
        "update recovery_code set used_at = $1 where account_id = $2 and code_hash = $3 and used_at is null",
        params![now, account, hash],
    )
}

pub(super) fn count_recovery_codes(tx: &mut Tx<'_>, account: AccountId) -> Result<i64, Error> {
    tx.one(
        "select count(*) from recovery_code where account_id = $1 and used_at is null",
        params![account],
    )
}

pub(super) fn delete_recovery_codes(tx: &mut Tx<'_>, account: AccountId) -> Result<u64, Error> {
    tx.execute(
        "delete from recovery_code where account_id = $1",
        params![account],
    )
}
