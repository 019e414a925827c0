//! No national rules: names as RFC 5280 means them, identifiers in the semantics of ETSI EN 319 412-1 §5.1.3 and §5.1.4.

use super::{OrganisationId, PersonId, PersonName, Subject, is_assigned};
use crate::asn1::oids;
use crate::name::Name;

pub(super) fn read(subject: Name<'_>) -> Subject {
    let person_ids = subject
        .only(oids::SERIAL_NUMBER)
        .filter(|text| is_identifier(text))
        .map(
            |text| match semantic(&text, &["PAS", "IDC", "PNO", "TAX", "TIN"]) {
                Some((country, kind, value)) => PersonId::new(country, kind, value),
                None => PersonId::new("XX", "SERIAL", &text),
            },
        );
    let organisation_ids = subject
        .only(oids::ORGANIZATION_IDENTIFIER)
        .filter(|text| is_identifier(text))
        .and_then(|text| {
            let (country, kind, value) = semantic(&text, &["VAT", "NTR", "PSD", "LEI"])?;
            Some(OrganisationId::new(country, kind, value))
        })
        .into_iter()
        .collect();
    let surname = subject.first(oids::SURNAME);
    let given_name = subject.first(oids::GIVEN_NAME);
    let full = subject.common_name().unwrap_or_else(|| {
        [&given_name, &surname]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(" ")
    });
    Subject {
        name: PersonName {
            surname,
            given_name,
            patronymic: None,
            full,
        },
        person_ids: person_ids.into_iter().collect(),
        organisation: subject.first(oids::ORGANIZATION),
        organisation_ids,
    }
}

/// `PNOEE-38001085718` as country, kind and value.
fn semantic<'a>(text: &'a str, kinds: &[&str]) -> Option<(&'a str, &'a str, &'a str)> {
    let (head, value) = text.split_once('-')?;
    let kind = head.get(..3).filter(|kind| kinds.contains(kind))?;
    let country = head.get(3..).filter(|country| country.len() == 2)?;
    let sound = country.bytes().all(|byte| byte.is_ascii_uppercase()) && is_assigned(value);
    sound.then_some((country, kind, value))
}

fn is_identifier(text: &str) -> bool {
    text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_graphic()) && is_assigned(text)
}
