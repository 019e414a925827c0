//! From a document to a [`Config`]: unknown keys are refused with their line and the nearest known one.

use std::collections::BTreeSet;

use serde_ignored::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

use super::document::{line_of, overlaid, span_of};
use super::{Config, EXAMPLE, Problem};

pub(crate) fn parse(toml: &str, name: &str, environment: &[(String, String)]) -> Result<Config, Problem> {
    let document = overlaid(toml, name, environment)?;
    let mut unknown = Vec::new();
    let config = serde_ignored::deserialize(Deserializer::from(document.clone()), |path| {
        unknown.push(segments(&path));
    });
    if let Some(path) = unknown.first() {
        return Err(unknown_key(toml, name, document.get_ref(), path));
    }
    config.map_err(|error| {
        let place = line_of(toml, error.span().filter(|span| !span.is_empty()));
        Problem::new(format!(
            "{name}{place}: {}; see `kabinet config example`",
            error.message()
        ))
    })
}

fn unknown_key(toml: &str, name: &str, document: &DeTable<'_>, path: &[String]) -> Problem {
    let Some((key, section)) = path.split_last() else {
        return Problem::new(format!("{name}: an unknown key"));
    };
    let section: Vec<&str> = section
        .iter()
        .map(String::as_str)
        .filter(|it| it.parse::<usize>().is_err())
        .collect();
    let section = section.join(".");
    let place = match span_of(document, path) {
        Some(span) => format!("{name}{}", line_of(toml, Some(span))),
        None => format!(
            "the environment variable KABINET__{}",
            path.join("__").to_uppercase()
        ),
    };
    let within = if section.is_empty() {
        String::new()
    } else {
        format!(" in [{section}]")
    };
    let advice = match nearest(key, &known_keys(&section)) {
        Some(known) => format!("did you mean `{known}`?"),
        None => "see `kabinet config example`".to_owned(),
    };
    Problem::new(format!("{place}: unknown key `{key}`{within}; {advice}"))
}

fn nearest(key: &str, known: &BTreeSet<String>) -> Option<String> {
    let closest = known
        .iter()
        .min_by_key(|candidate| strsim::damerau_levenshtein(candidate, key))?;
    (strsim::damerau_levenshtein(closest, key) <= key.len() / 3 + 1).then(|| closest.clone())
}

/// The keys of a section, read from the example with its optional keys switched on.
fn known_keys(section: &str) -> BTreeSet<String> {
    let whole = whole_example();
    let Ok(document) = DeTable::parse(&whole) else {
        return BTreeSet::new();
    };
    let mut table = document.into_inner();
    for name in section.split('.').filter(|name| !name.is_empty()) {
        table = match table.remove(name).map(Spanned::into_inner) {
            Some(DeValue::Table(inner)) => inner,
            Some(DeValue::Array(items)) => match items.into_iter().next().map(Spanned::into_inner) {
                Some(DeValue::Table(inner)) => inner,
                _ => return BTreeSet::new(),
            },
            _ => return BTreeSet::new(),
        };
    }
    table.keys().map(|key| key.get_ref().to_string()).collect()
}

/// The example with every optional key switched on: prose has a space after its `#`, keys have none.
pub(crate) fn whole_example() -> String {
    let lines = EXAMPLE.lines().map(|line| match line.strip_prefix('#') {
        Some(key) if key.starts_with(|first: char| first.is_ascii_lowercase() || first == '[') => key,
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn segments(path: &Path<'_>) -> Vec<String> {
    match path {
        Path::Root => Vec::new(),
        Path::Seq { parent, index } => with(parent, index.to_string()),
        Path::Map { parent, key } => with(parent, key.clone()),
        Path::Some { parent } | Path::NewtypeStruct { parent } | Path::NewtypeVariant { parent } => {
            segments(parent)
        }
    }
}

fn with(parent: &Path<'_>, last: String) -> Vec<String> {
    let mut path = segments(parent);
    path.push(last);
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(toml: &str, environment: &[(&str, &str)]) -> String {
        let environment: Vec<(String, String)> = environment
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        parse(toml, "kabinet.toml", &environment).unwrap_err().to_string()
    }

    #[test]
    fn the_example_is_a_valid_configuration() {
        parse(EXAMPLE, "example.toml", &[]).unwrap();
    }

    #[test]
    fn every_optional_key_of_the_example_is_known() {
        parse(&whole_example(), "example.toml", &[]).unwrap();
    }

    #[test]
    fn an_unknown_key_is_refused_with_line_and_suggestion() {
        let toml = EXAMPLE.replace("listen = \"127", "lisen = \"127");
        assert_eq!(
            refused(&toml, &[]),
            "kabinet.toml:6: unknown key `lisen` in [server]; did you mean `listen`?"
        );
    }

    #[test]
    fn an_unknown_key_of_a_group_is_refused_with_line_and_suggestion() {
        let toml = format!("{EXAMPLE}revokation = \"required\"\n");
        let line = EXAMPLE.lines().count() + 1;
        assert_eq!(
            refused(&toml, &[]),
            format!(
                "kabinet.toml:{line}: unknown key `revokation` in [anchor_group]; did you mean `revocation`?"
            )
        );
    }

    #[test]
    fn an_unknown_variable_is_refused_by_its_name() {
        assert_eq!(
            refused(EXAMPLE, &[("KABINET__SERVER__LISEN", "127.0.0.1:1")]),
            "the environment variable KABINET__SERVER__LISEN: unknown key `lisen` in [server]; did you mean `listen`?"
        );
        assert!(refused(EXAMPLE, &[("KABINET__SERVER__LISTEN__X", "1")]).contains("names no key"));
    }

    #[test]
    fn a_wrong_value_is_refused_with_its_line() {
        let toml = EXAMPLE.replace("\"127.0.0.1:8080\"", "\"everywhere\"");
        assert!(
            refused(&toml, &[]).starts_with("kabinet.toml:6: invalid socket address"),
            "{}",
            refused(&toml, &[])
        );
    }

    #[test]
    fn broken_toml_is_refused_with_its_line() {
        assert!(refused("[server]\nlisten = \n", &[]).starts_with("kabinet.toml:2: "));
    }

    #[test]
    fn the_environment_is_on_top() {
        let variables = [
            ("KABINET__SERVER__LISTEN".to_owned(), "0.0.0.0:9000".to_owned()),
            ("KABINET__SESSIONS__IDLE_MINUTES".to_owned(), "15".to_owned()),
        ];
        let config = parse(EXAMPLE, "example.toml", &variables).unwrap();
        assert_eq!(config.server.listen.port(), 9000);
        assert_eq!(config.sessions.idle_minutes, 15);
    }
}
