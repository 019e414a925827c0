//! Confirmation: the only way a value comes into force.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use db::{Timestamp, Tx};

use super::{Slot, Value, budget, change, login, notify, prefix, store};
use crate::account::AccountId;
use crate::audit::Act;
use crate::message::Notice;
use crate::session::{self, Session, SessionId};
use crate::ticket::{self, LinkRefusal, Purpose};
use crate::{Decision, Failure, Rules, Secret, Visit, refuse};

crate::refusals! {
    /// Why a contact was not confirmed.
    pub enum ConfirmRefusal {
        NothingPending = "contact.nothing_pending",
        CodeWrong = "contact.code_wrong",
        CodeExpired = "contact.code_expired",
        CodeOfOtherSession = "contact.code_of_other_session",
        TooManyTries = "contact.too_many_tries",
        LinkUnknown = "link.gone",
        LinkUsed = "link.used",
        LinkReplaced = "link.replaced",
        LinkExpired = "link.expired",
        NotAvailable = "contact.not_available",
    }
}

impl From<LinkRefusal> for ConfirmRefusal {
    fn from(refusal: LinkRefusal) -> Self {
        match refusal {
            LinkRefusal::Unknown => Self::LinkUnknown,
            LinkRefusal::Used => Self::LinkUsed,
            LinkRefusal::Replaced => Self::LinkReplaced,
            LinkRefusal::Expired => Self::LinkExpired,
        }
    }
}

/// What was confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// Whose it is.
    pub account: AccountId,
    /// Which contact.
    pub slot: Slot,
    /// Its value.
    pub value: Value,
}

/// What the page behind a confirmation link shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkPreview {
    /// Which contact.
    pub slot: Slot,
    /// The value to be confirmed.
    pub value: Value,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// When the link ends.
    pub until: Timestamp,
}

/// Confirms by the six digits, in the session that asked for them.
pub fn confirm_by_code(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    session: &Session,
    slot: Slot,
    code: &str,
) -> Decision<Confirmed, ConfirmRefusal> {
    let Some(change) = store::find_change(tx, session.account, slot, visit.now)? else {
        refuse!(ConfirmRefusal::NothingPending);
    };
    if change.session != Some(session.id) {
        refuse!(ConfirmRefusal::CodeOfOtherSession);
    }
    if visit.now >= change.code_until {
        refuse!(ConfirmRefusal::CodeExpired);
    }
    // Counted before it is checked, so that parallel guesses do not slip past.
    if !budget::may_guess(tx, rules, visit, session.account)? || !ticket::count_try(tx, visit, change.ticket)?
    {
        refuse!(ConfirmRefusal::TooManyTries);
    }
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let hash = change::code_hash(rules, change.ticket, &change.key, &digits);
    if verify_slices_are_equal(&hash, &change.code_hash).is_err() {
        refuse!(ConfirmRefusal::CodeWrong);
    }
    if ticket::take_by_id(tx, rules, visit, Purpose::ConfirmContact, change.ticket)?.is_none() {
        refuse!(ConfirmRefusal::NothingPending);
    }
    put_in_force(tx, rules, visit, session.account, slot, change)
}

/// Shows what a link would confirm. Mail scanners open links: nothing is used up (MSG-1).
pub fn confirm_by_link_preview(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    secret: &Secret,
) -> Decision<LinkPreview, LinkRefusal> {
    let Some(ticket) = ticket::find(tx, rules, visit, Purpose::ConfirmContact, secret, None)? else {
        refuse!(ticket::why_gone(tx, Purpose::ConfirmContact, secret)?);
    };
    let Some((_, slot, change)) = waiting(tx, visit, &ticket)? else {
        refuse!(LinkRefusal::Replaced);
    };
    let value = Value::stored(slot, change.value)?;
    Ok(Ok(LinkPreview {
        slot,
        value,
        asked_at: change.asked_at,
        until: change.until,
    }))
}

/// Confirms by the secret of a link, in any browser.
pub fn confirm_by_link(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    secret: &Secret,
) -> Decision<Confirmed, ConfirmRefusal> {
    let Some(ticket) = ticket::find(tx, rules, visit, Purpose::ConfirmContact, secret, None)? else {
        refuse!(ticket::why_gone(tx, Purpose::ConfirmContact, secret)?.into());
    };
    let Some((account, slot, change)) = waiting(tx, visit, &ticket)? else {
        refuse!(ConfirmRefusal::LinkReplaced);
    };
    if ticket::take(tx, rules, visit, Purpose::ConfirmContact, secret, None)?.is_none() {
        refuse!(ConfirmRefusal::LinkUsed);
    }
    put_in_force(tx, rules, visit, account, slot, change)
}

/// The change that a ticket confirms: the one that still names it.
fn waiting(
    tx: &mut Tx<'_>,
    visit: &Visit,
    ticket: &ticket::Ticket,
) -> Result<Option<(AccountId, Slot, store::ChangeRow)>, Failure> {
    let slot = std::str::from_utf8(&ticket.payload).ok().and_then(Slot::parse);
    let (Some(account), Some(slot)) = (ticket.account, slot) else {
        return Ok(None);
    };
    let change =
        store::find_change(tx, account, slot, visit.now)?.filter(|change| change.ticket == ticket.id);
    Ok(change.map(|change| (account, slot, change)))
}

fn put_in_force(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    slot: Slot,
    change: store::ChangeRow,
) -> Decision<Confirmed, ConfirmRefusal> {
    store::delete_change(tx, account, slot)?;
    let value = Value::stored(slot, change.value)?;
    settle(tx, rules, visit, account, slot, value, change.session)
}

/// Puts a value into force whose owner has answered.
pub(super) fn settle(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    slot: Slot,
    value: Value,
    asked_by: Option<SessionId>,
) -> Decision<Confirmed, ConfirmRefusal> {
    let key = value.key();
    store::raise_version(tx, account, visit.now)?;
    if !login::claim(tx, visit.now, account, slot, &key)? {
        refuse!(ConfirmRefusal::NotAvailable);
    }
    login::release(tx, rules, visit.now, account, slot, Some(&key))?;
    let replaced = store::find(tx, account, slot)?
        .map(|row| Value::stored(slot, row.value))
        .transpose()?;
    store::upsert(tx, account, slot, &value, visit.now)?;
    change::record(tx, visit, account, Act::ContactConfirmed, slot)?;
    if let Value::Phone(number) = &value {
        prefix::count_answered(tx, visit, number)?;
    }
    if replaced.as_ref().is_some_and(|old| old.key() == key) {
        // A number confirmed anew: nobody's way in changed.
        return Ok(Ok(Confirmed { account, slot, value }));
    }
    end_sessions(tx, visit, account, asked_by)?;
    let notice = Notice::ContactConfirmed {
        slot,
        masked: value.masked(),
    };
    if let Some(old) = replaced {
        notify::write_to(tx, rules, visit, account, &old, notice.clone())?;
    }
    notify::tell(tx, rules, visit, account, &notice)?;
    Ok(Ok(Confirmed { account, slot, value }))
}

/// Whoever else was in, is out (LNK-2); the session that asked goes on.
fn end_sessions(
    tx: &mut Tx<'_>,
    visit: &Visit,
    account: AccountId,
    asked_by: Option<SessionId>,
) -> Result<(), Failure> {
    match asked_by {
        Some(kept) => session::end_all_but(tx, visit, account, kept).map(|_ended| ()),
        None => session::end_all(tx, visit, account),
    }
}
