use db::{Encode, Error, Timestamp, Tx, params};

use super::{AuthenticatorId, BoundBy, Kind};
use crate::account::AccountId;
use crate::provider::ProviderKey;
use crate::session::SessionId;

db::record! {
    /// Whose a certificate is.
    pub struct BoundRow {
        pub authenticator: AuthenticatorId,
        pub account: AccountId,
        pub bound_at: Timestamp,
        pub removed_at: Option<Timestamp>,
    }
}

db::record! {
    /// A bound certificate with all its data.
    pub struct CertificateRow {
        pub id: AuthenticatorId,
        pub bound_at: Timestamp,
        pub bound_by: BoundBy,
        pub last_used_at: Option<Timestamp>,
        pub removed_at: Option<Timestamp>,
        pub owner: String,
        pub subject: String,
        pub issuer: String,
        pub serial: String,
        pub algorithm: String,
        pub not_before: Timestamp,
        pub not_after: Timestamp,
        pub fingerprint: [u8; 32],
        pub anchor_group: String,
        pub der: Option<Vec<u8>>,
    }
}

db::record! {
    /// A password, as the list shows it.
    pub struct PasswordLine {
        pub id: AuthenticatorId,
        pub bound_at: Timestamp,
        pub bound_by: BoundBy,
        pub last_used_at: Option<Timestamp>,
    }
}

db::record! {
    /// A password to check against.
    pub struct PasswordRow {
        pub authenticator: AuthenticatorId,
        pub bound_at: Timestamp,
        pub hash: String,
    }
}

db::record! {
    /// What is said of a certificate that goes.
    pub struct Leaving {
        pub owner: String,
        pub serial: String,
        pub issuer: String,
    }
}

db::record! {
    /// A way in that opens an account now.
    pub struct UsableRow {
        pub id: AuthenticatorId,
        pub kind: Kind,
        pub bound_at: Timestamp,
        pub provider: Option<ProviderKey>,
    }
}

/// A certificate to be stored.
pub(super) struct NewCertificate {
    pub(super) fingerprint: [u8; 32],
    pub(super) public_key_digest: [u8; 32],
    pub(super) anchor_group: String,
    pub(super) owner: String,
    pub(super) subject: String,
    pub(super) issuer: String,
    pub(super) serial: String,
    pub(super) algorithm: String,
    pub(super) not_before: Timestamp,
    pub(super) not_after: Timestamp,
    pub(super) remind_at: Option<Timestamp>,
    pub(super) der: Vec<u8>,
}

pub(super) fn find_certificate(tx: &mut Tx<'_>, fingerprint: &[u8; 32]) -> Result<Option<BoundRow>, Error> {
    tx.optional(
        "select a.id, a.account_id, a.bound_at, a.removed_at
         from certificate c join authenticator a on a.id = c.authenticator_id where c.fingerprint = $1",
        params![fingerprint],
    )
}

pub(super) fn find_bound_certificate(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: AuthenticatorId,
) -> Result<Option<Leaving>, Error> {
    tx.optional(
        "select c.owner, c.serial, c.issuer
         from certificate c join authenticator a on a.id = c.authenticator_id
         where a.id = $1 and a.account_id = $2 and a.removed_at is null",
        params![id, account],
    )
}

