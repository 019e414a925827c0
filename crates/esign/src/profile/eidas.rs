//! European Union: qualified certificates (ETSI EN 319 412-1, -2, -3 and -5).

use super::{
    AmbiguousSubject, KeyStorage, OrganisationId, PersonId, PersonName, Role, Subject, is_assigned, once,
};
use crate::asn1::{self, Reader, Rules, oids, tag};
use crate::certificate::Certificate;
use crate::name::Name;

crate::asn1::constants! {
    pub(crate),
    /// qcStatements, an extension (RFC 3739 §3.2.6)
    QC_STATEMENTS = "1.3.6.1.5.5.7.1.3";
    /// id-qcs-pkixQCSyntax-v2: says how serialNumber and organizationIdentifier are to be read
    QC_SYNTAX_V2 = "1.3.6.1.5.5.7.11.2";
    QC_COMPLIANCE = "0.4.0.1862.1.1";
    QC_SSCD = "0.4.0.1862.1.4";
    QC_TYPE = "0.4.0.1862.1.6";
    QC_TYPE_ESIGN = "0.4.0.1862.1.6.1";
    QC_TYPE_ESEAL = "0.4.0.1862.1.6.2";
    QC_TYPE_WEB = "0.4.0.1862.1.6.3";
    /// qualified by the law of a country outside the Union
    QC_LEGISLATION = "0.4.0.1862.1.7";
    SEMANTICS_NATURAL = "0.4.0.194121.1.1";
    SEMANTICS_LEGAL = "0.4.0.194121.1.2";
}

/// For what a certificate is qualified (EN 319 412-5 §4.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QcType {
    /// signatures of natural persons
    Signature,
    /// seals of legal persons
    Seal,
    /// web sites
    WebSite,
}

/// How the identifiers in the subject are to be read (EN 319 412-1 §5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Semantics {
    /// serialNumber is a natural person's
    Natural,
    /// organizationIdentifier is a legal person's
    Legal,
    /// a scheme that is not read here
    Other,
}

/// The statements of a certificate about its own qualification.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QcStatements {
    /// QcCompliance: an EU qualified certificate
    pub compliance: bool,
    /// QcSSCD: the key is in a qualified device for creating signatures
    pub device: bool,
    /// QcType, one or more
    pub types: Vec<QcType>,
    /// QcCClegislation: the law of other countries
    pub other_legislation: bool,
    /// the semantics stated with pkixQCSyntax-v2
    pub semantics: Option<Semantics>,
}

impl QcStatements {
    /// Reads the extension; `None` if it is absent, malformed or states something twice.
    pub fn read(certificate: &Certificate) -> Option<Self> {
        Self::parse(certificate.extension(QC_STATEMENTS)?.value).ok()
    }

    fn parse(value: &[u8]) -> asn1::Result<Self> {
        let mut statements = asn1::only(value, Rules::Der)?.sequence()?;
        let mut read = Self::default();
        let mut seen = Vec::new();
        while !statements.is_empty() {
            let mut statement = statements.sequence()?;
            let id = statement.expect(tag::OID)?.oid()?;
            if seen.contains(&id) {
                return Err(asn1::Error::Value);
            }
            seen.push(id);
            match id {
                QC_COMPLIANCE => read.compliance = true,
                QC_SSCD => read.device = true,
                QC_LEGISLATION => read.other_legislation = true,
                QC_TYPE => read.types = types(statement.sequence()?)?,
                QC_SYNTAX_V2 => read.semantics = semantics(&mut statement)?,
                _ => {}
            }
        }
        Ok(read)
    }

    /// Whether this is an EU qualified certificate by its own words.
    pub const fn is_qualified(&self) -> bool {
        self.compliance && !self.other_legislation
    }
}

fn types(mut list: Reader<'_>) -> asn1::Result<Vec<QcType>> {
    let mut types = Vec::new();
    while !list.is_empty() {
        match list.expect(tag::OID)?.oid()? {
            QC_TYPE_ESIGN => types.push(QcType::Signature),
            QC_TYPE_ESEAL => types.push(QcType::Seal),
            QC_TYPE_WEB => types.push(QcType::WebSite),
            _ => {}
        }
    }
    Ok(types)
}

