use db::{Error, Timestamp, Tx, params};

use crate::account::AccountId;
use crate::binding::AuthenticatorId;
use crate::provider::ProviderKey;

db::record! {
    /// An identity with what every way in has.
    pub struct Row {
        pub authenticator: AuthenticatorId,
        pub account: AccountId,
        pub bound_at: Timestamp,
        pub last_used_at: Option<Timestamp>,
        pub arrival: Vec<u8>,
        pub assurance: Option<String>,
        pub suspended_at: Option<Timestamp>,
    }
}

/// An identity to be stored.
pub(super) struct NewIdentity<'a> {
    pub(super) provider: &'a ProviderKey,
    pub(super) identity: [u8; 32],
    pub(super) arrival: &'a [u8],
    pub(super) assurance: Option<&'a str>,
}

pub(super) fn find(
    tx: &mut Tx<'_>,
    provider: &ProviderKey,
    identity: &[u8; 32],
) -> Result<Option<Row>, Error> {
    tx.optional(
        "select a.id, a.account_id, a.bound_at, a.last_used_at, e.arrival, e.assurance, e.suspended_at
         from external_identity e join authenticator a on a.id = e.authenticator_id
         where e.provider = $1 and e.identity = $2",
        params![provider, identity],
    )
}

pub(super) fn find_provider(tx: &mut Tx<'_>, id: AuthenticatorId) -> Result<Option<ProviderKey>, Error> {
    tx.optional(
        "select provider from external_identity where authenticator_id = $1",
        params![id],
    )
}

pub(super) fn list(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Row>, Error> {
    tx.list(
        "select a.id, a.account_id, a.bound_at, a.last_used_at, e.arrival, e.assurance, e.suspended_at
         from external_identity e join authenticator a on a.id = e.authenticator_id
         where e.account_id = $1 order by a.bound_at desc, a.id desc",
        params![account],
    )
}

/// Changes no row when the identity, or one of the same provider in this account, is linked already.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    id: AuthenticatorId,
    account: AccountId,
    new: &NewIdentity<'_>,
) -> Result<u64, Error> {
    tx.execute(
        "insert into external_identity (authenticator_id, account_id, provider, identity, arrival, assurance)
         values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
        params![
            id,
            account,
            new.provider,
            new.identity,
            new.arrival,
            new.assurance
        ],
    )
}

pub(super) fn update_arrival(tx: &mut Tx<'_>, id: AuthenticatorId, arrival: &[u8]) -> Result<(), Error> {
    tx.execute(
        "update external_identity set arrival = $1 where authenticator_id = $2",
        params![arrival, id],
    )?;
    Ok(())
}

pub(super) fn update_suspended(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: AuthenticatorId,
    at: Option<Timestamp>,
) -> Result<u64, Error> {
    tx.execute(
        "update external_identity set suspended_at = $1 where authenticator_id = $2 and account_id = $3",
        params![at, id, account],
    )
}

pub(super) fn delete(tx: &mut Tx<'_>, id: AuthenticatorId) -> Result<u64, Error> {
    tx.execute(
        "delete from external_identity where authenticator_id = $1",
        params![id],
    )
}
