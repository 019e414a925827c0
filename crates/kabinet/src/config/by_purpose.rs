//! What may differ between signing in and signing documents.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, IntoDeserializer, MapAccess, Visitor};

/// Written as one word for both, or as a table with a word for each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct ByPurpose<T> {
    pub(crate) sign_in: T,
    pub(crate) sign: T,
}

impl<'de, T: Deserialize<'de> + Copy> Deserialize<'de> for ByPurpose<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordOrTable(PhantomData))
    }
}

#[derive(serde::Deserialize)]
struct Table<T> {
    sign_in: T,
    sign: T,
}

struct WordOrTable<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de> + Copy> Visitor<'de> for WordOrTable<T> {
    type Value = ByPurpose<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a word, or a table with `sign_in` and `sign`")
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<Self::Value, E> {
        let both = T::deserialize(word.to_owned().into_deserializer())?;
        Ok(ByPurpose {
            sign_in: both,
            sign: both,
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let Table { sign_in, sign } = Table::deserialize(MapAccessDeserializer::new(map))?;
        Ok(ByPurpose { sign_in, sign })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::sections::{Revocation, UnknownStatus};
    use crate::config::{EXAMPLE, read};

    const REVOCATION: &str = "revocation = \"required\"";

    fn parsed(lines: &str) -> Result<(ByPurpose<Revocation>, ByPurpose<UnknownStatus>), String> {
        let config = read::parse(&EXAMPLE.replace(REVOCATION, lines), "kabinet.toml", &[]);
        let group = config
            .map_err(|problem| problem.to_string())?
            .anchor_group
            .remove(0);
        Ok((group.revocation, group.unknown_status))
    }

    fn both<T: Copy>(word: T) -> ByPurpose<T> {
        ByPurpose {
            sign_in: word,
            sign: word,
        }
    }

    #[test]
    fn net_4_one_word_is_for_both_and_a_table_tells_them_apart() {
        assert_eq!(
            parsed(REVOCATION),
            Ok((both(Revocation::Required), both(UnknownStatus::Refuse)))
        );
        assert_eq!(
            parsed("revocation = \"not-asked\"\nunknown_status = \"allow\""),
            Ok((both(Revocation::NotAsked), both(UnknownStatus::Allow)))
        );
        assert_eq!(
            parsed(
                "revocation = { sign_in = \"not-asked\", sign = \"required\" }\n\
                 unknown_status = { sign_in = \"allow\", sign = \"refuse\" }"
            ),
            Ok((
                ByPurpose {
                    sign_in: Revocation::NotAsked,
                    sign: Revocation::Required,
                },
                ByPurpose {
                    sign_in: UnknownStatus::Allow,
                    sign: UnknownStatus::Refuse,
                },
            ))
        );
    }

    #[test]
    fn a_mistake_in_a_table_is_told_with_its_line() {
        let line = EXAMPLE.lines().position(|line| line == REVOCATION).unwrap() + 2;
        for (table, why) in [
            (
                "{ sign_in = \"allow\", sign = \"refuse\", sing = \"refuse\" }",
                "unknown key `sing` in [anchor_group.unknown_status]; did you mean `sign`?",
            ),
            ("{ sign_in = \"allow\" }", "missing field `sign`"),
            (
                "{ sign_in = \"alow\", sign = \"refuse\" }",
                "unknown variant `alow`",
            ),
            ("\"alow\"", "unknown variant `alow`"),
            ("true", "expected a word, or a table with `sign_in` and `sign`"),
        ] {
            let refused = parsed(&format!("{REVOCATION}\nunknown_status = {table}")).unwrap_err();
            assert!(
                refused.starts_with(&format!("kabinet.toml:{line}: ")),
                "{refused}"
            );
            assert!(refused.contains(why), "{refused}");
        }
    }
}
