use db::{Error, Timestamp, Tx, params};

use super::Lease;

pub(super) fn find(tx: &mut Tx<'_>, now: Timestamp, lease: &Lease) -> Result<Option<Timestamp>, Error> {
    tx.optional(
        "select expires_at from lease where job = $1 and holder = $2 and fence = $3 and expires_at > $4",
        params![lease.job, lease.holder, lease.fence, now],
    )
}

pub(super) fn take(
    tx: &mut Tx<'_>,
    now: Timestamp,
    job: &str,
    holder: [u8; 16],
    expires_at: Timestamp,
) -> Result<Option<i64>, Error> {
    tx.optional(
        "insert into lease (job, holder, fence, expires_at) values ($1, $2, 1, $3)
         on conflict (job) do update
             set holder = excluded.holder, fence = lease.fence + 1, expires_at = excluded.expires_at
             where lease.expires_at <= $4
         returning fence",
        params![job, holder, expires_at, now],
    )
}

pub(super) fn update(
    tx: &mut Tx<'_>,
    now: Timestamp,
    lease: &Lease,
    expires_at: Timestamp,
) -> Result<u64, Error> {
    tx.execute(
        "update lease set expires_at = $1 where job = $2 and holder = $3 and fence = $4 and expires_at > $5",
        params![expires_at, lease.job, lease.holder, lease.fence, now],
    )
}
