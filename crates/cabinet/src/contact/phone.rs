//! Telephone numbers: read in any notation people use, stored in E.164, shown by the number plan.

use std::fmt;

use phonenumber::{Mode, PhoneNumber, Type, country, metadata::DATABASE};

/// Longer input is no telephone number; the parser never sees it.
const LONGEST: usize = 64;

/// Global satellite and network services: calls there cost whoever sends.
const COSTLY_CODES: [u16; 5] = [870, 878, 881, 882, 883];

/// A possible telephone number in E.164: `+77075555555`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct E164(String);

/// Why a text is not a telephone number that can be a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhoneError {
    /// It cannot be read as a number, or no number plan knows it.
    NotANumber,
    /// A premium, shared-cost, satellite or service number.
    NotPersonal,
}

/// Reads what a person typed or pasted; `region` (`KZ`) explains numbers without a country code.
/// An empty field and an unfilled mask (`+7 (___) ___-__-__`) mean "no number".
pub fn parse(text: &str, region: &str) -> Result<Option<E164>, PhoneError> {
    if text.len() > LONGEST {
        return Err(PhoneError::NotANumber);
    }
    let text = without_invisible(text);
    let region: country::Id = region.parse().map_err(|_| PhoneError::NotANumber)?;
    if is_unfilled(&text, region) {
        return Ok(None);
    }
    if !text.chars().all(is_notation) {
        return Err(PhoneError::NotANumber);
    }
    let number = number(&text, region).ok_or(PhoneError::NotANumber)?;
    if !is_personal(&number) {
        return Err(PhoneError::NotPersonal);
    }
    Ok(Some(E164(number.format().mode(Mode::E164).to_string())))
}

impl E164 {
    /// Takes back what [`E164::as_str`] gave, as a database row holds it.
    pub fn stored(text: String) -> Option<Self> {
        let digits = text.strip_prefix('+')?;
        let fits = (2..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        fits.then_some(Self(text))
    }

    /// The number as it is stored and handed to gateways: `+77075555555`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number as people read it: `+7 (707) 555-5555` for the countries of `+7`, otherwise
    /// the international form of its number plan.
    pub fn display(&self) -> String {
        if let Some([area, first, last]) = self.seven() {
            return ["+7 (", area, ") ", first, "-", last].concat();
        }
        match phonenumber::parse(None, &self.0) {
            Ok(number) => number.format().mode(Mode::International).to_string(),
            Err(_) => self.0.clone(),
        }
    }

    /// Enough to be recognised by its owner and by nobody else: `+7 707 ***-**-55`.
    pub fn masked(&self) -> String {
        if let Some([area, _, last]) = self.seven() {
            let end: String = last.chars().skip(2).collect();
            return format!("+7 {area} ***-**-{end}");
        }
        let shown = |range: &mut dyn Iterator<Item = char>| range.collect::<String>();
        let length = self.0.chars().count();
        let start = shown(&mut self.0.chars().take(3));
        let end = shown(&mut self.0.chars().skip(length.saturating_sub(2)));
        format!("{start} {}{end}", "*".repeat(length.saturating_sub(5)))
    }

    /// The country calling code: 7, 49, 996.
    pub fn country_code(&self) -> Option<u16> {
        phonenumber::parse(None, &self.0)
            .ok()
            .map(|number| number.code().value())
    }

    /// The parts of a number of the `+7` plan: area, three digits, four digits.
    fn seven(&self) -> Option<[&str; 3]> {
        let national = self
            .0
            .strip_prefix("+7")
            .filter(|national| national.len() == 10)?;
        Some([national.get(..3)?, national.get(3..6)?, national.get(6..)?])
    }
}

impl fmt::Display for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A valid number without an extension. The library takes the first digit of `707 555 55 55` for the country code, so
/// a national number is read a second time with the code before it.
fn number(text: &str, region: country::Id) -> Option<PhoneNumber> {
    let is_whole = |number: &PhoneNumber| number.is_valid() && number.extension().is_none();
    let as_written = phonenumber::parse(Some(region), text).ok().filter(is_whole);
    as_written.or_else(|| {
        let national = Some(text).filter(|text| !text.starts_with('+'))?;
        let whole = format!("+{}{national}", own_code(region)?);
        phonenumber::parse(None, whole).ok().filter(is_whole)
    })
}

fn own_code(region: country::Id) -> Option<u16> {
    DATABASE
        .by_id(region.as_ref())
        .map(phonenumber::Metadata::country_code)
}

/// Address books paste numbers wrapped in direction marks and with typographic spaces and dashes.
fn without_invisible(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'))
        .map(|c| match c {
            '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' => ' ',
            '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
            c => c,
        })
        .collect::<String>()
        .trim()
        .to_owned()
}

/// No digits, or only the country code that the mask itself holds.
fn is_unfilled(text: &str, region: country::Id) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_mask = text.chars().all(|c| is_notation(c) || c == '_');
    let own_code = DATABASE
        .by_id(region.as_ref())
        .map(|plan| plan.country_code().to_string());
    is_mask && (digits.is_empty() || (text.starts_with('+') && own_code.as_deref() == Some(digits.as_str())))
}

