//! Dates and times for reading, in the zone of the installation.
//!
//! Moments come as Unix seconds; the formats are the same in all languages.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// A time zone of the IANA list.
#[derive(Debug, Clone)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone with an IANA name such as `Asia/Almaty`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        TimeZone::get(name).ok().map(Self)
    }

    /// UTC
    #[must_use]
    pub const fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// The zone's IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    fn at(&self, seconds: i64) -> Zoned {
        let moment = Timestamp::from_second(seconds).unwrap_or(if seconds < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        });
        moment.to_zoned(self.0.clone())
    }
}

/// `22.11.2026`
#[must_use]
pub fn day(seconds: i64, zone: &Zone) -> String {
    let date = zone.at(seconds).date();
    format!("{:02}.{:02}.{:04}", date.day(), date.month(), date.year())
}

/// `14:05`
#[must_use]
pub fn time(seconds: i64, zone: &Zone) -> String {
    zone.at(seconds).strftime("%H:%M").to_string()
}

/// `22.11.2026, 14:05`
#[must_use]
pub fn moment(seconds: i64, zone: &Zone) -> String {
    zone.at(seconds).strftime("%d.%m.%Y, %H:%M").to_string()
}

/// `22.11.2026, 14:05 (UTC+5)`
#[must_use]
pub fn moment_with_zone(seconds: i64, zone: &Zone) -> String {
    let at = zone.at(seconds);
    format!(
        "{} ({})",
        at.strftime("%d.%m.%Y, %H:%M"),
        offset(at.offset().seconds())
    )
}

/// `2026-11-22T09:05:00Z`, for `datetime` attributes and the API.
#[must_use]
pub fn machine(seconds: i64) -> String {
    Zone::utc().at(seconds).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '−' } else { '+' };
    let minutes = seconds.abs() / 60;
    match (minutes / 60, minutes % 60) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENT: i64 = 1_795_338_300; // 2026-11-22T09:05:00Z

    #[test]
    fn a_6_c_moments_name_their_zone() {
        let almaty = Zone::named("Asia/Almaty").unwrap();
        assert_eq!(moment_with_zone(MOMENT, &almaty), "22.11.2026, 14:05 (UTC+5)");
        assert_eq!(moment_with_zone(MOMENT, &Zone::utc()), "22.11.2026, 09:05 (UTC)");
        let kolkata = Zone::named("Asia/Kolkata").unwrap();
        assert_eq!(moment_with_zone(MOMENT, &kolkata), "22.11.2026, 14:35 (UTC+5:30)");
        let new_york = Zone::named("America/New_York").unwrap();
        assert_eq!(moment_with_zone(MOMENT, &new_york), "22.11.2026, 04:05 (UTC−5)");
    }

    #[test]
    fn formats() {
        let almaty = Zone::named("Asia/Almaty").unwrap();
        assert_eq!(almaty.name(), "Asia/Almaty");
        assert_eq!(day(MOMENT, &almaty), "22.11.2026");
        assert_eq!(time(MOMENT, &almaty), "14:05");
        assert_eq!(machine(MOMENT), "2026-11-22T09:05:00Z");
        assert!(Zone::named("Asia/Nowhere").is_none());
    }

    #[test]
    fn absurd_moments_do_not_panic() {
        assert_eq!(day(i64::MAX, &Zone::utc()), "30.12.9999");
        assert_eq!(
            moment(i64::MIN, &Zone::utc()).len(),
            "-009999-01-02, 01:59".len() - 2
        );
    }
}
