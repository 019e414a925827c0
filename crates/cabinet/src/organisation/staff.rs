use db::Tx;

use super::{OrganisationScope, store};
use crate::account::{Name, PersonId};
use crate::audit::{self, Act, Event};
use crate::fold::sort_key;
use crate::{Failure, Visit};

db::id! {
    /// A staff record.
    pub StaffId
}

/// The organisation's card of a person, to be made.
#[derive(Clone, Debug, Default)]
pub struct NewStaff {
    /// The name as the organisation writes it.
    pub name: Name,
    /// The number by which the person is known again.
    pub person_id: Option<PersonId>,
    /// Where in the organisation.
    pub department: String,
    /// As what.
    pub position: String,
    /// The organisation's own e-mail for them.
    pub email: Option<String>,
    /// The organisation's own phone for them.
    pub phone: Option<String>,
}

/// Adds a person to the staff; nobody enters by that alone.
pub fn add_staff(
    tx: &mut Tx<'_>,
    visit: &Visit,
    scope: &OrganisationScope,
    staff: &NewStaff,
) -> Result<StaffId, Failure> {
    let id = visit.id(StaffId::new);
    let key = sort_key(&staff.name.to_string());
    store::insert_staff(tx, scope, id, staff, &key, visit.now)?;
    let detail = serde_json::json!({ "staff": id });
    audit::record(tx, visit, Event::of(scope, Act::StaffAdded, detail))?;
    Ok(id)
}
