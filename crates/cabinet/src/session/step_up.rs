use db::{Timestamp, Tx};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::end::record;
use super::find::holding;
use super::{Recovered, Second, Session, SessionId, StepUpRequired, store};
use crate::account::{self, AccountId};
use crate::audit::Act;
use crate::binding::{self, Assertion, AuthenticatorId, Kind, LinkedIdentity, PasskeyRefusal, prove_passkey};
use crate::organisation;
use crate::sign_in::second_factor::{PendingEntry, Then, Waiting, wait};
use crate::sign_in::{
    CertificateProof, ChallengePurpose, CheckedPassword, PasswordAttempt, standing, step_up_pace,
};
use crate::throttle::{self, Subject, network_of};
use crate::ticket::{self, Purpose};
use crate::{BrowserHash, Decision, Demand, Failure, Rules, Secret, Visit, refuse};

crate::refusals! {
    /// Why a session was not made stronger.
    pub enum StepUpRefusal {
        SessionGone = "session.gone",
        ChallengeGone = "challenge.gone",
        CertificateOtherPerson = "certificate.other_person",
        CertificateNotBound = "certificate.not_bound",
        BoundInThisSession = "step_up.bound_in_this_session",
        StrongerMethod = "step_up.stronger_method",
        PasswordNotSet = "password.not_set",
        PasswordWrong = "password.wrong",
        TooManyTries = "password.too_many_tries",
    }
}

/// The right to change who may enter and how the person is reached. Only [`Session::step_up`] makes it, and a recovery
/// that has just been completed: its proofs stand for one by a way in that is lost.
#[derive(Debug)]
pub struct SteppedUp {
    account: AccountId,
    session: SessionId,
    proven_at: Timestamp,
}

impl SteppedUp {
    /// The right that a recovery in this session gave.
    pub(crate) const fn by_recovery(session: &Session, recovered: Recovered) -> Self {
        Self {
            account: session.account,
            session: session.id,
            proven_at: recovered.at,
        }
    }

    /// The account that may be changed.
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// The session that may change it.
    pub const fn session(&self) -> SessionId {
        self.session
    }

    /// When the proof was made.
    pub const fn proven_at(&self) -> Timestamp {
        self.proven_at
    }
}

impl Session {
    /// Uses the step-up of this session, in the transaction of the change: a session that was ended meanwhile changes
    /// nothing (threats, SES-8).
    pub fn step_up(
        &self,
        tx: &mut Tx<'_>,
        rules: &Rules,
        visit: &Visit,
    ) -> Decision<SteppedUp, StepUpRequired> {
        let Some(row) = store::find_by_id(tx, self.id)? else {
            refuse!(StepUpRequired)
        };
        let proven_at = row.stepped_up_at;
        let holds = holding(rules, visit, row).is_some_and(|session| session.is_stepped_up(visit.now));
        let Some(proven_at) = proven_at.filter(|_| holds) else {
            refuse!(StepUpRequired)
        };
        Ok(Ok(SteppedUp {
            account: self.account,
            session: self.id,
            proven_at,
        }))
    }
}

/// The kind of proof that this session must be given: the strongest that the account can use (threats, SES-5).
/// What was bound in this very session proves nothing in it, unless there is nothing else.
pub fn step_up_kind(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    session: &Session,
) -> Result<Option<Kind>, Failure> {
    let mut usable = binding::list_usable(tx, rules, session.account, visit.now)?;
    usable.retain(|way| way.proves_anew);
    let older = usable.iter().filter(|way| way.bound_at <= session.opened_at);
    let strongest = older.map(|way| way.kind).max();
    Ok(strongest.or_else(|| usable.iter().map(|way| way.kind).max()))
}

/// What a proof in a session leads to.
#[derive(Debug)]
pub enum Grown {
    /// The session is stronger. This is its new secret; the old one is dead.
    Stronger(Secret),
    /// Nothing yet: a second factor is asked for.
    SecondFactorNeeded(PendingEntry),
}

