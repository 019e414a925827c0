use db::Tx;
use esign::cms::VerifiedSigner;

use super::enter::{Entered, enter, record, refused};
use super::unknown_certificate::{self, PendingCertificate, Why, is_likely, owners};
use super::{CertificateProof, ChallengePurpose, SignInRefusal, standing};
use crate::account::{self, AccountId, Name};
use crate::audit::{self, Act};
use crate::binding::{self, AuthenticatorId, BoundBy, Kind, tell};
use crate::message::Notice;
use crate::organisation::{self, Entrance};
use crate::renewal::{self, Renewed};
use crate::session::Opening;
use crate::{BrowserHash, Decision, Failure, Newcomer, Rules, SamePersonId, Visit, WithoutPersonId, refuse};

/// What a good certificate leads to.
#[derive(Debug)]
pub enum CertificateEntry {
    /// Into an account.
    Entered(Entered),
    /// Nowhere yet: no account holds it, and it waits for the proof of one.
    Unknown(PendingCertificate),
}

/// Enters by a certificate: uses the proof up, finds or makes the account, and opens a session, all or nothing. Of
/// any number of parallel copies of one answer exactly one enters. A certificate that no account holds waits for the
/// proof of one, as the anchor group's policy says.
pub fn with_certificate(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    proof: &impl CertificateProof,
    entrance: Option<&Entrance>,
) -> Decision<CertificateEntry, SignInRefusal> {
    if let Some(entrance) = entrance
        && let Err(refusal) = entrance.check(tx, rules)?
    {
        refuse!(refusal.into());
    }
    if !proof.take(tx, rules, visit, ChallengePurpose::SignIn(browser))? {
        refuse!(SignInRefusal::ChallengeGone);
    }
    let signer = proof.signer();
    let found = match find(tx, signer)? {
        Ok(found) => found,
        Err(refusal) => refuse!(refusal),
    };
    if let Some(account) = found.account()
        && let Some(refusal) = obstacle(tx, account, signer)?
    {
        return refused(tx, visit, account, refusal);
    }
    let policy = rules.sign_in.new_certificate.of(signer.anchor_group());
    let (account, authenticator) = match &found {
        Found::Bound(account, authenticator) => (*account, *authenticator),
        Found::Renewed(renewed) => {
            renewal::complete(tx, visit, *renewed)?;
            let id = bind(tx, rules, visit, renewed.account, signer, BoundBy::Renewal)?;
            (renewed.account, id)
        }
        Found::SamePerson(account) if policy.same_person == SamePersonId::Bind => (
            *account,
            bind(tx, rules, visit, *account, signer, BoundBy::SamePersonId)?,
        ),
        Found::Nobody if is_welcome(tx, policy.newcomer, signer)? => create(tx, visit, signer)?,
        Found::Nameless if policy.without_person_id == WithoutPersonId::Refuse => {
            refuse!(SignInRefusal::CertificateNoPersonId)
        }
        _ => {
            let why = found.why(tx, signer)?;
            let pending = unknown_certificate::begin(tx, rules, visit, browser, signer, entrance, why)?;
            return Ok(Ok(CertificateEntry::Unknown(pending)));
        }
    };
    for id in signer.person_ids() {
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
    let entered = enter(tx, rules, visit, opening, matches!(found, Found::Nobody))?;
    Ok(entered.map(CertificateEntry::Entered))
}

/// Whom a certificate leads to.
enum Found {
    /// The account it is bound to.
    Bound(AccountId, AuthenticatorId),
    /// The account that a statement names it for, signed with the key of the certificate before (D-8.f).
    Renewed(Renewed),
    /// The account of the person whose number it states (threats, CRT-4).
    SamePerson(AccountId),
    /// Several accounts whose numbers it states (D-7.c).
    Several,
    /// A person whose number was never stated here.
    Nobody,
    /// Nobody can say: it states no number of a person.
    Nameless,
}

impl Found {
    const fn account(&self) -> Option<AccountId> {
        match self {
            Self::Bound(account, _) | Self::SamePerson(account) => Some(*account),
            Self::Renewed(renewed) => Some(renewed.account),
            Self::Several | Self::Nobody | Self::Nameless => None,
        }
    }

    /// Why it is not bound at once.
    fn why(&self, tx: &mut Tx<'_>, signer: &VerifiedSigner) -> Result<Why, Failure> {
        Ok(match self {
            Self::Bound(..) | Self::Renewed(_) | Self::SamePerson(_) => Why::Known,
            Self::Several => Why::Several,
            Self::Nobody => Why::Newcomer {
                is_likely_known: is_likely(tx, signer)?,
            },
            Self::Nameless => Why::Nameless,
        })
    }
}

/// Whether an account is made at once for a person whose number was never stated here (D-9).
fn is_welcome(tx: &mut Tx<'_>, policy: Newcomer, signer: &VerifiedSigner) -> Result<bool, Failure> {
    Ok(match policy {
        Newcomer::Register => true,
        Newcomer::Warn => !is_likely(tx, signer)?,
        Newcomer::Ask => false,
    })
}

/// Finds by the certificate itself, then by (anchor group, kind, value): never by a name (threats, CRT-1, CRT-3).
fn find(tx: &mut Tx<'_>, signer: &VerifiedSigner) -> Decision<Found, SignInRefusal> {
    let bound = binding::find_certificate(tx, &signer.certificate().fingerprint())?;
    if bound.as_ref().is_some_and(|bound| bound.removed_at.is_some()) {
        refuse!(SignInRefusal::CertificateRemoved);
    }
    let owners = owners(tx, signer.anchor_group(), signer.person_ids())?;
    let renewed = match bound {
        Some(_) => None,
        None => renewal::find(tx, signer.certificate())?,
    };
    // a number that it states speaks louder than a statement about it
    if let Some(renewed) = renewed.filter(|to| owners.is_empty() || owners.contains(&to.account)) {
        return Ok(Ok(Found::Renewed(renewed)));
    }
    Ok(Ok(match (bound, owners.as_slice()) {
        (Some(bound), []) => Found::Bound(bound.account, bound.authenticator),
        (Some(bound), owners) if owners.contains(&bound.account) => {
            Found::Bound(bound.account, bound.authenticator)
        }
        (Some(_), _) => refuse!(SignInRefusal::CertificateBoundElsewhere),
        (None, [owner]) => Found::SamePerson(*owner),
        (None, [_, ..]) => Found::Several,
        (None, []) if signer.person_ids().is_empty() => Found::Nameless,
        (None, []) => Found::Nobody,
    }))
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
    by: BoundBy,
) -> Result<AuthenticatorId, Failure> {
    account::lock(tx, account)?;
    let certificate = signer.certificate();
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