pub(super) fn find_password(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<PasswordRow>, Error> {
    tx.optional(
        "select a.id, a.bound_at, p.hash
         from password p join authenticator a on a.id = p.authenticator_id where p.account_id = $1",
        params![account],
    )
}

/// Nothing for what opens no account alone.
pub(super) fn find_kind(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: AuthenticatorId,
) -> Result<Option<Kind>, Error> {
    tx.optional(
        "select kind from authenticator
         where id = $1 and account_id = $2 and kind in ('password', 'external-identity', 'passkey', 'certificate')",
        params![id, account],
    )
}

/// Passwords, passkeys, certificates within their dates, and identities that are neither suspended nor switched off.
pub(super) fn list_usable(
    tx: &mut Tx<'_>,
    account: AccountId,
    now: Timestamp,
) -> Result<Vec<UsableRow>, Error> {
    tx.list(
        "select a.id, a.kind, a.bound_at, e.provider from authenticator a
             left join certificate c on c.authenticator_id = a.id
             left join external_identity e on e.authenticator_id = a.id
             left join provider_off o on o.provider = e.provider
         where a.account_id = $1 and a.removed_at is null and e.suspended_at is null and o.provider is null
             and a.kind not in ('totp', 'sms', 'recovery-code')
             and (c.authenticator_id is null or (c.not_before <= $2 and c.not_after >= $2))",
        params![account, now],
    )
}

pub(super) fn find_opener(tx: &mut Tx<'_>, session: SessionId) -> Result<Option<Kind>, Error> {
    tx.optional(
        "select a.kind from session s join authenticator a on a.id = s.authenticator_id where s.id = $1",
        params![session],
    )
}

pub(super) fn list_certificates(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<CertificateRow>, Error> {
    tx.list(
        "select a.id, a.bound_at, a.bound_by, a.last_used_at, a.removed_at, c.owner, c.subject, c.issuer, c.serial,
             c.algorithm, c.not_before, c.not_after, c.fingerprint, c.anchor_group, c.der
         from authenticator a join certificate c on c.authenticator_id = a.id
         where a.account_id = $1 order by a.bound_at desc, a.id desc",
        params![account],
    )
}

pub(super) fn list_passwords(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<PasswordLine>, Error> {
    tx.list(
        "select a.id, a.bound_at, a.bound_by, a.last_used_at
         from password p join authenticator a on a.id = p.authenticator_id where p.account_id = $1",
        params![account],
    )
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    id: AuthenticatorId,
    account: AccountId,
    kind: impl Encode + Sync,
    by: BoundBy,
    now: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "insert into authenticator (id, account_id, kind, bound_at, bound_by) values ($1, $2, $3, $4, $5)",
        params![id, account, kind, now, by],
    )?;
    Ok(())
}

pub(super) fn insert_certificate(
    tx: &mut Tx<'_>,
    id: AuthenticatorId,
    new: &NewCertificate,
) -> Result<u64, Error> {
    tx.execute(
        "insert into certificate (authenticator_id, fingerprint, public_key_digest, anchor_group, owner, subject,
             issuer, serial, algorithm, not_before, not_after, remind_at, der)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict do nothing",
        params![
            id,
            new.fingerprint,
            new.public_key_digest,
            new.anchor_group,
            new.owner,
            new.subject,
            new.issuer,
            new.serial,
            new.algorithm,
            new.not_before,
            new.not_after,
            new.remind_at,
            new.der
        ],
    )
}

pub(super) fn insert_password(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: AuthenticatorId,
    hash: &str,
) -> Result<(), Error> {
    tx.execute(
        "insert into password (account_id, authenticator_id, hash) values ($1, $2, $3)",
        params![account, id, hash],
    )?;
    Ok(())
}

pub(super) fn delete_password(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: AuthenticatorId,
) -> Result<u64, Error> {
    tx.execute(
        "delete from password where account_id = $1 and authenticator_id = $2",
        params![account, id],
    )
}

pub(super) fn update_password(tx: &mut Tx<'_>, account: AccountId, hash: &str) -> Result<(), Error> {
    tx.execute(
        "update password set hash = $1 where account_id = $2",
        params![hash, account],
    )?;
    Ok(())
}

pub(super) fn update_bound(tx: &mut Tx<'_>, id: AuthenticatorId, now: Timestamp) -> Result<(), Error> {
    tx.execute(
        "update authenticator set bound_at = $1 where id = $2",
        params![now, id],
    )?;
    Ok(())
}

pub(super) fn update_last_used(tx: &mut Tx<'_>, id: AuthenticatorId, now: Timestamp) -> Result<(), Error> {
    tx.execute(
        "update authenticator set last_used_at = $1 where id = $2",
        params![now, id],
    )?;
    Ok(())
}

pub(super) fn find_used(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<AuthenticatorId>, Error> {
    tx.optional(
        "select id from authenticator where account_id = $1 and last_used_at is not null limit 1",
        params![account],
    )
}

pub(super) fn update_removed(tx: &mut Tx<'_>, id: AuthenticatorId, now: Timestamp) -> Result<(), Error> {
    tx.execute(
        "update authenticator set removed_at = $1 where id = $2",
        params![now, id],
    )?;
    Ok(())
}

/// Takes back an insert whose data turned out to be another's.
pub(super) fn delete(tx: &mut Tx<'_>, id: AuthenticatorId) -> Result<u64, Error> {
    tx.execute("delete from authenticator where id = $1", params![id])
}
