use db::Tx;
use serde_json::json;

use super::familiar::{Familiarity, meet};
use super::{SessionId, store};
use crate::account::{self, AccountId};
use crate::audit::{self, Act, Event};
use crate::binding::{AuthenticatorId, Kind, SecondFactor};
use crate::organisation::{Entrance, OrganisationId};
use crate::{BrowserHash, Demand, Failure, Rules, Secret, Visit};

/// A session to be opened after a proof.
#[derive(Clone, Debug)]
pub(crate) struct Opening {
    pub(crate) account: AccountId,
    pub(crate) authenticator: AuthenticatorId,
    pub(crate) kind: Kind,
    pub(crate) browser: BrowserHash,
    /// What was known about the revocation of a certificate.
    pub(crate) standing: Option<serde_json::Value>,
    /// The organisation's page that it came through, asked again before the session is made.
    pub(crate) entrance: Option<Entrance>,
    /// Of whom a second factor is asked after this proof.
    pub(crate) demand: Demand,
}

/// What a person did about a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Second {
    /// None was asked for.
    NotAsked,
    /// One was given.
    Given(SecondFactor),
    /// One is asked of everybody, and the person has none yet.
    Owed,
}

impl Second {
    pub(super) const fn factor(self) -> Option<SecondFactor> {
        match self {
            Self::Given(factor) => Some(factor),
            Self::NotAsked | Self::Owed => None,
        }
    }
}

/// A session just opened.
pub(crate) struct NewSession {
    pub(crate) id: SessionId,
    pub(crate) secret: Secret,
    pub(crate) is_new_device: bool,
}

/// Opens a session, if the account may be entered at all. No other function makes one.
pub(crate) fn open(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    opening: &Opening,
    organisation: Option<OrganisationId>,
    second: Second,
) -> Result<Option<NewSession>, Failure> {
    if !account::may_authenticate(tx, opening.account)? {
        return Ok(None);
    }
    let (id, secret) = (visit.id(SessionId::new), Secret::new(&visit.entropy));
    let is_new_device = meet(tx, visit, opening.account, opening.browser)? == Familiarity::New;
    store::insert(
        tx,
        &store::NewRow {
            id,
            secret: secret.hash(),
            account: opening.account,
            authenticator: opening.authenticator,
            opened_at: visit.now,
            expires_at: visit.now.plus(rules.session.absolute),
            address: &visit.address.to_string(),
            device: &visit.device,
            organisation,
            owes_second_factor: second == Second::Owed,
        },
    )?;
    let detail = json!({
        "session": id,
        "by": opening.kind,
        "authenticator": opening.authenticator,
        "revocation": opening.standing,
        "organisation": organisation,
        "second_factor": second.factor(),
        "new_device": is_new_device,
    });
    let event = Event::by(opening.account, Act::SessionOpened, detail);
    audit::record(tx, visit, event)?;
    Ok(Some(NewSession {
        id,
        secret,
        is_new_device,
    }))
}
