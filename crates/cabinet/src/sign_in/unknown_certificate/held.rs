use data_encoding::BASE64;
use db::{Timestamp, Tx};
use esign::certificate::Certificate;
use esign::cms::VerifiedSigner;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{PROOFS, UnknownCertificateRefusal as Refusal};
use crate::account::{AccountId, Name, PersonId};
use crate::organisation::Entrance;
use crate::session::SessionId;
use crate::sign_in::entry_proof::Proof;
use crate::sign_in::federation::arrival::person_ids;
use crate::sign_in::standing;
use crate::ticket::{self, New, Purpose, Ticket};
use crate::{BrowserHash, Decision, Failure, Rules, Secret, Visit, refuse};

/// A certificate that waits for the proof of an account.
#[derive(Debug)]
pub struct PendingCertificate {
    /// Finds it again, in this browser alone.
    pub secret: Secret,
    /// Until when.
    pub until: Timestamp,
}

/// Why a certificate waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// It states the number of one account, and the operator wants that proved (D-7.a).
    Known,
    /// It states numbers of several accounts: none is the first (D-7.c).
    Several,
    /// Nobody is known by its number.
    Newcomer {
        /// Whether there seems to be an account all the same (D-9.a).
        is_likely_known: bool,
    },
    /// It states no number of a person.
    Nameless,
}

/// A certificate that waits, as its browser sees it.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The certificate.
    pub certificate: Certificate,
    /// The group that vouches for it.
    pub anchor_group: String,
    /// Why it waits.
    pub why: Why,
    /// Whether an account was proved since, and it waits for a confirmation.
    pub is_adopted: bool,
    /// Until when.
    pub until: Timestamp,
}

/// What the ticket holds: the verified certificate, with all that an entry by it needs.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Held {
    der: String,
    pub(super) anchor_group: String,
    pub(super) name: Name,
    #[serde(with = "person_ids")]
    pub(super) person_ids: Vec<PersonId>,
    pub(super) standing: Value,
    pub(super) entrance: Option<Entrance>,
    pub(super) why: Why,
    pub(super) proof: Proof,
}

impl Held {
    pub(super) fn certificate(&self) -> Result<Certificate, Failure> {
        let der = BASE64.decode(self.der.as_bytes()).map_err(Failure::new)?;
        Certificate::parse(der).map_err(|code| Failure::new(format!("a certificate of ours: {code:?}")))
    }
}

/// Lets the certificate of a verified signer wait in this browser.
pub(in crate::sign_in) fn begin(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    signer: &VerifiedSigner,
    entrance: Option<&Entrance>,
    why: Why,
) -> Result<PendingCertificate, Failure> {
    let held = Held {
        der: BASE64.encode(signer.certificate().der()),
        anchor_group: signer.anchor_group().to_owned(),
        name: Name::from(signer.person_name()),
        person_ids: signer.person_ids().to_vec(),
        standing: standing(signer),
        entrance: entrance.cloned(),
        why,
        proof: Proof::None,
    };
    let until = visit.now.plus(rules.sign_in.certificate_waits);
    wait(tx, rules, visit, browser, None, &held, until)
}

/// Issues the ticket, for this browser and, once it is known, for one session of one account.
pub(super) fn wait(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    owner: Option<(AccountId, SessionId)>,
    held: &Held,
    until: Timestamp,
) -> Result<PendingCertificate, Failure> {
    let new = New {
        purpose: Purpose::UnknownCertificate,
        browser: Some(browser),
        account: owner.map(|(account, _)| account),
        session: owner.map(|(_, session)| session),
        life: until.since(visit.now),
        tries: PROOFS,
        payload: &serde_json::to_vec(held)?,
    };
    let secret = ticket::issue(tx, rules, visit, new)?.secret;
    Ok(PendingCertificate { secret, until })
}

/// The certificate that waits in this browser. Nothing is used up.
pub fn waiting(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
) -> Decision<Waiting, Refusal> {
    let (ticket, held) = match find(tx, rules, visit, browser, secret)? {
        Ok(found) => found,
        Err(refusal) => refuse!(refusal),
    };
    Ok(Ok(Waiting {
        certificate: held.certificate()?,
        anchor_group: held.anchor_group,
        why: held.why,
        is_adopted: ticket.account.is_some(),
        until: ticket.expires_at,
    }))
}

/// The ticket of this browser.
pub(super) fn find(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
) -> Decision<(Ticket, Held), Refusal> {
    let purpose = Purpose::UnknownCertificate;
    let Some(ticket) = ticket::find(tx, rules, visit, purpose, secret, Some(browser))? else {
        refuse!(Refusal::Gone);
    };
    let held = serde_json::from_slice(&ticket.payload)?;
    Ok(Ok((ticket, held)))
}

/// Uses the ticket up. Of any number of parallel calls one does.
pub(super) fn take(
    tx: &mut Tx<'_>,
    visit: &Visit,
    browser: BrowserHash,
    ticket: &Ticket,
) -> Decision<(), Refusal> {
    let is_taken = ticket::take_found(tx, visit, Purpose::UnknownCertificate, ticket.id, browser)?;
    Ok(if is_taken { Ok(()) } else { Err(Refusal::Gone) })
}

/// Counts a refused proof against the certificate that waits for it; `false`: it was the last, and it waits no longer
/// (B-5.c).
pub fn count_refused_proof(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
) -> Result<bool, Failure> {
    let Ok((ticket, _)) = find(tx, rules, visit, browser, secret)? else {
        return Ok(true);
    };
    let goes_on = ticket::count_try(tx, visit, ticket.id)? && ticket::has_tries(tx, ticket.id)?;
    if !goes_on {
        ticket::discard(tx, visit, ticket.id)?;
    }
    Ok(goes_on)
}

/// «This is not me»: the certificate is forgotten (A-7.a).
pub fn give_up(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
) -> Result<(), Failure> {
    if let Ok((ticket, _)) = find(tx, rules, visit, browser, secret)? {
        ticket::discard(tx, visit, ticket.id)?;
    }
    Ok(())
}