/// The parser reads letters as keypad digits (1-800-FLOWERS); in a contact they are a mistake.
fn is_notation(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '+' | '(' | ')' | '-' | '.' | '/' | ' ')
}

fn is_personal(number: &PhoneNumber) -> bool {
    let costly = COSTLY_CODES.contains(&number.code().value());
    let kind = number.number_type(&DATABASE);
    !costly
        && matches!(
            kind,
            Type::Mobile | Type::FixedLineOrMobile | Type::FixedLine | Type::PersonalNumber | Type::Voip
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Option<String>, PhoneError> {
        parse(text, "KZ").map(|number| number.map(|number| number.as_str().to_owned()))
    }

    #[test]
    fn a_11_a_five_common_notations_are_one_number() {
        let notations = [
            "87075555555",
            "+77075555555",
            "8 (707) 555-55-55",
            "+7 (707) 555-5555",
            "77075555555",
            "707 555 55 55",
            " +7\u{a0}707\u{a0}555\u{2011}55\u{2011}55 ",
            "\u{202a}+7 707 555-55-55\u{202c}",
        ];
        for notation in notations {
            assert_eq!(read(notation), Ok(Some("+77075555555".into())), "{notation}");
        }
    }

    #[test]
    fn a_11_a_foreign_and_russian_numbers_keep_their_country() {
        assert_eq!(read("+49 1512 3456789"), Ok(Some("+4915123456789".into())));
        assert_eq!(read("+7 (916) 123-45-67"), Ok(Some("+79161234567".into())));
        assert_eq!(read("+996 555 123 456"), Ok(Some("+996555123456".into())));
    }

    #[test]
    fn a_11_b_an_unfilled_mask_is_no_number() {
        for empty in [
            "",
            "  ",
            "+7 () -",
            "+7",
            "+7 (___) ___-__-__",
            "+7 (   )    -",
            "+",
            "(___)",
        ] {
            assert_eq!(read(empty), Ok(None), "{empty:?}");
        }
    }

    #[test]
    fn a_11_a_half_numbers_and_words_are_refused() {
        let long = "7".repeat(65);
        for wrong in [
            "+7 (707) 5",
            "8",
            "12345",
            "+7 707 555-55-55 ext. 5",
            "позвоните",
            "1-800-FLOWERS",
            "+7 707 555 55 55,+7 707",
            &long,
        ] {
            assert_eq!(read(wrong), Err(PhoneError::NotANumber), "{wrong:?}");
        }
    }

    #[test]
    fn sms_1_costly_ranges_are_refused() {
        for costly in ["+881612345678", "+78091234567", "+870773111632"] {
            assert!(read(costly).is_err(), "{costly}");
        }
    }

    #[test]
    fn a_11_a_number_is_shown_by_its_plan_and_masked() {
        let kz = parse("87075555555", "KZ").unwrap().unwrap();
        assert_eq!(kz.display(), "+7 (707) 555-5555");
        assert_eq!(kz.masked(), "+7 707 ***-**-55");
        assert_eq!(kz.country_code(), Some(7));
        let de = parse("+4915123456789", "KZ").unwrap().unwrap();
        assert_eq!(de.display(), "+49 1512 3456789");
        assert_eq!(de.masked(), "+49 *********89");
    }

    #[test]
    fn a_stored_number_comes_back_or_is_refused() {
        assert!(E164::stored("+77075555555".into()).is_some());
        for wrong in ["77075555555", "+", "+7 707", "+7707555555512345"] {
            assert_eq!(E164::stored(wrong.into()), None, "{wrong}");
        }
    }
}
