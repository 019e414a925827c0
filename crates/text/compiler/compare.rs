//! Holds the three languages of one capability against each other.

use std::collections::{BTreeMap, BTreeSet};

use super::message::{Catalogue, Kind, Pattern, VariantKey, choices, variables};
use super::{Language, Problem};

/// Capabilities with the words of every code, static and complete, so that they can be looked up by it.
pub(crate) const BY_CODE: [&str; 2] = ["refusal", "finding"];
const REFUSAL_ATTRIBUTES: [&str; 2] = ["why", "now"];

/// A capability that is complete in all languages.
#[derive(Debug)]
pub(crate) struct Module {
    pub(crate) name: String,
    pub(crate) messages: Vec<Message>,
}

#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) key: String,
    pub(crate) variables: BTreeMap<String, Kind>,
    pub(crate) patterns: [(Language, Pattern); 3],
}

pub(crate) fn languages(capability: &str, found: [Option<Catalogue>; 3]) -> Result<Module, Vec<Problem>> {
    let mut comparison = Comparison {
        capability,
        problems: Vec::new(),
    };
    let present = found.iter().flatten().count();
    if present < found.len() {
        for (language, _) in Language::ALL
            .into_iter()
            .zip(&found)
            .filter(|(_, file)| file.is_none())
        {
            comparison.problem(language, None, "the file is missing");
        }
        return Err(comparison.problems);
    }
    let [ru, kk, en] = found.map(Option::unwrap_or_default);
    let keys: BTreeSet<&String> = ru.keys().chain(kk.keys()).chain(en.keys()).collect();
    let messages = keys.into_iter().filter_map(|key| {
        let patterns = [ru.get(key), kk.get(key), en.get(key)];
        comparison.message(key, patterns)
    });
    let messages: Vec<Message> = messages.collect();
    if BY_CODE.contains(&capability) {
        comparison.refusals(&messages);
    }
    if comparison.problems.is_empty() {
        Ok(Module {
            name: capability.replace('-', "_"),
            messages,
        })
    } else {
        Err(comparison.problems)
    }
}

struct Comparison<'c> {
    capability: &'c str,
    problems: Vec<Problem>,
}

impl Comparison<'_> {
    fn problem(&mut self, language: Language, key: Option<&str>, what: impl Into<String>) {
        self.problems
            .push(Problem::new(language, self.capability, key, what));
    }

    fn message(&mut self, key: &str, patterns: [Option<&Pattern>; 3]) -> Option<Message> {
        let [Some(ru), Some(kk), Some(en)] = patterns else {
            let has: Vec<&str> = Language::ALL
                .into_iter()
                .zip(patterns)
                .filter_map(|(language, pattern)| pattern.map(|_| language.folder()))
                .collect();
            for (language, _) in Language::ALL
                .into_iter()
                .zip(patterns)
                .filter(|(_, pattern)| pattern.is_none())
            {
                self.problem(
                    language,
                    Some(key),
                    format!("is missing (it is there in {})", has.join(", ")),
                );
            }
            return None;
        };
        let patterns = [
            (Language::Ru, ru.clone()),
            (Language::Kk, kk.clone()),
            (Language::En, en.clone()),
        ];
        self.same_words(key, &patterns);
        let all: BTreeMap<String, Kind> = self.same_variables(key, &patterns)?;
        Some(Message {
            key: key.to_owned(),
            variables: all,
            patterns,
        })
    }

    /// The variables of all languages; a plural selector in one of them makes a number of it for all.
    fn same_variables(
        &mut self,
        key: &str,
        patterns: &[(Language, Pattern); 3],
    ) -> Option<BTreeMap<String, Kind>> {
        let mut all = BTreeMap::new();
        for (_, pattern) in patterns {
            for (name, kind) in variables(pattern) {
                let entry = all.entry(name).or_insert(kind);
                if kind == Kind::Number {
                    *entry = Kind::Number;
                }
            }
        }
        let mut complete = true;
        for (language, pattern) in patterns {
            let own = variables(pattern);
            for name in all.keys().filter(|name| !own.contains_key(*name)) {
                self.problem(
                    *language,
                    Some(key),
                    format!("does not use ${name}, another language does"),
                );
                complete = false;
            }
        }
        complete.then_some(all)
    }

    /// A selector over words of our own has the same words everywhere.
    fn same_words(&mut self, key: &str, patterns: &[(Language, Pattern); 3]) {
        let words = |pattern: &Pattern| -> BTreeSet<(String, VariantKey)> {
            let choices = choices(pattern).into_iter().filter(|choice| !choice.is_plural());
            choices
                .flat_map(|choice| {
                    choice
                        .variants
                        .iter()
                        .map(|it| (choice.variable.clone(), it.key.clone()))
                })
                .collect()
        };
        let all: BTreeSet<_> = patterns.iter().flat_map(|(_, pattern)| words(pattern)).collect();
        for (language, pattern) in patterns {
            for (variable, word) in all.difference(&words(pattern)) {
                self.problem(
                    *language,
                    Some(key),
                    format!("${variable} lacks the variant {word:?}"),
                );
            }
        }
    }

    fn refusals(&mut self, messages: &[Message]) {
        let keys: BTreeSet<&str> = messages.iter().map(|message| message.key.as_str()).collect();
        for message in messages {
            if !message.variables.is_empty() {
                self.problem(Language::Ru, Some(&message.key), "a refusal has no variables");
            }
            let code = message.key.split('.').next().unwrap_or_default();
            let wanted = REFUSAL_ATTRIBUTES
                .iter()
                .map(|attribute| format!("{code}.{attribute}"));
            for key in wanted
                .chain([code.to_owned()])
                .filter(|key| !keys.contains(key.as_str()))
            {
                self.problem(
                    Language::Ru,
                    Some(&key),
                    "a refusal has a text, `.why` and `.now`",
                );
            }
        }
    }
}
