use db::Tx;
use serde_json::json;

use super::begin::may_use;
use super::pending::{self, Pending};
use super::{Arrival, Errand, FederationRefusal, Resumed};
use crate::audit::Act;
use crate::binding::{self, Kind, LinkedIdentity};
use crate::merge::{self, MergeRefusal};
use crate::organisation::{Entrance, Method};
use crate::session::{self, Opening, Session, StepUpRefusal};
use crate::sign_in::SignInRefusal;
use crate::sign_in::enter::{Entered, Opened, enter, record};
use crate::sign_in::entry_proof::Proof;
use crate::sign_in::second_factor::PendingEntry;
use crate::{Decision, Demand, Rules, Secret, Visit, refuse};

/// What becomes of somebody who came back with an identity.
#[derive(Debug)]
pub enum Arrived {
    /// They are in.
    Opened(Opened),
    /// Nothing yet: a second factor is asked for.
    SecondFactorNeeded(PendingEntry),
    /// Nothing is linked to the identity: they have to say who they are here.
    NotLinked(Pending),
    /// They may look at both identities, and confirm.
    ReadyToConfirm(Pending),
    /// Their session is stronger, and has a new secret.
    SteppedUp(Secret),
    /// They have proven the other account; the merge goes on under this secret.
    OtherProven(Secret),
}

/// Decides about somebody who came back, by the state of things now: whether the provider is switched on, whose the
/// identity is, and whether the session that began the way still holds (threats, LNK-9, OIDC-2).
pub fn arrive(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    session: Option<&Session>,
    resumed: &Resumed,
    arrival: &Arrival,
) -> Decision<Arrived, FederationRefusal> {
    if arrival.provider != resumed.provider {
        refuse!(FederationRefusal::ProviderOff);
    }
    if let Err(refusal) = may_use(tx, rules, &resumed.provider, resumed.errand, resumed.organisation)? {
        refuse!(refusal);
    }
    let linked = binding::find_identity(tx, rules, arrival)?;
    let own = session.filter(|session| resumed.owner == Some((session.account, session.id)));
    match (resumed.errand, own) {
        (Errand::SignIn, _) => sign_in(tx, rules, visit, resumed, arrival, linked),
        (Errand::Link, Some(session)) => link(tx, rules, visit, resumed, session, arrival, linked),
        (Errand::StepUp, Some(session)) => step_up(tx, visit, resumed, session, arrival, linked),
        (Errand::Merge, Some(session)) => prove_other(tx, rules, visit, resumed, session, arrival, linked),
        (Errand::Link | Errand::StepUp | Errand::Merge, None) => Ok(Err(FederationRefusal::OtherSession)),
    }
}

fn sign_in(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    resumed: &Resumed,
    arrival: &Arrival,
    linked: Option<LinkedIdentity>,
) -> Decision<Arrived, FederationRefusal> {
    let Some(linked) = linked else {
        let pending = pending::begin(tx, rules, visit, resumed.browser, None, arrival, Proof::None)?;
        return Ok(Ok(Arrived::NotLinked(pending)));
    };
    if linked.suspended_at.is_some() {
        let refusal = FederationRefusal::Suspended;
        let detail = json!({ "code": refusal.code(), "authenticator": linked.authenticator });
        record(tx, visit, linked.account, Act::SignInRefused, detail)?;
        refuse!(refusal);
    }
    binding::note_arrival(tx, rules, visit, &linked, arrival)?;
    let opening = Opening {
        account: linked.account,
        authenticator: linked.authenticator,
        kind: Kind::ExternalIdentity,
        browser: resumed.browser,
        standing: Some(json!({ "provider": arrival.provider, "assurance": arrival.assurance })),
        entrance: resumed.organisation.map(|organisation| Entrance {
            organisation,
            method: Method::Provider(arrival.provider.clone()),
        }),
        demand: rules
            .provider(&arrival.provider)
            .map_or(Demand::Nobody, |provider| provider.demand),
    };
    Ok(match enter(tx, rules, visit, opening, false)? {
        Ok(Entered::Opened(opened)) => Ok(Arrived::Opened(opened)),
        Ok(Entered::SecondFactorNeeded(pending)) => Ok(Arrived::SecondFactorNeeded(pending)),
        Err(refusal) => Err(refusal.into()),
    })
}

