//! Kazakhstan: subject fields as issued by НУЦ РК.

use super::{OrganisationId, PersonId, PersonName, Subject, digits};
use crate::asn1::oids;
use crate::name::Name;

pub(super) fn read(subject: Name<'_>) -> Subject {
    let number = |oid, prefix| {
        let text = subject.only(oid)?;
        let number = text.strip_prefix(prefix)?;
        digits(number, 12).then(|| number.to_owned())
    };
    Subject {
        name: name(subject),
        person_ids: number(oids::SERIAL_NUMBER, "IIN")
            .map(|iin| PersonId::new("KZ", "IIN", &iin))
            .into_iter()
            .collect(),
        organisation: subject.first(oids::ORGANIZATION),
        organisation_ids: number(oids::ORGANIZATIONAL_UNIT, "BIN")
            .or_else(|| number(oids::SERIAL_NUMBER, "BIN"))
            .map(|bin| OrganisationId::new("KZ", "BIN", &bin))
            .into_iter()
            .collect(),
    }
}

/// CN is surname and given name; the attribute "given name" holds the patronymic.
fn name(subject: Name<'_>) -> PersonName {
    let common = subject.common_name().unwrap_or_default();
    let surname = subject.first(oids::SURNAME);
    let patronymic = subject.first(oids::GIVEN_NAME);
    let given_name = surname
        .as_deref()
        .and_then(|surname| common.strip_prefix(surname))
        .and_then(|rest| rest.strip_prefix(' '))
        .map(|rest| rest.trim().to_owned())
        .filter(|rest| !rest.is_empty());
    let full = match &patronymic {
        Some(patronymic) => format!("{common} {patronymic}"),
        None => common,
    };
    PersonName {
        surname,
        given_name,
        patronymic,
        full,
    }
}
