//! Moments, as certificates and messages state them.

use core::fmt;

use crate::asn1::{Element, Error, Result, tag, tlv};

/// Seconds since 1970-01-01T00:00:00Z; negative before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixTime(pub i64);

impl UnixTime {
    /// Seconds since 1970.
    pub const fn as_seconds(self) -> i64 {
        self.0
    }

    /// Reads UTCTime or GeneralizedTime in the one form RFC 5280 §4.1.2.5 allows: seconds present, `Z`, no fraction.
    pub fn from_element(element: Element<'_>) -> Result<Self> {
        let digits = element.content().strip_suffix(b"Z").ok_or(Error::Value)?;
        let (year, rest) = match (element.tag(), digits.len()) {
            (tag::UTC_TIME, 12) => {
                let (year, rest) = digits.split_at(2);
                let year = number(year)?;
                (if year < 50 { 2000 + year } else { 1900 + year }, rest)
            }
            (tag::GENERALIZED_TIME, 14) => {
                let (year, rest) = digits.split_at(4);
                (number(year)?, rest)
            }
            _ => return Err(Error::Value),
        };
        let mut fields = [0_i64; 5];
        for (field, pair) in fields.iter_mut().zip(rest.chunks_exact(2)) {
            *field = number(pair)?;
        }
        let [month, day, hour, minute, second] = fields;
        Self::from_civil(year, month, day, hour, minute, second).ok_or(Error::Value)
    }

    /// A moment of the Gregorian calendar in UTC; `None` if there is no such moment.
    pub fn from_civil(year: i64, month: i64, day: i64, hour: i64, minute: i64, second: i64) -> Option<Self> {
        let sound = (0..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day)
            && (0..24).contains(&hour)
            && (0..60).contains(&minute)
            && (0..60).contains(&second);
        // beyond these bounds the arithmetic below may overflow
        if !sound {
            return None;
        }
        // days since 1970 by shifting the year to begin in March
        let shifted = if month > 2 { year } else { year - 1 };
        let era = shifted.div_euclid(400);
        let year_of_era = shifted.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let days = era * 146_097 + day_of_era - 719_468;
        Some(Self(days * 86_400 + hour * 3_600 + minute * 60 + second))
    }

    /// Year, month, day, hour, minute, second in UTC.
    pub const fn civil(self) -> [i64; 6] {
        let days = self.0.div_euclid(86_400) + 719_468;
        let seconds = self.0.rem_euclid(86_400);
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 {
            shifted_month + 3
        } else {
            shifted_month - 9
        };
        let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
        [year, month, day, seconds / 3_600, seconds / 60 % 60, seconds % 60]
    }

    /// As an element: UTCTime through 2049, GeneralizedTime after (RFC 5280 §4.1.2.5, RFC 5652 §11.3).
    pub fn to_der(self) -> Vec<u8> {
        let [year, month, day, hour, minute, second] = self.civil();
        let rest = format!("{month:02}{day:02}{hour:02}{minute:02}{second:02}Z");
        if (1950..2050).contains(&year) {
            tlv(tag::UTC_TIME, format!("{:02}{rest}", year % 100).as_bytes())
        } else {
            tlv(tag::GENERALIZED_TIME, format!("{year:04}{rest}").as_bytes())
        }
    }
}

/// RFC 3339 in UTC.
impl fmt::Display for UnixTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [year, month, day, hour, minute, second] = self.civil();
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"
        )
    }
}

fn number(digits: &[u8]) -> Result<i64> {
    digits.iter().try_fold(0, |value, digit| {
        if digit.is_ascii_digit() {
            Ok(value * 10 + i64::from(digit - b'0'))
        } else {
            Err(Error::Value)
        }
    })
}

const fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn civil_and_seconds_agree() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_795_359_994, "2026-11-22T15:06:34Z"),
            (-631_152_000, "1950-01-01T00:00:00Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
        ] {
            let time = UnixTime(seconds);
            assert_eq!(time.to_string(), text);
            let [year, month, day, hour, minute, second] = time.civil();
            assert_eq!(
                UnixTime::from_civil(year, month, day, hour, minute, second),
                Some(time)
            );
        }
    }

    #[test]
    fn there_is_no_29_february_2025() {
        assert_eq!(UnixTime::from_civil(2025, 2, 29, 0, 0, 0), None);
        assert_eq!(UnixTime::from_civil(2025, 13, 1, 0, 0, 0), None);
    }
}
