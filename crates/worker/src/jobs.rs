//! The jobs that are one transaction each: linking the audit chains, sweeping.

use std::sync::Arc;
use std::time::Duration;

use cabinet::{Failure, audit, cleanup, contact, lease, message};
use tokio::sync::watch;

use crate::{Worker, rest, visit};

const LINK_EVERY: Duration = Duration::from_secs(5);
const SWEEP_EVERY: Duration = Duration::from_secs(60);
/// Rows of a kind that one transaction deletes, so that nobody waits for it.
const SWEEP_LIMIT: u32 = 500;
/// How long a node keeps a job to itself after its last turn.
const LEASE: Duration = Duration::from_secs(30);

/// Links changed audit chains into the server's own, every few seconds.
pub(crate) async fn link_audit(worker: Arc<Worker>, mut stopped: watch::Receiver<bool>) {
    let holder = worker.entropy.bytes();
    while rest(LINK_EVERY, &mut stopped).await {
        if let Err(failure) = link_once(&worker, holder).await {
            tracing::error!(
                error = &failure as &dyn std::error::Error,
                "audit chains were not linked"
            );
        }
    }
}

async fn link_once(worker: &Arc<Worker>, holder: [u8; 16]) -> Result<(), Failure> {
    if !worker.db.read(audit::has_unlinked).await? {
        return Ok(());
    }
    let visit = visit::of_server(worker);
    let link = move |tx: &mut db::Tx<'_>| {
        if lease::take(tx, visit.now, "audit", holder, LEASE)?.is_some() {
            audit::link_heads(tx, &visit)?;
        }
        Ok(())
    };
    worker.db.write(link).await
}

/// Throws away what is over, every minute.
pub(crate) async fn sweep(worker: Arc<Worker>, mut stopped: watch::Receiver<bool>) {
    let holder = worker.entropy.bytes();
    while rest(SWEEP_EVERY, &mut stopped).await {
        if let Err(failure) = sweep_once(&worker, holder).await {
            tracing::error!(error = &failure as &dyn std::error::Error, "nothing was swept");
        }
    }
}

async fn sweep_once(worker: &Arc<Worker>, holder: [u8; 16]) -> Result<(), Failure> {
    let (visit, rules) = (visit::of_server(worker), Arc::clone(&worker.rules));
    let is_due = move |tx: &mut db::Tx<'_>| {
        Ok::<_, Failure>(
            cleanup::is_due(tx, &rules, &visit)?
                || contact::needs_cleaning(tx, visit.now)?
                || message::needs_cleaning(tx, visit.now)?,
        )
    };
    if !worker.db.read_heavy(is_due).await? {
        return Ok(());
    }
    let (visit, rules) = (visit::of_server(worker), Arc::clone(&worker.rules));
    let sweep = move |tx: &mut db::Tx<'_>| {
        if lease::take(tx, visit.now, "sweep", holder, LEASE)?.is_some() {
            cleanup::sweep(tx, &rules, &visit, SWEEP_LIMIT)?;
            contact::clean(tx, visit.now, SWEEP_LIMIT)?;
            message::clean(tx, visit.now, SWEEP_LIMIT)?;
        }
        Ok(())
    };
    worker.db.write(sweep).await
}
