use db::{Timestamp, Tx};
use serde::{Deserialize, Serialize};

use super::compare::{self, Likeness, PersonIdLine};
use super::contacts::{self, ContactOffer};
use super::{Arrival, FederationRefusal, PENDING, PROOFS};
use crate::account::{self, AccountId, Profile};
use crate::binding::{self, IdentityData};
use crate::session::{Session, SessionId};
use crate::sign_in::entry_proof::Proof;
use crate::ticket::{self, LinkRefusal, New, Purpose, Ticket};
use crate::{BrowserHash, Decision, Failure, Rules, Secret, Visit, provider, refuse};

/// A link that waits for its confirmation.
#[derive(Debug)]
pub struct Pending {
    /// Finds it again, in this browser alone.
    pub secret: Secret,
    /// Until when.
    pub until: Timestamp,
}

/// Who arrived and is linked to nobody yet (B-3).
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Who.
    pub arrival: Arrival,
    /// Until when they are remembered.
    pub until: Timestamp,
}

/// What a person sees before a link is made (4.2.2).
#[derive(Clone, Debug)]
pub struct Confirmation {
    /// Who arrived.
    pub arrival: Arrival,
    /// Whose the account is.
    pub profile: Profile,
    /// How the names compare.
    pub names: Likeness,
    /// The numbers of either side.
    pub person_ids: Vec<PersonIdLine>,
    /// Contacts that the person may take over (B-13).
    pub contacts: Vec<ContactOffer>,
    /// The identity of the same provider that would be replaced (B-5.d).
    pub replaces: Option<IdentityData>,
    /// Whether the proof that the link needs still counts.
    pub is_proven: bool,
    /// Until when the link can be confirmed.
    pub until: Timestamp,
}

impl Confirmation {
    /// Whether the person must say that they saw a difference (B-5.f).
    pub fn must_acknowledge(&self) -> bool {
        self.names == Likeness::Differ
    }
}

/// What the second ticket holds.
#[derive(Serialize, Deserialize)]
pub(super) struct Held {
    pub(super) arrival: Arrival,
    pub(super) proof: Proof,
}

impl Held {
    /// Whether the proof still counts: it is as short-lived as any step-up, and good for this link alone.
    pub(super) fn is_proven(&self, rules: &Rules, visit: &Visit) -> bool {
        self.proof.counts(rules, visit)
    }
}

/// Remembers who arrived, for this browser and, once it is known, for one session of one account.
pub(super) fn begin(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    owner: Option<(AccountId, SessionId)>,
    arrival: &Arrival,
    proof: Proof,
) -> Result<Pending, Failure> {
    let held = Held {
        arrival: arrival.clone(),
        proof,
    };
    let new = New {
        purpose: Purpose::ProviderLink,
        browser: Some(browser),
        account: owner.map(|(account, _)| account),
        session: owner.map(|(_, session)| session),
        life: PENDING,
        tries: PROOFS,
        payload: &serde_json::to_vec(&held)?,
    };
    Ok(Pending {
        secret: ticket::issue(tx, rules, visit, new)?.secret,
        until: visit.now.plus(PENDING),
    })
}

/// Who arrived in this browser and has not proved an account yet. Nothing is used up.
pub fn waiting(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
) -> Decision<Waiting, FederationRefusal> {
    let (ticket, held) = match find(tx, rules, visit, browser, secret)? {
        Ok(found) => found,
        Err(refusal) => refuse!(refusal),
    };
    if !provider::is_on(tx, rules, &held.arrival.provider)? {
        refuse!(FederationRefusal::ProviderOff);
    }
    Ok(Ok(Waiting {
        arrival: held.arrival,
        until: ticket.expires_at,
    }))
}

/// Ties who arrived to the account that was entered after them in the same browser, with the entry as proof where it is
/// good for one.
pub fn adopt(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
    account: AccountId,
    session: SessionId,
) -> Decision<Pending, FederationRefusal> {
    let proof = Proof::of_entry(tx, rules, visit, account, session)?;
    take_over(tx, rules, visit, browser, secret, (account, session), proof)
}

/// Ties who arrived to the account that is signed in already; the proof is still to be made.
pub fn adopt_by_session(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
    session: &Session,
) -> Decision<Pending, FederationRefusal> {
    let owner = (session.account, session.id);
    take_over(tx, rules, visit, browser, secret, owner, Proof::None)
}

fn take_over(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
    owner: (AccountId, SessionId),
    proof: Proof,
) -> Decision<Pending, FederationRefusal> {
    let Some(ticket) = ticket::take(tx, rules, visit, Purpose::ProviderLink, secret, Some(browser))? else {
        refuse!(FederationRefusal::Gone);
    };
    let held: Held = serde_json::from_slice(&ticket.payload)?;
    let pending = begin(tx, rules, visit, browser, Some(owner), &held.arrival, proof)?;
    Ok(Ok(pending))
}

