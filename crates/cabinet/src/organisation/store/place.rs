use db::{Error, Timestamp, Tx, params};

use super::super::find::{Locality, Region};
use super::super::{LocalityId, OrganisationId, OrganisationScope, RegionId};
use crate::Demand;

db::record! {
    /// What is stored of an organisation beside its code.
    pub struct Stored {
        pub id: OrganisationId,
        pub kind: String,
        pub locality: LocalityId,
        pub name: String,
        pub short_name: String,
        pub sort_key: Vec<u8>,
        pub searched: String,
        pub support: String,
        pub second_factor: Demand,
        pub is_closed: bool,
    }
}

impl Stored {
    /// Whether it says the same of an organisation.
    pub(in super::super) fn is(&self, other: &Self) -> bool {
        let facts = |stored: &Self| {
            (
                stored.kind.clone(),
                stored.locality,
                stored.name.clone(),
                stored.short_name.clone(),
                stored.searched.clone(),
                stored.support.clone(),
                stored.second_factor,
                stored.is_closed,
            )
        };
        facts(self) == facts(other)
    }
}

pub(in super::super) fn list_regions(tx: &mut Tx<'_>, kind: &str) -> Result<Vec<Region>, Error> {
    let rows: Vec<(RegionId, String)> = tx.list(
        "select r.id, r.name from region r where exists
             (select 1 from locality l join organisation o on o.locality_id = l.id
              where l.region_id = r.id and o.kind = $1 and o.closed_at is null)",
        params![kind],
    )?;
    Ok(rows.into_iter().map(|(id, name)| Region { id, name }).collect())
}

pub(in super::super) fn list_localities(
    tx: &mut Tx<'_>,
    kind: &str,
    region: RegionId,
    pattern: &str,
) -> Result<Vec<Locality>, Error> {
    let rows: Vec<(LocalityId, String, RegionId, String)> = tx.list(
        "select l.id, l.name, r.id, r.name from region r join locality l on l.region_id = r.id
         where r.id = $1 and l.folded like $2 and exists
             (select 1 from organisation o
              where o.locality_id = l.id and o.kind = $3 and o.closed_at is null)",
        params![region, pattern, kind],
    )?;
    let locality = |(id, name, region, region_name)| Locality {
        id,
        name,
        region,
        region_name,
    };
    Ok(rows.into_iter().map(locality).collect())
}

pub(in super::super) fn find_region(tx: &mut Tx<'_>, folded: &str) -> Result<Option<RegionId>, Error> {
    tx.optional("select id from region where folded = $1", params![folded])
}

pub(in super::super) fn insert_region(
    tx: &mut Tx<'_>,
    id: RegionId,
    name: &str,
    folded: &str,
) -> Result<RegionId, Error> {
    tx.execute(
        "insert into region (id, name, folded) values ($1, $2, $3)",
        params![id, name, folded],
    )?;
    Ok(id)
}

pub(in super::super) fn find_locality(
    tx: &mut Tx<'_>,
    region: RegionId,
    folded: &str,
) -> Result<Option<LocalityId>, Error> {
    tx.optional(
        "select id from locality where region_id = $1 and folded = $2",
        params![region, folded],
    )
}

pub(in super::super) fn insert_locality(
    tx: &mut Tx<'_>,
    id: LocalityId,
    region: RegionId,
    name: &str,
    folded: &str,
) -> Result<LocalityId, Error> {
    tx.execute(
        "insert into locality (id, region_id, name, folded) values ($1, $2, $3, $4)",
        params![id, region, name, folded],
    )?;
    Ok(id)
}

pub(in super::super) fn find_stored(tx: &mut Tx<'_>, code: &str) -> Result<Option<Stored>, Error> {
    tx.optional(
        "select id, kind, locality_id, name, short_name, sort_key, searched, support, second_factor,
             case when closed_at is null then 0 else 1 end
         from organisation where code = $1",
        params![code],
    )
}

pub(in super::super) fn insert(
    tx: &mut Tx<'_>,
    id: OrganisationId,
    code: &str,
    new: &Stored,
    now: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "insert into organisation (id, code, kind, locality_id, name, short_name, sort_key, searched, support,
             second_factor, created_at, closed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        params![
            id,
            code,
            new.kind,
            new.locality,
            new.name,
            new.short_name,
            new.sort_key,
            new.searched,
            new.support,
            new.second_factor,
            now,
            new.is_closed.then_some(now)
        ],
    )?;
    Ok(())
}

pub(in super::super) fn update(
    tx: &mut Tx<'_>,
    scope: &OrganisationScope,
    new: &Stored,
    now: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "update organisation set kind = $1, locality_id = $2, name = $3, short_name = $4, sort_key = $5,
             searched = $6, support = $7, second_factor = $8, closed_at = $9
         where id = $10",
        params![
            new.kind,
            new.locality,
            new.name,
            new.short_name,
            new.sort_key,
            new.searched,
            new.support,
            new.second_factor,
            new.is_closed.then_some(now),
            scope.organisation()
        ],
    )?;
    Ok(())
}

/// `grams` are three letters each, one after another, none twice.
pub(in super::super) fn insert_grams(
    tx: &mut Tx<'_>,
    organisation: OrganisationId,
    grams: &str,
) -> Result<(), Error> {
    tx.execute(
        "with recursive place(at) as (select 1 union all select at + 3 from place where at + 3 < length($1))
         insert into organisation_gram (gram, organisation_id) select substr($1, at, 3), $2 from place",
        params![grams, organisation],
    )?;
    Ok(())
}

pub(in super::super) fn delete_grams(
    tx: &mut Tx<'_>,
    organisation: OrganisationId,
    grams: &str,
) -> Result<(), Error> {
    tx.execute(
        "with recursive place(at) as (select 1 union all select at + 3 from place where at + 3 < length($1))
         delete from organisation_gram where gram in (select substr($1, at, 3) from place) and organisation_id = $2",
        params![grams, organisation],
    )?;
    Ok(())
}
