//! Dates and times for reading, in the zone of the installation.
//!
//! Moments come as Unix seconds; the formats are the same in all languages.

use jiff::civil::DateTime;
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
        timestamp(seconds).to_zoned(self.0.clone())
    }

    /// What a calendar and a clock show there.
    fn local(&self, seconds: i64) -> DateTime {
        self.0.to_datetime(timestamp(seconds))
    }
}

fn timestamp(seconds: i64) -> Timestamp {
    let limit = if seconds < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    };
    Timestamp::from_second(seconds).unwrap_or(limit)
}

/// `22.11.2026`
#[must_use]
pub fn day(seconds: i64, zone: &Zone) -> String {
    let at = zone.local(seconds);
    let mut text = String::with_capacity("22.11.2026".len());
    two_digits(&mut text, at.day());
    text.push('.');
    two_digits(&mut text, at.month());
    text.push('.');
    year(&mut text, at.year());
    text
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
    let at = Zone::utc().local(seconds);
    let mut text = String::with_capacity("2026-11-22T09:05:00Z".len());
    year(&mut text, at.year());
    for (mark, number) in [
        ('-', at.month()),
        ('-', at.day()),
        ('T', at.hour()),
        (':', at.minute()),
        (':', at.second()),
    ] {
        text.push(mark);
        two_digits(&mut text, number);
    }
    text.push('Z');
    text
}

/// Four digits; every page has dates, and `format!` takes ten times as long.
fn year(text: &mut String, year: i16) {
    let year = year.unsigned_abs();
    for place in [1000, 100, 10, 1] {
        text.push(digit(year / place));
    }
}

fn two_digits(text: &mut String, number: i8) {
    let number = u16::from(number.unsigned_abs());
    text.push(digit(number / 10));
    text.push(digit(number));
}

/// The last digit.
fn digit(number: u16) -> char {
    char::from_digit(u32::from(number % 10), 10).unwrap_or('0')
}

/// `2026-11-22T14:05:00.000+0500`, as the app eGov Mobile reads moments.
#[must_use]
pub fn with_offset(seconds: i64, zone: &Zone) -> String {
    zone.at(seconds).strftime("%Y-%m-%dT%H:%M:%S.000%z").to_string()
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
