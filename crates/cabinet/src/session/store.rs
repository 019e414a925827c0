use db::{Error, Timestamp, Tx, params};

use super::SessionId;
use crate::account::{AccountId, Language};
use crate::binding::{AuthenticatorId, Kind};
use crate::organisation::OrganisationId;
use crate::{BrowserHash, SecretHash};

db::record! {
    /// A session with what every page shows of its account.
    pub struct Row {
        pub id: SessionId,
        pub account: AccountId,
        pub authenticator: AuthenticatorId,
        pub opened_at: Timestamp,
        pub stepped_up_at: Option<Timestamp>,
        pub last_seen_at: Timestamp,
        pub expires_at: Timestamp,
        pub ended_at: Option<Timestamp>,
        pub surname: String,
        pub given_name: String,
        pub patronymic: String,
        pub language: Language,
        pub blocked_at: Option<Timestamp>,
        /// How many contacts that sign in are confirmed: 0 or 1 of each.
        pub emails: i64,
        pub phones: i64,
        /// The organisation of the session, while the account is a member and it is open.
        pub organisation: Option<OrganisationId>,
        pub organisation_name: Option<String>,
        pub organisation_support: Option<String>,
        pub owes_second_factor: bool,
        /// The account was recovered in this session, and since when the contact is confirmed that it was done by.
        pub recovered_at: Option<Timestamp>,
        pub contact_since: Option<Timestamp>,
    }
}

db::record! {
    /// A line of the list.
    pub struct OpenRow {
        pub id: SessionId,
        pub opened_at: Timestamp,
        pub last_seen_at: Timestamp,
        pub address: String,
        pub device: String,
        pub opened_by: Kind,
    }
}

/// A session to be stored.
pub(super) struct NewRow<'a> {
    pub(super) id: SessionId,
    pub(super) secret: SecretHash,
    pub(super) account: AccountId,
    pub(super) authenticator: AuthenticatorId,
    pub(super) opened_at: Timestamp,
    pub(super) expires_at: Timestamp,
    pub(super) address: &'a str,
    pub(super) device: &'a str,
    pub(super) organisation: Option<OrganisationId>,
    pub(super) owes_second_factor: bool,
}

/// The columns of a [`Row`] for the sessions that `$which` names.
macro_rules! sessions {
    ($which:literal) => {
        concat!(
            "select s.id, s.account_id, s.authenticator_id, s.opened_at, s.stepped_up_at, s.last_seen_at, s.expires_at,
                 s.ended_at, a.surname, a.given_name, a.patronymic, a.language, a.blocked_at,
                 (select count(*) from contact c where c.account_id = a.id and c.slot = 'email'),
                 (select count(*) from contact c where c.account_id = a.id and c.slot = 'phone'),
                 o.id, o.short_name, o.support, s.owes_second_factor, s.recovered_at, s.contact_since
             from session s join account a on a.id = s.account_id
                 left join membership m on m.organisation_id = s.organisation_id and m.account_id = s.account_id
                     and m.ended_at is null
                 left join organisation o on o.id = m.organisation_id and o.closed_at is null ",
            $which
        )
    };
}

pub(super) fn find(tx: &mut Tx<'_>, secret: SecretHash) -> Result<Option<Row>, Error> {
    tx.optional(sessions!("where s.secret_hash = $1"), params![secret])
}

pub(super) fn find_by_id(tx: &mut Tx<'_>, id: SessionId) -> Result<Option<Row>, Error> {
    tx.optional(sessions!("where s.id = $1"), params![id])
}

pub(super) fn list_open(
    tx: &mut Tx<'_>,
    account: AccountId,
    now: Timestamp,
    seen_after: Timestamp,
) -> Result<Vec<OpenRow>, Error> {
    tx.list(
        "select s.id, s.opened_at, s.last_seen_at, s.address, s.device, b.kind
         from session s join authenticator b on b.id = s.authenticator_id
         where s.account_id = $1 and s.ended_at is null and s.expires_at > $2 and s.last_seen_at > $3
         order by s.last_seen_at desc, s.id desc",
        params![account, now, seen_after],
    )
}

pub(super) fn insert(tx: &mut Tx<'_>, row: &NewRow<'_>) -> Result<(), Error> {
    tx.execute(
        "insert into session (id, secret_hash, account_id, authenticator_id, opened_at, last_seen_at, expires_at,
             address, device, organisation_id, owes_second_factor)
         values ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9, $10)",
        params![
            row.id,
            row.secret,
            row.account,
            row.authenticator,
            row.opened_at,
            row.expires_at,
            row.address,
            row.device,
            row.organisation,
            row.owes_second_factor
        ],
    )?;
    Ok(())
}

