//! Kazakhstan: certificates of the national authority, whose object identifiers are registered at root.gov.kz.

use super::{
    AmbiguousSubject, Identification, KeyStorage, OrganisationId, PersonId, PersonName, Role, Subject,
    digits, once,
};
use crate::asn1::{Oid, oids};
use crate::certificate::{Certificate, extension};
use crate::name::Name;

crate::asn1::constants! {
    pub(crate),
    /// policy of keys that serve both signing in and signing: generation B
    POLICY_BOTH = "1.2.398.3.3.2";
    /// where the key is kept, an extension
    KEY_STORAGE = "1.2.398.3.3.5";
    NATURAL_PERSON = "1.2.398.3.3.4.1.1";
    /// information system of a natural person
    PERSONS_SYSTEM = "1.2.398.3.3.4.1.1.1";
    LEGAL_PERSON = "1.2.398.3.3.4.1.2";
    HEAD = "1.2.398.3.3.4.1.2.1";
    SIGNATORY = "1.2.398.3.3.4.1.2.2";
    FINANCIAL_SIGNATORY = "1.2.398.3.3.4.1.2.3";
    HUMAN_RESOURCES = "1.2.398.3.3.4.1.2.4";
    EMPLOYEE = "1.2.398.3.3.4.1.2.5";
    /// information system of a legal person; named systems are below
    LEGAL_PERSONS_SYSTEM = "1.2.398.3.3.4.1.2.6";
    /// administrators, managers and operators of the authority are below
    AUTHORITY_STAFF = "1.2.398.3.3.4.2";
    IDENTIFIED_IN_PERSON = "1.2.398.3.3.4.3.1";
    IDENTIFIED_REMOTELY = "1.2.398.3.3.4.3.2";
    /// client of the treasury: the key is usable there only
    TREASURY_CLIENT = "1.2.398.5.19.1.2.2.1";
    IN_PKCS12 = "1.2.398.3.3.5.1.1";
    IN_JKS = "1.2.398.3.3.5.1.2";
    ON_ID_CARD = "1.2.398.3.3.5.2.1";
    ON_KAZTOKEN = "1.2.398.3.3.5.2.2";
    ON_ETOKEN_JAVA = "1.2.398.3.3.5.2.3";
    ON_ETOKEN_5110 = "1.2.398.3.3.5.2.4";
    ON_JACARTA = "1.2.398.3.3.5.2.5";
    ON_AKEY = "1.2.398.3.3.5.2.6";
    ON_SIM = "1.2.398.3.3.5.2.7";
    IN_CERTEX_CLOUD = "1.2.398.3.3.5.3.1";
}

pub(super) fn read(certificate: &Certificate) -> Result<Subject, AmbiguousSubject> {
    let name = certificate.subject();
    let serial_number = once(name, oids::SERIAL_NUMBER)?;
    let unit = once(name, oids::ORGANIZATIONAL_UNIT)?;
    let organisation = once(name, oids::ORGANIZATION)?;
    let iin = number(serial_number.as_deref(), "IIN");
    // a program of an organisation may bear its number in the place of a person's
    let bin = match (
        number(unit.as_deref(), "BIN"),
        number(serial_number.as_deref(), "BIN"),
    ) {
        (Some(one), Some(other)) if one != other => return Err(AmbiguousSubject),
        (one, other) => one.or(other),
    };
    let purposes = certificate.extended_key_usage().unwrap_or_default();
    Ok(Subject {
        name: person_name(name)?,
        role: role(&purposes, iin.is_some(), bin.is_some() || organisation.is_some()),
        person_ids: iin
            .map(|iin| PersonId::new("KZ", "IIN", iin))
            .into_iter()
            .collect(),
        organisation_ids: bin
            .map(|bin| OrganisationId::new("KZ", "BIN", bin))
            .into_iter()
            .collect(),
        organisation,
        storage: storage(certificate),
        identification: identification(&purposes),
        ..Subject::default()
    })
}

fn number<'a>(text: Option<&'a str>, prefix: &str) -> Option<&'a str> {
    text?.strip_prefix(prefix).filter(|number| digits(number, 12))
}

/// CN is surname and given name; the attribute "given name" holds the patronymic.
fn person_name(subject: Name<'_>) -> Result<PersonName, AmbiguousSubject> {
    let common = once(subject, oids::COMMON_NAME)?.unwrap_or_default();
    let surname = once(subject, oids::SURNAME)?;
    let patronymic = once(subject, oids::GIVEN_NAME)?;
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
    Ok(PersonName {
        surname,
        given_name,
        patronymic,
        full,
    })
}

/// The narrowest capacity wins: a key of a program is no person's, whatever else it states.
fn role(purposes: &[Oid<'_>], states_person: bool, states_organisation: bool) -> Option<Role> {
    const IN_ORGANISATION: [(Oid<'static>, Role); 5] = [
        (HEAD, Role::Head),
        (SIGNATORY, Role::Signatory),
        (FINANCIAL_SIGNATORY, Role::FinancialSignatory),
        (HUMAN_RESOURCES, Role::HumanResources),
        (EMPLOYEE, Role::Employee),
    ];
    let has = |wanted: Oid<'_>| purposes.contains(&wanted);
    let has_below = |root: Oid<'_>| purposes.iter().any(|purpose| purpose.is_at_or_below(root));
    if has_below(PERSONS_SYSTEM) || has_below(LEGAL_PERSONS_SYSTEM) {
        return Some(Role::InformationSystem);
    }
    if has_below(AUTHORITY_STAFF) {
        return Some(Role::AuthorityStaff);
    }
    if has(TREASURY_CLIENT) {
        return Some(Role::Restricted);
    }
    match (has(NATURAL_PERSON), has_below(LEGAL_PERSON)) {
        (true, true) => None,
        (true, false) => Some(Role::Person),
        (false, true) => Some(
            IN_ORGANISATION
                .iter()
                .find(|(stated, _)| has(*stated))
                .map_or_else(|| unstated(states_person, true), |(_, role)| *role),
        ),
        (false, false) => Some(unstated(states_person, states_organisation)),
    }
}

const fn unstated(states_person: bool, states_organisation: bool) -> Role {
    match (states_person, states_organisation) {
        (true, true) => Role::Affiliated,
        (false, true) => Role::Organisation,
        (_, false) => Role::Person,
    }
}

fn storage(certificate: &Certificate) -> Option<KeyStorage> {
    let stated = extension::identifiers(certificate.extension(KEY_STORAGE)?.value).ok()?;
    let [place] = stated.as_slice() else { return None };
    Some(match *place {
        IN_PKCS12 => KeyStorage::File,
        IN_JKS => KeyStorage::JavaKeyStore,
        ON_ID_CARD => KeyStorage::IdCard,
        ON_KAZTOKEN => KeyStorage::Kaztoken,
        ON_ETOKEN_JAVA | ON_ETOKEN_5110 => KeyStorage::EToken,
        ON_JACARTA => KeyStorage::JaCarta,
        ON_AKEY => KeyStorage::AKey,
        ON_SIM => KeyStorage::Sim,
        IN_CERTEX_CLOUD => KeyStorage::Cloud,
        _ => return None,
    })
}

fn identification(purposes: &[Oid<'_>]) -> Option<Identification> {
    let has_below = |root: Oid<'_>| purposes.iter().any(|purpose| purpose.is_at_or_below(root));
    match (has_below(IDENTIFIED_IN_PERSON), has_below(IDENTIFIED_REMOTELY)) {
        (true, false) => Some(Identification::InPerson),
        (false, true) => Some(Identification::Remote),
        _ => None,
    }
}
