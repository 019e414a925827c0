//! A key in a phone. The page shows where a challenge waits; the app reads it there and brings the signature back; the
//! browser that showed it judges the signature as any other and enters with it. Whoever reads the picture can sign, but only
//! that browser gets in, and it sees first who signed (threats, CMS-3).

use data_encoding::BASE64;
use db::{Timestamp, Tx};
use esign::cms::verify_sign_in;
use esign::provider::Provider;
use esign::time::UnixTime;
use esign::trust::TrustStore;
use esign::verdict::Verdict;
use serde::{Deserialize, Serialize};

use super::challenge::{ChallengePurpose, ChallengeWords, find_challenge, issue_challenge};
use super::presented::Onward;
use super::proof::SignedAnswer;
use super::refusal::SignInRefusal;
use crate::ticket::{self, LinkRefusal, New, Purpose, TicketId};
use crate::{BrowserHash, Decision, Failure, Rules, Secret, Visit, refuse};

/// Signatures that may be refused before the picture is void.
const TRIES: u32 = 5;

/// What the page holds.
#[derive(Serialize, Deserialize)]
struct Waiting {
    nonce: String,
    phone: Option<String>,
    onward: Onward,
    /// CMS in base64.
    brought: Option<String>,
    refused: Option<String>,
}

/// What the picture leads to.
#[derive(Serialize, Deserialize)]
struct Handed {
    page: TicketId,
    purpose: Purpose,
    text: String,
}

/// Issues a challenge that a phone may fetch. Gives what finds the page, in this browser.
pub fn offer_to_phone(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    purpose: ChallengePurpose<'_>,
    words: &ChallengeWords,
    onward: Onward,
) -> Result<Secret, Failure> {
    let challenge = issue_challenge(tx, rules, visit, purpose, words)?;
    let mut waiting = Waiting {
        nonce: challenge.nonce.expose(),
        phone: None,
        onward,
        brought: None,
        refused: None,
    };
    let new = New {
        purpose: Purpose::PhonePage,
        browser: Some(browser),
        account: purpose.account(),
        session: purpose.session(),
        life: rules.sign_in.challenge_life,
        tries: 0,
        payload: &serde_json::to_vec(&waiting)?,
    };
    let page = ticket::issue(tx, rules, visit, new)?;
    let handed = Handed {
        page: page.id,
        purpose: purpose.ticket(),
        text: challenge.text,
    };
    let new = New {
        purpose: Purpose::PhoneSigning,
        // the phone is no browser of ours
        browser: None,
        account: purpose.account(),
        session: purpose.session(),
        life: rules.sign_in.challenge_life,
        tries: TRIES,
        payload: &serde_json::to_vec(&handed)?,
    };
    waiting.phone = Some(ticket::issue(tx, rules, visit, new)?.secret.expose());
    let payload = serde_json::to_vec(&waiting)?;
    ticket::fill(
        tx,
        rules,
        visit,
        Purpose::PhonePage,
        page.id,
        purpose.account(),
        &payload,
    )?;
    Ok(page.secret)
}

/// A page that waits for a phone.
#[derive(Debug)]
pub struct PhonePage {
    ticket: TicketId,
    /// What the picture leads to.
    pub phone: Secret,
    /// Until when.
    pub expires_at: Timestamp,
    /// Where the person goes on.
    pub onward: Onward,
    /// What has come so far.
    pub state: PhoneState,
}

/// What a phone has brought.
#[derive(Debug)]
pub enum PhoneState {
    /// Nothing.
    Waiting,
    /// A signature that was refused; another one may come.
    Refused(SignInRefusal),
    /// The signature to be judged.
    Signed(Box<SignedAnswer<Vec<u8>>>),
}

/// Finds the page again, in the browser that shows it. Nothing is used up.
pub fn find_phone_page(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    purpose: ChallengePurpose<'_>,
    secret: &Secret,
) -> Result<Option<PhonePage>, Failure> {
    let found = ticket::find(tx, rules, visit, Purpose::PhonePage, secret, Some(browser))?;
    let Some(found) = found.filter(|ticket| ticket.session == purpose.session()) else {
        return Ok(None);
    };
    let waiting: Waiting = serde_json::from_slice(&found.payload)?;
    let nonce = Secret::parse(&waiting.nonce);
    let Some((nonce, phone)) = nonce.zip(waiting.phone.as_deref().and_then(Secret::parse)) else {
        return Ok(None);
    };
    let Some(challenge) = find_challenge(tx, rules, visit, purpose, &nonce)? else {
        return Ok(None);
    };
    let refused = waiting.refused.as_deref().and_then(named);
    let state = match (waiting.brought, refused) {
        (Some(cms), _) => {
            let cms = BASE64.decode(cms.as_bytes()).map_err(Failure::new)?;
            PhoneState::Signed(Box::new(SignedAnswer { challenge, cms }))
        }
        (None, Some(refusal)) => PhoneState::Refused(refusal),
        (None, None) => PhoneState::Waiting,
    };
    Ok(Some(PhonePage {
        ticket: found.id,
        phone,
        expires_at: found.expires_at,
        onward: waiting.onward,
        state,
    }))
}

