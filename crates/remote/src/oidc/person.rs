//! From a provider's claims to ours. The ID token's word goes before that of userinfo.

use std::collections::BTreeMap;

use esign::profile::{PersonId, PersonIdKind};
use serde_json::{Map, Value};

use super::ClaimMapping;
use crate::provider::{ClaimedContact, ClaimedName, ContactKind, ProviderFailure};

/// Longer texts are not names, addresses or numbers.
const MAX_LENGTH: usize = 256;

/// What a provider said, in the order in which it is believed.
pub(crate) struct Said<'a>(pub(crate) [&'a Map<String, Value>; 2]);

impl Said<'_> {
    fn text(&self, claim: &str) -> Option<&str> {
        self.0.iter().find_map(|claims| text(claims, claim))
    }

    pub(crate) fn name(&self, mapping: &ClaimMapping) -> Option<ClaimedName> {
        let part = |claim: &str| self.text(claim).map(str::to_owned);
        match (part(&mapping.surname), part(&mapping.given_name)) {
            (Some(surname), Some(given_name)) => Some(ClaimedName::Parts {
                surname,
                given_name,
                patronymic: part(&mapping.patronymic),
            }),
            _ => part(&mapping.name).map(ClaimedName::Whole),
        }
    }

    /// Whether a contact is verified is read where the contact stands: two sources do not complete each other.
    pub(crate) fn contacts(&self, mapping: &ClaimMapping) -> Vec<ClaimedContact> {
        let contact = |kind, claim: &str| {
            let claims = self.0.iter().find(|claims| text(claims, claim).is_some())?;
            Some(ClaimedContact {
                kind,
                value: text(claims, claim)?.to_owned(),
                is_verified: claims.get(&format!("{claim}_verified")) == Some(&Value::Bool(true)),
            })
        };
        let email = contact(ContactKind::Email, &mapping.email);
        email
            .into_iter()
            .chain(contact(ContactKind::Phone, &mapping.phone))
            .collect()
    }

    /// A number that cannot be one is no reason to go on as if none had been stated.
    pub(crate) fn person_ids(
        &self,
        mapping: &BTreeMap<PersonIdKind, String>,
    ) -> Result<Vec<PersonId>, ProviderFailure> {
        let stated = mapping.iter().filter_map(|(kind, claim)| {
            let claims = self.0.iter().find(|claims| claims.contains_key(claim))?;
            Some((kind, claims.get(claim).and_then(Value::as_str)))
        });
        let read = stated.map(|(kind, value)| {
            let value: String = value
                .unwrap_or_default()
                .chars()
                .filter(|c| !is_between(*c))
                .collect();
            let id = PersonId {
                country: kind.country.clone(),
                kind: kind.kind.clone(),
                value,
            };
            let is_sound = !id.value.is_empty() && id.has_sound_check_digits();
            is_sound
                .then_some(id)
                .ok_or_else(|| ProviderFailure::Unusable(format!("the number {kind} is none")))
        });
        read.collect()
    }
}

/// Russian numbers are written `112-233-445 95`.
const fn is_between(c: char) -> bool {
    matches!(c, ' ' | '-')
}

fn text<'a>(claims: &'a Map<String, Value>, claim: &str) -> Option<&'a str> {
    let text = claims.get(claim)?.as_str()?.trim();
    let is_fit = !text.is_empty() && text.len() <= MAX_LENGTH && !text.chars().any(char::is_control);
    is_fit.then_some(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn contacts(id_token: Value, userinfo: Value) -> Vec<ClaimedContact> {
        let (first, second) = (map(id_token), map(userinfo));
        Said([&first, &second]).contacts(&ClaimMapping::default())
    }

    fn map(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(map) => map,
            _ => Map::new(),
        }
    }

    #[test]
    fn lnk_5_only_the_boolean_true_verifies() {
        for (verified, expected) in [
            (json!(true), true),
            (json!(false), false),
            (json!("true"), false),
            (json!(1), false),
            (Value::Null, false),
        ] {
            let found = contacts(json!({"email": "a@b", "email_verified": verified}), json!({}));
            assert_eq!(found[0].is_verified, expected, "{verified}");
        }
        assert!(!contacts(json!({"email": "a@b"}), json!({}))[0].is_verified);
    }

    #[test]
    fn lnk_5_the_word_on_one_address_does_not_verify_another() {
        let found = contacts(
            json!({"email": "mallory@b"}),
            json!({"email": "alice@b", "email_verified": true}),
        );
        assert_eq!(
            (found[0].value.as_str(), found[0].is_verified),
            ("mallory@b", false)
        );
    }

    #[test]
    fn a_number_that_cannot_be_one_is_refused() {
        let kind: PersonIdKind = "RU:SNILS".parse().unwrap();
        let mapping = BTreeMap::from([(kind, "snils".to_owned())]);
        let nothing = Map::new();
        let ids = |value: Value| Said([&map(json!({"snils": value})), &nothing]).person_ids(&mapping);
        assert_eq!(ids(json!("112-233-445 95")).unwrap()[0].value, "11223344595");
        for wrong in [json!("112-233-445 96"), json!(112), json!(""), Value::Null] {
            assert!(ids(wrong.clone()).is_err(), "{wrong}");
        }
        assert_eq!(Said([&nothing, &nothing]).person_ids(&mapping).unwrap(), []);
    }

    #[test]
    fn crt_9_texts_that_are_no_names_are_left_out() {
        let name = |surname: &str| {
            let claims = map(json!({"family_name": surname, "given_name": "A"}));
            Said([&claims, &Map::new()]).name(&ClaimMapping::default())
        };
        assert!(name("Ковалёва").is_some());
        for wrong in ["", "  ", "a\u{0}b", "a\nb", &"a".repeat(257)] {
            assert_eq!(name(wrong), None, "{wrong:?}");
        }
    }
}
