use db::Timestamp;
use serde::{Deserialize, Serialize};

use crate::account::{Name, PersonId};
use crate::contact::{Slot, Value};
use crate::provider::ProviderKey;

/// Who arrived from a provider, as it stated them. What it may not state is not here any more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arrival {
    /// The provider.
    pub provider: ProviderKey,
    /// `iss`.
    pub issuer: String,
    /// `sub`.
    pub subject: String,
    /// The name; empty where it gives none.
    pub name: Name,
    /// The numbers by which states know the person.
    #[serde(with = "person_ids")]
    pub person_ids: Vec<PersonId>,
    /// Their contacts.
    pub contacts: Vec<StatedContact>,
    /// How sure the provider is of the person, in its own words.
    pub assurance: Option<String>,
    /// When they proved themselves there (`auth_time`).
    pub authenticated_at: Option<Timestamp>,
}

impl Arrival {
    /// Whether nothing but the time of the proof differs.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        Self {
            authenticated_at: other.authenticated_at,
            ..self.clone()
        } == *other
    }
}

/// A contact that a provider states.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct StatedContact {
    /// The address or number.
    pub value: Value,
    /// Whether the provider has verified it, and the operator believes this provider (threats, LNK-5).
    pub is_verified: bool,
}

impl StatedContact {
    /// What it is compared and chosen by.
    pub fn key(&self) -> String {
        self.value.key()
    }
}

/// A contact as it is stored.
#[derive(Serialize, Deserialize)]
struct Written {
    kind: Slot,
    value: String,
    verified: bool,
}

impl TryFrom<Written> for StatedContact {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let value = Value::stored(written.kind, written.value);
        Ok(Self {
            value: value.map_err(|_| "neither an address nor a number")?,
            is_verified: written.verified,
        })
    }
}

impl From<StatedContact> for Written {
    fn from(stated: StatedContact) -> Self {
        Self {
            kind: match stated.value {
                Value::Email(_) => Slot::Email,
                Value::Phone(_) => Slot::Phone,
            },
            value: stated.value.as_str().to_owned(),
            verified: stated.is_verified,
        }
    }
}

/// Person ids as lists of three texts.
pub(in crate::sign_in) mod person_ids {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    use crate::account::PersonId;

    pub(in crate::sign_in) fn serialize<S: Serializer>(
        ids: &[PersonId],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let written: Vec<_> = ids.iter().map(|id| (&id.country, &id.kind, &id.value)).collect();
        written.serialize(serializer)
    }

    pub(in crate::sign_in) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<PersonId>, D::Error> {
        let written: Vec<(String, String, String)> = Vec::deserialize(deserializer)?;
        let id = |(country, kind, value)| PersonId { country, kind, value };
        Ok(written.into_iter().map(id).collect())
    }
}
