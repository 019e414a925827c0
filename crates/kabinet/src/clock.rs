//! The only place that asks the system for the time.

use db::Timestamp;

/// Now, in UTC.
#[expect(
    clippy::disallowed_methods,
    reason = "the one clock; everything else is given its time"
)]
pub(crate) fn now() -> Timestamp {
    Timestamp::from_micros(jiff::Timestamp::now().as_microsecond())
}
