use db::Tx;

use super::authenticator_data::rp_id;
use super::store;
use crate::session::Session;
use crate::sign_in::second_factor::Pending;
use crate::ticket::{self, New, Purpose};
use crate::{BrowserHash, Failure, Rules, Secret, Visit};

/// What a passkey is asked for.
#[derive(Clone, Copy, Debug)]
pub enum PasskeyUse<'a> {
    /// To enter: any passkey of this site that the device knows.
    SignIn,
    /// To make this session stronger.
    StepUp(&'a Session),
    /// As second factor of this first proof.
    SecondFactor(&'a Pending),
}

/// What a browser is asked (`PublicKeyCredentialRequestOptions`).
#[derive(Clone, Debug)]
pub struct PasskeyChallenge {
    /// What is to be signed.
    pub challenge: Secret,
    /// The site.
    pub site: String,
    /// The keys that would do; none named: any of this site.
    pub keys: Vec<Vec<u8>>,
}

impl PasskeyUse<'_> {
    const fn purpose(self) -> Purpose {
        match self {
            Self::SignIn => Purpose::PasskeySignIn,
            Self::StepUp(_) => Purpose::PasskeyStepUp,
            Self::SecondFactor(_) => Purpose::PasskeySecondFactor,
        }
    }
}

/// Asks for a passkey, in this browser.
pub fn issue_passkey_challenge(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    asked: PasskeyUse<'_>,
) -> Result<PasskeyChallenge, Failure> {
    let (account, session, payload) = match asked {
        PasskeyUse::SignIn => (None, None, Vec::new()),
        PasskeyUse::StepUp(session) => (Some(session.account), Some(session.id), Vec::new()),
        PasskeyUse::SecondFactor(pending) => {
            let (account, ticket) = pending.owner();
            (Some(account), None, serde_json::to_vec(&ticket)?)
        }
    };
    let new = New {
        purpose: asked.purpose(),
        browser: Some(browser),
        account,
        session,
        life: rules.sign_in.challenge_life,
        tries: 0,
        payload: &payload,
    };
    let challenge = ticket::issue(tx, rules, visit, new)?.secret;
    let keys = match account {
        Some(account) => store::list(tx, account)?,
        None => Vec::new(),
    };
    Ok(PasskeyChallenge {
        challenge,
        site: rp_id(rules).to_owned(),
        keys: keys.into_iter().map(|row| row.credential_id).collect(),
    })
}
