use std::fmt;

use data_encoding::HEXLOWER;
use db::{Timestamp, Tx};

use super::record::append;
use super::{Act, Chain, Event, Head, store};
use crate::{Failure, Visit};

/// Heads in one line of the server's chain.
const BATCH: u32 = 200;

/// Whether [`link_heads`] would find anything: a read, so that an idle server writes nothing.
pub fn has_unlinked(tx: &mut Tx<'_>) -> Result<bool, Failure> {
    Ok(!store::list_unlinked(tx, 1)?.is_empty())
}

/// Links the heads that moved into the server's chain. Gives the server's new head, or nothing when nothing moved (an
/// idle server writes nothing). Whoever keeps that head outside the database has an anchor for [`super::verify`].
pub fn link_heads(tx: &mut Tx<'_>, visit: &Visit) -> Result<Option<Head>, Failure> {
    let heads = store::list_unlinked(tx, BATCH)?;
    if heads.is_empty() {
        return Ok(None);
    }
    for head in &heads {
        store::update_linked(tx, &head.chain)?;
    }
    let links: Vec<_> = heads
        .iter()
        .map(|h| (HEXLOWER.encode(&h.chain), h.seq, HEXLOWER.encode(&h.hash)))
        .collect();
    let event = Event {
        chain: Chain::Server,
        act: Act::HeadsLinked,
        actor: None,
        detail: serde_json::to_value(links)?,
    };
    append(tx, visit, event).map(Some)
}

/// The head of the server's chain, to be kept where this machine cannot write.
pub fn head(tx: &mut Tx<'_>) -> Result<Option<Head>, Failure> {
    Ok(store::find_head(tx, &Chain::Server.key())?)
}

/// The time of the newest line: a server clock well before it went backwards (threats, CLK-1).
pub fn latest_time(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, Failure> {
    Ok(store::find_latest_time(tx)?)
}

/// `NUMBER:DIGEST`, as it is printed, logged, and given back to be verified.
impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, HEXLOWER.encode(&self.hash))
    }
}
