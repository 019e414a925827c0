//! A certificate shown in a TLS handshake. Browsers ask for one once for a whole connection, so it is shown at an address
//! apart from the pages. What that address saw goes back to the browser that was sent there and to no other: whoever lures
//! somebody else to it gets nothing (threats, CMS-3), and nothing is decided for a connection (PRX-3).

use data_encoding::BASE64;
use db::Tx;
use esign::certificate::Certificate;
use esign::cms::{VerifiedSigner, verify_presented};
use esign::provider::Provider;
use esign::time::UnixTime;
use esign::trust::TrustStore;
use esign::verdict::Verdict;
use serde::{Deserialize, Serialize};

use super::challenge::{ChallengePurpose, SignerPath};
use super::proof::{CertificateProof, Evidence};
use super::refusal::SignInRefusal;
use crate::session::SessionId;
use crate::ticket::{self, New, Purpose, TicketId};
use crate::{BrowserHash, Failure, Rules, Secret, Visit};

/// Where somebody goes on whose key has answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Onward {
    /// The page asked for; empty for the home page.
    pub return_to: String,
    /// The code of the organisation whose page led to the key; empty if none did.
    pub organisation: String,
}

/// What the way to the address of certificates holds.
#[derive(Serialize, Deserialize)]
struct Way {
    purpose: Purpose,
    browser: BrowserHash,
    onward: Onward,
}

/// What the address of certificates saw.
#[derive(Serialize, Deserialize)]
struct Seen {
    purpose: Purpose,
    /// In base64.
    chain: Vec<String>,
    onward: Onward,
}

/// Begins a way to the address of certificates. Gives what its last part is.
pub fn send_for_certificate(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    purpose: ChallengePurpose<'_>,
    onward: Onward,
) -> Result<Secret, Failure> {
    let way = Way {
        purpose: purpose.ticket(),
        browser,
        onward,
    };
    let new = New {
        purpose: Purpose::CertificateWay,
        // the other address has another jar of cookies
        browser: None,
        account: purpose.account(),
        session: purpose.session(),
        life: rules.sign_in.challenge_life,
        tries: 0,
        payload: &serde_json::to_vec(&way)?,
    };
    Ok(ticket::issue(tx, rules, visit, new)?.secret)
}

/// What goes back to the browser that was sent.
#[derive(Debug)]
pub struct Shown {
    /// Finds what was seen, in that browser alone.
    pub secret: Secret,
    /// What the way was for, as [`ChallengePurpose`] has it.
    pub purpose: Purpose,
}

/// Takes note of the certificate that came along a way, once. The caller vouches that a handshake proved its key.
pub fn present_certificate(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    way: &Secret,
    chain: &[impl AsRef<[u8]>],
) -> Result<Option<Shown>, Failure> {
    let Some(taken) = ticket::take(tx, rules, visit, Purpose::CertificateWay, way, None)? else {
        return Ok(None);
    };
    let way: Way = serde_json::from_slice(&taken.payload)?;
    let seen = Seen {
        purpose: way.purpose,
        chain: chain.iter().map(|der| BASE64.encode(der.as_ref())).collect(),
        onward: way.onward,
    };
    let new = New {
        purpose: Purpose::ShownCertificate,
        browser: Some(way.browser),
        account: taken.account,
        session: taken.session,
        life: rules.sign_in.challenge_life,
        tries: 0,
        payload: &serde_json::to_vec(&seen)?,
    };
    let secret = ticket::issue(tx, rules, visit, new)?.secret;
    Ok(Some(Shown {
        secret,
        purpose: way.purpose,
    }))
}

/// A certificate that was shown, before anything but the handshake is believed.
#[derive(Clone, Debug)]
pub struct Presented {
    shown: ShownTicket,
    chain: Vec<Vec<u8>>,
    onward: Onward,
}