/// Makes the session stronger by a certificate of the account.
pub fn step_up_with_certificate(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    session: &Session,
    proof: &impl CertificateProof,
) -> Decision<Grown, StepUpRefusal> {
    if !proof.take(tx, rules, visit, ChallengePurpose::StepUp(session))? {
        refuse!(StepUpRefusal::ChallengeGone);
    }
    let signer = proof.signer();
    let Some(bound) = binding::find_certificate(tx, &signer.certificate().fingerprint())? else {
        return refused(tx, visit, session, StepUpRefusal::CertificateNotBound);
    };
    if bound.account != session.account {
        return refused(tx, visit, session, StepUpRefusal::CertificateOtherPerson);
    }
    if bound.removed_at.is_some() {
        return refused(tx, visit, session, StepUpRefusal::CertificateNotBound);
    }
    let proof = Proof {
        authenticator: bound.authenticator,
        bound_at: bound.bound_at,
        kind: Kind::Certificate,
        standing: Some(standing(signer)),
    };
    let of_group = rules.second_factor.after_certificate(signer.anchor_group());
    let demand = organisation::second_factor_demand(tx, session.account, of_group)?;
    grow_or_wait(tx, rules, visit, browser, session, proof, demand)
}

/// Begins a step-up by password: counts the try and gives what it is checked against, outside the transaction.
pub fn step_up_attempt(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    session: &Session,
) -> Decision<PasswordAttempt, StepUpRefusal> {
    match step_up_kind(tx, rules, visit, session)? {
        Some(Kind::Password) => {}
        Some(Kind::ExternalIdentity | Kind::Passkey | Kind::Certificate) => {
            refuse!(StepUpRefusal::StrongerMethod)
        }
        None => refuse!(StepUpRefusal::PasswordNotSet),
    }
    let Some(password) = binding::find_password(tx, session.account)? else {
        refuse!(StepUpRefusal::PasswordNotSet);
    };
    let subject = pace(rules, visit, session);
    if throttle::must_wait(tx, visit, subject)? {
        refuse!(StepUpRefusal::TooManyTries);
    }
    throttle::count(tx, visit, subject)?;
    Ok(Ok(PasswordAttempt::known(session.account, password, subject)))
}

/// Makes the session stronger by the account's password.
pub fn step_up_with_password(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    session: &Session,
    checked: &CheckedPassword,
) -> Decision<Grown, StepUpRefusal> {
    let Some(password) = checked.redeem(tx, session.account)? else {
        return refused(tx, visit, session, StepUpRefusal::PasswordWrong);
    };
    let proof = Proof {
        authenticator: password.authenticator,
        bound_at: password.bound_at,
        kind: Kind::Password,
        standing: None,
    };
    let of_password = rules.second_factor.password;
    let demand = organisation::second_factor_demand(tx, session.account, of_password)?;
    grow_or_wait(tx, rules, visit, browser, session, proof, demand)
}

/// Makes the session stronger by a passkey of the account, where no certificate is stronger. Gives the session's new
/// secret; the old one is dead.
pub fn step_up_with_passkey(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    session: &Session,
    assertion: &Assertion,
) -> Decision<Secret, PasskeyRefusal> {
    if step_up_kind(tx, rules, visit, session)?.is_some_and(|kind| kind > Kind::Passkey) {
        refuse!(PasskeyRefusal::StrongerMethod);
    }
    let purpose = Purpose::PasskeyStepUp;
    let proven = match prove_passkey(tx, rules, visit, purpose, browser, assertion)? {
        Ok(proven) if proven.ticket.session == Some(session.id) => proven,
        Ok(_) => refuse!(PasskeyRefusal::ChallengeGone),
        Err(refusal) => refuse!(refusal),
    };
    let proof = Proof {
        authenticator: proven.authenticator,
        bound_at: proven.bound_at,
        kind: Kind::Passkey,
        standing: None,
    };
    let grown = grow(tx, visit, session, &proof, Second::NotAsked)?;
    Ok(grown.map_err(|refusal| match refusal {
        StepUpRefusal::BoundInThisSession => PasskeyRefusal::BoundInThisSession,
        _ => PasskeyRefusal::SessionGone,
    }))
}

