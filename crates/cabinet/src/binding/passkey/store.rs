use db::{Error, Timestamp, Tx, params};

use crate::account::AccountId;
use crate::binding::{AuthenticatorId, BoundBy};

db::record! {
    /// A passkey that is in force, to check against.
    pub struct KeyRow {
        pub authenticator: AuthenticatorId,
        pub account: AccountId,
        pub bound_at: Timestamp,
        pub public_key: Vec<u8>,
        /// The account that the device names as the owner; none where that is the account itself.
        pub made_for: Option<AccountId>,
    }
}

db::record! {
    /// A passkey that is in force, as the list shows it.
    pub struct PasskeyRow {
        pub id: AuthenticatorId,
        pub bound_at: Timestamp,
        pub bound_by: BoundBy,
        pub last_used_at: Option<Timestamp>,
        pub name: String,
        pub may_be_backed_up: bool,
        pub is_backed_up: bool,
        pub credential_id: Vec<u8>,
    }
}

/// A passkey to be stored.
pub(super) struct NewPasskey<'a> {
    pub(super) credential_id: &'a [u8],
    pub(super) public_key: &'a [u8],
    pub(super) name: &'a str,
    pub(super) counter: u32,
    pub(super) may_be_backed_up: bool,
    pub(super) is_backed_up: bool,
    pub(super) model: [u8; 16],
}

/// What a use of a passkey says of it.
pub(super) struct Use {
    pub(super) counter: u32,
    pub(super) may_be_backed_up: bool,
    pub(super) is_backed_up: bool,
}

pub(super) fn insert(tx: &mut Tx<'_>, id: AuthenticatorId, new: &NewPasskey<'_>) -> Result<u64, Error> {
    tx.execute(
        "insert into passkey (authenticator_id, credential_id, public_key, name, counter, may_be_backed_up,
             is_backed_up, model)
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing",
        params![
            id,
            new.credential_id,
            new.public_key,
            new.name,
            new.counter,
            new.may_be_backed_up,
            new.is_backed_up,
            new.model
        ],
    )
}

pub(super) fn find(tx: &mut Tx<'_>, credential_id: &[u8]) -> Result<Option<KeyRow>, Error> {
    tx.optional(
        "select a.id, a.account_id, a.bound_at, p.public_key, p.made_for
         from passkey p join authenticator a on a.id = p.authenticator_id
         where p.credential_id = $1 and a.removed_at is null",
        params![credential_id],
    )
}

pub(in crate::binding) fn list(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<PasskeyRow>, Error> {
    tx.list(
        "select a.id, a.bound_at, a.bound_by, a.last_used_at, p.name, p.may_be_backed_up, p.is_backed_up,
             p.credential_id
         from passkey p join authenticator a on a.id = p.authenticator_id
         where a.account_id = $1 and a.removed_at is null order by a.bound_at desc, a.id desc",
        params![account],
    )
}

/// The name of a passkey of this account.
pub(in crate::binding) fn find_name(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: AuthenticatorId,
) -> Result<Option<String>, Error> {
    tx.optional(
        "select p.name from passkey p join authenticator a on a.id = p.authenticator_id
         where a.id = $1 and a.account_id = $2 and a.removed_at is null",
        params![id, account],
    )
}

/// Notes a use; a counter that did not grow changes nothing (WebAuthn, 6.1.1). Zero means that the device does not count.
pub(super) fn update_used(tx: &mut Tx<'_>, id: AuthenticatorId, used: &Use) -> Result<u64, Error> {
    tx.execute(
        "update passkey set counter = $1, may_be_backed_up = $2, is_backed_up = $3
         where authenticator_id = $4 and (counter < $1 or (counter = 0 and $1 = 0))",
        params![used.counter, used.may_be_backed_up, used.is_backed_up, id],
    )
}

pub(super) fn update_name(tx: &mut Tx<'_>, id: AuthenticatorId, name: &str) -> Result<u64, Error> {
    tx.execute(
        "update passkey set name = $1 where authenticator_id = $2",
        params![name, id],
    )
}
