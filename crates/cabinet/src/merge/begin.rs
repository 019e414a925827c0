use db::Tx;
use serde::{Deserialize, Serialize};

use crate::account::AccountId;
use crate::session::{Session, SessionId, SteppedUp};
use crate::ticket::{self, New, Purpose, TicketId};
use crate::{BrowserHash, Failure, Rules, Secret, Visit};

/// How far a merge has come.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Flow {
    /// The account that was proven to go into this one.
    pub(super) other: Option<AccountId>,
}

/// What a merge that was begun waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The proof of the other account.
    Proof,
    /// The person's word.
    Word,
}

/// What the merge of this session waits for, if one was begun in this browser.
pub fn stage(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    session: &Session,
    secret: &Secret,
) -> Result<Option<Stage>, Failure> {
    let found = find(tx, rules, visit, browser, (session.account, session.id), secret)?;
    Ok(found.map(|(_, flow)| match flow.other {
        None => Stage::Proof,
        Some(_) => Stage::Word,
    }))
}

/// Begins a merge in this browser, for who has just proven themselves; gives what finds it again.
pub fn begin(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    by: &SteppedUp,
) -> Result<Secret, Failure> {
    ticket::discard_kind(tx, visit, by.account(), Purpose::Merge)?;
    let owner = (by.account(), by.session());
    issue(tx, rules, visit, browser, owner, Flow::default())
}

/// Gives up what was begun.
pub fn cancel(tx: &mut Tx<'_>, visit: &Visit, session: &Session) -> Result<(), Failure> {
    ticket::discard_kind(tx, visit, session.account, Purpose::Merge)
}

pub(super) fn issue(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    (account, session): (AccountId, SessionId),
    flow: Flow,
) -> Result<Secret, Failure> {
    let new = New {
        purpose: Purpose::Merge,
        browser: Some(browser),
        account: Some(account),
        session: Some(session),
        life: rules.merge.life,
        tries: 0,
        payload: &serde_json::to_vec(&flow)?,
    };
    Ok(ticket::issue(tx, rules, visit, new)?.secret)
}

/// What was begun in this browser, by this session.
pub(super) fn find(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    (account, session): (AccountId, SessionId),
    secret: &Secret,
) -> Result<Option<(TicketId, Flow)>, Failure> {
    let found = ticket::find(tx, rules, visit, Purpose::Merge, secret, Some(browser))?;
    let own = found.filter(|ticket| ticket.account == Some(account) && ticket.session == Some(session));
    let Some(ticket) = own else { return Ok(None) };
    Ok(Some((ticket.id, serde_json::from_slice(&ticket.payload)?)))
}