fn semantics(statement: &mut Reader<'_>) -> asn1::Result<Option<Semantics>> {
    let Some(information) = statement.optional(tag::SEQUENCE)? else {
        return Ok(None);
    };
    let stated = information.sequence()?.optional(tag::OID)?;
    stated
        .map(|stated| {
            Ok(match stated.oid()? {
                SEMANTICS_NATURAL => Semantics::Natural,
                SEMANTICS_LEGAL => Semantics::Legal,
                _ => Semantics::Other,
            })
        })
        .transpose()
}

pub(super) fn read(certificate: &Certificate) -> Result<Subject, AmbiguousSubject> {
    let subject = certificate.subject();
    let statements = QcStatements::read(certificate).unwrap_or_default();
    let is_read_as = |wanted| statements.semantics.is_none_or(|stated| stated == wanted);
    let person_id = once(subject, oids::SERIAL_NUMBER)?
        .filter(|_| is_read_as(Semantics::Natural))
        .and_then(|text| person_id(&text));
    // a person's certificate may name the organisation too (EN 319 412-2 §4.2.4), whatever serialNumber means
    let organisation_id = once(subject, oids::ORGANIZATION_IDENTIFIER)?
        .filter(|_| statements.semantics != Some(Semantics::Other))
        .and_then(|text| organisation_id(&text));
    let organisation = subject.first(oids::ORGANIZATION);
    let name = person_name(subject)?;
    let is_person = name.surname.is_some() || name.given_name.is_some() || person_id.is_some();
    let has_organisation = organisation.is_some() || organisation_id.is_some();
    Ok(Subject {
        role: role(&statements, is_person, has_organisation),
        name,
        person_ids: person_id.into_iter().collect(),
        organisation,
        organisation_ids: organisation_id.into_iter().collect(),
        title: subject.first(oids::TITLE),
        storage: statements.device.then_some(KeyStorage::QualifiedDevice),
        identification: None,
        is_qualified: statements.is_qualified(),
    })
}

fn person_name(subject: Name<'_>) -> Result<PersonName, AmbiguousSubject> {
    let surname = subject.first(oids::SURNAME);
    let given_name = subject.first(oids::GIVEN_NAME);
    let full = match (&given_name, &surname) {
        (Some(given), Some(surname)) => format!("{given} {surname}"),
        _ => once(subject, oids::PSEUDONYM)?
            .or_else(|| subject.common_name())
            .unwrap_or_default(),
    };
    Ok(PersonName {
        surname,
        given_name,
        patronymic: None,
        full,
    })
}

fn role(statements: &QcStatements, is_person: bool, has_organisation: bool) -> Option<Role> {
    match statements.types.as_slice() {
        [QcType::WebSite] => return Some(Role::InformationSystem),
        [QcType::Seal] => return Some(Role::Organisation),
        [] | [QcType::Signature] => {}
        _ => return None,
    }
    Some(match (is_person, has_organisation) {
        (true, true) => Role::Affiliated,
        (false, true) => Role::Organisation,
        (_, false) => Role::Person,
    })
}

/// serialNumber of a natural person (EN 319 412-1 §5.1.3), as in `PNOEE-38001085718` or `EI:SE-200007292386`.
pub(super) fn person_id(text: &str) -> Option<PersonId> {
    let (country, kind, value) = semantic(text, &["PAS", "IDC", "PNO", "TAX", "TIN"])?;
    Some(PersonId::new(country, kind, value))
}

/// organizationIdentifier of a legal person (§5.1.4), as in `VATBE-0876866142`.
pub(super) fn organisation_id(text: &str) -> Option<OrganisationId> {
    let (country, kind, value) = semantic(text, &["VAT", "NTR", "PSD", "LEI"])?;
    Some(OrganisationId::new(country, kind, value))
}

/// Kind, country and number in one text. A scheme of the country's own has two characters and a colon for its kind.
fn semantic<'a>(text: &'a str, kinds: &[&str]) -> Option<(&'a str, &'a str, &'a str)> {
    if !is_plain(text) {
        return None;
    }
    let (head, value) = text.split_once('-')?;
    let (kind, country) = head.split_at_checked(3)?;
    let kind = match kind.strip_suffix(':') {
        Some(own) => own,
        None => Some(kind).filter(|kind| kinds.contains(kind))?,
    };
    let is_own = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    let sound = kind.bytes().all(is_own)
        && country.len() == 2
        && country.bytes().all(|byte| byte.is_ascii_uppercase())
        && is_assigned(value);
    sound.then_some((country, kind, value))
}

/// Short and of visible ASCII characters only: what looks like a number is that number.
pub(super) fn is_plain(text: &str) -> bool {
    text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_graphic()) && is_assigned(text)
}
