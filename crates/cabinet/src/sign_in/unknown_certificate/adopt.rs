use db::{Timestamp, Tx};
use esign::certificate::Certificate;

use super::UnknownCertificateRefusal as Refusal;
use super::bind::{bind_in, is_same_person, obstacle};
use super::held::{Held, PendingCertificate, find, take, wait};
use crate::account::{self, AccountId, Name, Profile};
use crate::binding::AuthenticatorId;
use crate::session::{Session, SessionId};
use crate::sign_in::entry_proof::Proof;
use crate::sign_in::federation::{Likeness, PersonIdLine, compare};
use crate::ticket::Ticket;
use crate::{BrowserHash, Decision, Rules, Secret, Visit, refuse};

/// What becomes of a certificate when its owner has proved an account.
#[derive(Debug)]
pub enum Adopted {
    /// It is bound: it states a number of the account (D-8).
    Bound(AuthenticatorId),
    /// The person sees both sides, and confirms; or learns what stands against it.
    ToConfirm(PendingCertificate),
}

/// What a person sees before a certificate is added.
#[derive(Clone, Debug)]
pub struct Confirmation {
    /// The certificate.
    pub certificate: Certificate,
    /// The group that vouches for it.
    pub anchor_group: String,
    /// The name that it states.
    pub name: Name,
    /// Whose the account is.
    pub profile: Profile,
    /// How the names compare.
    pub names: Likeness,
    /// The numbers of either side.
    pub person_ids: Vec<PersonIdLine>,
    /// Whether the proof that this needs still counts.
    pub is_proven: bool,
    /// What stands against it, whatever the person says.
    pub obstacle: Option<Refusal>,
    /// Until when it can be confirmed.
    pub until: Timestamp,
}

impl Confirmation {
    /// Whether the person must say that they saw a difference (B-5.f).
    pub fn must_acknowledge(&self) -> bool {
        self.names == Likeness::Differ
    }
}

/// What a person says to it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Choice {
    /// They saw that the names differ.
    pub difference_seen: bool,
}

/// Adds the certificate to the account that was entered after it in the same browser, or lets it wait for a confirmation
/// there.
pub fn adopt(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
    account: AccountId,
    session: SessionId,
) -> Decision<Adopted, Refusal> {
    let proof = Proof::of_entry(tx, rules, visit, account, session)?;
    let (ticket, mut held) = match take_waiting(tx, rules, visit, browser, secret)? {
        Ok(found) => found,
        Err(refusal) => refuse!(refusal),
    };
    if obstacle(tx, account, &held)?.is_none() && is_same_person(tx, account, &held)? {
        let bound = bind_in(tx, rules, visit, account, session, &held)?;
        return Ok(Ok(Adopted::Bound(bound)));
    }
    held.proof = proof;
    let owner = Some((account, session));
    let pending = wait(tx, rules, visit, browser, owner, &held, ticket.expires_at)?;
    Ok(Ok(Adopted::ToConfirm(pending)))
}

/// Ties the certificate to the account that is signed in already; the proof is still to be made.
pub fn adopt_by_session(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
    session: &Session,
) -> Decision<PendingCertificate, Refusal> {
    let (ticket, held) = match take_waiting(tx, rules, visit, browser, secret)? {
        Ok(found) => found,
        Err(refusal) => refuse!(refusal),
    };
    let owner = Some((session.account, session.id));
    let pending = wait(tx, rules, visit, browser, owner, &held, ticket.expires_at)?;
    Ok(Ok(pending))
}

/// Both sides, for the person of exactly the session that the certificate waits for.
pub fn preview(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    session: &Session,
    secret: &Secret,
) -> Decision<Confirmation, Refusal> {
    let (ticket, held) = match find_own(tx, rules, visit, browser, session, secret)? {
        Ok(found) => found,
        Err(refusal) => refuse!(refusal),
    };
    let profile = account::profile(tx, session.account)?;
    Ok(Ok(Confirmation {
        certificate: held.certificate()?,
        names: compare::names(&profile.name, &held.name),
        person_ids: compare::person_ids(&profile.person_ids, &held.person_ids),
        is_proven: held.proof.counts(rules, visit) || session.step_up(tx, rules, visit)?.is_ok(),
        obstacle: obstacle(tx, session.account, &held)?,
        until: ticket.expires_at,
        anchor_group: held.anchor_group,
        name: held.name,
        profile,
    }))
}

/// Adds the certificate. Everything is judged anew in this transaction, and what the person still has to say or to prove
/// does not use it up.
pub fn confirm(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    session: &Session,
    secret: &Secret,
    choice: Choice,
) -> Decision<AuthenticatorId, Refusal> {
    account::lock(tx, session.account)?;
    let (ticket, held) = match find_own(tx, rules, visit, browser, session, secret)? {
        Ok(found) => found,
        Err(refusal) => refuse!(refusal),
    };
    if let Some(refusal) = obstacle(tx, session.account, &held)? {
        refuse!(refusal);
    }
    if !held.proof.counts(rules, visit) && session.step_up(tx, rules, visit)?.is_err() {
        refuse!(Refusal::StepUpRequired);
    }
    let name = account::profile(tx, session.account)?.name;
    if compare::names(&name, &held.name) == Likeness::Differ && !choice.difference_seen {
        refuse!(Refusal::NotAcknowledged);
    }
    if let Err(refusal) = take(tx, visit, browser, &ticket)? {
        refuse!(refusal);
    }
    bind_in(tx, rules, visit, session.account, session.id, &held).map(Ok)
}

fn take_waiting(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
) -> Decision<(Ticket, Held), Refusal> {
    let found = match find(tx, rules, visit, browser, secret)? {
        Ok(found) => found,
        Err(refusal) => refuse!(refusal),
    };
    Ok(take(tx, visit, browser, &found.0)?.map(|()| found))
}

/// The ticket of this browser, session and account.
fn find_own(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    session: &Session,
    secret: &Secret,
) -> Decision<(Ticket, Held), Refusal> {
    let own = (Some(session.account), Some(session.id));
    Ok(match find(tx, rules, visit, browser, secret)? {
        Ok((ticket, _)) if (ticket.account, ticket.session) != own => Err(Refusal::OtherSession),
        found => found,
    })
}
