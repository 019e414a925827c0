use std::collections::{BTreeSet, HashMap};

use db::Tx;
use serde_json::json;

use super::search::grams;
use super::{
    KindId, LocalityId, OfferedMethods, OrganisationCode, OrganisationId, OrganisationScope, RegionId,
    SupportEntry, set_methods, store, support,
};
use crate::audit::{self, Act, Event};
use crate::fold::{fold, sort_key};
use crate::{Demand, Failure, Visit};

/// An organisation as an operator brings it.
#[derive(Clone, Debug)]
pub struct NewOrganisation {
    /// What names it: an organisation with this code is changed, not made twice.
    pub code: OrganisationCode,
    /// Of which kind.
    pub kind: KindId,
    /// The region's name.
    pub region: String,
    /// The city or village.
    pub locality: String,
    /// The full name.
    pub name: String,
    /// The name in lists.
    pub short_name: String,
    /// Who helps its people; empty: whoever helps at the installation.
    pub support: Vec<SupportEntry>,
    /// The ways in that it offers; nothing named: those of the installation.
    pub methods: Option<OfferedMethods>,
    /// Of whom among its people a second factor is asked, whatever door they come in by.
    pub second_factor: Demand,
    /// It takes nobody in any more.
    pub is_closed: bool,
}

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// New ones.
    pub added: usize,
    /// Known ones that differed.
    pub changed: usize,
    /// Known ones that were the same already.
    pub same: usize,
}

/// Whether there is any organisation, so that pages speak of them.
pub fn is_any(tx: &mut Tx<'_>) -> Result<bool, Failure> {
    Ok(store::find_any(tx)?.is_some())
}

/// Brings organisations in, all of them or, on a failure, none. Brought in again they change nothing.
pub fn import(tx: &mut Tx<'_>, visit: &Visit, rows: &[NewOrganisation]) -> Result<Imported, Failure> {
    let mut places = Places::default();
    let mut imported = Imported::default();
    for row in rows {
        let locality = places.locality(tx, visit, &row.region, &row.locality)?;
        let record = record(row, locality)?;
        let Some(known) = store::find_stored(tx, row.code.as_str())? else {
            let id = visit.id(OrganisationId::new);
            store::insert(tx, id, row.code.as_str(), &record, visit.now)?;
            store::insert_grams(tx, id, &gram_set(&record.searched))?;
            settle(tx, visit, id, row, Act::OrganisationAdded)?;
            imported.added += 1;
            continue;
        };
        let scope = OrganisationScope::over(known.id);
        let methods = row
            .methods
            .iter()
            .flat_map(OfferedMethods::iter)
            .map(super::Method::word);
        let same_methods = store::list_methods(tx, known.id)?.into_iter().eq(methods);
        if known.is(&record) && same_methods {
            imported.same += 1;
            continue;
        }
        store::update(tx, &scope, &record, visit.now)?;
        if known.searched != record.searched {
            store::delete_grams(tx, known.id, &gram_set(&known.searched))?;
            store::insert_grams(tx, known.id, &gram_set(&record.searched))?;
        }
        settle(tx, visit, known.id, row, Act::OrganisationChanged)?;
        imported.changed += 1;
    }
    Ok(imported)
}

fn settle(
    tx: &mut Tx<'_>,
    visit: &Visit,
    id: OrganisationId,
    row: &NewOrganisation,
    act: Act,
) -> Result<(), Failure> {
    let scope = OrganisationScope::over(id);
    let detail = json!({
        "code": row.code.as_str(),
        "closed": row.is_closed,
        "second_factor": row.second_factor.as_str(),
    });
    audit::record(tx, visit, Event::of(&scope, act, detail))?;
    if act == Act::OrganisationAdded && row.methods.is_none() {
        return Ok(());
    }
    set_methods(tx, visit, &scope, row.methods.as_ref())
}

fn record(row: &NewOrganisation, locality: LocalityId) -> Result<store::Stored, Failure> {
    let searched = [
        row.code.as_str(),
        &row.short_name,
        &row.name,
        &row.locality,
        &row.region,
    ]
    .join(" ");
    Ok(store::Stored {
        id: OrganisationId::from_bytes([0; 16]),
        kind: row.kind.as_str().to_owned(),
        locality,
        name: row.name.clone(),
        short_name: row.short_name.clone(),
        sort_key: sort_key(&row.short_name),
        searched: format!(" {} ", distinct(&fold(&searched))),
        support: support::write(&row.support)?,
        second_factor: row.second_factor,
        is_closed: row.is_closed,
    })
}

/// The words of a text, each once.
fn distinct(folded: &str) -> String {
    let mut seen = BTreeSet::new();
    let words: Vec<&str> = folded.split(' ').filter(|word| seen.insert(*word)).collect();
    words.join(" ")
}

/// Every three letters once, one after another: as the statement takes them apart.
fn gram_set(searched: &str) -> String {
    let distinct: BTreeSet<String> = grams(searched).into_iter().collect();
    distinct.into_iter().collect()
}

/// Regions and localities met so far.
#[derive(Default)]
struct Places {
    regions: HashMap<String, RegionId>,
    localities: HashMap<(RegionId, String), LocalityId>,
}

impl Places {
    fn locality(
        &mut self,
        tx: &mut Tx<'_>,
        visit: &Visit,
        region: &str,
        name: &str,
    ) -> Result<LocalityId, Failure> {
        let region = self.region(tx, visit, region)?;
        let key = (region, fold(name));
        if let Some(known) = self.localities.get(&key) {
            return Ok(*known);
        }
        let id = match store::find_locality(tx, region, &key.1)? {
            Some(id) => id,
            None => store::insert_locality(tx, visit.id(LocalityId::new), region, name, &key.1)?,
        };
        self.localities.insert(key, id);
        Ok(id)
    }

    fn region(&mut self, tx: &mut Tx<'_>, visit: &Visit, name: &str) -> Result<RegionId, Failure> {
        let folded = fold(name);
        if let Some(known) = self.regions.get(&folded) {
            return Ok(*known);
        }
        let id = match store::find_region(tx, &folded)? {
            Some(id) => id,
            None => store::insert_region(tx, visit.id(RegionId::new), name, &folded)?,
        };
        self.regions.insert(folded, id);
        Ok(id)
    }
}
