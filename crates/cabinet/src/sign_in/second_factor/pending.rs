use db::{Timestamp, Tx};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::SecondFactorRefusal;
use crate::account::AccountId;
use crate::audit::{self, Act, Event};
use crate::binding::{self, AuthenticatorId, Kind, OwnFactor, Proven, SecondFactor};
use crate::organisation::Entrance;
use crate::session::{self, Opening, Proof, Second, SessionId};
use crate::sign_in::enter::complete;
use crate::sign_in::{Opened, SignInRefusal};
use crate::ticket::{self, New, Purpose, TicketId};
use crate::{BrowserHash, Decision, Demand, Failure, Rules, Secret, Visit, refuse};

/// A first proof that was just made and waits for its second factor.
#[derive(Debug)]
pub struct PendingEntry {
    /// Finds it again, in the browser that it belongs to.
    pub secret: Secret,
    /// What may be given, last used first.
    pub ways: Vec<OwnFactor>,
}

/// The first proof, as it waits.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Waiting {
    pub(crate) first: AuthenticatorId,
    pub(crate) demand: Demand,
    /// Second factors set up later do not count.
    pub(crate) before: Timestamp,
    pub(crate) then: Then,
}

/// What happens when the second factor was given.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Then {
    Enter {
        kind: Kind,
        standing: Option<Value>,
        entrance: Option<Entrance>,
        created: bool,
    },
    StepUp {
        session: SessionId,
        proof: Proof,
    },
}

/// Lets a first proof wait.
pub(crate) fn wait(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    account: AccountId,
    waiting: &Waiting,
    ways: Vec<OwnFactor>,
) -> Result<PendingEntry, Failure> {
    let new = New {
        purpose: Purpose::SecondFactor,
        browser: Some(browser),
        account: Some(account),
        session: None,
        life: rules.second_factor.life,
        tries: 0,
        payload: &serde_json::to_vec(waiting)?,
    };
    let secret = ticket::issue(tx, rules, visit, new)?.secret;
    Ok(PendingEntry { secret, ways })
}

/// What the second factor is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitingFor {
    /// To enter.
    Entry,
    /// To make a session stronger.
    StepUp,
}

/// A first proof that waits.
#[derive(Debug)]
pub struct Pending {
    pub(super) ticket: TicketId,
    pub(super) account: AccountId,
    waiting: Waiting,
    ways: Vec<OwnFactor>,
}

/// The first proof that waits in this browser, if its time is not over. Nothing is used up.
pub fn pending(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
) -> Result<Option<Pending>, Failure> {
    let found = ticket::find(tx, rules, visit, Purpose::SecondFactor, secret, Some(browser))?;
    let Some((ticket, account)) = found.and_then(|ticket| ticket.account.map(|account| (ticket, account)))
    else {
        return Ok(None);
    };
    let waiting: Waiting = serde_json::from_slice(&ticket.payload)?;
    let ways = binding::second_factors(tx, account, Some(waiting.first), waiting.demand, waiting.before)?;
    Ok(Some(Pending {
        ticket: ticket.id,
        account,
        waiting,
        ways,
    }))
}

/// What a second factor led to.
#[derive(Debug)]
pub enum Passed {
    /// A session was opened.
    Entered(Opened),
    /// A session was made stronger; this is its new secret.
    Stronger(Secret),
}

impl Pending {
    /// What may be given, last used first.
    pub fn ways(&self) -> &[OwnFactor] {
        &self.ways
    }

    /// What it is given for.
    pub const fn waiting_for(&self) -> WaitingFor {
        match self.waiting.then {
            Then::Enter { .. } => WaitingFor::Entry,
            Then::StepUp { .. } => WaitingFor::StepUp,
        }
    }

    /// Whose it is, and its name: what a challenge for it is bound to.
    pub(crate) const fn owner(&self) -> (AccountId, TicketId) {
        (self.account, self.ticket)
    }

    /// Whether this passkey is another one than the first proof, and was there in time.
    pub(super) fn accepts(&self, proven: &Proven) -> bool {
        proven.authenticator != self.waiting.first && proven.bound_at <= self.waiting.before
    }

    pub(super) fn way(&self, factor: SecondFactor) -> Option<&OwnFactor> {
        self.ways.iter().find(|own| own.factor == factor)
    }

    /// Goes on with what waited: the second factor was right. Of any number of parallel calls one does.
    pub(super) fn pass(
        self,
        tx: &mut Tx<'_>,
        rules: &Rules,
        visit: &Visit,
        browser: BrowserHash,
        given: Given,
    ) -> Decision<Passed, SecondFactorRefusal> {
        let taken = ticket::take_by_id(tx, rules, visit, Purpose::SecondFactor, self.ticket)?;
        // what the first proof rests on is looked at again in the transaction that opens the session (LNK-9)
        if taken.is_none() || !binding::is_usable(tx, rules, visit, self.account, self.waiting.first)? {
            refuse!(SecondFactorRefusal::Gone);
        }
        if let Some(id) = given.id {
            binding::mark_used(tx, id, visit.now)?;
        }
        match self.waiting.then {
            Then::Enter {
                kind,
                standing,
                entrance,
                created,
            } => {
                let opening = Opening {
                    account: self.account,
                    authenticator: self.waiting.first,
                    kind,
                    browser,
                    standing,
                    entrance,
                    demand: self.waiting.demand,
                };
                let second = Second::Given(given.factor);
                let opened = complete(tx, rules, visit, &opening, second, created)?;
                Ok(opened.map(Passed::Entered).map_err(|refusal| match refusal {
                    SignInRefusal::AccountBlocked => SecondFactorRefusal::AccountBlocked,
                    // the organisation has closed, or offers the first way in no longer
                    _ => SecondFactorRefusal::Gone,
                }))
            }
            Then::StepUp { session, proof } => {
                let Some(session) = session::find_holding(tx, rules, visit, session)? else {
                    refuse!(SecondFactorRefusal::Gone);
                };
                let grown = session::grow(tx, visit, &session, &proof, Second::Given(given.factor))?;
                Ok(grown.map(Passed::Stronger).map_err(|_| SecondFactorRefusal::Gone))
            }
        }
    }

    /// Refuses, and lets the account's owner see it in the history.
    pub(super) fn refused<T>(
        &self,
        tx: &mut Tx<'_>,
        visit: &Visit,
        factor: SecondFactor,
        refusal: SecondFactorRefusal,
    ) -> Decision<T, SecondFactorRefusal> {
        let act = match self.waiting_for() {
            WaitingFor::Entry => Act::SignInRefused,
            WaitingFor::StepUp => Act::StepUpRefused,
        };
        let detail = json!({ "code": refusal.code(), "second_factor": factor });
        audit::record(tx, visit, Event::about(self.account, act, detail))?;
        refuse!(refusal);
    }
}

/// A second factor that was right.
pub(super) struct Given {
    pub(super) factor: SecondFactor,
    pub(super) id: Option<AuthenticatorId>,
}
