//! What the operator sees of the outbox, and how it is kept small.

use std::time::Duration;

use db::{Timestamp, Tx};

use super::{BODY, Body, Channel, MessageId, State, open, store};
use crate::account::Language;
use crate::{Failure, Rules};

/// Settled messages are kept for questions («I got no letter»), then deleted: they hold addresses.
const KEEP_SETTLED: Duration = Duration::from_secs(30 * 24 * 3600);

/// One message, for the page that shows them.
#[derive(Debug, Clone)]
pub struct Recent {
    /// The message.
    pub id: MessageId,
    /// When it was caused.
    pub created_at: Timestamp,
    /// The way it goes.
    pub channel: Channel,
    /// The address or number.
    pub to: String,
    /// The recipient's language.
    pub language: Language,
    /// The stable word for what it says.
    pub kind: String,
    /// How far it has come.
    pub state: State,
    /// How many attempts there were.
    pub attempts: u32,
    /// Whether it may have arrived twice.
    pub maybe_duplicate: bool,
    /// What the gateway said last.
    pub reason: Option<String>,
    /// The wording, when it exists and was not erased.
    pub body: Option<Body>,
}

db::record! {
    /// How full the outbox is.
    pub struct Counts {
        /// Messages that wait.
        pub queued: u32,
        /// Dead letters.
        pub dead: u32,
    }
}

/// The newest messages first, opened: for the page of the demo.
pub fn list_recent(tx: &mut Tx<'_>, rules: &Rules, limit: u32) -> Result<Vec<Recent>, Failure> {
    let rows = store::list_recent(tx, limit)?;
    rows.into_iter()
        .map(|row| {
            let body = row
                .body
                .map(|sealed| open(&rules.server_key, BODY, &sealed))
                .transpose()?;
            Ok(Recent {
                id: row.id,
                created_at: row.created_at,
                channel: row.channel,
                to: row.recipient,
                language: row.language,
                kind: row.kind,
                state: row.state,
                attempts: row.attempts,
                maybe_duplicate: row.maybe_duplicate,
                reason: row.reason,
                body,
            })
        })
        .collect()
}

/// How full the outbox is, for metrics.
pub fn counts(tx: &mut Tx<'_>) -> Result<Counts, Failure> {
    Ok(store::count(tx)?)
}

/// Whether [`clean`] would find anything.
pub fn needs_cleaning(tx: &mut Tx<'_>, now: Timestamp) -> Result<bool, Failure> {
    Ok(store::find_settled(tx, now.minus(KEEP_SETTLED))?.is_some())
}

/// Deletes up to `limit` messages that were settled long ago; gives how many.
pub fn clean(tx: &mut Tx<'_>, now: Timestamp, limit: u32) -> Result<u64, Failure> {
    Ok(store::delete_settled(tx, now.minus(KEEP_SETTLED), limit)?)
}
