//! Russia: subject attributes of qualified certificates (RFC 9215 §5, order of the FSB 795).

use super::{OrganisationId, PersonId, PersonName, Subject, check, digits};
use crate::asn1::{Oid, oids};
use crate::name::Name;

pub(super) fn read(subject: Name<'_>) -> Subject {
    let number = |oid: Oid<'_>, length| subject.only(oid).filter(|text| digits(text, length));
    let mut person_ids = Vec::new();
    let mut organisation_ids = Vec::new();
    if let Some(snils) = number(oids::SNILS, 11) {
        person_ids.push(PersonId::new("RU", "SNILS", &snils));
    }
    if let Some(inn) = number(oids::INN, 12) {
        // no person's number begins so: older certificates hold the ten digits of the organisation here, after zeros
        match inn.strip_prefix("00") {
            None => person_ids.push(PersonId::new("RU", "INN", &inn)),
            Some(organisation) if check::inn(organisation).is_ok() => {
                organisation_ids.push(OrganisationId::new("RU", "INNLE", organisation));
            }
            Some(_) => {}
        }
    }
    if let Some(ogrnip) = number(oids::OGRNIP, 15) {
        person_ids.push(PersonId::new("RU", "OGRNIP", &ogrnip));
    }
    if let Some(ogrn) = number(oids::OGRN, 13) {
        organisation_ids.push(OrganisationId::new("RU", "OGRN", &ogrn));
    }
    if let Some(inn) = number(oids::INNLE, 10) {
        let inn = OrganisationId::new("RU", "INNLE", &inn);
        if !organisation_ids.contains(&inn) {
            organisation_ids.push(inn);
        }
    }
    Subject {
        name: name(subject),
        person_ids,
        organisation: subject.first(oids::ORGANIZATION),
        organisation_ids,
    }
}

/// The attribute "given name" holds given name and patronymic.
fn name(subject: Name<'_>) -> PersonName {
    let surname = subject.first(oids::SURNAME);
    let given = subject.first(oids::GIVEN_NAME);
    let (given_name, patronymic) = match given.as_deref().and_then(|given| given.split_once(' ')) {
        Some((given, patronymic)) => (Some(given.to_owned()), Some(patronymic.trim().to_owned())),
        None => (given.clone(), None),
    };
    let full = match (&surname, &given) {
        (Some(surname), Some(given)) => format!("{surname} {given}"),
        _ => subject.common_name().unwrap_or_default(),
    };
    PersonName {
        surname,
        given_name,
        patronymic,
        full,
    }
}
