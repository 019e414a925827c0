//! What ESIA keeps of a person, read by us: names, numbers, contacts, and whether the account is confirmed.

use esign::profile::PersonId;
use serde::Deserialize;

use crate::provider::{ClaimedContact, ClaimedName, ContactKind, ProviderFailure};

/// `/rs/prns/{oid}?embed=(contacts.elements)`
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Person {
    first_name: Option<String>,
    last_name: Option<String>,
    middle_name: Option<String>,
    snils: Option<String>,
    inn: Option<String>,
    #[serde(default)]
    trusted: bool,
    contacts: Option<Contacts>,
}

#[derive(Deserialize)]
struct Contacts {
    #[serde(default)]
    elements: Vec<Contact>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Contact {
    #[serde(rename = "type")]
    kind: String,
    value: Option<String>,
    vrf_stu: Option<String>,
}

impl Person {
    /// Somebody of whom nothing more is said.
    pub(super) fn withheld(trusted: bool) -> Self {
        Self {
            trusted,
            ..Self::default()
        }
    }

    pub(super) fn name(&self) -> Option<ClaimedName> {
        Some(ClaimedName::Parts {
            surname: self.last_name.clone()?,
            given_name: self.first_name.clone()?,
            patronymic: self.middle_name.clone().filter(|name| !name.is_empty()),
        })
    }

    /// `confirmed`: the person proved who they are; `simple`: nobody knows.
    pub(super) const fn assurance(&self) -> &'static str {
        if self.trusted { "confirmed" } else { "simple" }
    }

    /// A number that cannot be one is no reason to go on as if none had been stated.
    pub(super) fn person_ids(&self) -> Result<Vec<PersonId>, ProviderFailure> {
        let stated = [("SNILS", &self.snils), ("INN", &self.inn)];
        let stated = stated
            .into_iter()
            .filter_map(|(kind, value)| Some((kind, value.as_ref()?)));
        let read = stated.map(|(kind, value)| {
            let digits: String = value.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
            let id = PersonId {
                country: "RU".to_owned(),
                kind: kind.to_owned(),
                value: digits,
            };
            let is_sound = id.has_sound_check_digits();
            is_sound
                .then_some(id)
                .ok_or_else(|| ProviderFailure::Unusable(format!("the number {kind} is none")))
        });
        read.collect()
    }

    pub(super) fn contacts(self) -> Vec<ClaimedContact> {
        let elements = self.contacts.map(|contacts| contacts.elements);
        let elements = elements.unwrap_or_default().into_iter();
        elements.filter_map(Contact::claimed).collect()
    }
}

impl Contact {
    /// E-mail and mobile phone; a change that is not proven yet stands in a field of its own and is not read.
    fn claimed(self) -> Option<ClaimedContact> {
        let (kind, value) = match self.kind.as_str() {
            "EML" => (ContactKind::Email, self.value?),
            "MBT" => (ContactKind::Phone, international(&self.value?)),
            _ => return None,
        };
        Some(ClaimedContact {
            kind,
            value,
            is_verified: self.vrf_stu.as_deref() == Some("VERIFIED"),
        })
    }
}

/// `+7(701)1234567` as E.164 has it.
fn international(phone: &str) -> String {
    phone
        .chars()
        .filter(|c| *c == '+' || c.is_ascii_digit())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(json: &str) -> Person {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn lnk_5_only_what_is_verified_counts_and_no_pending_change() {
        let person = person(
            r#"{"contacts": {"elements": [
                {"type": "EML", "value": "a@b.ru", "vrfStu": "NOT_VERIFIED"},
                {"type": "MBT", "value": "+7(916)1234567", "vrfStu": "VERIFIED",
                 "verifyingValue": "+7(999)0000000", "vrfValStu": "VERIFYING"},
                {"type": "PHN", "value": "+7(495)1234567", "vrfStu": "VERIFIED"}
            ]}}"#,
        );
        let contacts: Vec<_> = person
            .contacts()
            .into_iter()
            .map(|it| (it.kind, it.value, it.is_verified))
            .collect();
        assert_eq!(
            contacts,
            [
                (ContactKind::Email, "a@b.ru".to_owned(), false),
                (ContactKind::Phone, "+79161234567".to_owned(), true)
            ]
        );
    }

    #[test]
    fn oidc_8_an_account_that_does_not_say_so_is_not_confirmed() {
        assert_eq!(person("{}").assurance(), "simple");
        assert_eq!(person(r#"{"trusted": true}"#).assurance(), "confirmed");
        assert!(serde_json::from_str::<Person>(r#"{"trusted": "true"}"#).is_err());
    }

    #[test]
    fn numbers_of_russia_are_checked() {
        let ids = person(r#"{"snils": "112-233-445 95", "inn": "500100732259"}"#).person_ids();
        let ids: Vec<String> = ids.unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(ids, ["RU:SNILS:11223344595", "RU:INN:500100732259"]);
        assert!(person(r#"{"snils": "112-233-445 96"}"#).person_ids().is_err());
    }
}
