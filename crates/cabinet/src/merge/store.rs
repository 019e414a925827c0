use db::{Error, Timestamp, Tx, params};
use serde::{Deserialize, Serialize};

use super::MergeId;
use crate::account::AccountId;
use crate::binding::{AuthenticatorId, Kind};
use crate::contact::Slot;
use crate::organisation::OrganisationId;
use crate::provider::ProviderKey;

db::record! {
    /// A merge that can be undone.
    pub struct Row {
        pub id: MergeId,
        pub kept: AccountId,
        pub merged: AccountId,
        pub merged_at: Timestamp,
        pub undo_until: Timestamp,
        pub moves: Vec<u8>,
    }
}

db::record! {
    /// A way in, and every certificate that ever was one.
    pub struct WayRow {
        pub id: AuthenticatorId,
        pub kind: Kind,
        pub is_removed: bool,
        pub provider: Option<ProviderKey>,
        /// The issuer of a certificate, the name of a passkey.
        pub name: Option<String>,
    }
}

db::record! {
    /// A contact in force.
    pub struct ContactRow {
        pub slot: Slot,
        pub value: String,
        pub key: String,
    }
}

db::record! {
    /// A number with who stated it.
    #[derive(Serialize, Deserialize)]
    pub struct StatedId {
        pub anchor_group: String,
        pub country: String,
        pub kind: String,
        pub value: String,
    }
}

/// A merge to be stored.
pub(super) struct NewMerge {
    pub(super) id: MergeId,
    pub(super) kept: AccountId,
    pub(super) merged: AccountId,
    pub(super) merged_at: Timestamp,
    pub(super) undo_until: Timestamp,
}

pub(super) fn insert(tx: &mut Tx<'_>, new: &NewMerge, moves: &[u8]) -> Result<(), Error> {
    tx.execute(
        "insert into account_merge (id, kept_id, merged_id, merged_at, undo_until, moves)
         values ($1, $2, $3, $4, $5, $6)",
        params![new.id, new.kept, new.merged, new.merged_at, new.undo_until, moves],
    )?;
    Ok(())
}

pub(super) fn find_undoable(tx: &mut Tx<'_>, id: MergeId, now: Timestamp) -> Result<Option<Row>, Error> {
    tx.optional(
        "select id, kept_id, merged_id, merged_at, undo_until, moves from account_merge
         where id = $1 and undone_at is null and undo_until > $2",
        params![id, now],
    )
}

pub(super) fn list_undoable(tx: &mut Tx<'_>, kept: AccountId, now: Timestamp) -> Result<Vec<Row>, Error> {
    tx.list(
        "select id, kept_id, merged_id, merged_at, undo_until, moves from account_merge
         where kept_id = $1 and undone_at is null and undo_until > $2 order by merged_at desc, id desc",
        params![kept, now],
    )
}

pub(super) fn update_undone(tx: &mut Tx<'_>, id: MergeId, now: Timestamp) -> Result<u64, Error> {
    tx.execute(
        "update account_merge set undone_at = $1 where id = $2 and undone_at is null and undo_until > $1",
        params![now, id],
    )
}

pub(super) fn update_merged_into(
    tx: &mut Tx<'_>,
    account: AccountId,
    into: Option<AccountId>,
) -> Result<(), Error> {
    tx.execute(
        "update account set merged_into = $1 where id = $2",
        params![into, account],
    )?;
    Ok(())
}

/// Whether the account may do anything for an organisation beside its own work.
pub(super) fn has_rights(tx: &mut Tx<'_>, account: AccountId) -> Result<bool, Error> {
    let right: Option<String> = tx.optional(
        "select right_name from membership_right where account_id = $1 limit 1",
        params![account],
    )?;
    Ok(right.is_some())
}

