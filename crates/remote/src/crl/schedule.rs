//! When a source is asked again.

use esign::revocation::Crl;
use esign::time::UnixTime;

const MINUTE: i64 = 60;
/// A list may be replaced before its date, most of all when something was revoked in a hurry.
const LONGEST: i64 = 60 * MINUTE;
/// A list whose date has passed, or is about to, is asked for this often.
const SHORTEST: i64 = 5 * MINUTE;
/// How long a source that fails is left alone at most.
const LONGEST_AFTER_FAILURE: i64 = 15 * MINUTE;
/// How often somebody looks whether a file has changed; that costs nothing.
const LOOK: i64 = 10;

/// After lists arrived or are still the newest: when the first of them ends, within bounds.
pub(super) fn next_fetch(crls: &[Crl], now: UnixTime) -> UnixTime {
    let end = crls.iter().filter_map(Crl::next_update).min();
    let left = end.map_or(LONGEST, |end| end.0.saturating_sub(now.0));
    UnixTime(now.0 + shortened(left.clamp(SHORTEST, LONGEST)))
}

/// After so many failures in a row.
pub(super) fn next_try(failures: u32, now: UnixTime) -> UnixTime {
    let doubled = MINUTE << failures.saturating_sub(1).min(8);
    UnixTime(now.0 + shortened(doubled.min(LONGEST_AFTER_FAILURE)))
}

/// When a file is looked at again.
pub(super) const fn next_look(now: UnixTime) -> UnixTime {
    UnixTime(now.0 + LOOK)
}

/// Up to a tenth less, by chance, so that not all the world's servers ask in one second.
fn shortened(seconds: i64) -> i64 {
    let mut chance = [0; 4];
    // Without chance there is only less politeness.
    let _ = getrandom::fill(&mut chance);
    let tenth = seconds / 10;
    seconds - i64::from(u32::from_le_bytes(chance)) % (tenth + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixTime = UnixTime(1_000_000);

    fn within(at: UnixTime, seconds: i64) -> bool {
        (seconds * 9 / 10..=seconds).contains(&(at.0 - NOW.0))
    }

    #[test]
    fn a_source_that_fails_is_asked_ever_less_often() {
        for (failures, minutes) in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 15), (u32::MAX, 15)] {
            assert!(within(next_try(failures, NOW), minutes * MINUTE), "{failures}");
        }
    }

    #[test]
    fn without_a_date_a_source_is_asked_every_hour() {
        for _ in 0..100 {
            assert!(within(next_fetch(&[], NOW), LONGEST));
        }
    }
}
