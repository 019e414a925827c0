use std::cmp::Reverse;

use db::{Timestamp, Tx};

use super::{Act, Chain, store};
use crate::Failure;
use crate::account::{self, AccountId};
use crate::binding::Kind;

/// One line of a person's own history.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its number in the chain.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub act: Act,
    /// From where.
    pub address: String,
    /// With which browser (`User-Agent`).
    pub device: String,
    /// The reference code that pages and logs show too.
    pub request_id: String,
    /// Further facts.
    pub detail: serde_json::Value,
}

impl Line {
    /// Whether it tells of an entry from a device that was not known before.
    pub fn is_of_new_device(&self) -> bool {
        self.act == Act::SessionOpened && self.detail.get("new_device") == Some(&true.into())
    }

    /// By what somebody entered, or proved themselves.
    pub fn by(&self) -> Option<Kind> {
        self.detail.get("by")?.as_str().and_then(Kind::parse)
    }
}

/// The last lines about an account and those that went into it, newest first.
pub fn history(tx: &mut Tx<'_>, account: AccountId, limit: u32) -> Result<Vec<Line>, Failure> {
    let mut rows = store::list_newest(tx, &Chain::Account(account).key(), limit)?;
    for merged in account::list_merged(tx, account)? {
        rows.extend(store::list_newest(tx, &Chain::Account(merged).key(), limit)?);
    }
    rows.sort_by_key(|row| Reverse(row.at));
    let newest = rows
        .into_iter()
        .take(usize::try_from(limit).unwrap_or(usize::MAX));
    newest
        .map(|row| {
            Ok(Line {
                seq: row.seq,
                at: row.at,
                act: Act::parse(&row.act).ok_or_else(|| Failure::new(format!("unknown act {}", row.act)))?,
                address: row.address,
                device: row.device,
                request_id: row.request_id,
                detail: serde_json::from_str(&row.detail)?,
            })
        })
        .collect()
}
