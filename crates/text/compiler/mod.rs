//! From Fluent sources to Rust. Works on texts in memory, so that tests can show that every kind of gap
//! between the languages is refused.
//!
//! Understood: messages, attributes, variables, selectors, references to messages of the same file, and
//! terms (of the same file or of `terms.ftl`, which makes no module of its own). Functions and arguments of
//! terms are refused.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

mod compare;
mod emit;
mod message;
mod read;

/// The file whose terms every other file of the same language may use.
const TERMS: &str = "terms";

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Language {
    Ru,
    Kk,
    En,
}

impl Language {
    pub(crate) const ALL: [Self; 3] = [Self::Ru, Self::Kk, Self::En];

    pub(crate) fn folder(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::Kk => "kk",
            Self::En => "en",
        }
    }

    /// The variant of `text::Lang`.
    fn variant(self) -> &'static str {
        match self {
            Self::Ru => "Lang::Ru",
            Self::Kk => "Lang::Kk",
            Self::En => "Lang::En",
        }
    }

    /// The plural categories that whole numbers reach in this language (CLDR); Russian `other` is for fractions.
    fn plural_categories(self) -> &'static [&'static str] {
        match self {
            Self::Ru => &["one", "few", "many"],
            Self::Kk | Self::En => &["one", "other"],
        }
    }
}

/// The texts of one capability in one language.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub(crate) language: Language,
    /// The name of the file without `.ftl`, or of the folder whose files they are.
    pub(crate) capability: String,
    pub(crate) ftl: String,
}

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) file: String,
    pub(crate) key: Option<String>,
    pub(crate) what: String,
}

impl Problem {
    fn new(language: Language, capability: &str, key: Option<&str>, what: impl Into<String>) -> Self {
        let file = format!("{}/{capability}.ftl", language.folder());
        Self {
            file,
            key: key.map(str::to_owned),
            what: what.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.key {
            Some(key) => write!(out, "crates/text/{}: `{key}`: {}", self.file, self.what),
            None => write!(out, "crates/text/{}: {}", self.file, self.what),
        }
    }
}

/// Checks the languages against each other and writes the Rust module of every capability.
pub(crate) fn compile(sources: &[Source]) -> Result<String, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut files = BTreeMap::new();
    let mut broken = BTreeSet::new();
    for language in Language::ALL {
        let of_language: Vec<&Source> = sources
            .iter()
            .filter(|source| source.language == language)
            .collect();
        let terms = of_language.iter().find(|source| source.capability == TERMS);
        let terms = terms.map_or("", |source| source.ftl.as_str());
        for source in of_language {
            let (catalogue, found) = read::file(source, terms);
            if !found.is_empty() {
                broken.insert(source.capability.as_str());
            }
            problems.extend(found);
            files.insert((source.capability.as_str(), language), catalogue);
        }
    }
    let capabilities: BTreeSet<&str> = files.keys().map(|(capability, _)| *capability).collect();
    let mut modules = Vec::new();
    for capability in capabilities
        .into_iter()
        .filter(|name| *name != TERMS && !broken.contains(name))
    {
        let mut take = |language| files.remove(&(capability, language));
        let found = [take(Language::Ru), take(Language::Kk), take(Language::En)];
        match compare::languages(capability, found) {
            Ok(module) => modules.push(module),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() {
        Ok(emit::modules(&modules))
    } else {
        Err(problems)
    }
}
