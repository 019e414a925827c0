//! A message as the compiler sees it: references are already replaced by what they refer to.

use std::collections::BTreeMap;

/// The messages of one file by key; the attribute `why` of `title` has the key `title.why`.
pub(crate) type Catalogue = BTreeMap<String, Pattern>;

pub(crate) type Pattern = Vec<Part>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Text(String),
    Variable(String),
    Choice(Choice),
}

/// `{ $count -> [one] … *[other] … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) variable: String,
    pub(crate) variants: Vec<Variant>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Variant {
    pub(crate) key: VariantKey,
    pub(crate) is_default: bool,
    pub(crate) pattern: Pattern,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum VariantKey {
    Word(String),
    Number(u64),
}

/// The Rust type of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `u64`: named `count`, or used as a plural selector.
    Number,
    /// `&str`
    Text,
}

impl Choice {
    /// A selector over plural categories or numbers, as opposed to one over words of our own.
    pub(crate) fn is_plural(&self) -> bool {
        const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];
        self.variants.iter().all(|variant| match &variant.key {
            VariantKey::Word(word) => CATEGORIES.contains(&word.as_str()),
            VariantKey::Number(_) => true,
        })
    }
}

/// Every variable of the pattern with its type, in alphabetical order.
pub(crate) fn variables(pattern: &[Part]) -> BTreeMap<String, Kind> {
    let mut found = BTreeMap::new();
    collect(pattern, &mut found);
    found
}

/// Every selector of the pattern, outer before inner.
pub(crate) fn choices(pattern: &[Part]) -> Vec<&Choice> {
    let mut found = Vec::new();
    for part in pattern {
        if let Part::Choice(choice) = part {
            found.push(choice);
            found.extend(
                choice
                    .variants
                    .iter()
                    .flat_map(|variant| choices(&variant.pattern)),
            );
        }
    }
    found
}

fn collect(pattern: &[Part], found: &mut BTreeMap<String, Kind>) {
    for part in pattern {
        match part {
            Part::Text(_) => {}
            Part::Variable(name) => {
                let kind = if name == "count" { Kind::Number } else { Kind::Text };
                found.entry(name.clone()).or_insert(kind);
            }
            Part::Choice(choice) => {
                let kind = if choice.is_plural() {
                    Kind::Number
                } else {
                    Kind::Text
                };
                found.insert(choice.variable.clone(), kind);
                choice
                    .variants
                    .iter()
                    .for_each(|variant| collect(&variant.pattern, found));
            }
        }
    }
}
