use db::Tx;

use super::UnknownCertificateRefusal as Refusal;
use super::held::Held;
use crate::account::{self, AccountId, PersonId};
use crate::binding::{self, AuthenticatorId, BoundBy, Kind, tell};
use crate::message::Notice;
use crate::organisation;
use crate::session::{Opening, SessionId};
use crate::sign_in::enter::{Entered, enter};
use crate::sign_in::federation::compare;
use crate::{BrowserHash, Decision, Failure, Rules, Visit, contact};

/// The accounts of the numbers that this anchor group states, each once: one indexed read for a number.
pub(in crate::sign_in) fn owners(
    tx: &mut Tx<'_>,
    anchor_group: &str,
    person_ids: &[PersonId],
) -> Result<Vec<AccountId>, Failure> {
    let mut owners = Vec::new();
    for id in person_ids {
        if let Some(owner) = account::find_by_person_id(tx, anchor_group, id)?
            && !owners.contains(&owner)
        {
            owners.push(owner);
        }
    }
    Ok(owners)
}

/// Whether the certificate states a number of this account.
pub(super) fn is_same_person(tx: &mut Tx<'_>, account: AccountId, held: &Held) -> Result<bool, Failure> {
    Ok(owners(tx, &held.anchor_group, &held.person_ids)?.contains(&account))
}

/// Why the certificate cannot be added to the account, whatever the person says.
pub(super) fn obstacle(tx: &mut Tx<'_>, account: AccountId, held: &Held) -> Result<Option<Refusal>, Failure> {
    if !account::may_authenticate(tx, account)? {
        return Ok(Some(Refusal::AccountBlocked));
    }
    if let Some(bound) = binding::find_certificate(tx, &held.certificate()?.fingerprint())? {
        return Ok(Some(match bound.removed_at {
            _ if bound.account != account => Refusal::BoundElsewhere,
            None => Refusal::AlreadyBound,
            Some(_) => Refusal::Removed,
        }));
    }
    let owners = owners(tx, &held.anchor_group, &held.person_ids)?;
    if !owners.is_empty() && !owners.contains(&account) {
        return Ok(Some(Refusal::BoundElsewhere));
    }
    let known = account::person_ids(tx, account)?;
    if compare::person_ids_differ(&known, &held.person_ids) {
        return Ok(Some(Refusal::PersonIdDiffers));
    }
    // who holds the account must be known by something better than a password alone (threats, LNK-3)
    let is_known = contact::has_confirmed(tx, account)? || binding::has_certificate(tx, account)?;
    Ok((!is_known).then_some(Refusal::ContactFirst))
}

/// Binds the certificate, adds what it states of the person, and tells the contacts of before (D-8.e).
pub(super) fn bind(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    held: &Held,
) -> Result<AuthenticatorId, Failure> {
    let certificate = held.certificate()?;
    let id = binding::bind_certificate(
        tx,
        visit,
        account,
        BoundBy::Person,
        &certificate,
        &held.anchor_group,
    )?;
    state(tx, visit, account, held)?;
    tell(tx, rules, visit, account, |link| Notice::CertificateBound {
        owner: binding::owner(&certificate),
        serial: binding::serial(&certificate),
        at: visit.now,
        link,
    })?;
    Ok(id)
}

/// The same in a session that goes on: all others, and everything half finished, are over (threats, rule 6).
pub(super) fn bind_in(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    session: SessionId,
    held: &Held,
) -> Result<AuthenticatorId, Failure> {
    account::lock(tx, account)?;
    let id = bind(tx, rules, visit, account, held)?;
    binding::end_the_rest(tx, visit, account, session)?;
    Ok(id)
}

/// Adds the numbers that nobody has so far.
pub(super) fn state(tx: &mut Tx<'_>, visit: &Visit, account: AccountId, held: &Held) -> Result<(), Failure> {
    for id in &held.person_ids {
        account::add_person_id(tx, visit.now, account, &held.anchor_group, id)?;
    }
    Ok(())
}

/// Enters by the certificate that was just bound.
pub(super) fn enter_with(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    held: Held,
    (account, authenticator): (AccountId, AuthenticatorId),
    created: bool,
) -> Decision<Entered, Refusal> {
    let of_group = rules.second_factor.after_certificate(&held.anchor_group);
    let opening = Opening {
        account,
        authenticator,
        kind: Kind::Certificate,
        browser,
        standing: Some(held.standing),
        entrance: held.entrance,
        demand: organisation::second_factor_demand(tx, account, of_group)?,
    };
    Ok(enter(tx, rules, visit, opening, created)?.map_err(Refusal::from))
}
