//! Reads one Fluent file: parses it, resolves references and terms, and finds what is wrong within it.

use std::collections::BTreeMap;

use fluent_syntax::ast::{self, Entry, Expression, InlineExpression, PatternElement};
use fluent_syntax::parser::{self, ParserError};
use fluent_syntax::unicode::unescape_unicode_to_string;

use super::message::{Catalogue, Choice, Part, Pattern, Variant, VariantKey, choices};
use super::{Language, Problem, Source};

/// The file's messages and everything wrong with them. `terms` is the text of `terms.ftl`.
pub(crate) fn file(source: &Source, terms: &str) -> (Catalogue, Vec<Problem>) {
    let mut reader = Reader {
        source,
        patterns: BTreeMap::new(),
        problems: Vec::new(),
    };
    for entry in parse(terms, |_| {}) {
        if let Entry::Term(term) = entry {
            reader.patterns.insert(format!("-{}", term.id.name), term.value);
        }
    }
    let mut errors = Vec::new();
    for entry in parse(&source.ftl, |error| errors.push(error)) {
        reader.add(entry);
    }
    for error in errors {
        let line = source
            .ftl
            .get(..error.pos.start)
            .unwrap_or_default()
            .matches('\n')
            .count()
            + 1;
        reader.problem(None, format!("line {line}: {error}"));
    }
    reader.finish()
}

fn parse(ftl: &str, mut error: impl FnMut(ParserError)) -> Vec<Entry<&str>> {
    match parser::parse(ftl) {
        Ok(resource) => resource.body,
        Err((resource, errors)) => {
            errors.into_iter().for_each(&mut error);
            resource.body
        }
    }
}

struct Reader<'s> {
    source: &'s Source,
    /// Messages and attributes by key, terms with their dash.
    patterns: BTreeMap<String, ast::Pattern<&'s str>>,
    problems: Vec<Problem>,
}

