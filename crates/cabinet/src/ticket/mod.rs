//! Single-use records: challenges, confirmation links, undo links.
//!
//! A ticket is found by a 256-bit secret of which only the hash is stored, has a purpose, may belong to one browser,
//! account or session, and is consumed by one conditional write in the transaction of its effect (threats, rule 4).

mod store;

use std::time::Duration;

use db::{Timestamp, Tx};

use crate::account::AccountId;
use crate::session::SessionId;
use crate::{BrowserHash, Failure, Rules, Secret, Visit};

db::id! {
    /// A ticket, for those who may not know its secret.
    pub TicketId
}

db::text_enum! {
    /// What a ticket is good for; it is good for nothing else.
    pub enum Purpose {
        /// Signing a challenge to enter.
        SignIn = "sign-in",
        /// Getting back into an account.
        Recovery = "recovery",
        /// Signing a challenge to make a session stronger.
        StepUp = "step-up",
        /// Saying «this was not me».
        NotMe = "not-me",
        /// Confirming a contact.
        ConfirmContact = "confirm-contact",
        /// Undoing the change of a contact.
        UndoContact = "undo-contact",
        /// A form that waits for a fresh proof.
        Draft = "draft",
        /// Making two accounts one.
        Merge = "merge",
        /// Signing a challenge that proves the other account.
        MergeProof = "merge-proof",
        /// Going to the address where a certificate is shown.
        CertificateWay = "certificate-way",
        /// Coming back from it.
        ShownCertificate = "shown-certificate",
        /// Waiting for a signature from a phone.
        PhonePage = "phone-page",
        /// Signing a challenge in a phone.
        PhoneSigning = "phone-signing",
        /// Coming back from a provider.
        Provider = "provider",
        /// Linking who came from a provider.
        ProviderLink = "provider-link",
        /// A certificate that no account holds, and that waits for the proof of one.
        UnknownCertificate = "unknown-certificate",
        /// A certificate that is to follow, until the statement about it is signed.
        RenewalOffer = "renewal-offer",
        /// Signing that statement.
        Renewal = "renewal",
        /// A proof that waits for its second factor.
        SecondFactor = "second-factor",
        /// A code sent as a second factor.
        SmsCode = "sms-code",
        /// A seed of one-time codes that waits for its first code.
        Totp = "totp",
        /// Registering a passkey.
        PasskeyRegistration = "passkey-registration",
        /// Entering by a passkey.
        PasskeySignIn = "passkey-sign-in",
        /// Making a session stronger by a passkey.
        PasskeyStepUp = "passkey-step-up",
        /// A passkey as second factor.
        PasskeySecondFactor = "passkey-second-factor",
    }
}

crate::refusals! {
    /// Why a link from a message does nothing. Only who has the right secret learns more than that nobody knows it.
    pub enum LinkRefusal {
        Unknown = "link.gone",
        Used = "link.used",
        Replaced = "link.replaced",
        Expired = "link.expired",
    }
}

/// A ticket to be issued.
#[derive(Debug)]
pub struct New<'a> {
    /// What it will be good for.
    pub purpose: Purpose,
    /// The only browser that may use it; none for links that are opened anywhere.
    pub browser: Option<BrowserHash>,
    /// The account it speaks about.
    pub account: Option<AccountId>,
    /// The only session that may use it.
    pub session: Option<SessionId>,
    /// How long it is good.
    pub life: Duration,
    /// Wrong guesses it survives, see [`count_try`].
    pub tries: u32,
    /// What the use case must find again; sealed in the row.
    pub payload: &'a [u8],
}

/// A ticket just issued.
#[derive(Debug)]
pub struct Issued {
    /// Its name.
    pub id: TicketId,
    /// Shown once, never stored.
    pub secret: Secret,
}

/// A ticket that was found, or taken.
#[derive(Debug)]
pub struct Ticket {
    /// Its name.
    pub id: TicketId,
    /// The account it speaks about.
    pub account: Option<AccountId>,
    /// The session it belongs to.
    pub session: Option<SessionId>,
    /// When it was issued.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// What was put in.
    pub payload: Vec<u8>,
}

/// Issues a ticket.
pub fn issue(tx: &mut Tx<'_>, rules: &Rules, visit: &Visit, new: New<'_>) -> Result<Issued, Failure> {
    let issued = Issued {
        id: visit.id(TicketId::new),
        secret: Secret::new(&visit.entropy),
    };
    let payload = rules
        .server_key
        .seal(new.purpose.as_str(), new.payload, &visit.entropy)?;
    store::insert(tx, visit.now, &issued, &new, &payload)?;
    Ok(issued)
}

/// Looks at a ticket that is still good, without using it up. For previews: a GET changes nothing.
pub fn find(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    purpose: Purpose,
    secret: &Secret,
    browser: Option<BrowserHash>,
) -> Result<Option<Ticket>, Failure> {
    let row = store::find(tx, visit.now, purpose, secret.hash(), browser)?;
    row.map(|row| open(rules, purpose, row)).transpose()
}

