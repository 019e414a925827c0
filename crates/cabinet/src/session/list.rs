use db::{Timestamp, Tx};

use super::{Session, SessionId, store};
use crate::binding::Kind;
use crate::throttle::network_of;
use crate::{Failure, Rules, Visit};

/// A line of the list of sessions.
#[derive(Clone, Debug)]
pub struct OpenSession {
    /// Its name, for [`super::end`].
    pub id: SessionId,
    /// Whether it is the one that asks.
    pub is_current: bool,
    /// When the person signed in.
    pub opened_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// From where.
    pub address: String,
    /// Whether that is the network of whoever asks.
    pub is_near: bool,
    /// With which browser (`User-Agent`); [`super::device_name`] makes it readable.
    pub device: String,
    /// By what.
    pub opened_by: Kind,
}

/// The account's sessions that hold now, newest first.
pub fn list(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    session: &Session,
) -> Result<Vec<OpenSession>, Failure> {
    let rows = store::list_open(
        tx,
        session.account,
        visit.now,
        visit.now.minus(rules.session.idle),
    )?;
    let here = network_of(visit.address);
    let is_near = |address: &str| address.parse().is_ok_and(|address| network_of(address) == here);
    let line = |row: store::OpenRow| OpenSession {
        id: row.id,
        is_current: row.id == session.id,
        opened_at: row.opened_at,
        last_seen_at: row.last_seen_at,
        is_near: is_near(&row.address),
        address: row.address,
        device: row.device,
        opened_by: row.opened_by,
    };
    Ok(rows.into_iter().map(line).collect())
}
