//! The consent that a person is asked for (`permissions`): which data, for what, and for how long.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value, json};

/// One kind of consent, as it is registered for our system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// Its name in ESIA.
    pub name: String,
    /// Who answers for the data (`responsibleObject`).
    pub responsible: Option<String>,
    /// How long the consent holds, in minutes (`expire`).
    pub minutes: Option<u32>,
    /// What may be done with the data.
    pub actions: Vec<String>,
    /// What for.
    pub purposes: Vec<String>,
    /// Which data.
    pub scopes: Vec<String>,
}

/// The parameter: a JSON array in base64url without padding; nothing where no consent is asked for.
pub(super) fn parameter(permissions: &[Permission]) -> Option<String> {
    let all: Vec<Value> = permissions.iter().map(Permission::json).collect();
    (!all.is_empty()).then(|| BASE64URL_NOPAD.encode(Value::from(all).to_string().as_bytes()))
}

impl Permission {
    fn json(&self) -> Value {
        let mut said = Map::from_iter([("sysname".to_owned(), json!(self.name))]);
        if let Some(responsible) = &self.responsible {
            said.insert("responsibleObject".to_owned(), json!(responsible));
        }
        if let Some(minutes) = self.minutes {
            said.insert("expire".to_owned(), json!(minutes));
        }
        let lists = [
            ("actions", &self.actions),
            ("purposes", &self.purposes),
            ("scopes", &self.scopes),
        ];
        for (key, names) in lists {
            let named = names.iter().map(|name| json!({ "sysname": name }));
            said.insert(key.to_owned(), named.collect());
        }
        Value::Object(said)
    }
}