pub(super) fn update_organisation(
    tx: &mut Tx<'_>,
    id: SessionId,
    organisation: Option<OrganisationId>,
) -> Result<(), Error> {
    tx.execute(
        "update session set organisation_id = $1 where id = $2",
        params![organisation, id],
    )?;
    Ok(())
}

pub(super) fn update_last_seen(
    tx: &mut Tx<'_>,
    id: SessionId,
    now: Timestamp,
    seen_before: Timestamp,
) -> Result<u64, Error> {
    tx.execute(
        "update session set last_seen_at = $1 where id = $2 and last_seen_at <= $3 and ended_at is null",
        params![now, id, seen_before],
    )
}

/// The old id and secret are dead with this statement; a session ended meanwhile stays ended.
pub(super) fn update_stepped_up(
    tx: &mut Tx<'_>,
    old: SessionId,
    new: SessionId,
    secret: SecretHash,
    now: Timestamp,
) -> Result<u64, Error> {
    tx.execute(
        "update session set id = $1, replaced_hash = secret_hash, secret_hash = $2, stepped_up_at = $3,
             last_seen_at = $3
         where id = $4 and ended_at is null",
        params![new, secret, now, old],
    )
}

pub(super) fn update_ended_by_secret(
    tx: &mut Tx<'_>,
    secret: SecretHash,
    now: Timestamp,
) -> Result<Option<(SessionId, AccountId)>, Error> {
    tx.optional(
        "update session set ended_at = $1 where (secret_hash = $2 or replaced_hash = $2) and ended_at is null
         returning id, account_id",
        params![now, secret],
    )
}

pub(super) fn update_ended(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: SessionId,
    now: Timestamp,
) -> Result<u64, Error> {
    tx.execute(
        "update session set ended_at = $1 where id = $2 and account_id = $3 and ended_at is null",
        params![now, id, account],
    )
}

pub(super) fn update_ended_by_account(
    tx: &mut Tx<'_>,
    account: AccountId,
    now: Timestamp,
) -> Result<u64, Error> {
    tx.execute(
        "update session set ended_at = $1 where account_id = $2 and ended_at is null",
        params![now, account],
    )
}

pub(super) fn update_ended_but_one(
    tx: &mut Tx<'_>,
    account: AccountId,
    kept: SessionId,
    now: Timestamp,
) -> Result<u64, Error> {
    tx.execute(
        "update session set ended_at = $1 where account_id = $2 and id <> $3 and ended_at is null",
        params![now, account, kept],
    )
}

pub(super) fn update_ended_by_authenticator(
    tx: &mut Tx<'_>,
    authenticator: AuthenticatorId,
    now: Timestamp,
) -> Result<u64, Error> {
    tx.execute(
        "update session set ended_at = $1 where authenticator_id = $2 and ended_at is null",
        params![now, authenticator],
    )
}

pub(super) fn find_network(
    tx: &mut Tx<'_>,
    account: AccountId,
    network: &str,
) -> Result<Option<Timestamp>, Error> {
    tx.optional(
        "select last_used_at from known_device where account_id = $1 and network = $2
         order by last_used_at desc limit 1",
        params![account, network],
    )
}

pub(super) fn update_device(
    tx: &mut Tx<'_>,
    account: AccountId,
    browser: BrowserHash,
    network: &str,
    now: Timestamp,
) -> Result<u64, Error> {
    tx.execute(
        "update known_device set network = $1, last_used_at = $2 where account_id = $3 and browser_hash = $4",
        params![network, now, account, *browser.as_bytes()],
    )
}

/// Whoever meets the same browser there at the same moment changes nothing.
pub(super) fn insert_device(
    tx: &mut Tx<'_>,
    account: AccountId,
    browser: BrowserHash,
    network: &str,
    now: Timestamp,
) -> Result<u64, Error> {
    tx.execute(
        "insert into known_device (account_id, browser_hash, network, first_used_at, last_used_at)
         values ($1, $2, $3, $4, $4) on conflict do nothing",
        params![account, *browser.as_bytes(), network, now],
    )
}

pub(super) fn update_recovered(
    tx: &mut Tx<'_>,
    id: SessionId,
    at: Option<Timestamp>,
    contact_since: Option<Timestamp>,
) -> Result<(), Error> {
    tx.execute(
        "update session set recovered_at = $1, contact_since = $2 where id = $3",
        params![at, contact_since, id],
    )?;
    Ok(())
}

pub(super) fn delete_devices(tx: &mut Tx<'_>, account: AccountId) -> Result<u64, Error> {
    tx.execute("delete from known_device where account_id = $1", params![account])
}

/// Whoever set a second factor up owes none any more, wherever they are signed in.
pub(super) fn update_second_factor_set(tx: &mut Tx<'_>, account: AccountId) -> Result<(), Error> {
    tx.execute(
        "update session set owes_second_factor = 0 where account_id = $1 and owes_second_factor = 1",
        params![account],
    )?;
    Ok(())
}
