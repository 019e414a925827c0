use db::{Error, Timestamp, Tx, params};

use super::{AccountId, Language, Name, PersonId};

db::record! {
    /// An account's own columns.
    pub struct Row {
        pub surname: String,
        pub given_name: String,
        pub patronymic: String,
        pub language: Language,
    }
}

pub(super) fn find(tx: &mut Tx<'_>, account: AccountId) -> Result<Row, Error> {
    tx.one(
        "select surname, given_name, patronymic, language from account where id = $1",
        params![account],
    )
}

/// Nothing for an account that went into another one.
pub(super) fn find_blocked(
    tx: &mut Tx<'_>,
    account: AccountId,
) -> Result<Option<(Option<Timestamp>,)>, Error> {
    tx.optional(
        "select blocked_at from account where id = $1 and merged_into is null",
        params![account],
    )
}

pub(super) fn list_merged(tx: &mut Tx<'_>, into: AccountId) -> Result<Vec<AccountId>, Error> {
    tx.list("select id from account where merged_into = $1", params![into])
}

pub(super) fn find_by_person_id(
    tx: &mut Tx<'_>,
    anchor_group: &str,
    id: &PersonId,
) -> Result<Option<AccountId>, Error> {
    let row: Option<(AccountId,)> = tx.optional(
        "select account_id from person_id
         where anchor_group = $1 and country = $2 and kind = $3 and value = $4",
        params![anchor_group, id.country, id.kind, id.value],
    )?;
    Ok(row.map(|(account,)| account))
}

pub(super) fn list_by_person_id(tx: &mut Tx<'_>, id: &PersonId) -> Result<Vec<AccountId>, Error> {
    tx.list(
        "select distinct account_id from person_id where country = $1 and kind = $2 and value = $3 limit 2",
        params![id.country, id.kind, id.value],
    )
}

pub(super) fn list_namesakes(
    tx: &mut Tx<'_>,
    [surname, other_surname]: &[String; 2],
    [given_name, other_given_name]: &[String; 2],
    kind: Option<&PersonId>,
) -> Result<Vec<Name>, Error> {
    let (country, kind) = kind.map_or(("", ""), |id| (&id.country, &id.kind));
    let rows: Vec<(String, String, String)> = tx.list(
        "select a.surname, a.given_name, a.patronymic from account a
         where a.surname in ($1, $2) and a.given_name in ($3, $4) and a.merged_into is null
             and not exists (select 1 from person_id p
                 where p.account_id = a.id and p.country = $5 and p.kind = $6) limit 8",
        params![
            surname,
            other_surname,
            given_name,
            other_given_name,
            country,
            kind
        ],
    )?;
    let name = |(surname, given_name, patronymic)| Name {
        surname,
        given_name,
        patronymic,
    };
    Ok(rows.into_iter().map(name).collect())
}

pub(super) fn list_person_ids(
    tx: &mut Tx<'_>,
    account: AccountId,
) -> Result<Vec<(String, String, String)>, Error> {
    tx.list(
        "select country, kind, value from person_id where account_id = $1 order by stated_at, country, kind, value",
        params![account],
    )
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    account: AccountId,
    name: &Name,
    language: Language,
    now: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "insert into account (id, surname, given_name, patronymic, language, created_at, turn)
         values ($1, $2, $3, $4, $5, $6, 0)",
        params![
            account,
            name.surname,
            name.given_name,
            name.patronymic,
            language,
            now
        ],
    )?;
    Ok(())
}

pub(super) fn insert_person_id(
    tx: &mut Tx<'_>,
    now: Timestamp,
    account: AccountId,
    anchor_group: &str,
    id: &PersonId,
) -> Result<(), Error> {
    tx.execute(
        "insert into person_id (anchor_group, country, kind, value, account_id, stated_at)
         values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
        params![anchor_group, id.country, id.kind, id.value, account, now],
    )?;
    Ok(())
}

pub(super) fn update_turn(tx: &mut Tx<'_>, account: AccountId) -> Result<(), Error> {
    tx.execute(
        "update account set turn = turn + 1 where id = $1",
        params![account],
    )?;
    Ok(())
}

pub(super) fn update_blocked(
    tx: &mut Tx<'_>,
    account: AccountId,
    at: Option<Timestamp>,
) -> Result<(), Error> {
    tx.execute(
        "update account set blocked_at = $1 where id = $2",
        params![at, account],
    )?;
    Ok(())
}

pub(super) fn update_language(tx: &mut Tx<'_>, account: AccountId, language: Language) -> Result<u64, Error> {
    tx.execute(
        "update account set language = $1 where id = $2 and language <> $1",
        params![language, account],
    )
}
