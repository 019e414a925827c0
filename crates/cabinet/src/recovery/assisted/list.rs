use db::{Timestamp, Tx};

use super::{AssistedId, store};
use crate::account::{self, AccountId, Name};
use crate::{Failure, Visit};

/// A recovery that is under way, as the operator's people see it.
#[derive(Clone, Debug)]
pub struct Assisted {
    /// Its name.
    pub id: AssistedId,
    /// Whose account.
    pub account: AccountId,
    /// The name it bears.
    pub name: Name,
    /// How it was made sure who the person is.
    pub reason: String,
    /// Whether the second factor is skipped this once.
    pub skips_second_factor: bool,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked_at: Timestamp,
    /// How far it is.
    pub progress: Progress,
    /// Until when it waits.
    pub until: Timestamp,
}

/// How far a recovery is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It waits for another person.
    Asked,
    /// It was approved.
    Approved {
        /// By whom.
        by: String,
        /// From when the code opens the account.
        open_from: Timestamp,
    },
}

/// Those under way, the oldest first.
pub fn list(tx: &mut Tx<'_>, visit: &Visit) -> Result<Vec<Assisted>, Failure> {
    let mut all = Vec::new();
    for row in store::list(tx, visit.now)? {
        let progress = match (row.approved_by, row.open_from) {
            (Some(by), Some(open_from)) => Progress::Approved { by, open_from },
            _ => Progress::Asked,
        };
        all.push(Assisted {
            id: row.id,
            account: row.account,
            name: account::profile(tx, row.account)?.name,
            reason: row.reason,
            skips_second_factor: row.skips_second_factor != 0,
            asked_by: row.asked_by,
            asked_at: row.asked_at,
            progress,
            until: row.until,
        });
    }
    Ok(all)
}