/// What is used up by a proof.
#[derive(Clone, Copy, Debug)]
struct ShownTicket {
    id: TicketId,
    browser: BrowserHash,
    session: Option<SessionId>,
    purpose: Purpose,
}

/// Finds what was shown for `purpose`, in this browser. Nothing is used up.
pub fn find_presented(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    purpose: ChallengePurpose<'_>,
    secret: &Secret,
) -> Result<Option<Presented>, Failure> {
    let found = ticket::find(tx, rules, visit, Purpose::ShownCertificate, secret, Some(browser))?;
    let Some(found) = found.filter(|ticket| ticket.session == purpose.session()) else {
        return Ok(None);
    };
    let seen: Seen = serde_json::from_slice(&found.payload)?;
    let shown = ShownTicket {
        id: found.id,
        browser,
        session: found.session,
        purpose: purpose.ticket(),
    };
    let chain: Result<Vec<_>, _> = seen
        .chain
        .iter()
        .map(|der| BASE64.decode(der.as_bytes()))
        .collect();
    let chain = chain.map_err(Failure::new)?;
    Ok((seen.purpose == purpose.ticket()).then_some(Presented {
        shown,
        chain,
        onward: seen.onward,
    }))
}

impl Presented {
    /// The certificate, if it can be read at all.
    pub fn certificate(&self) -> Option<Certificate> {
        let first = self.chain.first()?;
        Certificate::parse(first.as_slice()).ok()
    }

    /// Where its owner goes on.
    pub const fn onward(&self) -> &Onward {
        &self.onward
    }

    fn judge(&self, trust: &TrustStore, visit: &Visit, provider: &dyn Provider) -> Verdict<VerifiedSigner> {
        verify_presented(&self.chain, trust, UnixTime(visit.now.as_seconds()), provider)
    }
}

impl Evidence for Presented {
    type Proof = PresentedCertificate;

    fn path(&self, trust: &TrustStore, visit: &Visit, provider: &dyn Provider) -> Option<SignerPath> {
        let judged = self.judge(&trust.without_revocation(), visit, provider);
        judged.into_result().ok().as_ref().map(SignerPath::of)
    }

    fn verify(
        &self,
        trust: &TrustStore,
        visit: &Visit,
        provider: &dyn Provider,
    ) -> Result<PresentedCertificate, SignInRefusal> {
        match self.judge(trust, visit, provider) {
            Verdict::Valid(signer) => Ok(PresentedCertificate {
                shown: self.shown,
                signer,
            }),
            Verdict::Invalid(code) | Verdict::Unknown(code) => Err(code.into()),
        }
    }

    fn take(
        &self,
        tx: &mut Tx<'_>,
        _: &Rules,
        visit: &Visit,
        purpose: ChallengePurpose<'_>,
    ) -> Result<bool, Failure> {
        self.shown.take(tx, visit, purpose)
    }
}

/// A verified certificate whose key has just made a TLS handshake; only [`Presented`] makes it.
#[derive(Debug)]
pub struct PresentedCertificate {
    shown: ShownTicket,
    signer: VerifiedSigner,
}

impl CertificateProof for PresentedCertificate {
    fn signer(&self) -> &VerifiedSigner {
        &self.signer
    }

    fn take(
        &self,
        tx: &mut Tx<'_>,
        _: &Rules,
        visit: &Visit,
        purpose: ChallengePurpose<'_>,
    ) -> Result<bool, Failure> {
        self.shown.take(tx, visit, purpose)
    }
}

impl ShownTicket {
    fn take(self, tx: &mut Tx<'_>, visit: &Visit, purpose: ChallengePurpose<'_>) -> Result<bool, Failure> {
        let is_for_this = self.session == purpose.session()
            && self.purpose == purpose.ticket()
            && purpose.browser().is_none_or(|browser| browser == self.browser);
        Ok(is_for_this && ticket::take_found(tx, visit, Purpose::ShownCertificate, self.id, self.browser)?)
    }
}