/// Uses a ticket up. Of any number of parallel calls exactly one gets it.
pub fn take(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    purpose: Purpose,
    secret: &Secret,
    browser: Option<BrowserHash>,
) -> Result<Option<Ticket>, Failure> {
    let row = store::take(tx, visit.now, purpose, secret.hash(), browser)?;
    row.map(|row| open(rules, purpose, row)).transpose()
}

/// Uses up a ticket that [`find`] gave for this browser. Of any number of parallel calls exactly one is told `true`.
pub fn take_found(
    tx: &mut Tx<'_>,
    visit: &Visit,
    purpose: Purpose,
    id: TicketId,
    browser: BrowserHash,
) -> Result<bool, Failure> {
    Ok(store::update_taken(tx, visit.now, purpose, id, browser)? == 1)
}

/// Why [`find`] or [`take`] gave nothing for the secret of a link.
pub fn why_gone(tx: &mut Tx<'_>, purpose: Purpose, secret: &Secret) -> Result<LinkRefusal, Failure> {
    Ok(match store::find_end(tx, purpose, secret.hash())? {
        None => LinkRefusal::Unknown,
        Some((None, _)) => LinkRefusal::Expired,
        Some((Some(_), 0)) => LinkRefusal::Used,
        Some((Some(_), _)) => LinkRefusal::Replaced,
    })
}

/// Uses up a ticket whose name the account's own rows hold (a code typed in the session that asked for it).
pub fn take_by_id(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    purpose: Purpose,
    id: TicketId,
) -> Result<Option<Ticket>, Failure> {
    let row = store::take_by_id(tx, visit.now, purpose, id)?;
    row.map(|row| open(rules, purpose, row)).transpose()
}

/// Looks at a ticket that is still good and whose name a row of ours holds.
pub(crate) fn find_by_id(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    purpose: Purpose,
    id: TicketId,
) -> Result<Option<Ticket>, Failure> {
    let row = store::find_by_id(tx, visit.now, purpose, id)?;
    row.map(|row| open(rules, purpose, row)).transpose()
}

/// Fills in what was not known when the ticket was issued: whose it is, and what the use case must find again.
pub(crate) fn fill(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    purpose: Purpose,
    id: TicketId,
    account: Option<AccountId>,
    payload: &[u8],
) -> Result<(), Failure> {
    let sealed = rules.server_key.seal(purpose.as_str(), payload, &visit.entropy)?;
    Ok(store::update_filled(tx, id, account, &sealed)?)
}

/// Counts a guess before it is checked. `false`: no guess is left, or the ticket is no longer good.
pub fn count_try(tx: &mut Tx<'_>, visit: &Visit, id: TicketId) -> Result<bool, Failure> {
    Ok(store::update_tries(tx, visit.now, id)? == 1)
}

/// Whether a guess is left.
pub(crate) fn has_tries(tx: &mut Tx<'_>, id: TicketId) -> Result<bool, Failure> {
    Ok(store::find_tries(tx, id)?.is_some_and(|tries: u32| tries > 0))
}

/// Ends one ticket unused.
pub fn discard(tx: &mut Tx<'_>, visit: &Visit, id: TicketId) -> Result<(), Failure> {
    store::update_used(tx, visit.now, id)?;
    Ok(())
}

/// The account's tickets of one purpose that are still good, from those issued at `since` on.
pub(crate) fn list_since(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    purpose: Purpose,
    account: AccountId,
    since: Timestamp,
) -> Result<Vec<Ticket>, Failure> {
    let rows = store::list_since(tx, visit.now, purpose, account, since)?;
    rows.into_iter().map(|row| open(rules, purpose, row)).collect()
}

/// Ends the account's tickets of one purpose unused.
pub fn discard_kind(
    tx: &mut Tx<'_>,
    visit: &Visit,
    account: AccountId,
    purpose: Purpose,
) -> Result<(), Failure> {
    store::update_used_by_purpose(tx, visit.now, account, purpose)?;
    Ok(())
}

/// Ends every half-finished act of the account that could change who may enter (threats, rule 6).
pub fn discard_all(tx: &mut Tx<'_>, visit: &Visit, account: AccountId) -> Result<(), Failure> {
    store::update_used_by_account(tx, visit.now, account)?;
    Ok(())
}

/// A session goes on under a new id: a code it asked for and a link it began are still its own.
pub(crate) fn follow_session(
    tx: &mut Tx<'_>,
    account: AccountId,
    old: SessionId,
    new: SessionId,
) -> Result<(), Failure> {
    store::update_session(tx, account, old, new)?;
    Ok(())
}

fn open(rules: &Rules, purpose: Purpose, row: store::Row) -> Result<Ticket, Failure> {
    Ok(Ticket {
        id: row.id,
        account: row.account,
        session: row.session,
        created_at: row.created_at,
        expires_at: row.expires_at,
        payload: rules.server_key.open(purpose.as_str(), &row.payload)?,
    })
}