/// The proof that the linking needs was made before the way began, or is asked for again at the end (B-10.a).
fn link(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    resumed: &Resumed,
    session: &Session,
    arrival: &Arrival,
    linked: Option<LinkedIdentity>,
) -> Decision<Arrived, FederationRefusal> {
    match linked {
        Some(linked) if linked.account == session.account => refuse!(FederationRefusal::AlreadyLinked),
        Some(_) => refuse!(FederationRefusal::LinkedElsewhere),
        None => {}
    }
    let (browser, owner) = (resumed.browser, Some((session.account, session.id)));
    let proof = Proof::MadeAt(resumed.began_at);
    let pending = pending::begin(tx, rules, visit, browser, owner, arrival, proof)?;
    Ok(Ok(Arrived::ReadyToConfirm(pending)))
}

fn step_up(
    tx: &mut Tx<'_>,
    visit: &Visit,
    resumed: &Resumed,
    session: &Session,
    arrival: &Arrival,
    linked: Option<LinkedIdentity>,
) -> Decision<Arrived, FederationRefusal> {
    let own = linked.filter(|linked| linked.account == session.account && linked.suspended_at.is_none());
    let Some(linked) = own else {
        refuse!(FederationRefusal::OtherPerson);
    };
    if !is_fresh(resumed, arrival) {
        refuse!(FederationRefusal::NotFresh);
    }
    let grown = session::step_up_with_identity(tx, visit, session, &linked)?;
    Ok(grown.map(Arrived::SteppedUp).map_err(|refusal| match refusal {
        StepUpRefusal::BoundInThisSession => FederationRefusal::BoundInThisSession,
        _ => FederationRefusal::OtherSession,
    }))
}

/// An entry to the other account, taken as its proof in the same transaction (4.10.3).
fn prove_other(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    resumed: &Resumed,
    session: &Session,
    arrival: &Arrival,
    linked: Option<LinkedIdentity>,
) -> Decision<Arrived, FederationRefusal> {
    let Some(secret) = &resumed.merge else {
        refuse!(FederationRefusal::MergeGone);
    };
    if linked.is_none() {
        refuse!(FederationRefusal::OpensNothing);
    }
    if !is_fresh(resumed, arrival) {
        refuse!(FederationRefusal::NotFresh);
    }
    let entry = match sign_in(tx, rules, visit, resumed, arrival, linked)? {
        Ok(Arrived::Opened(entry)) => entry,
        other => return Ok(other),
    };
    let proven = merge::prove(tx, rules, visit, resumed.browser, session, secret, &entry)?;
    Ok(proven.map(Arrived::OtherProven).map_err(|refusal| match refusal {
        MergeRefusal::SameAccount => FederationRefusal::SameAccount,
        MergeRefusal::WeakProof => FederationRefusal::WeakProof,
        _ => FederationRefusal::MergeGone,
    }))
}

fn is_fresh(resumed: &Resumed, arrival: &Arrival) -> bool {
    let proven_at = arrival.authenticated_at;
    proven_at.is_some_and(|at| at.plus(super::LEEWAY) >= resumed.began_at)
}

impl From<SignInRefusal> for FederationRefusal {
    /// Whoever has an identity that opens an account is kept out by the account, or by the organisation whose page it was.
    fn from(refusal: SignInRefusal) -> Self {
        let same = |own: &&Self| own.code() == refusal.code();
        Self::ALL
            .iter()
            .find(same)
            .copied()
            .unwrap_or(Self::AccountBlocked)
    }
}
