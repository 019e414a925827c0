use db::{Error, Timestamp, Tx, params};

use super::super::membership::Membership;
use super::super::scope::Right;
use super::super::staff::{NewStaff, StaffId};
use super::super::{OrganisationId, OrganisationScope};
use crate::Demand;
use crate::account::AccountId;

pub(in super::super) fn delete_methods(tx: &mut Tx<'_>, scope: &OrganisationScope) -> Result<(), Error> {
    tx.execute(
        "delete from organisation_method where organisation_id = $1",
        params![scope.organisation()],
    )?;
    Ok(())
}

pub(in super::super) fn insert_method(
    tx: &mut Tx<'_>,
    scope: &OrganisationScope,
    rank: i64,
    method: &str,
) -> Result<(), Error> {
    tx.execute(
        "insert into organisation_method (organisation_id, rank, method) values ($1, $2, $3)",
        params![scope.organisation(), rank, method],
    )?;
    Ok(())
}

pub(in super::super) fn insert_staff(
    tx: &mut Tx<'_>,
    scope: &OrganisationScope,
    id: StaffId,
    new: &NewStaff,
    sort_key: &[u8],
    now: Timestamp,
) -> Result<(), Error> {
    let person = new.person_id.as_ref();
    tx.execute(
        "insert into staff_record (id, organisation_id, surname, given_name, patronymic, sort_key, person_country,
             person_kind, person_value, department, position, email, phone, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        params![
            id,
            scope.organisation(),
            new.name.surname,
            new.name.given_name,
            new.name.patronymic,
            sort_key,
            person.map(|id| id.country.as_str()),
            person.map(|id| id.kind.as_str()),
            person.map(|id| id.value.as_str()),
            new.department,
            new.position,
            new.email,
            new.phone,
            now
        ],
    )?;
    Ok(())
}

/// Nothing where the staff record is another organisation's. Who left and comes back takes up the old place.
pub(in super::super) fn insert_membership(
    tx: &mut Tx<'_>,
    scope: &OrganisationScope,
    staff: StaffId,
    account: AccountId,
    now: Timestamp,
) -> Result<u64, Error> {
    tx.execute(
        "insert into membership (organisation_id, account_id, staff_id, joined_at)
         select organisation_id, $1, id, $2 from staff_record
             where id = $3 and organisation_id = $4 and dismissed_at is null
         on conflict (organisation_id, account_id) do update
             set staff_id = excluded.staff_id, joined_at = excluded.joined_at, ended_at = null",
        params![account, now, staff, scope.organisation()],
    )
}

pub(in super::super) fn find_membership(
    tx: &mut Tx<'_>,
    organisation: OrganisationId,
    account: AccountId,
) -> Result<Option<Timestamp>, Error> {
    tx.optional(
        "select joined_at from membership where organisation_id = $1 and account_id = $2 and ended_at is null",
        params![organisation, account],
    )
}

pub(in super::super) fn list_memberships(
    tx: &mut Tx<'_>,
    account: AccountId,
) -> Result<Vec<Membership>, Error> {
    let rows: Vec<(OrganisationId, String, String, String)> = tx.list(
        "select o.id, o.short_name, s.position, s.department
         from membership m join organisation o on o.id = m.organisation_id
             join staff_record s on s.id = m.staff_id and s.organisation_id = m.organisation_id
         where m.account_id = $1 and m.ended_at is null and o.closed_at is null
         order by o.sort_key, o.id",
        params![account],
    )?;
    let membership = |(organisation, short_name, position, department)| Membership {
        organisation,
        short_name,
        position,
        department,
    };
    Ok(rows.into_iter().map(membership).collect())
}

pub(in super::super) fn find_right(
    tx: &mut Tx<'_>,
    organisation: OrganisationId,
    account: AccountId,
    right: Right,
) -> Result<Option<Timestamp>, Error> {
    tx.optional(
        "select m.joined_at from membership m
             join membership_right r on r.organisation_id = m.organisation_id and r.account_id = m.account_id
         where m.organisation_id = $1 and m.account_id = $2 and r.right_name = $3 and m.ended_at is null",
        params![organisation, account, right],
    )
}

pub(in super::super) fn find_user_name(
    tx: &mut Tx<'_>,
    organisation: OrganisationId,
    folded: &str,
) -> Result<Option<AccountId>, Error> {
    tx.optional(
        "select u.account_id from organisation_user_name u
             join membership m on m.organisation_id = u.organisation_id and m.account_id = u.account_id
         where u.organisation_id = $1 and u.folded = $2 and m.ended_at is null",
        params![organisation, folded],
    )
}

pub(in super::super) fn find_user_name_owner(
    tx: &mut Tx<'_>,
    scope: &OrganisationScope,
    folded: &str,
) -> Result<Option<AccountId>, Error> {
    tx.optional(
        "select account_id from organisation_user_name where organisation_id = $1 and folded = $2",
        params![scope.organisation(), folded],
    )
}

pub(in super::super) fn delete_user_name(
    tx: &mut Tx<'_>,
    scope: &OrganisationScope,
    account: AccountId,
) -> Result<(), Error> {
    tx.execute(
        "delete from organisation_user_name where organisation_id = $1 and account_id = $2",
        params![scope.organisation(), account],
    )?;
    Ok(())
}

pub(in super::super) fn insert_user_name(
    tx: &mut Tx<'_>,
    scope: &OrganisationScope,
    account: AccountId,
    folded: &str,
    name: &str,
) -> Result<(), Error> {
    tx.execute(
        "insert into organisation_user_name (organisation_id, folded, name, account_id) values ($1, $2, $3, $4)",
        params![scope.organisation(), folded, name, account],
    )?;
    Ok(())
}

/// What the organisations ask that the account belongs to.
pub(in super::super) fn list_demands(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Demand>, Error> {
    tx.list(
        "select o.second_factor from membership m join organisation o on o.id = m.organisation_id
         where m.account_id = $1 and m.ended_at is null and o.closed_at is null and o.second_factor <> 'nobody'",
        params![account],
    )
}
