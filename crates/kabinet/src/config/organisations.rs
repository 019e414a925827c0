//! Kinds of organisations, and what they offer that have chosen nothing themselves.

use cabinet::OrganisationRules;
use cabinet::organisation::{KindId, Label, Method, OfferedMethods, OrganisationKind};

use super::sections::{LabelEntry, OrganisationKindEntry};
use super::{Config, Problem};

impl Config {
    /// What holds for organisations.
    pub(super) fn organisations(&self) -> Result<OrganisationRules, Problem> {
        let mut rules = OrganisationRules::default();
        if let Some(kinds) = &self.organisations.kinds {
            rules.kinds = kinds.iter().map(kind).collect::<Result<_, _>>()?;
        }
        if let Some(methods) = &self.organisations.methods {
            let methods = methods.iter().map(|word| method(word));
            rules.methods =
                OfferedMethods::new(methods.collect::<Result<Vec<_>, _>>()?).ok_or_else(|| {
                    Problem::new(
                        "[organisations] methods is empty; name at least one way in, or leave the key out",
                    )
                })?;
        }
        Ok(rules)
    }
}

fn kind(entry: &OrganisationKindEntry) -> Result<OrganisationKind, Problem> {
    let OrganisationKindEntry { id, label } = entry;
    let id = KindId::parse(id).ok_or_else(|| {
        Problem::new(format!(
            "[organisations] kinds: \"{id}\" is no id; write small Latin letters, digits and hyphens"
        ))
    })?;
    let LabelEntry { ru, kk, en } = label.clone();
    Ok(OrganisationKind {
        id,
        label: Label { ru, kk, en },
    })
}

fn method(word: &str) -> Result<Method, Problem> {
    Method::parse(word).ok_or_else(|| {
        Problem::new(format!(
            "[organisations] methods: \"{word}\" is none of password, certificate, passkey, provider/ID"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{EXAMPLE, read};

    fn organisations(from: &str, to: &str) -> Result<OrganisationRules, String> {
        let config = read::parse(&EXAMPLE.replace(from, to), "kabinet.toml", &[]).unwrap();
        config.organisations().map_err(|problem| problem.to_string())
    }

    #[test]
    fn b_1_a_the_operator_names_kinds_and_ways_in() {
        let rules = organisations(
            "#methods = [\"password\"",
            "methods = [\"provider/city\", \"password\"",
        )
        .unwrap();
        assert_eq!(
            rules.kinds,
            OrganisationRules::default().kinds,
            "the example names the default"
        );
        assert_eq!(rules.methods.primary().word(), "provider/city");
        for (wrong, why) in [("[]", "is empty"), ("[\"magic\"]", "\"magic\" is none of")] {
            let refused = organisations(
                "#methods = [\"password\", \"certificate\"]",
                &format!("methods = {wrong}"),
            );
            let refused = refused.unwrap_err();
            assert!(refused.contains(why), "{refused}");
        }
        let refused = organisations("id = \"authority\"", "id = \"Власть\"").unwrap_err();
        assert!(refused.contains("is no id"), "{refused}");
    }
}
