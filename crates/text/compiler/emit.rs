//! Writes the Rust of the compiled texts.
#![expect(
    clippy::format_collect,
    reason = "short texts, once a build: plain to read is better"
)]

use std::collections::BTreeMap;

use super::Language;
use super::compare::{BY_CODE, Message, Module};
use super::message::{Choice, Kind, Part, Pattern, VariantKey};
use super::read::rust_name;

pub(crate) fn modules(modules: &[Module]) -> String {
    modules.iter().map(module).collect()
}

fn module(module: &Module) -> String {
    let name = identifier(&module.name);
    let functions: String = module.messages.iter().map(function).collect();
    let lookup = if BY_CODE.contains(&module.name.as_str()) {
        refusal_lookup(&module.messages)
    } else {
        String::new()
    };
    let plural = if functions.contains("Plural::") {
        "    use crate::plural::Plural;\n"
    } else {
        ""
    };
    format!(
        "/// The texts of `{0}.ftl`.\npub mod {name} {{\n    use crate::Lang;\n{plural}{functions}{lookup}}}\n",
        module.name
    )
}

/// One function a message: `const` and without allocation where there is nothing to fill in. Parameters are in
/// alphabetical order.
fn function(message: &Message) -> String {
    let name = identifier(&rust_name(&message.key));
    let documentation = documentation(message);
    if message.variables.is_empty() {
        let texts = message
            .patterns
            .iter()
            .map(|(language, pattern)| (language.variant().to_owned(), format!("{:?}", text(pattern))));
        let arms = arms(texts.collect(), "lang");
        return format!("{documentation}pub const fn {name}(lang: Lang) -> &'static str {{\n{arms}\n}}\n");
    }
    let parameters: String = message
        .variables
        .iter()
        .map(|(name, kind)| {
            let kind = match kind {
                Kind::Number => "u64",
                Kind::Text => "&str",
            };
            format!(", {}: {kind}", identifier(name))
        })
        .collect();
    let bodies = message.patterns.iter().map(|(language, pattern)| {
        (
            language.variant().to_owned(),
            format!("{{\n{}}}", statements(*language, pattern, &message.variables)),
        )
    });
    let arms = arms(bodies.collect(), "lang");
    let room = room(message);
    format!(
        "{documentation}pub fn {name}(lang: Lang{parameters}) -> String {{\nlet mut out = String::with_capacity({room});\n{arms}\nout\n}}\n"
    )
}

/// What the longest language needs, choices apart: hardly any text grows while it is written.
fn room(message: &Message) -> String {
    let texts = message.patterns.iter().map(|(_, pattern)| text(pattern).len());
    let filled_in: String = message
        .variables
        .iter()
        .filter(|(_, kind)| **kind == Kind::Text)
        .map(|(name, _)| format!(" + {}.len()", identifier(name)))
        .collect();
    format!("{}{filled_in}", texts.max().unwrap_or_default())
}

fn documentation(message: &Message) -> String {
    let [_, _, (_, english)] = &message.patterns;
    let words: String = english
        .iter()
        .map(|part| match part {
            Part::Text(text) => text.replace('`', "'"),
            Part::Variable(name) => format!("{{{name}}}"),
            Part::Choice(choice) => format!("{{{}: …}}", choice.variable),
        })
        .collect();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("#[doc = {:?}]\n#[must_use]\n", format!("`{words}`"))
}

/// A `match` whose arms with equal bodies are one arm.
fn arms(arms: Vec<(String, String)>, selector: &str) -> String {
    let mut merged: Vec<(String, String)> = Vec::new();
    for (pattern, body) in arms {
        match merged.iter_mut().find(|(_, other)| *other == body) {
            Some((patterns, _)) => {
                patterns.push_str(" | ");
                patterns.push_str(&pattern);
            }
            None => merged.push((pattern, body)),
        }
    }
    let arms: String = merged
        .iter()
        .map(|(pattern, body)| format!("{pattern} => {body},\n"))
        .collect();
    format!("match {selector} {{\n{arms}}}")
}

