use db::Tx;

use super::{OrganisationId, store};
use crate::Failure;
use crate::session::Session;

db::text_enum! {
    /// What a member may do for the organisation beside their own work (4.5.3).
    pub enum Right {
        /// Departments, positions, staff records.
        Staff = "staff",
        /// Invitations and requests to join.
        Invitations = "invitations",
        /// Lists with personal links.
        ExportLinks = "export-links",
        /// Bases and powers of attorney.
        Powers = "powers",
        /// Sending documents.
        Send = "send",
        /// Signing for the organisation.
        Sign = "sign",
        /// Reading the organisation's history.
        Audit = "audit",
        /// Ways in, support contacts, rights of others.
        Settings = "settings",
    }
}

/// Leave to read and write what belongs to one organisation (threats, rule 11). Only an authorisation check makes one;
/// every query on an organisation's data takes the organisation from it.
#[derive(Debug)]
pub struct OrganisationScope(OrganisationId);

impl OrganisationScope {
    /// The scope of whoever runs the server, at its command line. Requests never come here.
    pub const fn of_operator(organisation: OrganisationId) -> Self {
        Self(organisation)
    }

    /// The one organisation.
    pub const fn organisation(&self) -> OrganisationId {
        self.0
    }

    pub(super) const fn over(organisation: OrganisationId) -> Self {
        Self(organisation)
    }
}

/// The scope of the organisation that the person is here for, if they have the right in it now.
pub fn authorise(
    tx: &mut Tx<'_>,
    session: &Session,
    right: Right,
) -> Result<Option<OrganisationScope>, Failure> {
    let Some(current) = &session.organisation else {
        return Ok(None);
    };
    let has = store::find_right(tx, current.id, session.account, right)?;
    Ok(has.map(|_| OrganisationScope::over(current.id)))
}
