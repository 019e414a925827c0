use db::Tx;

use super::{KindId, LocalityId, Organisation, OrganisationCode, OrganisationId, RegionId, store};
use crate::Failure;
use crate::fold::{fold, sort_key};

/// A region that has organisations.
#[derive(Clone, Debug)]
pub struct Region {
    /// Its own id.
    pub id: RegionId,
    /// Its name.
    pub name: String,
}

/// A city or village that has organisations.
#[derive(Clone, Debug)]
pub struct Locality {
    /// Its own id.
    pub id: LocalityId,
    /// Its name.
    pub name: String,
    /// The region it lies in.
    pub region: RegionId,
    /// That region's name.
    pub region_name: String,
}

/// An organisation, closed ones too.
pub fn find(tx: &mut Tx<'_>, organisation: OrganisationId) -> Result<Option<Organisation>, Failure> {
    Ok(store::find(tx, organisation)?.map(Organisation::from))
}

/// The organisation that a link names.
pub fn find_by_code(tx: &mut Tx<'_>, code: &OrganisationCode) -> Result<Option<Organisation>, Failure> {
    Ok(store::find_by_code(tx, code.as_str())?.map(Organisation::from))
}

/// The regions where open organisations of a kind are, by name.
pub fn list_regions(tx: &mut Tx<'_>, kind: &KindId) -> Result<Vec<Region>, Failure> {
    let mut regions = store::list_regions(tx, kind.as_str())?;
    regions.sort_by_cached_key(|region| sort_key(&region.name));
    Ok(regions)
}

/// The places of a region where open organisations of a kind are, by name; those whose name has `text` in it.
pub fn list_localities(
    tx: &mut Tx<'_>,
    kind: &KindId,
    region: RegionId,
    text: &str,
) -> Result<Vec<Locality>, Failure> {
    let mut localities = store::list_localities(tx, kind.as_str(), region, &format!("%{}%", fold(text)))?;
    localities.sort_by_cached_key(|locality| sort_key(&locality.name));
    Ok(localities)
}
