use db::{Error, Timestamp, Tx, params};

use crate::ticket::TicketId;

pub(super) fn insert(tx: &mut Tx<'_>, ticket: TicketId, now: Timestamp) -> Result<(), Error> {
    tx.execute(
        "insert into recovery_request (ticket_id, asked_at) values ($1, $2)",
        params![ticket, now],
    )?;
    Ok(())
}

/// The oldest.
pub(super) fn find(tx: &mut Tx<'_>) -> Result<Option<TicketId>, Error> {
    tx.optional(
        "select ticket_id from recovery_request order by ticket_id limit 1",
        &[],
    )
}

pub(super) fn delete(tx: &mut Tx<'_>, ticket: TicketId) -> Result<u64, Error> {
    tx.execute(
        "delete from recovery_request where ticket_id = $1",
        params![ticket],
    )
}
