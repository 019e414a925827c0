//! Identities at outside providers. One is found by provider, issuer and subject together, never by an address or a name
//! (B-16, threats LNK-6), and of one provider an account has at most one.

mod remove;
mod store;

use db::{Timestamp, Tx};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{AuthenticatorId, BoundBy, Kind};
use crate::account::{AccountId, PersonId};
use crate::audit::{self, Act, Event};
use crate::provider::ProviderKey;
use crate::sign_in::federation::{Arrival, StatedContact};
use crate::{Failure, Rules, Visit, provider};

pub(crate) use remove::{disown_identity, has_identity, remove_identity};
pub use remove::{resume_identity, unlink};

/// What an identity is sealed and hashed for.
const PURPOSE: &str = "external identity";

/// An identity at a provider, as the owner of the account sees it.
#[derive(Clone, Debug)]
pub struct IdentityData {
    /// The provider.
    pub provider: ProviderKey,
    /// The name it gave last; may be empty.
    pub name: String,
    /// The numbers it gave last.
    pub person_ids: Vec<PersonId>,
    /// How sure it was of the person when the identity was linked.
    pub assurance: Option<String>,
    /// Contacts that it gives now and the person has neither taken nor declined (B-13.b).
    pub new_contacts: Vec<StatedContact>,
    /// Its state now.
    pub state: IdentityState,
}

/// The state of a linked identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityState {
    /// It opens the account.
    InForce,
    /// «This was not me»: it opens nothing.
    Suspended {
        /// Since when.
        at: Timestamp,
    },
    /// The provider is switched off.
    ProviderOff,
}

/// An identity with the account it opens.
#[derive(Clone, Debug)]
pub(crate) struct LinkedIdentity {
    pub(crate) authenticator: AuthenticatorId,
    pub(crate) account: AccountId,
    pub(crate) bound_at: Timestamp,
    pub(crate) last_used_at: Option<Timestamp>,
    pub(crate) assurance: Option<String>,
    pub(crate) suspended_at: Option<Timestamp>,
    /// Who arrived last.
    pub(crate) arrival: Arrival,
    /// Keys of the contacts that the person has taken or declined.
    answered: Vec<String>,
}

/// What is sealed in a row.
#[derive(Serialize, Deserialize)]
struct Sealed {
    arrival: Arrival,
    answered: Vec<String>,
}

impl LinkedIdentity {
    /// Contacts that the provider gives and nobody has answered to.
    pub(crate) fn new_contacts(&self) -> impl Iterator<Item = &StatedContact> {
        let answered = |contact: &&StatedContact| !self.answered.contains(&contact.key());
        self.arrival.contacts.iter().filter(answered)
    }

    /// As its owner sees it.
    pub(crate) fn shown(&self, tx: &mut Tx<'_>, rules: &Rules) -> Result<IdentityData, Failure> {
        let state = match self.suspended_at {
            Some(at) => IdentityState::Suspended { at },
            None if provider::is_on(tx, rules, &self.arrival.provider)? => IdentityState::InForce,
            None => IdentityState::ProviderOff,
        };
        Ok(IdentityData {
            provider: self.arrival.provider.clone(),
            name: self.arrival.name.to_string(),
            person_ids: self.arrival.person_ids.clone(),
            assurance: self.assurance.clone(),
            new_contacts: self.new_contacts().cloned().collect(),
            state,
        })
    }
}

/// Links who arrived to an account, and says so in the audit trail. The caller has seen that neither they nor the account
/// are linked.
pub(crate) fn bind_identity(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    arrival: &Arrival,
) -> Result<AuthenticatorId, Failure> {
    let id = visit.id(AuthenticatorId::new);
    let answered = arrival.contacts.iter().map(StatedContact::key).collect();
    let sealed = seal(rules, visit, arrival, answered)?;
    super::store::insert(
        tx,
        id,
        account,
        Kind::ExternalIdentity,
        BoundBy::Person,
        visit.now,
    )?;
    let new = store::NewIdentity {
        provider: &arrival.provider,
        identity: identity(rules, arrival),
        arrival: &sealed,
        assurance: arrival.assurance.as_deref(),
    };
    if store::insert(tx, id, account, &new)? == 0 {
        return Err(Failure::new("an identity that was just not linked is linked"));
    }
    let detail = json!({ "authenticator": id, "provider": arrival.provider, "assurance": arrival.assurance });
    audit::record(tx, visit, Event::by(account, Act::IdentityLinked, detail))?;
    Ok(id)
}

