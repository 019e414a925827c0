use db::Tx;

use super::store;
use crate::account::AccountId;
use crate::{Failure, Secret};

/// How a session came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionEnd {
    /// It was unused for too long, or reached its greatest age.
    TimedOut,
    /// Somebody with power over the account ended it: the person on another device, or a change that ends sessions.
    Ended,
}

/// A session that opens nothing any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lapsed {
    /// Whose it was.
    pub account: AccountId,
    /// How it came to its end.
    pub end: SessionEnd,
}

/// What became of the session of this cookie, where [`super::find`] finds none that holds.
pub fn lapsed(tx: &mut Tx<'_>, secret: &Secret) -> Result<Option<Lapsed>, Failure> {
    Ok(store::find(tx, secret.hash())?.map(|row| Lapsed {
        account: row.account,
        end: match row.ended_at.or(row.blocked_at) {
            Some(_) => SessionEnd::Ended,
            None => SessionEnd::TimedOut,
        },
    }))
}
