use db::{Error, Timestamp, Tx, params};

use super::RenewalId;
use crate::account::AccountId;
use crate::binding::AuthenticatorId;

db::record! {
    /// A statement about a certificate that has come.
    pub struct WaitingRow {
        pub id: RenewalId,
        pub account: AccountId,
    }
}

db::record! {
    /// A statement, as its owner sees it.
    pub struct RenewalRow {
        pub id: RenewalId,
        pub serial: String,
        pub not_after: Timestamp,
        pub made_at: Timestamp,
        pub revoked_at: Option<Timestamp>,
        pub used_at: Option<Timestamp>,
    }
}

/// A statement to be stored.
pub(super) struct New<'a> {
    pub(super) id: RenewalId,
    pub(super) authenticator: AuthenticatorId,
    pub(super) fingerprint: [u8; 32],
    pub(super) public_key_digest: [u8; 32],
    pub(super) serial: &'a str,
    pub(super) not_after: Timestamp,
    pub(super) statement: &'a str,
    pub(super) signature: &'a [u8],
}

pub(super) fn insert(tx: &mut Tx<'_>, now: Timestamp, new: &New<'_>) -> Result<(), Error> {
    tx.execute(
        "insert into renewal (id, authenticator_id, fingerprint, public_key_digest, serial, not_after, statement,
             signature, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            new.id,
            new.authenticator,
            new.fingerprint,
            new.public_key_digest,
            new.serial,
            new.not_after,
            new.statement,
            new.signature,
            now
        ],
    )?;
    Ok(())
}

/// Statements that count about this certificate.
pub(super) fn list_waiting(tx: &mut Tx<'_>, fingerprint: &[u8; 32]) -> Result<Vec<WaitingRow>, Error> {
    tx.list(
        "select r.id, a.account_id from renewal r join authenticator a on a.id = r.authenticator_id
         where r.fingerprint = $1 and r.revoked_at is null and r.used_at is null and a.removed_at is null",
        params![fingerprint],
    )
}

pub(super) fn list(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<RenewalRow>, Error> {
    tx.list(
        "select r.id, r.serial, r.not_after, r.made_at, r.revoked_at, r.used_at
         from renewal r join authenticator a on a.id = r.authenticator_id
         where a.account_id = $1 order by r.made_at desc, r.id desc",
        params![account],
    )
}

pub(super) fn find_evidence(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: RenewalId,
) -> Result<Option<(String, Vec<u8>)>, Error> {
    tx.optional(
        "select r.statement, r.signature from renewal r join authenticator a on a.id = r.authenticator_id
         where r.id = $1 and a.account_id = $2",
        params![id, account],
    )
}

pub(super) fn update_used(tx: &mut Tx<'_>, now: Timestamp, id: RenewalId) -> Result<u64, Error> {
    tx.execute(
        "update renewal set used_at = $1 where id = $2 and used_at is null and revoked_at is null",
        params![now, id],
    )
}

pub(super) fn update_revoked(
    tx: &mut Tx<'_>,
    now: Timestamp,
    account: AccountId,
    id: RenewalId,
) -> Result<u64, Error> {
    tx.execute(
        "update renewal set revoked_at = $1
         where id = $2 and used_at is null and revoked_at is null
             and authenticator_id in (select a.id from authenticator a where a.account_id = $3)",
        params![now, id, account],
    )
}

/// A newer statement about the same certificate takes the place of this account's older ones.
pub(super) fn revoke_older(
    tx: &mut Tx<'_>,
    now: Timestamp,
    account: AccountId,
    fingerprint: &[u8; 32],
) -> Result<(), Error> {
    tx.execute(
        "update renewal set revoked_at = $1
         where fingerprint = $2 and used_at is null and revoked_at is null
             and authenticator_id in (select a.id from authenticator a where a.account_id = $3)",
        params![now, fingerprint, account],
    )?;
    Ok(())
}