impl<'s> Reader<'s> {
    fn add(&mut self, entry: Entry<&'s str>) {
        match entry {
            Entry::Message(message) => {
                let id = message.id.name;
                if let Some(value) = message.value {
                    self.define(id.to_owned(), value);
                }
                for attribute in message.attributes {
                    self.define(format!("{id}.{}", attribute.id.name), attribute.value);
                }
            }
            Entry::Term(term) if self.source.capability == super::TERMS => {
                self.patterns.insert(format!("-{}", term.id.name), term.value);
            }
            Entry::Term(term) => self.define(format!("-{}", term.id.name), term.value),
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) | Entry::Junk { .. } => {}
        }
    }

    fn define(&mut self, key: String, pattern: ast::Pattern<&'s str>) {
        let taken = self
            .patterns
            .keys()
            .find(|other| rust_name(other) == rust_name(&key));
        if let Some(other) = taken.cloned() {
            let what = if other == key {
                "is there twice".to_owned()
            } else {
                format!("collides with `{other}`")
            };
            self.problem(Some(&key), what);
        }
        self.patterns.insert(key, pattern);
    }

    fn problem(&mut self, key: Option<&str>, what: impl Into<String>) {
        let Source {
            language, capability, ..
        } = self.source;
        self.problems.push(Problem::new(*language, capability, key, what));
    }

    fn finish(mut self) -> (Catalogue, Vec<Problem>) {
        let mut catalogue = Catalogue::new();
        let keys: Vec<String> = self
            .patterns
            .keys()
            .filter(|key| !key.starts_with('-'))
            .cloned()
            .collect();
        for key in keys {
            match self.resolve(&key, &mut Vec::new()) {
                Ok(pattern) => {
                    for what in choices(&pattern)
                        .into_iter()
                        .filter_map(|it| incomplete(self.source.language, it))
                    {
                        self.problem(Some(&key), what);
                    }
                    catalogue.insert(key, pattern);
                }
                Err(what) => self.problem(Some(&key), what),
            }
        }
        (catalogue, self.problems)
    }

    fn resolve(&self, key: &str, path: &mut Vec<String>) -> Result<Pattern, String> {
        if path.iter().any(|earlier| earlier == key) {
            return Err(format!("refers to itself through `{key}`"));
        }
        let pattern = self
            .patterns
            .get(key)
            .ok_or_else(|| format!("refers to `{key}`, which is not there"))?;
        path.push(key.to_owned());
        let resolved = self.pattern(pattern, path)?;
        path.pop();
        Ok(resolved)
    }

    fn pattern(&self, pattern: &ast::Pattern<&str>, path: &mut Vec<String>) -> Result<Pattern, String> {
        let mut parts = Pattern::new();
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => push(&mut parts, Part::Text((*value).to_owned())),
                PatternElement::Placeable { expression } => {
                    self.expression(expression, path)?
                        .into_iter()
                        .for_each(|part| push(&mut parts, part));
                }
            }
        }
        Ok(parts)
    }

    fn expression(&self, expression: &Expression<&str>, path: &mut Vec<String>) -> Result<Pattern, String> {
        let (selector, variants) = match expression {
            Expression::Inline(inline) => return self.inline(inline, path),
            Expression::Select { selector, variants } => (selector, variants),
        };
        let InlineExpression::VariableReference { id } = selector else {
            return Err("a selector must be a variable".to_owned());
        };
        let variants = variants.iter().map(|variant| {
            let key = match variant.key {
                ast::VariantKey::Identifier { name } => VariantKey::Word(name.to_owned()),
                ast::VariantKey::NumberLiteral { value } => VariantKey::Number(
                    value
                        .parse()
                        .map_err(|_| format!("[{value}] is not a whole number"))?,
                ),
            };
            Ok(Variant {
                key,
                is_default: variant.default,
                pattern: self.pattern(&variant.value, path)?,
            })
        });
        let variants = variants.collect::<Result<Vec<Variant>, String>>()?;
        Ok(vec![Part::Choice(Choice {
            variable: variable(id.name)?,
            variants,
        })])
    }

    fn inline(&self, inline: &InlineExpression<&str>, path: &mut Vec<String>) -> Result<Pattern, String> {
        match inline {
            InlineExpression::StringLiteral { value } => {
                Ok(vec![Part::Text(unescape_unicode_to_string(value).into_owned())])
            }
            InlineExpression::NumberLiteral { value } => Ok(vec![Part::Text((*value).to_owned())]),
            InlineExpression::VariableReference { id } => Ok(vec![Part::Variable(variable(id.name)?)]),
            InlineExpression::MessageReference { id, attribute } => {
                let attribute = attribute.as_ref().map(|attribute| format!(".{}", attribute.name));
                self.resolve(&format!("{}{}", id.name, attribute.unwrap_or_default()), path)
            }
            InlineExpression::TermReference {
                id,
                attribute: None,
                arguments: None,
            } => self.resolve(&format!("-{}", id.name), path),
            InlineExpression::TermReference { id, .. } => Err(format!(
                "`-{}`: attributes and arguments of terms are not supported",
                id.name
            )),
            InlineExpression::FunctionReference { id, .. } => Err(format!(
                "the function {} is not supported: format the value before",
                id.name
            )),
            InlineExpression::Placeable { expression } => self.expression(expression, path),
        }
    }
}

/// The name of the function that a key becomes.
pub(crate) fn rust_name(key: &str) -> String {
    key.replace(['-', '.'], "_").to_lowercase()
}

fn variable(name: &str) -> Result<String, String> {
    let name = rust_name(name);
    if matches!(name.as_str(), "lang" | "out") {
        return Err(format!(
            "the variable ${name} needs another name: the generated function uses this one"
        ));
    }
    Ok(name)
}

fn push(parts: &mut Pattern, part: Part) {
    if let (Some(Part::Text(text)), Part::Text(more)) = (parts.last_mut(), &part) {
        text.push_str(more);
    } else {
        parts.push(part);
    }
}

fn incomplete(language: Language, choice: &Choice) -> Option<String> {
    if !choice.is_plural() {
        return None;
    }
    let has = |category: &str| {
        choice
            .variants
            .iter()
            .any(|variant| matches!(&variant.key, VariantKey::Word(word) if word == category))
    };
    let missing: Vec<&str> = language
        .plural_categories()
        .iter()
        .copied()
        .filter(|it| !has(it))
        .collect();
    if missing.is_empty() {
        return None;
    }
    Some(format!(
        "${} lacks the plural form [{}]",
        choice.variable,
        missing.join("], [")
    ))
}
