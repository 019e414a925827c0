use db::{Error, Timestamp, Tx, params};

use super::ProviderKey;
use crate::account::AccountId;
use crate::binding::AuthenticatorId;

db::record! {
    /// A provider that is switched off.
    pub struct OffRow {
        pub provider: ProviderKey,
        pub since: Timestamp,
        pub by_whom: String,
    }
}

pub(super) fn find_off(tx: &mut Tx<'_>, key: &ProviderKey) -> Result<Option<Timestamp>, Error> {
    tx.optional("select since from provider_off where provider = $1", params![key])
}

pub(super) fn list_off(tx: &mut Tx<'_>) -> Result<Vec<OffRow>, Error> {
    tx.list(
        "select provider, since, by_whom from provider_off order by provider",
        params![],
    )
}

pub(super) fn insert_off(
    tx: &mut Tx<'_>,
    key: &ProviderKey,
    now: Timestamp,
    by_whom: &str,
) -> Result<u64, Error> {
    tx.execute(
        "insert into provider_off (provider, since, by_whom) values ($1, $2, $3) on conflict do nothing",
        params![key, now, by_whom],
    )
}

pub(super) fn delete_off(tx: &mut Tx<'_>, key: &ProviderKey) -> Result<u64, Error> {
    tx.execute("delete from provider_off where provider = $1", params![key])
}

pub(super) fn list_linked(
    tx: &mut Tx<'_>,
    key: &ProviderKey,
) -> Result<Vec<(AccountId, AuthenticatorId)>, Error> {
    tx.list(
        "select account_id, authenticator_id from external_identity
         where provider = $1 and suspended_at is null order by account_id",
        params![key],
    )
}

pub(super) fn update_sessions_ended(
    tx: &mut Tx<'_>,
    key: &ProviderKey,
    now: Timestamp,
) -> Result<u64, Error> {
    tx.execute(
        "update session set ended_at = $1 where ended_at is null and authenticator_id in
             (select authenticator_id from external_identity where provider = $2)",
        params![now, key],
    )
}
