use db::{Timestamp, Tx};
use serde_json::json;

use super::{AssistedId, AssistedRefusal, Half, Officer, store};
use crate::account::{self, AccountId};
use crate::audit::{self, Act, Event};
use crate::message::Notice;
use crate::session::{Told, not_me_link};
use crate::{Decision, Rules, Visit, contact, refuse};

const REASON: std::ops::RangeInclusive<usize> = 5..=500;

/// What one of the two asks for.
#[derive(Clone, Debug)]
pub struct Request {
    /// Whose account.
    pub account: AccountId,
    /// How they made sure who the person is.
    pub reason: String,
    /// Whether the person has lost the second factor too.
    pub skips_second_factor: bool,
}

/// What was asked.
#[derive(Debug)]
pub struct Asked {
    /// Its name, for whoever approves.
    pub id: AssistedId,
    /// The half that this one of the two hands over.
    pub half: Half,
    /// Until when it waits for its approval.
    pub until: Timestamp,
}

/// Asks for the recovery of an account; every confirmed contact is told.
pub fn ask(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    officer: &Officer,
    request: &Request,
) -> Decision<Asked, AssistedRefusal> {
    let (account, reason) = (request.account, request.reason.trim());
    if !REASON.contains(&reason.chars().count()) {
        refuse!(AssistedRefusal::ReasonMissing);
    }
    if officer.account == Some(account) {
        refuse!(AssistedRefusal::OwnAccount);
    }
    account::lock(tx, account)?;
    if !account::may_authenticate(tx, account)? {
        refuse!(AssistedRefusal::AccountBlocked);
    }
    if store::find_open(tx, account, visit.now)?.is_some() {
        refuse!(AssistedRefusal::AlreadyAsked);
    }
    let asked = Asked {
        id: visit.id(AssistedId::new),
        half: Half::new(visit),
        until: visit.now.plus(rules.recovery.life),
    };
    let request = Request {
        reason: reason.to_owned(),
        ..request.clone()
    };
    let half = asked.half.hash(rules);
    store::insert(tx, asked.id, &request, officer, half, visit.now, asked.until)?;
    let detail = json!({
        "recovery": asked.id,
        "asked_by": officer.name,
        "reason": request.reason,
        "skips_second_factor": request.skips_second_factor,
    });
    let event = Event {
        actor: officer.account,
        ..Event::about(account, Act::AssistedRecoveryAsked, detail)
    };
    audit::record(tx, visit, event)?;
    let told = Told::AssistedRecovery(asked.id);
    let notice = Notice::AssistedRecoveryAsked {
        by: officer.name.clone(),
        at: visit.now,
        link: not_me_link(tx, rules, visit, account, told)?,
    };
    contact::tell(tx, rules, visit, account, &notice)?;
    Ok(Ok(asked))
}
