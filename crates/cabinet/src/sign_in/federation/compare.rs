//! How two statements about a person compare.

use crate::account::{Name, PersonId};

/// How two names compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// They say the same person, in whatever order and letters.
    Same,
    /// One is a part of the other: a patronymic is missing, say.
    Partly,
    /// They do not.
    Differ,
    /// One side gives none.
    Unknown,
}

/// A kind of number, as both sides give it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonIdLine {
    /// Whose number it is: `KZ`, `RU`.
    pub country: String,
    /// What it is called there.
    pub kind: String,
    /// What the provider says.
    pub there: Option<String>,
    /// What the account has.
    pub here: Option<String>,
}

impl PersonIdLine {
    /// Whether both sides give it, and not the same.
    pub fn differs(&self) -> bool {
        self.here.is_some() && self.there.is_some() && self.here != self.there
    }
}

/// Compares names word by word, in any order: one side may write them in capitals, or the given name first.
pub(crate) fn names(here: &Name, there: &Name) -> Likeness {
    let (here, there) = (words(here), words(there));
    if here.is_empty() || there.is_empty() {
        return Likeness::Unknown;
    }
    let (few, many) = if here.len() <= there.len() {
        (&here, &there)
    } else {
        (&there, &here)
    };
    let is_within = few.iter().all(|word| many.contains(word));
    match is_within {
        true if few.len() == many.len() => Likeness::Same,
        true if few.len() > 1 => Likeness::Partly,
        _ => Likeness::Differ,
    }
}

fn words(name: &Name) -> Vec<String> {
    let plain = name.to_string().to_lowercase().replace('ё', "е");
    let mut words: Vec<String> = plain
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.sort_unstable();
    words
}

/// The numbers of both sides, kind by kind.
pub(in crate::sign_in) fn person_ids(here: &[PersonId], there: &[PersonId]) -> Vec<PersonIdLine> {
    let mut lines: Vec<PersonIdLine> = Vec::new();
    for id in there.iter().chain(here) {
        if lines
            .iter()
            .any(|line| line.country == id.country && line.kind == id.kind)
        {
            continue;
        }
        lines.push(PersonIdLine {
            country: id.country.clone(),
            kind: id.kind.clone(),
            there: best(there, here, id),
            here: best(here, there, id),
        });
    }
    lines
}

/// The number of the kind of `like` among `ids`: the one that the other side has too, else the first.
fn best(ids: &[PersonId], others: &[PersonId], like: &PersonId) -> Option<String> {
    let of_kind = || {
        ids.iter()
            .filter(|id| (&id.country, &id.kind) == (&like.country, &like.kind))
    };
    let shared = of_kind().find(|id| others.contains(id));
    shared.or_else(|| of_kind().next()).map(|id| id.value.clone())
}

/// Whether the sides give different numbers of one kind (4.2.2).
pub(crate) fn person_ids_differ(here: &[PersonId], there: &[PersonId]) -> bool {
    person_ids(here, there).iter().any(PersonIdLine::differs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        Name {
            surname: text.to_owned(),
            ..Name::default()
        }
    }

    fn iin(value: &str) -> PersonId {
        PersonId {
            country: "KZ".to_owned(),
            kind: "IIN".to_owned(),
            value: value.to_owned(),
        }
    }

    #[test]
    fn b_5_f_names_are_compared_as_people_read_them() {
        let here = Name {
            surname: "СЕРИКОВ".to_owned(),
            given_name: "Асхат".to_owned(),
            patronymic: "Ержанович".to_owned(),
        };
        assert_eq!(names(&here, &name("Асхат Ержанович Сериков")), Likeness::Same);
        assert_eq!(names(&here, &name("Сериков Асхат")), Likeness::Partly);
        assert_eq!(names(&here, &name("Сериков")), Likeness::Differ);
        assert_eq!(names(&here, &name("Серикова Айгуль")), Likeness::Differ);
        assert_eq!(names(&here, &Name::default()), Likeness::Unknown);
        assert_eq!(
            names(&name("Алёна Семёнова"), &name("СЕМЕНОВА АЛЕНА")),
            Likeness::Same
        );
    }

    #[test]
    fn req_4_2_2_only_numbers_of_one_kind_can_differ() {
        let (one, other) = (iin("900101300017"), iin("850505400023"));
        let snils = PersonId {
            country: "RU".to_owned(),
            kind: "SNILS".to_owned(),
            value: "11223344595".to_owned(),
        };
        let differ = |here: &[&PersonId], there: &[&PersonId]| {
            let owned = |ids: &[&PersonId]| ids.iter().copied().cloned().collect::<Vec<_>>();
            person_ids_differ(&owned(here), &owned(there))
        };
        assert!(differ(&[&one], &[&other]));
        assert!(!differ(&[&one], &[&one]));
        assert!(!differ(&[&one], &[&snils]));
        assert!(!differ(&[&one, &other], &[&other]));
        assert_eq!(person_ids(&[one], &[snils]).len(), 2);
    }
}
