//! Outside providers of identities, as the domain knows them: a name, a label, and whether they are switched on.
//!
//! How a provider is spoken to is nobody's business here. Whether it may be used is read anew in every transaction
//! that would open a session or make a link (threats, LNK-9).

mod store;
mod switch;

use db::Tx;
use serde::{Deserialize, Serialize};

use crate::account::Language;
use crate::{Demand, Failure, Rules};

pub use switch::{Lockout, Off, disable, enable, list_off, lockout};

/// The name of a provider in the configuration and in addresses: `[a-z0-9-]{1,32}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProviderKey(String);

/// Not a name that a provider can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a provider's name has 1 to 32 letters a to z, digits and hyphens")]
pub struct NotAProviderKey;

impl ProviderKey {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for ProviderKey {
    type Err = NotAProviderKey;

    fn from_str(text: &str) -> Result<Self, NotAProviderKey> {
        Self::try_from(text.to_owned())
    }
}

impl TryFrom<String> for ProviderKey {
    type Error = NotAProviderKey;

    fn try_from(text: String) -> Result<Self, NotAProviderKey> {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if (1..=32).contains(&text.len()) && text.bytes().all(fits) {
            Ok(Self(text))
        } else {
            Err(NotAProviderKey)
        }
    }
}

impl From<ProviderKey> for String {
    fn from(key: ProviderKey) -> Self {
        key.0
    }
}

impl std::fmt::Display for ProviderKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl db::Encode for ProviderKey {
    const KIND: db::Kind = db::Kind::Text;

    fn encode(&self) -> db::Value<'_> {
        db::Value::Text(&self.0)
    }
}

impl db::Decode for ProviderKey {
    fn decode(value: db::Value<'_>) -> Result<Self, db::Mismatch> {
        let text = String::decode(value)?;
        Self::try_from(text).map_err(|NotAProviderKey| db::Mismatch::expected("the name of a provider"))
    }
}

/// What use cases must know of a provider.
#[derive(Clone, Debug)]
pub struct ProviderRules {
    /// Its name.
    pub key: ProviderKey,
    /// What people call it.
    pub label: ProviderLabel,
    /// Whether a person can be asked to prove themselves there anew, and the answer says when they did: only then is
    /// it worth a step-up.
    pub proves_anew: bool,
    /// Where people enter through it.
    pub offered: Offered,
    /// Of whom a second factor is asked after it.
    pub demand: Demand,
}

/// Where people enter through a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offered {
    /// Everywhere.
    Everywhere,
    /// At the pages of organisations that offer it, and nowhere else.
    ByOrganisation,
}

/// What people call a provider, in their language.
#[derive(Clone, Debug)]
pub struct ProviderLabel {
    /// In Russian.
    pub ru: String,
    /// In Kazakh.
    pub kk: String,
    /// In English.
    pub en: String,
}

impl ProviderLabel {
    /// The label for a reader of this language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Ru => &self.ru,
            Language::Kk => &self.kk,
            Language::En => &self.en,
        }
    }
}

impl Rules {
    /// The provider of this name, if it is configured.
    pub fn provider(&self, key: &ProviderKey) -> Option<&ProviderRules> {
        self.providers.iter().find(|provider| provider.key == *key)
    }

    /// What people call a provider; one that is no longer configured has only its name.
    pub fn provider_label<'a>(&'a self, key: &'a ProviderKey, language: Language) -> &'a str {
        self.provider(key)
            .map_or(key.as_str(), |provider| provider.label.get(language))
    }
}

/// Whether a provider may be used now: it is configured, and nobody switched it off.
pub fn is_on(tx: &mut Tx<'_>, rules: &Rules, key: &ProviderKey) -> Result<bool, Failure> {
    Ok(rules.provider(key).is_some() && store::find_off(tx, key)?.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_plain_enough_for_an_address() {
        for good in ["gosuslugi", "esia-test", "p1", &"a".repeat(32)] {
            assert_eq!(good.parse::<ProviderKey>().unwrap().as_str(), good);
        }
        for bad in ["", "Esia", "a b", "a/b", "../x", "é", &"a".repeat(33)] {
            assert_eq!(bad.parse::<ProviderKey>(), Err(NotAProviderKey), "{bad}");
        }
    }
}
