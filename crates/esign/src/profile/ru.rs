//! Russia: subject attributes of qualified certificates (RFC 9215 §5, order of the FSB 795).

use super::{
    AmbiguousSubject, Identification, OrganisationId, PersonId, PersonName, Role, Subject, check, digits,
    once,
};
use crate::asn1::{self, Oid, Rules, oids, tag};
use crate::certificate::Certificate;
use crate::name::{self, Name};

crate::asn1::constants! {
    pub(crate),
    /// subjectSignTool, an extension: the owner's signing tool
    SUBJECT_SIGN_TOOL = "1.2.643.100.111";
    /// issuerSignTool, an extension: the tools of the authority and their certificates of conformity
    ISSUER_SIGN_TOOL = "1.2.643.100.112";
    KC1 = "1.2.643.100.113.1";
    KC2 = "1.2.643.100.113.2";
    KC3 = "1.2.643.100.113.3";
    KB1 = "1.2.643.100.113.4";
    KB2 = "1.2.643.100.113.5";
    KA1 = "1.2.643.100.113.6";
    /// identificationKind, an extension
    IDENTIFICATION_KIND = "1.2.643.100.114";
}

/// The security class of the owner's signing tool; a higher one includes the lower.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ToolClass {
    /// КС1
    Kc1,
    /// КС2
    Kc2,
    /// КС3
    Kc3,
    /// КВ1
    Kb1,
    /// КВ2
    Kb2,
    /// КА1
    Ka1,
}

impl ToolClass {
    /// As the order of the FSB 796 writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kc1 => "КС1",
            Self::Kc2 => "КС2",
            Self::Kc3 => "КС3",
            Self::Kb1 => "КВ1",
            Self::Kb2 => "КВ2",
            Self::Ka1 => "КА1",
        }
    }
}

/// What makes a certificate qualified as far as it says so itself (law 63-ФЗ, article 17).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningTools {
    /// the owner's signing tool
    pub owner: String,
    /// signing tool of the authority, tool of the authority, and the certificate of conformity of each
    pub authority: [String; 4],
    /// the class of the owner's tool
    pub class: ToolClass,
}

impl SigningTools {
    /// Reads the three statements; `None` if one is missing or malformed.
    pub fn read(certificate: &Certificate) -> Option<Self> {
        let owner = certificate.extension(SUBJECT_SIGN_TOOL)?;
        let owner = name::text(asn1::only(owner.value, Rules::Der).ok()?)?;
        let authority = certificate.extension(ISSUER_SIGN_TOOL)?;
        let mut fields = asn1::only(authority.value, Rules::Der).ok()?.sequence().ok()?;
        let mut field = || name::text(fields.element().ok()?);
        let authority = [field()?, field()?, field()?, field()?];
        fields.finish().ok()?;
        let policies = certificate.policies();
        let class = policies.iter().filter_map(|policy| tool_class(*policy)).max()?;
        Some(Self {
            owner,
            authority,
            class,
        })
    }
}

fn tool_class(policy: Oid<'_>) -> Option<ToolClass> {
    const CLASSES: [(Oid<'static>, ToolClass); 6] = [
        (KC1, ToolClass::Kc1),
        (KC2, ToolClass::Kc2),
        (KC3, ToolClass::Kc3),
        (KB1, ToolClass::Kb1),
        (KB2, ToolClass::Kb2),
        (KA1, ToolClass::Ka1),
    ];
    let found = CLASSES.iter().find(|(oid, _)| *oid == policy);
    found.map(|(_, class)| *class)
}

pub(super) fn read(certificate: &Certificate) -> Result<Subject, AmbiguousSubject> {
    let subject = certificate.subject();
    let number =
        |oid: Oid<'_>, length| once(subject, oid).map(|text| text.filter(|text| digits(text, length)));
    let snils = number(oids::SNILS, 11)?;
    let ogrnip = number(oids::OGRNIP, 15)?;
    let ogrn = number(oids::OGRN, 13)?;
    let (inn, padded) = split_inn(number(oids::INN, 12)?);
    let innle = match (number(oids::INNLE, 10)?, padded) {
        (Some(one), Some(other)) if one != other => return Err(AmbiguousSubject),
        (one, other) => one.or(other),
    };
    let person_ids = [("SNILS", snils), ("INN", inn), ("OGRNIP", ogrnip)];
    let organisation_ids = [("OGRN", ogrn), ("INNLE", innle)];
    let mut read = Subject {
        name: person_name(subject)?,
        person_ids: person_ids
            .into_iter()
            .filter_map(|(kind, value)| Some(PersonId::new("RU", kind, &value?)))
            .collect(),
        organisation: subject.first(oids::ORGANIZATION),
        organisation_ids: organisation_ids
            .into_iter()
            .filter_map(|(kind, value)| Some(OrganisationId::new("RU", kind, &value?)))
            .collect(),
        title: subject.first(oids::TITLE),
        identification: identification(certificate),
        is_qualified: SigningTools::read(certificate).is_some(),
        ..Subject::default()
    };
    read.role = role(&read);
    Ok(read)
}

/// The number of a person, or of an organisation: older certificates hold its ten digits here, after zeros with which
/// no person's number begins.
fn split_inn(inn: Option<String>) -> (Option<String>, Option<String>) {
    match inn.as_deref().map(|inn| inn.strip_prefix("00")) {
        Some(Some(organisation)) => {
            let is_sound = check::inn(organisation).is_ok();
            (None, is_sound.then(|| organisation.to_owned()))
        }
        _ => (inn, None),
    }
}

/// The attribute "given name" holds given name and patronymic.
fn person_name(subject: Name<'_>) -> Result<PersonName, AmbiguousSubject> {
    let surname = once(subject, oids::SURNAME)?;
    let given = once(subject, oids::GIVEN_NAME)?;
    let (given_name, patronymic) = match given.as_deref().and_then(|given| given.split_once(' ')) {
        Some((given, patronymic)) => (Some(given.to_owned()), Some(patronymic.trim().to_owned())),
        None => (given.clone(), None),
    };
    let full = match (&surname, &given) {
        (Some(surname), Some(given)) => format!("{surname} {given}"),
        _ => subject.common_name().unwrap_or_default(),
    };
    Ok(PersonName {
        surname,
        given_name,
        patronymic,
        full,
    })
}

/// No attribute states the capacity: the numbers tell whose certificate it is. Head and employee have the same.
fn role(subject: &Subject) -> Option<Role> {
    let has = |kind: &str| subject.person_ids.iter().any(|id| id.kind == kind);
    let is_person = subject.name.surname.is_some() || has("SNILS");
    let is_of_organisation = subject.organisation.is_some() || !subject.organisation_ids.is_empty();
    match (has("OGRNIP"), is_of_organisation, is_person) {
        (true, false, _) => Some(Role::Entrepreneur),
        (true, true, _) => (subject.organisation_ids.is_empty()).then_some(Role::Entrepreneur),
        (false, false, _) => Some(Role::Person),
        (false, true, false) => Some(Role::Organisation),
        (false, true, true) => Some(Role::Affiliated),
    }
}

fn identification(certificate: &Certificate) -> Option<Identification> {
    let stated = certificate.extension(IDENTIFICATION_KIND)?;
    let kind = asn1::only(stated.value, Rules::Der).ok()?;
    if kind.tag() != tag::INTEGER {
        return None;
    }
    match kind.small().ok()? {
        0 => Some(Identification::InPerson),
        1 => Some(Identification::Certificate),
        2 => Some(Identification::Passport),
        3 => Some(Identification::Biometrics),
        _ => None,
    }
}
