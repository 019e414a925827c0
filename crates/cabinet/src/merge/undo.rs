use db::{Timestamp, Tx};
use serde_json::json;

use super::confirm::{PURPOSE, end_what_was_open, lock};
use super::moves::Journal;
use super::{MergeId, MergeRefusal, store};
use crate::account::{self, AccountId, Name};
use crate::audit::{self, Act, Event};
use crate::message::Notice;
use crate::session::{self, SteppedUp};
use crate::{Decision, Failure, Rules, Visit, contact, refuse};

/// A merge into this account that can still be undone.
#[derive(Clone, Debug)]
pub struct Done {
    /// Its name.
    pub id: MergeId,
    /// The name of the account that went into this one.
    pub other: Name,
    /// When.
    pub merged_at: Timestamp,
    /// Until when it can be undone.
    pub undo_until: Timestamp,
}

/// The merges into an account that can still be undone, the newest first.
pub fn list(tx: &mut Tx<'_>, now: Timestamp, account: AccountId) -> Result<Vec<Done>, Failure> {
    let mut done = Vec::new();
    for row in store::list_undoable(tx, account, now)? {
        done.push(Done {
            id: row.id,
            other: account::profile(tx, row.merged)?.name,
            merged_at: row.merged_at,
            undo_until: row.undo_until,
        });
    }
    Ok(done)
}

/// Makes two accounts of one again: what moved and is still there moves back.
pub fn undo(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    by: &SteppedUp,
    id: MergeId,
) -> Decision<(), MergeRefusal> {
    let found = store::find_undoable(tx, id, visit.now)?;
    let Some(row) = found.filter(|row| row.kept == by.account()) else {
        refuse!(MergeRefusal::UndoOver);
    };
    if !take_back(tx, rules, visit, &row)? {
        refuse!(MergeRefusal::UndoOver);
    }
    end_what_was_open(tx, visit, by, row.merged)?;
    Ok(Ok(()))
}

/// Whether «this was not me» would undo it.
pub(crate) fn is_undoable(tx: &mut Tx<'_>, now: Timestamp, id: MergeId) -> Result<bool, Failure> {
    Ok(store::find_undoable(tx, id, now)?.is_some())
}

/// The same for somebody who says that it was not them, whose contact the notice went to; everybody is out.
pub(crate) fn disown(tx: &mut Tx<'_>, rules: &Rules, visit: &Visit, id: MergeId) -> Result<(), Failure> {
    if let Some(row) = store::find_undoable(tx, id, visit.now)?
        && take_back(tx, rules, visit, &row)?
    {
        session::end_all(tx, visit, row.merged)?;
    }
    Ok(())
}

fn take_back(tx: &mut Tx<'_>, rules: &Rules, visit: &Visit, row: &store::Row) -> Result<bool, Failure> {
    let (kept, merged) = (row.kept, row.merged);
    lock(tx, kept, merged)?;
    if store::update_undone(tx, row.id, visit.now)? == 0 {
        return Ok(false);
    }
    let journal = rules.server_key.open(PURPOSE, &row.moves)?;
    let journal: Journal = serde_json::from_slice(&journal)?;
    journal.take_back(tx, kept, merged)?;
    store::update_merged_into(tx, merged, None)?;
    for (account, other) in [(kept, merged), (merged, kept)] {
        let detail = json!({ "merge": row.id, "other": other });
        audit::record(tx, visit, Event::about(account, Act::MergeUndone, detail))?;
        let name = account::profile(tx, other)?.name.to_string();
        let notice = Notice::MergeUndone {
            other: name,
            at: visit.now,
        };
        contact::tell(tx, rules, visit, account, &notice)?;
    }
    Ok(true)
}