fn statements(language: Language, pattern: &Pattern, variables: &BTreeMap<String, Kind>) -> String {
    pattern
        .iter()
        .map(|part| match part {
            Part::Text(text) => match text.chars().next().filter(|first| first.len_utf8() == text.len()) {
                Some(only) => format!("out.push({only:?});\n"),
                None => format!("out.push_str({text:?});\n"),
            },
            Part::Variable(name) => match variables.get(name) {
                Some(Kind::Number) => {
                    format!("out.push_str(&crate::number::grouped({}));\n", identifier(name))
                }
                _ => format!("out.push_str({});\n", identifier(name)),
            },
            Part::Choice(choice) => format!("{}\n", selection(language, choice, variables)),
        })
        .collect()
}

/// A chain of conditions, exact numbers first. Neighbours with equal bodies are one branch.
fn selection(language: Language, choice: &Choice, variables: &BTreeMap<String, Kind>) -> String {
    let variable = identifier(&choice.variable);
    let body = |pattern| statements(language, pattern, variables);
    let mut default = String::new();
    let mut numbers = Vec::new();
    let mut words = Vec::new();
    for variant in &choice.variants {
        match &variant.key {
            _ if variant.is_default => default = body(&variant.pattern),
            VariantKey::Number(number) => {
                numbers.push((format!("{variable} == {number}"), body(&variant.pattern)));
            }
            VariantKey::Word(word) if choice.is_plural() => {
                let (language, category) = (language.variant(), capitalised(word));
                let condition = format!("Plural::of({language}, {variable}) == Plural::{category}");
                words.push((condition, body(&variant.pattern)));
            }
            VariantKey::Word(word) => words.push((format!("{variable} == {word:?}"), body(&variant.pattern))),
        }
    }
    let mut branches: Vec<(String, String)> = Vec::new();
    for (condition, body) in numbers.into_iter().chain(words) {
        match branches.last_mut() {
            Some((conditions, last)) if *last == body => {
                conditions.push_str(" || ");
                conditions.push_str(&condition);
            }
            _ => branches.push((condition, body)),
        }
    }
    while branches.pop_if(|(_, body)| *body == default).is_some() {}
    if branches.is_empty() {
        return default;
    }
    let chain: Vec<String> = branches
        .iter()
        .map(|(condition, body)| format!("if {condition} {{\n{body}}}"))
        .collect();
    let last = if default.is_empty() {
        String::new()
    } else {
        format!(" else {{\n{default}}}")
    };
    format!("{}{last}", chain.join(" else "))
}

fn refusal_lookup(messages: &[Message]) -> String {
    let keys: Vec<&str> = messages
        .iter()
        .map(|it| it.key.as_str())
        .filter(|key| !key.contains('.'))
        .collect();
    let codes: Vec<String> = keys.iter().map(|key| key.replace('-', ".")).collect();
    let list: String = codes.iter().map(|code| format!("{code:?}, ")).collect();
    let arms: String = keys.iter().zip(&codes).map(|(key, code)| {
        let name = rust_name(key);
        format!("{code:?} => crate::Words {{ what: {name}(lang), why: {name}_why(lang), now: {name}_now(lang) }}, ")
    }).collect();
    format!(
        "/// Every code that has words here.\npub const CODES: &[&str] = &[{list}];\n\
         /// The words of a refusal.\n#[must_use]\n\
         pub fn by_code(lang: Lang, code: &str) -> Option<crate::Words> {{\nSome(match code {{\n{arms}_ => return None,\n}})\n}}\n"
    )
}

fn text(pattern: &Pattern) -> String {
    pattern
        .iter()
        .map(|part| {
            if let Part::Text(text) = part {
                text.as_str()
            } else {
                ""
            }
        })
        .collect()
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

fn identifier(name: &str) -> String {
    const KEYWORDS: [&str; 38] = [
        "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
        "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
        "match", "mod", "move", "mut", "override", "pub", "ref", "return", "static", "struct", "trait",
        "true", "try", "type",
    ];
    if KEYWORDS.contains(&name) {
        format!("r#{name}")
    } else {
        name.to_owned()
    }
}
