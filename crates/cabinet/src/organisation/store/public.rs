use db::{Error, Timestamp, Tx, params};

use super::super::search::WORDS;
use super::super::{KindId, LocalityId, Organisation, OrganisationCode, OrganisationId, RegionId, support};

db::record! {
    /// An organisation with its place.
    pub struct Row {
        pub id: OrganisationId,
        pub code: String,
        pub kind: String,
        pub name: String,
        pub short_name: String,
        pub locality: LocalityId,
        pub locality_name: String,
        pub region_name: String,
        pub support: String,
        pub closed_at: Option<Timestamp>,
        pub sort_key: Vec<u8>,
    }
}

/// The columns of a [`Row`], from the tables that `$from` names.
macro_rules! organisations {
    ($from:literal) => {
        concat!(
            "select o.id, o.code, o.kind, o.name, o.short_name, o.locality_id, l.name, r.name, o.support,
                 o.closed_at, o.sort_key ",
            $from
        )
    };
}

impl From<Row> for Organisation {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            code: OrganisationCode::stored(row.code),
            kind: KindId::stored(row.kind),
            name: row.name,
            short_name: row.short_name,
            locality: row.locality,
            locality_name: row.locality_name,
            region_name: row.region_name,
            support: support::read(&row.support),
            closed_at: row.closed_at,
        }
    }
}

pub(in super::super) fn find(tx: &mut Tx<'_>, id: OrganisationId) -> Result<Option<Row>, Error> {
    tx.optional(
        organisations!(
            "from organisation o join locality l on l.id = o.locality_id join region r on r.id = l.region_id
             where o.id = $1"
        ),
        params![id],
    )
}

pub(in super::super) fn find_by_code(tx: &mut Tx<'_>, code: &str) -> Result<Option<Row>, Error> {
    tx.optional(
        organisations!(
            "from organisation o join locality l on l.id = o.locality_id join region r on r.id = l.region_id
             where o.code = $1"
        ),
        params![code],
    )
}

pub(in super::super) fn find_any(tx: &mut Tx<'_>) -> Result<Option<OrganisationId>, Error> {
    tx.optional("select id from organisation where closed_at is null limit 1", &[])
}

/// Where an organisation stands in lists.
pub(in super::super) fn find_place(
    tx: &mut Tx<'_>,
    id: OrganisationId,
) -> Result<Option<(Vec<u8>, OrganisationId)>, Error> {
    tx.optional("select sort_key, id from organisation where id = $1", params![id])
}

pub(in super::super) fn list_in_locality(
    tx: &mut Tx<'_>,
    locality: LocalityId,
    kind: Option<&str>,
    patterns: &[String; WORDS],
    after: Option<(Vec<u8>, OrganisationId)>,
    limit: u32,
) -> Result<Vec<Row>, Error> {
    let (key, id) = after.unwrap_or_else(|| (Vec::new(), OrganisationId::from_bytes([0; 16])));
    let [a, b, c, d] = patterns;
    tx.list(
        organisations!(
            "from organisation o join locality l on l.id = o.locality_id join region r on r.id = l.region_id
             where o.locality_id = $1 and ($2 is null or o.kind = $2) and (o.sort_key, o.id) > ($3, $4)
                 and o.closed_at is null and o.searched like $5 and o.searched like $6 and o.searched like $7
                 and o.searched like $8
             order by o.sort_key, o.id limit $9"
        ),
        params![locality, kind, key, id, a, b, c, d, limit],
    )
}

pub(in super::super) fn list_in_region(
    tx: &mut Tx<'_>,
    region: RegionId,
    kind: Option<&str>,
    patterns: &[String; WORDS],
    limit: u32,
) -> Result<Vec<Row>, Error> {
    let [a, b, c, d] = patterns;
    tx.list(
        organisations!(
            "from region r join locality l on l.region_id = r.id join organisation o on o.locality_id = l.id
             where r.id = $1 and ($2 is null or o.kind = $2) and o.closed_at is null and o.searched like $3
                 and o.searched like $4 and o.searched like $5 and o.searched like $6
             limit $7"
        ),
        params![region, kind, a, b, c, d, limit],
    )
}

pub(in super::super) fn list_by_gram(
    tx: &mut Tx<'_>,
    gram: &str,
    kind: Option<&str>,
    patterns: &[String; WORDS],
    limit: u32,
) -> Result<Vec<Row>, Error> {
    let [a, b, c, d] = patterns;
    tx.list(
        organisations!(
            "from organisation_gram g join organisation o on o.id = g.organisation_id
                 join locality l on l.id = o.locality_id join region r on r.id = l.region_id
             where g.gram = $1 and ($2 is null or o.kind = $2) and o.closed_at is null and o.searched like $3
                 and o.searched like $4 and o.searched like $5 and o.searched like $6
             limit $7"
        ),
        params![gram, kind, a, b, c, d, limit],
    )
}

/// How many organisations have these three letters, counted no further than `limit`.
pub(in super::super) fn count_gram(tx: &mut Tx<'_>, gram: &str, limit: u32) -> Result<u32, Error> {
    tx.one(
        "select count(*) from (select 1 from organisation_gram where gram = $1 limit $2) counted",
        params![gram, limit],
    )
}

pub(in super::super) fn list_methods(tx: &mut Tx<'_>, id: OrganisationId) -> Result<Vec<String>, Error> {
    tx.list(
        "select method from organisation_method where organisation_id = $1 order by rank",
        params![id],
    )
}