fn named(code: &str) -> Option<SignInRefusal> {
    let mut all = SignInRefusal::ALL.iter().copied();
    all.find(|refusal| refusal.code() == code)
}

/// Ends the page and what its picture leads to.
pub fn give_up_phone(tx: &mut Tx<'_>, rules: &Rules, visit: &Visit, page: &PhonePage) -> Result<(), Failure> {
    ticket::discard(tx, visit, page.ticket)?;
    let handed = ticket::find(tx, rules, visit, Purpose::PhoneSigning, &page.phone, None)?;
    if let Some(handed) = handed {
        ticket::discard(tx, visit, handed.id)?;
    }
    Ok(())
}

/// What a phone has fetched to sign.
#[derive(Clone, Debug)]
pub struct PhoneErrand {
    ticket: TicketId,
    page: TicketId,
    /// What it is for, as [`ChallengePurpose`] has it.
    pub purpose: Purpose,
    /// What is to be signed, byte for byte.
    pub text: String,
    /// Until when.
    pub expires_at: Timestamp,
}

/// What a picture leads to. A GET uses nothing up: apps and previews ask more than once.
pub fn find_phone_errand(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    phone: &Secret,
) -> Decision<PhoneErrand, LinkRefusal> {
    let found = ticket::find(tx, rules, visit, Purpose::PhoneSigning, phone, None)?;
    let Some(found) = found else {
        refuse!(ticket::why_gone(tx, Purpose::PhoneSigning, phone)?);
    };
    let handed: Handed = serde_json::from_slice(&found.payload)?;
    Ok(Ok(PhoneErrand {
        ticket: found.id,
        page: handed.page,
        purpose: handed.purpose,
        text: handed.text,
        expires_at: found.expires_at,
    }))
}

impl PhoneErrand {
    /// Whether a signature is worth bringing to the page, so that the app learns at once what is wrong with it. Revocation is
    /// asked about when somebody enters. Pure and costly: call it on a bounded pool.
    pub fn check(
        &self,
        cms: &[u8],
        trust: &TrustStore,
        visit: &Visit,
        provider: &dyn Provider,
    ) -> Result<(), SignInRefusal> {
        let (now, trust) = (UnixTime(visit.now.as_seconds()), trust.without_revocation());
        match verify_sign_in(cms, self.text.as_bytes(), &trust, now, provider) {
            Verdict::Valid(_) => Ok(()),
            Verdict::Invalid(code) | Verdict::Unknown(code) => Err(code.into()),
        }
    }
}

/// Brings what [`PhoneErrand::check`] said of a signature to the page. One that is good is brought once; of those that are
/// not, a few.
pub fn bring_signature(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    phone: &Secret,
    errand: &PhoneErrand,
    checked: Result<&[u8], SignInRefusal>,
) -> Decision<(), LinkRefusal> {
    let is_taken = match checked {
        Ok(_) => ticket::take(tx, rules, visit, Purpose::PhoneSigning, phone, None)?.is_some(),
        Err(_) => ticket::count_try(tx, visit, errand.ticket)?,
    };
    let page = ticket::find_by_id(tx, rules, visit, Purpose::PhonePage, errand.page)?;
    let Some(page) = page.filter(|_| is_taken) else {
        refuse!(ticket::why_gone(tx, Purpose::PhoneSigning, phone)?);
    };
    if !ticket::has_tries(tx, errand.ticket)? {
        ticket::discard(tx, visit, errand.ticket)?;
    }
    let mut waiting: Waiting = serde_json::from_slice(&page.payload)?;
    match checked {
        Ok(cms) => waiting.brought = Some(BASE64.encode(cms)),
        Err(refusal) => waiting.refused = Some(refusal.code().to_owned()),
    }
    let payload = serde_json::to_vec(&waiting)?;
    ticket::fill(
        tx,
        rules,
        visit,
        Purpose::PhonePage,
        page.id,
        page.account,
        &payload,
    )?;
    Ok(Ok(()))
}
