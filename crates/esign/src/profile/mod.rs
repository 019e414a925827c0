//! National profiles: who a certificate speaks of, read by exact OID (threats CRT-1, CRT-3).
//!
//! A profile only reads. Which of the identifiers an issuer may state is the anchor group's decision.

pub mod check;
pub mod eidas;
pub(crate) mod kz;
mod plain;
mod role;
pub mod ru;

use std::fmt;
use std::str::FromStr;

use crate::asn1::Oid;
use crate::certificate::Certificate;
use crate::name::Name;

pub use role::{Identification, KeyStorage, Role};

/// The rules by which subjects are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Profile {
    /// Certificates of Kazakhstan: IIN in serialNumber, BIN in organizationalUnit.
    Kz,
    /// Russian qualified certificates (RFC 9215 attributes): SNILS, INN, OGRN.
    Ru,
    /// EU qualified certificates (ETSI EN 319 412): identifiers such as `PNOEE-…`, statements of qualification.
    Eidas,
    /// Everything else: serialNumber, also in the form of ETSI EN 319 412-1 §5.1.3.
    Plain,
}

impl Profile {
    /// Every profile.
    pub const ALL: [Self; 4] = [Self::Kz, Self::Ru, Self::Eidas, Self::Plain];

    /// `kz`, `ru`, `eidas`, `plain`
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kz => "kz",
            Self::Ru => "ru",
            Self::Eidas => "eidas",
            Self::Plain => "plain",
        }
    }

    /// Reads what the certificate says of its owner.
    pub fn read(self, certificate: &Certificate) -> Result<Subject, AmbiguousSubject> {
        match self {
            Self::Kz => kz::read(certificate),
            Self::Ru => ru::read(certificate),
            Self::Eidas => eidas::read(certificate),
            Self::Plain => Ok(plain::read(certificate)),
        }
    }

    /// The profile whose identifiers the certificate carries; for tools that have no anchor group to tell.
    pub fn detect(certificate: &Certificate) -> Self {
        let states_ids = |profile: &Self| match profile.read(certificate) {
            Ok(subject) => !subject.person_ids.is_empty() || !subject.organisation_ids.is_empty(),
            Err(AmbiguousSubject) => false,
        };
        Self::ALL.into_iter().find(states_ids).unwrap_or(Self::Plain)
    }
}

impl FromStr for Profile {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        Self::ALL
            .into_iter()
            .find(|profile| profile.as_str() == text)
            .ok_or(UnknownKind)
    }
}

/// An attribute that identifies stands in a name more than once, or two of them contradict each other (RFC 5280
/// §4.1.2.6 wants names that are unambiguous).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AmbiguousSubject;

impl fmt::Display for AmbiguousSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the subject states an identifying attribute twice, or contradicts itself")
    }
}

impl std::error::Error for AmbiguousSubject {}

/// What a certificate says about a person and an organisation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    /// the parts of the person's name
    pub name: PersonName,
    /// numbers of the person
    pub person_ids: Vec<PersonId>,
    /// the organisation's name
    pub organisation: Option<String>,
    /// numbers of the organisation
    pub organisation_ids: Vec<OrganisationId>,
    /// the person's position, as the issuer wrote it
    pub title: Option<String>,
    /// in what capacity the owner acts
    pub role: Option<Role>,
    /// where the key is kept
    pub storage: Option<KeyStorage>,
    /// how the owner was identified
    pub identification: Option<Identification>,
    /// states to be qualified by the law of its state
    pub is_qualified: bool,
}

impl Subject {
    /// Without the numbers that are not of these kinds.
    #[must_use]
    pub fn limited_to(mut self, kinds: &[PersonIdKind]) -> Self {
        self.person_ids
            .retain(|id| kinds.iter().any(|kind| id.is_of(kind)));
        self.organisation_ids
            .retain(|id| kinds.iter().any(|kind| id.is_of(kind)));
        self
    }

    /// With the capacity of a head, where none is stated and the whole title is one of these: a deputy director and a
    /// director of sales head nothing.
    pub(crate) fn with_head_by(mut self, titles: &[String]) -> Self {
        let title = self.title.as_deref().map(folded);
        let is_of_head = |title: String| titles.iter().any(|head| folded(head) == title);
        if self.role == Some(Role::Affiliated) && title.is_some_and(is_of_head) {
            self.role = Some(Role::Head);
        }
        self
    }
}

/// The parts of a person's name, for display only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonName {
    /// surname
    pub surname: Option<String>,
    /// given name
    pub given_name: Option<String>,
    /// patronymic
    pub patronymic: Option<String>,
    /// the whole, as the issuer wrote it
    pub full: String,
}

/// A kind of identifier: the state that assigns it and what it is called there. Written `KZ:IIN`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PersonIdKind {
    /// ISO 3166-1 alpha-2; `XX` where no state stands behind it
    pub country: String,
    /// `IIN`, `SNILS`, `INN`, …
    pub kind: String,
}

/// Not a kind that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownKind;

impl fmt::Display for UnknownKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a country and a kind, as in KZ:IIN")
    }
}

impl std::error::Error for UnknownKind {}

impl FromStr for PersonIdKind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        let (country, kind) = text.split_once(':').ok_or(UnknownKind)?;
        let sound = country.len() == 2
            && !kind.is_empty()
            && text
                .bytes()
                .all(|byte| byte == b':' || byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if sound && !kind.contains(':') {
            Ok(Self {
                country: country.into(),
                kind: kind.into(),
            })
        } else {
            Err(UnknownKind)
        }
    }
}

impl fmt::Display for PersonIdKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.country, self.kind)
    }
}

macro_rules! identifiers {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name {
            /// ISO 3166-1 alpha-2; `XX` where no state stands behind it
            pub country: String,
            /// what the number is called there
            pub kind: String,
            /// the number itself
            pub value: String,
        }

        impl $name {
            pub(crate) fn new(country: &str, kind: &str, value: &str) -> Self {
                Self { country: country.into(), kind: kind.into(), value: value.into() }
            }

            /// Whether it is of this kind.
            pub fn is_of(&self, kind: &PersonIdKind) -> bool {
                self.country == kind.country && self.kind == kind.kind
            }

            /// Whether its check digits are right; kinds without check digits always are.
            pub fn has_sound_check_digits(&self) -> bool {
                check::by_kind(&self.country, &self.kind, &self.value).is_ok()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}:{}:{}", self.country, self.kind, self.value)
            }
        }
    )*};
}

identifiers! {
    /// A number that stands for one person.
    PersonId;
    /// A number that stands for one organisation.
    OrganisationId;
}

/// A title in small letters, with single spaces.
fn folded(title: &str) -> String {
    let words: Vec<_> = title.split_whitespace().collect();
    // letter by letter: `str::to_lowercase` brings the rules of Greek into the page
    words.join(" ").chars().flat_map(char::to_lowercase).collect()
}

/// The text of an attribute that identifies: more than one of them make the name ambiguous.
fn once(subject: Name<'_>, oid: Oid<'_>) -> Result<Option<String>, AmbiguousSubject> {
    let mut found = subject.attributes().filter(|attribute| attribute.oid() == oid);
    match (found.next(), found.next()) {
        (_, None) => Ok(subject.first(oid)),
        _ => Err(AmbiguousSubject),
    }
}

/// Exactly `length` ASCII digits that are more than a placeholder: a number of zeros fits everybody.
fn digits(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit()) && is_assigned(text)
}

fn is_assigned(number: &str) -> bool {
    number.bytes().any(|byte| byte != b'0')
}
