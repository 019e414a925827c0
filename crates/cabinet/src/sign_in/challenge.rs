use data_encoding::{HEXLOWER, HEXUPPER};
use db::Tx;
use esign::certificate::Certificate;
use esign::cms::{VerifiedSigner, verify_sign_in};
use esign::provider::Provider;
use esign::time::UnixTime;
use esign::trust::TrustStore;
use esign::verdict::Verdict;

use super::{CertificateProof, SignInRefusal};
use crate::account::AccountId;
use crate::session::{Session, SessionId, device_name};
use crate::throttle::network_of;
use crate::ticket::{self, New, Purpose, Ticket, TicketId};
use crate::{BrowserHash, Failure, Rules, Secret, Visit};

/// What a challenge is for, and to what it is bound.
#[derive(Clone, Copy, Debug)]
pub enum ChallengePurpose<'a> {
    /// To enter, in this browser.
    SignIn(BrowserHash),
    /// To make this session stronger.
    StepUp(&'a Session),
    /// To prove another account, which is to go into that of this session.
    Merge(&'a Session),
    /// To state, with the key of a certificate of this session's account, that this one follows it (D-8.f).
    Renewal(&'a Session, &'a Certificate),
}

impl ChallengePurpose<'_> {
    pub(super) const fn ticket(self) -> Purpose {
        match self {
            Self::SignIn(_) => Purpose::SignIn,
            Self::StepUp(_) => Purpose::StepUp,
            Self::Merge(_) => Purpose::MergeProof,
            Self::Renewal(..) => Purpose::Renewal,
        }
    }

    pub(super) const fn browser(self) -> Option<BrowserHash> {
        match self {
            Self::SignIn(browser) => Some(browser),
            Self::StepUp(_) | Self::Merge(_) | Self::Renewal(..) => None,
        }
    }

    pub(super) const fn account(self) -> Option<AccountId> {
        match self {
            Self::SignIn(_) => None,
            Self::StepUp(session) | Self::Merge(session) | Self::Renewal(session, _) => Some(session.account),
        }
    }

    pub(super) fn session(self) -> Option<SessionId> {
        match self {
            Self::SignIn(_) => None,
            Self::StepUp(session) | Self::Merge(session) | Self::Renewal(session, _) => Some(session.id),
        }
    }
}

/// The words of a challenge, in the language of the person who will read them before signing.
#[derive(Clone, Debug)]
pub struct ChallengeWords {
    /// What the signature is for: a sentence.
    pub act: String,
    /// Label of the site.
    pub site: String,
    /// Label of the account.
    pub account: String,
    /// What stands there when the certificate will tell whose account it is: «new».
    pub new_account: String,
    /// Label of the time.
    pub time: String,
    /// The time of the visit, with its zone.
    pub now: String,
    /// Label of the browser.
    pub browser: String,
    /// Label of the network address.
    pub network: String,
}

/// A challenge for the page.
#[derive(Clone, Debug)]
pub struct ChallengeText {
    /// Names the challenge when the answer is posted.
    pub nonce: Secret,
    /// What is to be shown and signed, byte for byte.
    pub text: String,
}

/// Issues a challenge: a readable text that names product, purpose, site, account, time and asker, so that it is of no
/// use for anything else (threats, CMS-1 … CMS-3).
pub fn issue_challenge(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    purpose: ChallengePurpose<'_>,
    words: &ChallengeWords,
) -> Result<ChallengeText, Failure> {
    let readable = readable(rules, visit, purpose, words);
    let new = New {
        purpose: purpose.ticket(),
        browser: purpose.browser(),
        account: purpose.account(),
        session: purpose.session(),
        life: rules.sign_in.challenge_life,
        tries: 0,
        payload: readable.as_bytes(),
    };
    let nonce = ticket::issue(tx, rules, visit, new)?.secret;
    Ok(ChallengeText {
        text: with_nonce(readable, &nonce),
        nonce,
    })
}

/// Everything but the nonce, which only the ticket's owner knows.
fn readable(rules: &Rules, visit: &Visit, purpose: ChallengePurpose<'_>, words: &ChallengeWords) -> String {
    let account = match purpose {
        ChallengePurpose::SignIn(_) => words.new_account.clone(),
        ChallengePurpose::StepUp(session)
        | ChallengePurpose::Merge(session)
        | ChallengePurpose::Renewal(session, _) => session.name.to_string(),
    };
    let lines = [
        (&words.site, rules.host()),
        (&words.account, account),
        (&words.time, words.now.clone()),
        (&words.browser, device_name(&visit.device)),
        (&words.network, network_of(visit.address)),
    ]
    .map(|(label, value)| format!("{}: {}\n", one_line(label), one_line(&value)));
    format!(
        "Kabinet/1 {}\n{}\n{}",
        purpose.ticket().as_str(),
        one_line(&words.act),
        lines.concat() + &named(purpose)
    )
}

/// The certificate that a statement is about, in lines that a program reads as well as a person.
fn named(purpose: ChallengePurpose<'_>) -> String {
    let ChallengePurpose::Renewal(_, successor) = purpose else {
        return String::new();
    };
    let fact = |label: &str, value: &str| format!("{label}: {}\n", one_line(value));
    [
        fact("certificate-subject", &successor.subject().to_string()),
        fact("certificate-issuer", &successor.issuer().to_string()),
        fact("certificate-serial", &HEXUPPER.encode(successor.serial())),
        fact("certificate-not-after", &successor.not_after().to_string()),
        fingerprint_line(successor),
        fact(
            "public-key-sha256",
            &HEXLOWER.encode(&successor.public_key_digest()),
        ),
    ]
    .concat()
}