/// Makes the session stronger by an identity whose owner has just proved themselves to its provider.
pub(crate) fn step_up_with_identity(
    tx: &mut Tx<'_>,
    visit: &Visit,
    session: &Session,
    linked: &LinkedIdentity,
) -> Decision<Secret, StepUpRefusal> {
    let proof = Proof {
        authenticator: linked.authenticator,
        bound_at: linked.bound_at,
        kind: Kind::ExternalIdentity,
        standing: None,
    };
    grow(tx, visit, session, &proof, Second::NotAsked)
}

fn pace(rules: &Rules, visit: &Visit, session: &Session) -> Subject {
    Subject::new(
        rules,
        step_up_pace(),
        &[&session.account.to_string(), &network_of(visit.address)],
    )
}

/// What makes a session stronger.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Proof {
    authenticator: AuthenticatorId,
    bound_at: Timestamp,
    kind: Kind,
    standing: Option<serde_json::Value>,
}

/// Makes the session stronger, or lets the proof wait for a second factor: one that was there before the session.
fn grow_or_wait(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    session: &Session,
    proof: Proof,
    demand: Demand,
) -> Decision<Grown, StepUpRefusal> {
    let (account, first, before) = (session.account, proof.authenticator, session.opened_at);
    let ways = binding::second_factors(tx, account, Some(first), demand, before)?;
    if ways.is_empty() || proof.bound_at > session.opened_at {
        return Ok(grow(tx, visit, session, &proof, Second::NotAsked)?.map(Grown::Stronger));
    }
    let then = Then::StepUp {
        session: session.id,
        proof,
    };
    let waiting = Waiting {
        first,
        demand,
        before,
        then,
    };
    let pending = wait(tx, rules, visit, browser, account, &waiting, ways)?;
    Ok(Ok(Grown::SecondFactorNeeded(pending)))
}

/// Makes the session stronger, when nothing more is asked. Gives its new secret; the old one is dead.
pub(crate) fn grow(
    tx: &mut Tx<'_>,
    visit: &Visit,
    session: &Session,
    proof: &Proof,
    second: Second,
) -> Decision<Secret, StepUpRefusal> {
    // Whoever stole the session must not make himself stronger by what he added in it.
    if proof.bound_at > session.opened_at {
        return refused(tx, visit, session, StepUpRefusal::BoundInThisSession);
    }
    if !account::may_authenticate(tx, session.account)? {
        refuse!(StepUpRefusal::SessionGone);
    }
    let (id, secret) = (visit.id(SessionId::new), Secret::new(&visit.entropy));
    if store::update_stepped_up(tx, session.id, id, secret.hash(), visit.now)? == 0 {
        refuse!(StepUpRefusal::SessionGone);
    }
    ticket::follow_session(tx, session.account, session.id, id)?;
    binding::mark_used(tx, proof.authenticator, visit.now)?;
    let detail = json!({
        "session": id,
        "by": proof.kind,
        "authenticator": proof.authenticator,
        "revocation": proof.standing,
        "second_factor": second.factor(),
    });
    record(tx, visit, session.account, Act::SessionSteppedUp, detail)?;
    Ok(Ok(secret))
}

fn refused<T>(
    tx: &mut Tx<'_>,
    visit: &Visit,
    session: &Session,
    refusal: StepUpRefusal,
) -> Decision<T, StepUpRefusal> {
    record(
        tx,
        visit,
        session.account,
        Act::StepUpRefused,
        json!({ "code": refusal.code() }),
    )?;
    refuse!(refusal);
}