/// The account that somebody who arrives is linked to, whatever the state of the link.
pub(crate) fn find_identity(
    tx: &mut Tx<'_>,
    rules: &Rules,
    arrival: &Arrival,
) -> Result<Option<LinkedIdentity>, Failure> {
    let row = store::find(tx, &arrival.provider, &identity(rules, arrival))?;
    row.map(|row| open(rules, row)).transpose()
}

/// The provider of an identity.
pub(crate) fn find_provider(tx: &mut Tx<'_>, id: AuthenticatorId) -> Result<Option<ProviderKey>, Failure> {
    Ok(store::find_provider(tx, id)?)
}

/// The identity of this provider that opens the account.
pub(crate) fn find_identity_at(
    tx: &mut Tx<'_>,
    rules: &Rules,
    account: AccountId,
    provider: &ProviderKey,
) -> Result<Option<LinkedIdentity>, Failure> {
    let all = identities(tx, rules, account)?;
    Ok(all
        .into_iter()
        .find(|linked| linked.arrival.provider == *provider))
}

/// All identities of an account, the newest first.
pub(crate) fn identities(
    tx: &mut Tx<'_>,
    rules: &Rules,
    account: AccountId,
) -> Result<Vec<LinkedIdentity>, Failure> {
    let rows = store::list(tx, account)?;
    rows.into_iter().map(|row| open(rules, row)).collect()
}

/// Keeps what the provider says now. The assurance of the linking stays: a weaker statement does not replace it
/// (threats, OIDC-8).
pub(crate) fn note_arrival(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    linked: &LinkedIdentity,
    arrival: &Arrival,
) -> Result<(), Failure> {
    if linked.arrival.says_the_same(arrival) {
        return Ok(());
    }
    let sealed = seal(rules, visit, arrival, linked.answered.clone())?;
    Ok(store::update_arrival(tx, linked.authenticator, &sealed)?)
}

/// Notes that the person has answered to every contact that the provider gives now.
pub(crate) fn record_answers(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    linked: &LinkedIdentity,
) -> Result<(), Failure> {
    let mut answered = linked.answered.clone();
    answered.extend(linked.new_contacts().map(StatedContact::key));
    let sealed = seal(rules, visit, &linked.arrival, answered)?;
    Ok(store::update_arrival(tx, linked.authenticator, &sealed)?)
}

/// Who somebody is at a provider, as it is looked up.
fn identity(rules: &Rules, arrival: &Arrival) -> [u8; 32] {
    let whole = format!("{}\0{}", arrival.issuer, arrival.subject);
    rules.server_key.keyed_hash(PURPOSE, whole.as_bytes())
}

fn seal(rules: &Rules, visit: &Visit, arrival: &Arrival, answered: Vec<String>) -> Result<Vec<u8>, Failure> {
    let sealed = serde_json::to_vec(&Sealed {
        arrival: arrival.clone(),
        answered,
    })?;
    rules.server_key.seal(PURPOSE, &sealed, &visit.entropy)
}

fn open(rules: &Rules, row: store::Row) -> Result<LinkedIdentity, Failure> {
    let Sealed { arrival, answered } =
        serde_json::from_slice(&rules.server_key.open(PURPOSE, &row.arrival)?)?;
    Ok(LinkedIdentity {
        authenticator: row.authenticator,
        account: row.account,
        bound_at: row.bound_at,
        last_used_at: row.last_used_at,
        assurance: row.assurance,
        suspended_at: row.suspended_at,
        arrival,
        answered,
    })
}