fn fingerprint_line(certificate: &Certificate) -> String {
    format!(
        "certificate-sha256: {}\n",
        HEXLOWER.encode(&certificate.fingerprint())
    )
}

fn with_nonce(readable: String, nonce: &Secret) -> String {
    readable + "nonce: " + &nonce.expose() + "\n"
}

/// Nothing that comes from outside may begin a line of its own.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_control() || c == '\u{2028}' || c == '\u{2029}' {
                ' '
            } else {
                c
            }
        })
        .collect()
}

/// A challenge that waits for its answer.
#[derive(Clone, Debug)]
pub struct Challenge {
    ticket: TicketId,
    nonce: Secret,
    text: String,
}

/// Finds the challenge that an answer is for. Nothing is used up: the answer is checked first, outside the
/// transaction.
pub fn find_challenge(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    purpose: ChallengePurpose<'_>,
    nonce: &Secret,
) -> Result<Option<Challenge>, Failure> {
    let found = ticket::find(tx, rules, visit, purpose.ticket(), nonce, purpose.browser())?;
    let Some(Ticket { id, payload, .. }) = found.filter(|ticket| ticket.session == purpose.session()) else {
        return Ok(None);
    };
    let readable = String::from_utf8(payload).map_err(Failure::new)?;
    Ok(Some(Challenge {
        ticket: id,
        nonce: nonce.clone(),
        text: with_nonce(readable, nonce),
    }))
}

impl Challenge {
    /// The text that must have been signed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Uses the challenge up, whatever the answer to it was worth.
    pub(super) fn take(
        &self,
        tx: &mut Tx<'_>,
        rules: &Rules,
        visit: &Visit,
        purpose: ChallengePurpose<'_>,
    ) -> Result<bool, Failure> {
        let taken = ticket::take(tx, rules, visit, purpose.ticket(), &self.nonce, purpose.browser())?;
        Ok(taken.is_some_and(|ticket| ticket.id == self.ticket && ticket.session == purpose.session()))
    }

    /// Whose status there is to ask about before the answer is judged; nothing if no judgement can let it pass. Pure and
    /// costly: call it on a bounded pool.
    pub fn path(
        &self,
        cms: &[u8],
        trust: &TrustStore,
        visit: &Visit,
        provider: &dyn Provider,
    ) -> Option<SignerPath> {
        let (now, trust) = (UnixTime(visit.now.as_seconds()), trust.without_revocation());
        let signer = verify_sign_in(cms, self.text.as_bytes(), &trust, now, provider);
        let signer = signer.into_result().ok()?;
        Some(SignerPath::of(&signer))
    }

    /// Judges an answer by the stored text. Pure and costly: call it on a bounded pool.
    pub fn verify(
        self,
        cms: &[u8],
        trust: &TrustStore,
        visit: &Visit,
        provider: &dyn Provider,
    ) -> Result<SignedChallenge, SignInRefusal> {
        let now = UnixTime(visit.now.as_seconds());
        match verify_sign_in(cms, self.text.as_bytes(), trust, now, provider) {
            Verdict::Valid(signer) => Ok(SignedChallenge {
                ticket: self.ticket,
                nonce: self.nonce,
                text: self.text,
                signer,
            }),
            Verdict::Invalid(code) | Verdict::Unknown(code) => Err(code.into()),
        }
    }
}

/// The way from a signer's certificate to an anchor. It holds, but whether it was revoked was not asked, so it opens
/// nothing.
#[derive(Clone, Debug)]
pub struct SignerPath {
    /// The anchor group it leads to.
    pub anchor_group: String,
    /// From the signer's certificate to the anchor.
    pub certificates: Vec<Certificate>,
}

impl SignerPath {
    pub(super) fn of(signer: &VerifiedSigner) -> Self {
        Self {
            anchor_group: signer.anchor_group().to_owned(),
            certificates: signer.path().to_vec(),
        }
    }
}

/// A challenge with the verified signer of exactly its text; only [`Challenge::verify`] makes it.
#[derive(Debug)]
pub struct SignedChallenge {
    ticket: TicketId,
    nonce: Secret,
    text: String,
    signer: VerifiedSigner,
}

impl SignedChallenge {
    /// The text that was signed.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether the statement that was signed is about this certificate.
    pub(crate) fn names(&self, certificate: &Certificate) -> bool {
        self.text.contains(&fingerprint_line(certificate))
    }
}

impl CertificateProof for SignedChallenge {
    fn signer(&self) -> &VerifiedSigner {
        &self.signer
    }

    fn take(
        &self,
        tx: &mut Tx<'_>,
        rules: &Rules,
        visit: &Visit,
        purpose: ChallengePurpose<'_>,
    ) -> Result<bool, Failure> {
        if let Some(browser) = purpose.browser() {
            return ticket::take_found(tx, visit, purpose.ticket(), self.ticket, browser);
        }
        let taken = ticket::take(tx, rules, visit, purpose.ticket(), &self.nonce, None)?;
        Ok(taken.is_some_and(|ticket| ticket.id == self.ticket && ticket.session == purpose.session()))
    }
}
