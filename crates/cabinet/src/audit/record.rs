use db::{Timestamp, Tx};

use super::{Chain, Event, Head, store};
use crate::secret::sha256;
use crate::{Failure, Visit};

/// Writes one line, in the transaction of the act it tells of.
pub fn record(tx: &mut Tx<'_>, visit: &Visit, event: Event) -> Result<(), Failure> {
    append(tx, visit, event).map(|_head| ())
}

pub(super) fn append(tx: &mut Tx<'_>, visit: &Visit, event: Event) -> Result<Head, Failure> {
    let chain = event.chain.key();
    let (seq, previous) = match store::find_head(tx, &chain)? {
        Some(head) => (head.seq.saturating_add(1), head.hash),
        None => (1, genesis()),
    };
    let mut line = store::Row {
        seq,
        at: visit.now,
        act: event.act.as_str().to_owned(),
        actor: event.actor,
        address: visit.address.to_string(),
        device: visit.device.clone(),
        request_id: visit.request_id.clone(),
        detail: serde_json::to_string(&event.detail)?,
        hash: Vec::new(),
    };
    line.hash = line_hash(&chain, &previous, &line);
    // The head first: whoever meets another there is run again, and finds the next number free.
    store::upsert_head(tx, &chain, &line, event.chain != Chain::Server)?;
    store::insert_line(tx, &chain, &line)?;
    Ok(Head {
        seq,
        hash: line.hash,
        at: line.at,
    })
}

/// What stands before the first line.
pub(super) fn genesis() -> Vec<u8> {
    vec![0; 32]
}

/// SHA-256 over the previous hash and every column, each with its length, so that no two lines have one encoding.
pub(super) fn line_hash(chain: &[u8], previous: &[u8], line: &store::Row) -> Vec<u8> {
    let seq = line.seq.to_be_bytes();
    let at = Timestamp::as_micros(line.at).to_be_bytes();
    let actor = line
        .actor
        .map(|actor| actor.as_bytes().to_vec())
        .unwrap_or_default();
    let fields: [&[u8]; 10] = [
        previous,
        chain,
        &seq,
        &at,
        line.act.as_bytes(),
        &actor,
        line.address.as_bytes(),
        line.device.as_bytes(),
        line.request_id.as_bytes(),
        line.detail.as_bytes(),
    ];
    let mut encoding = Vec::new();
    for field in fields {
        encoding.extend_from_slice(&(field.len() as u64).to_be_bytes());
        encoding.extend_from_slice(field);
    }
    sha256(&encoding).to_vec()
}
