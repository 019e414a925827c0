use db::Tx;
use esign::cms::VerifiedSigner;

use super::enter::{Entered, enter, record, refused};
use super::{CertificateProof, ChallengePurpose, SignInRefusal, standing};
use crate::account::{self, AccountId, Name, PersonId};
use crate::audit::{self, Act};
use crate::binding::{self, AuthenticatorId, BoundBy, Kind, tell};
use crate::message::Notice;
use crate::organisation::{self, Entrance};
use crate::session::Opening;
use crate::{BrowserHash, Decision, Failure, Rules, SamePersonId, Visit, refuse};

/// Enters by a certificate: uses the proof up, finds or makes the account, and opens a session, all or nothing. Of
/// any number of parallel copies of one answer exactly one enters.
pub fn with_certificate(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    proof: &impl CertificateProof,
    entrance: Option<&Entrance>,
) -> Decision<Entered, SignInRefusal> {
    if let Some(entrance) = entrance
        && let Err(refusal) = entrance.check(tx, rules)?
    {
        refuse!(refusal.into());
    }
    if !proof.take(tx, rules, visit, ChallengePurpose::SignIn(browser))? {
        refuse!(SignInRefusal::ChallengeGone);
    }
    let signer = proof.signer();
    let (found, unstated) = match find(tx, signer)? {
        Ok(found) => found,
        Err(refusal) => refuse!(refusal),
    };
    if let Some(account) = found.account()
        && let Some(refusal) = obstacle(tx, account, signer)?
    {
        return refused(tx, visit, account, refusal);
    }
    let created = matches!(found, Found::Nobody);
    let (account, authenticator) = match found {
        Found::Bound(account, authenticator) => (account, authenticator),
        Found::SamePerson(account) if rules.sign_in.same_person_id == SamePersonId::Bind => {
            (account, bind(tx, rules, visit, account, signer)?)
        }
        Found::SamePerson(account) => {
            return refused(tx, visit, account, SignInRefusal::CertificateNotBound);
        }
        Found::Nobody => create(tx, visit, signer)?,
    };
    for id in unstated {
        account::add_person_id(tx, visit.now, account, signer.anchor_group(), id)?;
    }
    let of_group = rules.second_factor.after_certificate(signer.anchor_group());
    let opening = Opening {
        account,
        authenticator,
        kind: Kind::Certificate,
        browser,
        standing: Some(standing(signer)),
        entrance: entrance.cloned(),
        demand: organisation::second_factor_demand(tx, account, of_group)?,
    };
    enter(tx, rules, visit, opening, created)
}

/// Whom a certificate leads to.
enum Found {
    /// The account it is bound to.
    Bound(AccountId, AuthenticatorId),
    /// The account of the person whose number it states (threats, CRT-4).
    SamePerson(AccountId),
    /// A person who was never here.
    Nobody,
}

impl Found {
    const fn account(&self) -> Option<AccountId> {
        match self {
            Self::Bound(account, _) | Self::SamePerson(account) => Some(*account),
            Self::Nobody => None,
        }
    }
}

/// Finds by the certificate itself, then by (anchor group, kind, value): never by a name (threats, CRT-1, CRT-3). Also
/// gives the person ids that the anchor group has not stated of anybody so far.
fn find<'a>(
    tx: &mut Tx<'_>,
    signer: &'a VerifiedSigner,
) -> Decision<(Found, Vec<&'a PersonId>), SignInRefusal> {
    let bound = binding::find_certificate(tx, &signer.certificate().fingerprint())?;
    if bound.as_ref().is_some_and(|bound| bound.removed_at.is_some()) {
        refuse!(SignInRefusal::CertificateRemoved);
    }
    let (mut person, mut unstated) = (None, Vec::new());
    for id in signer.person_ids() {
        let owner = account::find_by_person_id(tx, signer.anchor_group(), id)?;
        if person.is_some() && owner.is_some() && person != owner {
            refuse!(SignInRefusal::CertificateBoundElsewhere);
        }
        if owner.is_none() {
            unstated.push(id);
        }
        person = person.or(owner);
    }
    let found = match (bound, person) {
        (Some(bound), Some(person)) if bound.account != person => {
            refuse!(SignInRefusal::CertificateBoundElsewhere)
        }
        (Some(bound), _) => Found::Bound(bound.account, bound.authenticator),
        (None, Some(person)) => Found::SamePerson(person),
        (None, None) if signer.person_ids().is_empty() => refuse!(SignInRefusal::CertificateNoPersonId),
        (None, None) => Found::Nobody,
    };
    Ok(Ok((found, unstated)))
}

/// Why the certificate does not open the account that it leads to.
fn obstacle(
    tx: &mut Tx<'_>,
    account: AccountId,
    signer: &VerifiedSigner,
) -> Result<Option<SignInRefusal>, Failure> {
    if !account::may_authenticate(tx, account)? {
        return Ok(Some(SignInRefusal::AccountBlocked));
    }
    let known = account::person_ids(tx, account)?;
    let differs = account::is_other_person(&known, signer.person_ids());
    Ok(differs.then_some(SignInRefusal::CertificatePersonIdDiffers))
}

fn bind(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    signer: &VerifiedSigner,
) -> Result<AuthenticatorId, Failure> {
    account::lock(tx, account)?;
    let certificate = signer.certificate();
    let by = BoundBy::SamePersonId;
    let id = binding::bind_certificate(tx, visit, account, by, certificate, signer.anchor_group())?;
    tell(tx, rules, visit, account, |link| Notice::CertificateBound {
        owner: binding::owner(certificate),
        serial: binding::serial(certificate),
        at: visit.now,
        link,
    })?;
    Ok(id)
}

fn create(
    tx: &mut Tx<'_>,
    visit: &Visit,
    signer: &VerifiedSigner,
) -> Result<(AccountId, AuthenticatorId), Failure> {
    let account = account::create(tx, visit, &Name::from(signer.person_name()))?;
    record(tx, visit, account, Act::AccountCreated, audit::no_detail())?;
    let certificate = signer.certificate();
    let by = BoundBy::FirstEntry;
    let id = binding::bind_certificate(tx, visit, account, by, certificate, signer.anchor_group())?;
    Ok((account, id))
}
