use data_encoding::HEXLOWER;
use db::Tx;

use super::record::{genesis, line_hash};
use super::{Act, Chain, Head, store};
use crate::Failure;

/// Lines read at once.
const PAGE: u32 = 500;

/// What [`verify`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Chains read.
    pub chains: u64,
    /// Lines read.
    pub lines: u64,
    /// The first broken line, if any.
    pub broken: Option<Broken>,
}

/// A line that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The chain: an account's id in hexadecimal, or zeros for the server's chain.
    pub chain: String,
    /// The number of the line.
    pub seq: i64,
    /// What is wrong with it.
    pub why: Break,
}

/// How a chain may be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// The line's content does not give its hash: it, or one before it, was altered.
    Altered,
    /// A line before this one is missing.
    Missing,
    /// The chain ends before the line its head names.
    Cut,
    /// The head does not name the last line.
    Head,
    /// The server's chain has linked this line with another hash, or it is gone: the chain was cut or rewritten.
    Relinked,
    /// A head kept outside the database is not in the server's chain.
    Anchor,
}

/// Reads everything and names the first broken line: the chains one by one, then what the server's chain says of them,
/// then the `anchors`, heads of the server's chain that were kept outside.
pub fn verify(tx: &mut Tx<'_>, anchors: &[Head]) -> Result<Report, Failure> {
    let mut report = Report {
        chains: 0,
        lines: 0,
        broken: None,
    };
    report.broken = chains(tx, &mut report)?;
    if report.broken.is_none() {
        report.broken = heads(tx)?;
    }
    if report.broken.is_none() {
        report.broken = links(tx)?;
    }
    if report.broken.is_none() {
        report.broken = anchored(tx, anchors)?;
    }
    Ok(report)
}

fn chains(tx: &mut Tx<'_>, report: &mut Report) -> Result<Option<Broken>, Failure> {
    let mut chain = Vec::new();
    while let Some(next) = store::find_chain_after(tx, &chain)? {
        chain = next;
        report.chains = report.chains.saturating_add(1);
        if let Some(broken) = one_chain(tx, &chain, report)? {
            return Ok(Some(broken));
        }
    }
    Ok(None)
}

fn one_chain(tx: &mut Tx<'_>, chain: &[u8], report: &mut Report) -> Result<Option<Broken>, Failure> {
    let (mut seq, mut hash) = (0, genesis());
    loop {
        let page = store::list_after(tx, chain, seq, PAGE)?;
        if page.is_empty() {
            break;
        }
        for line in page {
            report.lines = report.lines.saturating_add(1);
            if line.seq != seq + 1 {
                return Ok(Some(broken(chain, line.seq, Break::Missing)));
            }
            if line.hash != line_hash(chain, &hash, &line) {
                return Ok(Some(broken(chain, line.seq, Break::Altered)));
            }
            (seq, hash) = (line.seq, line.hash);
        }
    }
    Ok(match store::find_head(tx, chain)? {
        Some(head) if head.seq > seq => Some(broken(chain, seq + 1, Break::Cut)),
        Some(head) if head.seq == seq && head.hash == hash => None,
        _ => Some(broken(chain, seq, Break::Head)),
    })
}

/// Heads whose lines are all gone.
fn heads(tx: &mut Tx<'_>) -> Result<Option<Broken>, Failure> {
    let mut after = Vec::new();
    loop {
        let page = store::list_heads_after(tx, &after, PAGE)?;
        let Some(last) = page.last() else { return Ok(None) };
        after.clone_from(&last.chain);
        for head in page {
            if store::find_hash(tx, &head.chain, head.seq)?.is_none() {
                return Ok(Some(broken(&head.chain, 1, Break::Cut)));
            }
        }
    }
}

fn links(tx: &mut Tx<'_>) -> Result<Option<Broken>, Failure> {
    let server = Chain::Server.key();
    let mut seq = 0;
    loop {
        let page = store::list_after(tx, &server, seq, PAGE)?;
        let Some(last) = page.last() else { return Ok(None) };
        seq = last.seq;
        for line in page.iter().filter(|line| line.act == Act::HeadsLinked.as_str()) {
            let linked: Vec<(String, i64, String)> = serde_json::from_str(&line.detail)?;
            for (chain, seq, hash) in linked {
                let chain = HEXLOWER.decode(chain.as_bytes()).map_err(Failure::new)?;
                let found = store::find_hash(tx, &chain, seq)?;
                if found.map(|found| HEXLOWER.encode(&found)) != Some(hash) {
                    return Ok(Some(broken(&chain, seq, Break::Relinked)));
                }
            }
        }
    }
}

fn anchored(tx: &mut Tx<'_>, anchors: &[Head]) -> Result<Option<Broken>, Failure> {
    let server = Chain::Server.key();
    for anchor in anchors {
        if store::find_hash(tx, &server, anchor.seq)?.as_ref() != Some(&anchor.hash) {
            return Ok(Some(broken(&server, anchor.seq, Break::Anchor)));
        }
    }
    Ok(None)
}

fn broken(chain: &[u8], seq: i64, why: Break) -> Broken {
    Broken {
        chain: HEXLOWER.encode(chain),
        seq,
        why,
    }
}
