//! The one form in which a moment is stored and compared.

use std::time::Duration;

const MICROS: i64 = 1_000_000;

/// A moment in UTC, in microseconds since 1970. Stored as `bigint`, so it sorts alike in both databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment so many microseconds after 1970.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// The moment so many seconds after 1970, at the end of time when that is out of range.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(MICROS))
    }

    /// Whole seconds since 1970, rounded down.
    pub const fn as_seconds(self) -> i64 {
        self.0.div_euclid(MICROS)
    }

    /// The moment `duration` later, or the end of time.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(micros(duration)))
    }

    /// The moment `duration` earlier, or the beginning of time.
    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(micros(duration)))
    }

    /// How long it is since `earlier`; zero when that lies ahead.
    pub fn since(self, earlier: Self) -> Duration {
        u64::try_from(self.0.saturating_sub(earlier.0)).map_or(Duration::ZERO, Duration::from_micros)
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_time_hold() {
        let end = Timestamp::from_seconds(i64::MAX);
        assert_eq!(end.plus(Duration::from_secs(1)), end);
        assert_eq!(
            Timestamp::from_micros(i64::MIN).minus(Duration::MAX).as_micros(),
            i64::MIN
        );
    }

    #[test]
    fn seconds_round_down_before_1970_too() {
        assert_eq!(Timestamp::from_micros(-1).as_seconds(), -1);
        assert_eq!(Timestamp::from_micros(1_999_999).as_seconds(), 1);
    }

    #[test]
    fn a_moment_ahead_is_no_time_ago() {
        let now = Timestamp::from_seconds(10);
        assert_eq!(now.since(Timestamp::from_seconds(7)), Duration::from_secs(3));
        assert_eq!(now.since(Timestamp::from_seconds(11)), Duration::ZERO);
    }
}
