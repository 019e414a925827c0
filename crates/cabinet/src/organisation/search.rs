//! A search goes through the smallest set that an index gives: the organisations of the chosen place, or those that
//! share the rarest three letters of what was typed.

use db::Tx;

use super::{KindId, LocalityId, Organisation, OrganisationId, RegionId, store};
use crate::Failure;
use crate::fold::fold;

/// Words that count; further ones would seldom tell anything apart.
pub(super) const WORDS: usize = 4;
/// Numbers up to so many digits are meant as they stand: 5 is not 52.
const SHORT_NUMBER: usize = 3;
/// More matches than a page are put in order among so many.
const CANDIDATES: u32 = 400;
/// Three letters that more organisations share than this are equally bad to search by.
const COMMON: u32 = 4096;

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// Of which kind; any.
    pub kind: Option<&'a KindId>,
    /// Where; anywhere.
    pub region: Option<RegionId>,
    /// In which city or village; any.
    pub locality: Option<LocalityId>,
    /// Parts of the name, place or code, in any order.
    pub text: &'a str,
    /// The last one of the page before.
    pub after: Option<OrganisationId>,
    /// How many at most.
    pub limit: usize,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// By name.
    pub organisations: Vec<Organisation>,
    /// There are more than these.
    pub has_more: bool,
}

/// Open organisations that fit, by name. Without a place and without words nothing is found: nobody reads through
/// thousands.
pub fn search(tx: &mut Tx<'_>, wanted: &Wanted<'_>) -> Result<Found, Failure> {
    let words = words(wanted.text);
    let patterns = patterns(&words);
    let kind = wanted.kind.map(KindId::as_str);
    let rows = if let Some(locality) = wanted.locality {
        let after = match wanted.after {
            Some(after) => store::find_place(tx, after)?,
            None => None,
        };
        let limit = u32::try_from(wanted.limit.saturating_add(1)).unwrap_or(CANDIDATES);
        store::list_in_locality(tx, locality, kind, &patterns, after, limit)?
    } else if let Some(region) = wanted.region {
        store::list_in_region(tx, region, kind, &patterns, CANDIDATES)?
    } else {
        match rarest(tx, &words)? {
            None => return Ok(Found::default()),
            Some(gram) => store::list_by_gram(tx, &gram, kind, &patterns, CANDIDATES)?,
        }
    };
    Ok(page(rows, wanted.limit))
}

fn page(mut rows: Vec<store::Row>, limit: usize) -> Found {
    rows.sort_by(|a, b| (&a.sort_key, a.id).cmp(&(&b.sort_key, b.id)));
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    Found {
        organisations: rows.into_iter().map(Organisation::from).collect(),
        has_more,
    }
}

/// The words that a search goes by. A single letter says nothing yet.
fn words(text: &str) -> Vec<String> {
    let words = fold(text);
    let says_something = |word: &&str| is_number(word) || word.chars().nth(1).is_some();
    words
        .split(' ')
        .filter(|word| !word.is_empty())
        .filter(says_something)
        .take(WORDS)
        .map(str::to_owned)
        .collect()
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

/// What a word must be in the folded text, where words stand between spaces: short numbers as they are, two letters at
/// the beginning of a word, three anywhere.
fn part(word: &str) -> String {
    if is_number(word) && word.len() <= SHORT_NUMBER {
        format!(" {word} ")
    } else if word.chars().nth(2).is_none() {
        format!(" {word}")
    } else {
        word.to_owned()
    }
}

fn patterns(words: &[String]) -> [String; WORDS] {
    std::array::from_fn(|place| {
        words
            .get(place)
            .map_or_else(|| "%".to_owned(), |word| format!("%{}%", part(word)))
    })
}

/// The three letters of what is looked for that the fewest organisations have.
fn rarest(tx: &mut Tx<'_>, words: &[String]) -> Result<Option<String>, Failure> {
    let mut rarest = None;
    let mut fewest = COMMON;
    for gram in words.iter().flat_map(|word| grams(&part(word))) {
        let count = store::count_gram(tx, &gram, fewest)?;
        if count < fewest || rarest.is_none() {
            rarest = Some(gram);
            fewest = count;
        }
        if fewest == 0 {
            break;
        }
    }
    Ok(rarest)
}

/// Every three letters in a row.
pub(super) fn grams(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    letters.windows(3).map(|gram| gram.iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b_7_a_numbers_are_whole_and_words_are_parts() {
        assert_eq!(words("Школа №5, г. Өскемен"), ["школа", "5", "оскемен"]);
        let [school, number, letters, rest] = patterns(&words("школа 5 шк"));
        assert_eq!(
            [school.as_str(), &number, &letters, &rest],
            ["%школа%", "% 5 %", "% шк%", "%"]
        );
        assert_eq!(part("970640001234"), "970640001234");
        assert_eq!(grams(" 5 "), [" 5 "]);
        assert_eq!(grams("школа"), ["шко", "кол", "ола"]);
        assert_eq!(words("%_ ' а"), Vec::<String>::new());
    }
}
