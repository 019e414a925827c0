//! Ways that do not leave this site: a person proves themselves on a page of ours, and a directory or a ticket says who they
//! are. The way is looked at as often as the page is, and taken up once, when they have.

use db::Tx;

use super::begin::{Sent, may_use, why_gone};
use super::{Errand, FederationRefusal};
use crate::provider::ProviderKey;
use crate::sign_in::guesses::{Familiar, Guesses};
use crate::ticket::{self, Purpose};
use crate::{BrowserHash, Decision, Failure, Rules, Secret, Visit, fold, refuse};

/// A guess at a password that a directory checks. It was counted before.
#[derive(Debug)]
pub struct Guess {
    guesses: Guesses,
    familiar: Familiar,
}

/// What the way is for that `state` names, if somebody may go on with it in this browser, which began it. Changes nothing.
pub fn look(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    provider: &ProviderKey,
    state: &Secret,
) -> Decision<Errand, FederationRefusal> {
    let Some(ticket) = ticket::find(tx, rules, visit, Purpose::Provider, state, Some(browser))? else {
        refuse!(why_gone(tx, state)?);
    };
    let sent: Sent = serde_json::from_slice(&ticket.payload)?;
    if sent.provider != *provider {
        refuse!(FederationRefusal::Gone);
    }
    Ok(may_use(tx, rules, provider, sent.errand, sent.organisation)?.map(|()| sent.errand))
}

/// Counts a guess before the directory is asked: by user name and network, as at any other door (threats, PWD-1, PWD-2).
pub fn guess(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    provider: &ProviderKey,
    state: &Secret,
    login: &str,
) -> Decision<Guess, FederationRefusal> {
    if let Err(refusal) = look(tx, rules, visit, browser, provider, state)? {
        refuse!(refusal);
    }
    let login = format!("directory {provider} {}", fold::fold(login.trim()));
    let familiar = Familiar::new(rules, visit, &login);
    let is_stranger = !familiar.is_known(tx, visit)?;
    let Some(guesses) = Guesses::count(tx, rules, visit, &login, is_stranger)? else {
        refuse!(FederationRefusal::TooManyTries);
    };
    Ok(Ok(Guess { guesses, familiar }))
}

impl Guess {
    /// The directory says that it was right.
    pub fn forgive(&self, tx: &mut Tx<'_>, visit: &Visit) -> Result<(), Failure> {
        self.guesses.forgive(tx)?;
        self.familiar.note(tx, visit)
    }
}
