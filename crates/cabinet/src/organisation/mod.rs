//! Organisations: where they are, how their people enter, and whom they know.
//!
//! Whoever looks for an organisation sees its name and place, never its people. What belongs to an organisation is
//! read and written through an [`OrganisationScope`], which only an authorisation check makes (threats, rule 11).

mod code;
mod find;
mod import;
mod kind;
mod membership;
mod method;
mod scope;
mod search;
mod staff;
mod store;
mod support;
mod user_name;

use db::{Timestamp, Tx};
use serde::{Deserialize, Serialize};

use crate::Failure;

pub use code::{CodeRefusal, OrganisationCode};
pub use find::{Locality, Region, find, find_by_code, list_localities, list_regions};
pub use import::{Imported, NewOrganisation, import, is_any};
pub use kind::{KindId, Label, OrganisationKind, default_kinds};
pub use membership::{Membership, SwitchRefusal, join, list_memberships, switch};
pub(crate) use membership::{admits, second_factor_demand};
pub use method::{Method, OfferedMethods, methods, set_methods, usable_methods};
pub use scope::{OrganisationScope, Right, authorise};
pub use search::{Found, Wanted, search};
pub use staff::{NewStaff, StaffId, add_staff};
pub(crate) use support::read as read_support;
pub use support::{SupportEntry, SupportWay};
pub(crate) use user_name::find_account;
pub use user_name::{UserName, UserNameRefusal, set_user_name};

db::id! {
    /// An organisation.
    pub OrganisationId
}

db::id! {
    /// A region.
    pub RegionId
}

db::id! {
    /// A city or village.
    pub LocalityId
}

/// What anybody may know of an organisation.
#[derive(Clone, Debug)]
pub struct Organisation {
    /// Its own id.
    pub id: OrganisationId,
    /// БИН, ИНН or a word of the operator's.
    pub code: OrganisationCode,
    /// What kind it is.
    pub kind: KindId,
    /// The full name.
    pub name: String,
    /// The name in lists.
    pub short_name: String,
    /// Where it is.
    pub locality: LocalityId,
    /// The place in words: city or village.
    pub locality_name: String,
    /// The region in words.
    pub region_name: String,
    /// Who helps its people; empty: whoever helps at the installation (A-13.a).
    pub support: Vec<SupportEntry>,
    /// Since when it is closed.
    pub closed_at: Option<Timestamp>,
}

/// A way into the cabinet through an organisation's own page: what is checked again when the session is made
/// (threats, LNK-9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entrance {
    /// Whose page it is.
    pub organisation: OrganisationId,
    /// The way in that was used there.
    pub method: Method,
}

crate::refusals! {
    /// Why nobody enters here in this way.
    pub enum EntranceRefusal {
        Closed = "organisation.closed",
        MethodNotOffered = "organisation.method_not_offered",
    }
}

impl Entrance {
    /// Whether the organisation offers this way in now.
    pub fn check(
        &self,
        tx: &mut Tx<'_>,
        rules: &crate::Rules,
    ) -> Result<Result<(), EntranceRefusal>, Failure> {
        let open = find(tx, self.organisation)?.is_some_and(|found| found.closed_at.is_none());
        if !open {
            return Ok(Err(EntranceRefusal::Closed));
        }
        let offered = methods(tx, rules, self.organisation)?;
        Ok(if offered.offers(&self.method) {
            Ok(())
        } else {
            Err(EntranceRefusal::MethodNotOffered)
        })
    }
}