pub(super) fn list_ways(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<WayRow>, Error> {
    tx.list(
        "select a.id, a.kind, cast(case when a.removed_at is null then 0 else 1 end as bigint), e.provider, coalesce(c.issuer, p.name)
         from authenticator a
             left join certificate c on c.authenticator_id = a.id
             left join passkey p on p.authenticator_id = a.id
             left join external_identity e on e.authenticator_id = a.id
         where a.account_id = $1
             and (a.kind in ('certificate', 'passkey')
                 or (a.kind in ('password', 'external-identity') and a.removed_at is null))
         order by a.bound_at, a.id",
        params![account],
    )
}

/// Moves a way in, or a second factor, with its data; nothing if it is not the account's any more.
pub(super) fn carry(
    tx: &mut Tx<'_>,
    id: AuthenticatorId,
    from: AccountId,
    to: AccountId,
) -> Result<(), Error> {
    // the device goes on naming the account that it made the key for
    tx.execute(
        "update passkey set made_for = coalesce(made_for, $1) where authenticator_id = $2",
        params![from, id],
    )?;
    let codes = "update recovery_code set account_id = $1 where account_id = $2 and exists
             (select id from authenticator a where a.id = $3 and a.account_id = $2 and a.kind = 'recovery-code'
                  and a.removed_at is null)";
    tx.execute(codes, params![to, from, id])?;
    for table in [
        "update external_identity set account_id = $1 where authenticator_id = $2 and account_id = $3",
        "update totp set account_id = $1 where authenticator_id = $2 and account_id = $3",
        "update authenticator set account_id = $1 where id = $2 and account_id = $3",
    ] {
        tx.execute(table, params![to, id, from])?;
    }
    Ok(())
}

/// Each account gets the password of the other, if there is one.
pub(super) fn exchange_passwords(tx: &mut Tx<'_>, one: AccountId, other: AccountId) -> Result<(), Error> {
    let mut taken = Vec::new();
    for (from, to) in [(one, other), (other, one)] {
        let password: Option<(AuthenticatorId, String)> = tx.optional(
            "delete from password where account_id = $1 returning authenticator_id, hash",
            params![from],
        )?;
        taken.extend(password.map(|(id, hash)| (to, id, hash)));
    }
    for (to, id, hash) in taken {
        tx.execute(
            "update authenticator set account_id = $1 where id = $2",
            params![to, id],
        )?;
        tx.execute(
            "insert into password (account_id, authenticator_id, hash) values ($1, $2, $3)",
            params![to, id, hash],
        )?;
    }
    Ok(())
}

pub(super) fn list_contacts(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<ContactRow>, Error> {
    tx.list(
        "select slot, value, key from contact where account_id = $1 order by slot",
        params![account],
    )
}

/// Nothing where the address has changed meanwhile, or its place is taken.
pub(super) fn update_contact(
    tx: &mut Tx<'_>,
    (from, slot): (AccountId, Slot),
    (to, place): (AccountId, Slot),
    key: &str,
) -> Result<(), Error> {
    tx.execute(
        "update contact set account_id = $1, slot = $2
         where account_id = $3 and slot = $4 and key = $5
             and not exists (select key from contact t where t.account_id = $1 and t.slot = $2)",
        params![to, place, from, slot, key],
    )?;
    Ok(())
}

/// The address signs in whoever has it now.
pub(super) fn update_login(
    tx: &mut Tx<'_>,
    (account, slot): (AccountId, Slot),
    key: &str,
) -> Result<(), Error> {
    tx.execute(
        "update contact_login set account_id = $1, slot = $2, held_until = null
         where key = $3 and exists
             (select key from contact c where c.account_id = $1 and c.slot = $2 and c.key = $3)",
        params![account, slot, key],
    )?;
    Ok(())
}

pub(super) fn update_login_held(
    tx: &mut Tx<'_>,
    account: AccountId,
    key: &str,
    until: Option<Timestamp>,
) -> Result<(), Error> {
    tx.execute(
        "update contact_login set held_until = $1 where key = $2 and account_id = $3",
        params![until, key, account],
    )?;
    Ok(())
}

pub(super) fn list_person_ids(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<StatedId>, Error> {
    tx.list(
        "select anchor_group, country, kind, value from person_id where account_id = $1",
        params![account],
    )
}

pub(super) fn update_person_id(
    tx: &mut Tx<'_>,
    id: &StatedId,
    from: AccountId,
    to: AccountId,
) -> Result<(), Error> {
    tx.execute(
        "update person_id set account_id = $1
         where anchor_group = $2 and country = $3 and kind = $4 and value = $5 and account_id = $6",
        params![to, id.anchor_group, id.country, id.kind, id.value, from],
    )?;
    Ok(())
}

/// The organisations that an account belongs to or belonged to.
pub(super) fn list_places(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<OrganisationId>, Error> {
    tx.list(
        "select organisation_id from membership where account_id = $1",
        params![account],
    )
}

pub(super) fn list_user_names(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<OrganisationId>, Error> {
    tx.list(
        "select organisation_id from organisation_user_name where account_id = $1",
        params![account],
    )
}

pub(super) fn update_membership(
    tx: &mut Tx<'_>,
    place: OrganisationId,
    from: AccountId,
    to: AccountId,
) -> Result<(), Error> {
    tx.execute(
        "update membership set account_id = $1 where organisation_id = $2 and account_id = $3",
        params![to, place, from],
    )?;
    Ok(())
}

pub(super) fn update_user_name(
    tx: &mut Tx<'_>,
    place: OrganisationId,
    from: AccountId,
    to: AccountId,
) -> Result<(), Error> {
    tx.execute(
        "update organisation_user_name set account_id = $1 where organisation_id = $2 and account_id = $3",
        params![to, place, from],
    )?;
    Ok(())
}
