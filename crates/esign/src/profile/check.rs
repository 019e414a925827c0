//! Check digits of personal and organisation numbers. For certificates and for what people type into forms.

use std::fmt;

/// Why a number cannot be right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberError {
    /// Not the right count of digits, or other characters.
    Length,
    /// The check digit does not fit the others: most often a typing error.
    CheckDigit,
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Length => "not the right count of digits",
            Self::CheckDigit => "the check digit does not fit",
        })
    }
}

impl std::error::Error for NumberError {}

/// ИИН: twelve digits (rules P030000565_ of the Republic of Kazakhstan).
pub fn iin(text: &str) -> Result<(), NumberError> {
    kazakh(text)
}

/// БИН: twelve digits, the same check digit as the IIN (rules P070000406_).
pub fn bin(text: &str) -> Result<(), NumberError> {
    kazakh(text)
}

/// ИНН: ten digits of an organisation or twelve of a person.
pub fn inn(text: &str) -> Result<(), NumberError> {
    let fits = |digits: &[u32], weights: &[u32], at: usize| {
        digits
            .get(at)
            .is_some_and(|check| weighted(digits, weights) % 11 % 10 == *check)
    };
    let sound = match parse(text)?.as_slice() {
        digits if digits.len() == 10 => fits(digits, &[2, 4, 10, 3, 5, 9, 4, 6, 8], 9),
        digits if digits.len() == 12 => {
            fits(digits, &[7, 2, 4, 10, 3, 5, 9, 4, 6, 8], 10)
                && fits(digits, &[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8], 11)
        }
        _ => return Err(NumberError::Length),
    };
    verdict(sound)
}

/// СНИЛС: eleven digits without separators. Numbers up to 001-001-998 carry no check digits.
pub fn snils(text: &str) -> Result<(), NumberError> {
    let digits = exactly(text, 11)?;
    let number = text.get(..9).ok_or(NumberError::Length)?;
    if number <= "001001998" {
        return Ok(());
    }
    let sum = weighted(&digits, &[9, 8, 7, 6, 5, 4, 3, 2, 1]);
    verdict(text.get(9..) == Some(format!("{:02}", sum % 101 % 100).as_str()))
}

/// ОГРН of an organisation (13 digits) or ОГРНИП of an entrepreneur (15).
pub fn ogrn(text: &str) -> Result<(), NumberError> {
    let digits = parse(text)?;
    let modulus = match digits.len() {
        13 => 11,
        15 => 13,
        _ => return Err(NumberError::Length),
    };
    let (check, number) = digits.split_last().ok_or(NumberError::Length)?;
    let remainder = number
        .iter()
        .fold(0, |remainder, digit| (remainder * 10 + digit) % modulus);
    verdict(remainder % 10 == *check)
}

/// The check of a kind of number by its name; a kind without check digits passes.
pub(super) fn by_kind(country: &str, kind: &str, value: &str) -> Result<(), NumberError> {
    match (country, kind) {
        ("KZ", "IIN") => iin(value),
        ("KZ", "BIN") => bin(value),
        ("RU", "INN" | "INNLE") => inn(value),
        ("RU", "SNILS") => snils(value),
        ("RU", "OGRN" | "OGRNIP") => ogrn(value),
        _ => Ok(()),
    }
}

fn kazakh(text: &str) -> Result<(), NumberError> {
    let digits = exactly(text, 12)?;
    let mut control = weighted(&digits, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) % 11;
    if control == 10 {
        control = weighted(&digits, &[3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11;
    }
    // ten twice: such a number is never issued, and no digit equals ten
    verdict(digits.last() == Some(&control))
}

fn verdict(sound: bool) -> Result<(), NumberError> {
    if sound {
        Ok(())
    } else {
        Err(NumberError::CheckDigit)
    }
}

fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits
        .iter()
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum()
}

fn exactly(text: &str, length: usize) -> Result<Vec<u32>, NumberError> {
    parse(text).and_then(|digits| {
        if digits.len() == length {
            Ok(digits)
        } else {
            Err(NumberError::Length)
        }
    })
}

fn parse(text: &str) -> Result<Vec<u32>, NumberError> {
    if text.len() > 15 {
        return Err(NumberError::Length);
    }
    text.chars()
        .map(|digit| digit.to_digit(10).ok_or(NumberError::Length))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRONG: Result<(), NumberError> = Err(NumberError::CheckDigit);

    #[test]
    fn iin_and_bin_follow_the_published_vectors() {
        for sound in [
            "900101300007",
            "010229500016",
            "010101500401",
            "940140000385",
            "950341000052",
        ] {
            assert_eq!(iin(sound), Ok(()), "{sound}");
            assert_eq!(bin(sound), Ok(()), "{sound}");
        }
        for wrong in ["123456789011", "123456789012", "123456789021", "900101300008"] {
            assert_eq!(iin(wrong), WRONG, "{wrong}");
        }
        assert_eq!(
            iin("123456789013"),
            Ok(()),
            "the expected digit of the SDK number"
        );
    }

    #[test]
    fn iin_whose_check_is_ten_twice_has_no_valid_digit() {
        for last in 0..10 {
            assert_eq!(iin(&format!("01010150120{last}")), WRONG);
        }
    }

    #[test]
    fn numbers_of_another_form_are_refused_by_length() {
        for text in [
            "",
            "90010130000",
            "9001013000077",
            "90010130000x",
            "９００１０１３００００７",
            "900101 30000",
        ] {
            assert_eq!(iin(text), Err(NumberError::Length), "{text}");
        }
        assert_eq!(inn("12345678901"), Err(NumberError::Length));
        assert_eq!(ogrn("10277001321951"), Err(NumberError::Length));
    }

    #[test]
    fn inn_of_organisations_and_persons() {
        for sound in ["7707083893", "7830002293", "500100732259", "526317984689"] {
            assert_eq!(inn(sound), Ok(()), "{sound}");
        }
        for wrong in ["7707083894", "500100732269", "500100732258"] {
            assert_eq!(inn(wrong), WRONG, "{wrong}");
        }
    }

    #[test]
    fn snils_with_remainder_100_and_the_early_numbers() {
        assert_eq!(snils("11223344595"), Ok(()));
        assert_eq!(snils("08765430300"), Ok(()), "remainder 101 is written 00");
        assert_eq!(snils("11223344596"), WRONG);
        assert_eq!(snils("00100199899"), Ok(()), "no check digits up to 001-001-998");
    }

    #[test]
    fn ogrn_and_ogrnip_take_the_last_digit_of_the_remainder() {
        assert_eq!(ogrn("1027700132195"), Ok(()));
        assert_eq!(ogrn("1027700132196"), WRONG);
        // the first 14 digits give 10 modulo 13: the published formula without the last step would refuse
        let head = (30_450_000_000_000_u64..30_450_000_000_013)
            .find(|head| head % 13 == 10)
            .unwrap();
        assert_eq!(ogrn(&format!("{head}0")), Ok(()));
    }
}
