use super::{E164, Email, FieldRefusal, PhoneError, Slot, email, phone};
use crate::Failure;
use crate::message::Recipient;

/// An address or number that can be a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// An e-mail address.
    Email(Email),
    /// A phone number.
    Phone(E164),
}

impl Value {
    /// Reads a field of a form; an empty field is no value.
    pub(super) fn read(slot: Slot, text: &str, region: &str) -> Result<Option<Self>, FieldRefusal> {
        if slot.is_email() {
            let email = email::parse(text).map_err(|email::EmailError| FieldRefusal::EmailMalformed)?;
            return Ok(email.map(Self::Email));
        }
        match phone::parse(text, region) {
            Ok(number) => Ok(number.map(Self::Phone)),
            Err(PhoneError::NotANumber) => Err(FieldRefusal::PhoneMalformed),
            Err(PhoneError::NotPersonal) => Err(FieldRefusal::PhoneNotPersonal),
        }
    }

    /// Takes back what a row holds.
    pub(crate) fn stored(slot: Slot, text: String) -> Result<Self, Failure> {
        let value = if slot.is_email() {
            Email::stored(text).map(Self::Email)
        } else {
            E164::stored(text).map(Self::Phone)
        };
        value.ok_or_else(|| Failure::new("a stored contact is neither an address nor a number"))
    }

    /// The value as it is stored and written to.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Email(email) => email.as_str(),
            Self::Phone(number) => number.as_str(),
        }
    }

    /// The value as people read it.
    pub fn display(&self) -> String {
        match self {
            Self::Email(email) => email.to_string(),
            Self::Phone(number) => number.display(),
        }
    }

    /// The value as others may see it.
    pub fn masked(&self) -> String {
        match self {
            Self::Email(email) => email.masked(),
            Self::Phone(number) => number.masked(),
        }
    }

    /// What values are compared by.
    pub fn key(&self) -> String {
        match self {
            Self::Email(email) => email.key(),
            Self::Phone(number) => number.as_str().to_owned(),
        }
    }

    pub(super) fn recipient(&self) -> Recipient {
        match self {
            Self::Email(email) => Recipient::Email(email.clone()),
            Self::Phone(number) => Recipient::Phone(number.clone()),
        }
    }
}
