use db::{Timestamp, Tx};
use serde_json::json;

use super::begin::find;
use super::moves::Moves;
use super::preview::obstacle;
use super::{MergeId, MergeRefusal, store};
use crate::account::{self, AccountId};
use crate::audit::{self, Act, Event};
use crate::binding;
use crate::message::Notice;
use crate::session::{self, SteppedUp, Told, not_me_link};
use crate::ticket::{self, Purpose};
use crate::{BrowserHash, Decision, Failure, Rules, Secret, Visit, contact, recovery, refuse};

/// What a sealed journal is sealed for.
pub(super) const PURPOSE: &str = "account merge";

/// Which password opens the account, where both have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptPassword {
    /// That of the account that stays.
    Own,
    /// That of the other.
    Other,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confirmed {
    /// Its name.
    pub id: MergeId,
    /// Until when it can be undone.
    pub undo_until: Timestamp,
}

/// Makes the two accounts one. Of any number of parallel merges of an account exactly one happens (threats, LNK-10).
pub fn confirm(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    by: &SteppedUp,
    secret: &Secret,
    password: KeptPassword,
) -> Decision<Confirmed, MergeRefusal> {
    let (kept, owner) = (by.account(), (by.account(), by.session()));
    let Some((ticket, flow)) = find(tx, rules, visit, browser, owner, secret)? else {
        refuse!(MergeRefusal::Gone);
    };
    let Some(other) = flow.other else {
        refuse!(MergeRefusal::NotProven);
    };
    lock(tx, kept, other)?;
    if let Some(obstacle) = obstacle(tx, kept, other)? {
        refuse!(obstacle);
    }
    if !ticket::take_found(tx, visit, Purpose::Merge, ticket, browser)? {
        refuse!(MergeRefusal::Gone);
    }
    let mut moves = Moves::plan(tx, rules, kept, other)?;
    if moves.two_passwords && password == KeptPassword::Own {
        moves.journal.leave_password();
    }
    let merge = store::NewMerge {
        id: visit.id(MergeId::new),
        kept,
        merged: other,
        merged_at: visit.now,
        undo_until: visit.now.plus(rules.merge.undo),
    };
    // both are told where they were reached before anything moved
    tell(tx, rules, visit, &merge)?;
    moves.journal.apply(tx, kept, other, merge.undo_until)?;
    let sealed = serde_json::to_vec(&moves.journal)?;
    let sealed = rules.server_key.seal(PURPOSE, &sealed, &visit.entropy)?;
    store::insert(tx, &merge, &sealed)?;
    store::update_merged_into(tx, other, Some(kept))?;
    end_what_was_open(tx, visit, by, other)?;
    let detail = json!({ "merge": merge.id, "merged": other });
    audit::record(tx, visit, Event::by(kept, Act::AccountMerged, detail))?;
    let detail = json!({ "merge": merge.id, "into": kept });
    audit::record(tx, visit, Event::about(other, Act::AccountMergedInto, detail))?;
    Ok(Ok(Confirmed {
        id: merge.id,
        undo_until: merge.undo_until,
    }))
}

/// Waits for both, always in one order.
pub(super) fn lock(tx: &mut Tx<'_>, one: AccountId, other: AccountId) -> Result<(), Failure> {
    let mut both = [one, other];
    both.sort_by_key(|account| *account.as_bytes());
    for account in both {
        account::lock(tx, account)?;
    }
    Ok(())
}

fn tell(tx: &mut Tx<'_>, rules: &Rules, visit: &Visit, merge: &store::NewMerge) -> Result<(), Failure> {
    let names = [(merge.kept, merge.merged), (merge.merged, merge.kept)];
    for (told, other) in names {
        let name = account::profile(tx, other)?.name;
        let link = not_me_link(tx, rules, visit, merge.kept, Told::Merge(merge.id))?;
        let notice = Notice::AccountsMerged {
            other: name.to_string(),
            at: visit.now,
            undo_until: merge.undo_until,
            link,
        };
        contact::tell(tx, rules, visit, told, &notice)?;
    }
    Ok(())
}

pub(super) fn end_what_was_open(
    tx: &mut Tx<'_>,
    visit: &Visit,
    by: &SteppedUp,
    other: AccountId,
) -> Result<(), Failure> {
    session::end_all(tx, visit, other)?;
    ticket::discard_all(tx, visit, other)?;
    contact::void_pending(tx, visit, other)?;
    recovery::void(tx, visit, other)?;
    binding::end_the_rest(tx, visit, by.account(), by.session())?;
    Ok(())
}
