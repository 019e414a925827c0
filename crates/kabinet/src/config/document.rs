//! The TOML document with the environment laid over it, and the place of each key.

use std::borrow::Cow;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Problem;

/// `KABINET__SERVER__LISTEN` is `listen` in `[server]`.
pub(crate) const PREFIX: &str = "KABINET__";

pub(crate) type Document<'d> = Spanned<DeTable<'d>>;

/// Parses the file and puts the environment's values over it.
pub(crate) fn overlaid<'d>(
    toml: &'d str,
    name: &str,
    environment: &'d [(String, String)],
) -> Result<Document<'d>, Problem> {
    let mut document = DeTable::parse(toml).map_err(|error| {
        Problem::new(format!(
            "{name}{}: {}",
            line_of(toml, error.span()),
            error.message()
        ))
    })?;
    for (variable, value) in environment {
        let path = variable.strip_prefix(PREFIX).unwrap_or_default().to_lowercase();
        let path: Vec<&str> = path.split("__").collect();
        set(document.get_mut(), &path, value).ok_or_else(|| {
            Problem::new(format!(
                "the environment variable {variable} names no key of a section"
            ))
        })?;
    }
    Ok(document)
}

/// `:12`, or nothing where the place is unknown.
pub(crate) fn line_of(toml: &str, span: Option<std::ops::Range<usize>>) -> String {
    match span.and_then(|span| toml.get(..span.start)) {
        Some(before) => format!(":{}", before.matches('\n').count() + 1),
        None => String::new(),
    }
}

/// The place of a key given by its path; `None` where it came from the environment.
pub(crate) fn span_of(table: &DeTable<'_>, path: &[String]) -> Option<std::ops::Range<usize>> {
    let (first, rest) = path.split_first()?;
    let (key, value) = table
        .iter()
        .find(|(key, _)| key.get_ref().as_ref() == first.as_str())?;
    if rest.is_empty() {
        return Some(key.span()).filter(|span| !span.is_empty());
    }
    span_in(value.get_ref(), rest)
}

fn span_in(value: &DeValue<'_>, path: &[String]) -> Option<std::ops::Range<usize>> {
    match value {
        DeValue::Table(table) => span_of(table, path),
        DeValue::Array(items) => {
            let (index, rest) = path.split_first()?;
            span_in(items.get(index.parse::<usize>().ok()?)?.get_ref(), rest)
        }
        _ => None,
    }
}

fn set<'d>(table: &mut DeTable<'d>, path: &[&str], value: &'d str) -> Option<()> {
    let (first, rest) = path.split_first().filter(|(first, _)| !first.is_empty())?;
    let key = Spanned::new(0..0, Cow::Owned((*first).to_owned()));
    if rest.is_empty() {
        table.remove(*first);
        table.insert(key, Spanned::new(0..0, value_of(value)));
        return Some(());
    }
    let section = table
        .entry(key)
        .or_insert_with(|| Spanned::new(0..0, DeValue::Table(DeTable::new())));
    match section.get_mut() {
        DeValue::Table(section) => set(section, rest, value),
        _ => None,
    }
}

/// Numbers, truth values and lists are written as in TOML; everything else is the text itself.
fn value_of(text: &str) -> DeValue<'_> {
    match DeValue::parse(text).map(Spanned::into_inner) {
        Ok(value @ (DeValue::Integer(_) | DeValue::Boolean(_) | DeValue::Array(_) | DeValue::String(_))) => {
            value
        }
        _ => DeValue::String(Cow::Borrowed(text)),
    }
}