/// Counts a refused proof against the link that waits for it; `false`: it was the last, and the link is given up
/// (B-5.c).
pub fn count_refused_proof(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
) -> Result<bool, Failure> {
    let purpose = Purpose::ProviderLink;
    let Some(ticket) = ticket::find(tx, rules, visit, purpose, secret, Some(browser))? else {
        return Ok(true);
    };
    let goes_on = ticket::count_try(tx, visit, ticket.id)? && ticket::has_tries(tx, ticket.id)?;
    if !goes_on {
        ticket::discard(tx, visit, ticket.id)?;
    }
    Ok(goes_on)
}

/// «Cancel»: who arrived is forgotten.
pub fn give_up(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
) -> Result<(), Failure> {
    let purpose = Purpose::ProviderLink;
    if let Some(ticket) = ticket::find(tx, rules, visit, purpose, secret, Some(browser))? {
        ticket::discard(tx, visit, ticket.id)?;
    }
    Ok(())
}

/// Both identities side by side, for the person of exactly the session that the link waits for (threats, LNK-7).
pub fn preview(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    session: &Session,
    secret: &Secret,
) -> Decision<Confirmation, FederationRefusal> {
    let (ticket, held) = match find_own(tx, rules, visit, browser, session, secret)? {
        Ok(found) => found,
        Err(refusal) => refuse!(refusal),
    };
    if let Some(refusal) = obstacle(tx, rules, session.account, &held.arrival)? {
        refuse!(refusal);
    }
    let profile = account::profile(tx, session.account)?;
    let replaced = binding::find_identity_at(tx, rules, session.account, &held.arrival.provider)?;
    let replaces = match replaced {
        Some(linked) => Some(linked.shown(tx, rules)?),
        None => None,
    };
    Ok(Ok(Confirmation {
        names: compare::names(&profile.name, &held.arrival.name),
        person_ids: compare::person_ids(&profile.person_ids, &held.arrival.person_ids),
        contacts: contacts::offers(tx, rules, visit, session.account, &held.arrival.contacts)?,
        replaces,
        is_proven: held.is_proven(rules, visit) || session.step_up(tx, rules, visit)?.is_ok(),
        until: ticket.expires_at,
        profile,
        arrival: held.arrival,
    }))
}

/// The ticket of this browser.
fn find(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
) -> Decision<(Ticket, Held), FederationRefusal> {
    let purpose = Purpose::ProviderLink;
    let Some(ticket) = ticket::find(tx, rules, visit, purpose, secret, Some(browser))? else {
        refuse!(match ticket::why_gone(tx, purpose, secret)? {
            LinkRefusal::Used => FederationRefusal::Used,
            LinkRefusal::Replaced => FederationRefusal::GivenUp,
            LinkRefusal::Expired | LinkRefusal::Unknown => FederationRefusal::Gone,
        });
    };
    let held = serde_json::from_slice(&ticket.payload)?;
    Ok(Ok((ticket, held)))
}

/// The ticket of this browser, session and account.
pub(super) fn find_own(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    session: &Session,
    secret: &Secret,
) -> Decision<(Ticket, Held), FederationRefusal> {
    let own = (Some(session.account), Some(session.id));
    Ok(match find(tx, rules, visit, browser, secret)? {
        Ok((ticket, _)) if (ticket.account, ticket.session) != own => Err(FederationRefusal::OtherSession),
        found => found,
    })
}

/// Why who arrived cannot be linked to the account, whatever the person says.
pub(super) fn obstacle(
    tx: &mut Tx<'_>,
    rules: &Rules,
    account: AccountId,
    arrival: &Arrival,
) -> Result<Option<FederationRefusal>, Failure> {
    if !provider::is_on(tx, rules, &arrival.provider)? {
        return Ok(Some(FederationRefusal::ProviderOff));
    }
    if !account::may_authenticate(tx, account)? {
        return Ok(Some(FederationRefusal::AccountBlocked));
    }
    // who holds the account must be known by something better than a password alone (threats, LNK-3)
    if !contacts::has_confirmed(tx, account)? && !binding::has_certificate(tx, account)? {
        return Ok(Some(FederationRefusal::ContactFirst));
    }
    match binding::find_identity(tx, rules, arrival)? {
        Some(linked) if linked.account == account => return Ok(Some(FederationRefusal::AlreadyLinked)),
        Some(_) => return Ok(Some(FederationRefusal::LinkedElsewhere)),
        None => {}
    }
    let known = account::profile(tx, account)?.person_ids;
    let differ = compare::person_ids_differ(&known, &arrival.person_ids);
    Ok(differ.then_some(FederationRefusal::PersonIdDiffers))
}
