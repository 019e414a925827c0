//! Names of people as each language orders them.

use crate::Lang;

/// The full name: surname first in Russian and Kazakh, given name first in English. Empty parts are left out.
#[must_use]
pub fn full(lang: Lang, surname: &str, given: &str, patronymic: &str) -> String {
    let parts = match lang {
        Lang::Ru | Lang::Kk => [surname, given, patronymic],
        Lang::En => [given, patronymic, surname],
    };
    joined(&parts)
}

/// The name for narrow places: without the patronymic.
#[must_use]
pub fn short(lang: Lang, surname: &str, given: &str) -> String {
    full(lang, surname, given, "")
}

/// A name written in capitals, as certificates have it, in ordinary letters: `ӘБДІ-РАХМАН` → `Әбді-Рахман`.
/// Any other writing is left as it is.
#[must_use]
pub fn from_capitals(name: &str) -> String {
    if name.chars().any(is_small) {
        return name.to_owned();
    }
    let mut starts = true;
    let mut out = String::with_capacity(name.len());
    for letter in name.chars() {
        match letter {
            _ if starts => out.push(letter),
            // the usual letters, without a look into the tables of Unicode
            'А'..='Я' => out.extend(char::from_u32(u32::from(letter) + 32)),
            _ => out.extend(letter.to_lowercase()),
        }
        starts = letter == '-' || letter == '.' || letter.is_whitespace();
    }
    out
}

fn is_small(letter: char) -> bool {
    !matches!(letter, 'А'..='Я' | ' ') && letter.is_lowercase()
}

fn joined(parts: &[&str]) -> String {
    let mut name = String::with_capacity(parts.iter().map(|part| part.len() + 1).sum());
    for part in parts.iter().filter(|part| !part.is_empty()) {
        if !name.is_empty() {
            name.push(' ');
        }
        name.push_str(part);
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surname_is_first_where_it_is_usual() {
        assert_eq!(
            full(Lang::Kk, "Әбдіқали", "Гүлнұр", "Ерланқызы"),
            "Әбдіқали Гүлнұр Ерланқызы"
        );
        assert_eq!(full(Lang::En, "Әбдіқали", "Гүлнұр", ""), "Гүлнұр Әбдіқали");
    }

    #[test]
    fn a_6_d_kazakh_capitals_become_ordinary_letters() {
        assert_eq!(from_capitals("ӘБДІ-РАХМАН ҰЛЖАН"), "Әбді-Рахман Ұлжан");
        assert_eq!(from_capitals("ҮШБАЙ ҺӘМ ІҢҚӨЖӘ"), "Үшбай Һәм Іңқөжә");
        assert_eq!(from_capitals("де Голль"), "де Голль");
    }
}
