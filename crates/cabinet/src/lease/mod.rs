//! Job leases: of many nodes one does a job. A lease that was lost cannot be used: its fence is no longer the last.

mod store;

use std::time::Duration;

use db::{Timestamp, Tx};

use crate::Failure;

/// The right to do a job for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The job.
    pub job: &'static str,
    /// The node's own random name, new at each start.
    pub holder: [u8; 16],
    /// Grows with every change of hands.
    pub fence: i64,
    /// When others may take it.
    pub expires_at: Timestamp,
}

/// Takes the lease of a job if nobody else holds it.
pub fn take(
    tx: &mut Tx<'_>,
    now: Timestamp,
    job: &'static str,
    holder: [u8; 16],
    life: Duration,
) -> Result<Option<Lease>, Failure> {
    let expires_at = now.plus(life);
    let fence = store::take(tx, now, job, holder, expires_at)?;
    Ok(fence.map(|fence| Lease {
        job,
        holder,
        fence,
        expires_at,
    }))
}

/// Prolongs a lease that still holds.
pub fn renew(
    tx: &mut Tx<'_>,
    now: Timestamp,
    lease: &Lease,
    life: Duration,
) -> Result<Option<Lease>, Failure> {
    let expires_at = now.plus(life);
    let renewed = store::update(tx, now, lease, expires_at)? == 1;
    Ok(renewed.then(|| Lease {
        expires_at,
        ..lease.clone()
    }))
}

/// Whether the lease still holds; asked in the transaction that writes the job's result.
pub fn holds(tx: &mut Tx<'_>, now: Timestamp, lease: &Lease) -> Result<bool, Failure> {
    Ok(store::find(tx, now, lease)?.is_some())
}

/// Gives the lease back early. Its fence stays, for the next holder to pass.
pub fn release(tx: &mut Tx<'_>, now: Timestamp, lease: &Lease) -> Result<(), Failure> {
    store::update(tx, now, lease, now)?;
    Ok(())
}
