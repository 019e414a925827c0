//! No national rules: names as RFC 5280 means them, identifiers in the semantics of ETSI EN 319 412-1 where they have
//! that form.

use super::{PersonId, PersonName, Role, Subject, eidas};
use crate::asn1::oids;
use crate::certificate::Certificate;

pub(super) fn read(certificate: &Certificate) -> Subject {
    let subject = certificate.subject();
    let person_id = subject
        .only(oids::SERIAL_NUMBER)
        .filter(|text| eidas::is_plain(text))
        .map(|text| eidas::person_id(&text).unwrap_or_else(|| PersonId::new("XX", "SERIAL", &text)));
    let organisation_id = subject
        .only(oids::ORGANIZATION_IDENTIFIER)
        .and_then(|text| eidas::organisation_id(&text));
    let organisation = subject.first(oids::ORGANIZATION);
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
    let is_person = surname.is_some() || person_id.is_some();
    let role = if organisation.is_some() {
        Role::Affiliated
    } else {
        Role::Person
    };
    Subject {
        role: is_person.then_some(role),
        name: PersonName {
            surname,
            given_name,
            patronymic: None,
            full,
        },
        person_ids: person_id.into_iter().collect(),
        organisation,
        organisation_ids: organisation_id.into_iter().collect(),
        title: subject.first(oids::TITLE),
        ..Subject::default()
    }
}
