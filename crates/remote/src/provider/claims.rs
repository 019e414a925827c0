use esign::profile::{PersonId, PersonIdKind};
use esign::time::UnixTime;

use super::Trusts;

/// What a provider says of a person, after every check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// Who says it. With [`Self::subject`] it is the person's identity there (threat LNK-6).
    pub issuer: String,
    /// The person there: stable, and nobody else's.
    pub subject: String,
    /// The name, for display and comparison.
    pub name: Option<ClaimedName>,
    /// Numbers of the person, of the kinds that the provider may state.
    pub person_ids: Vec<PersonId>,
    /// E-mail addresses and phone numbers, as written there.
    pub contacts: Vec<ClaimedContact>,
    /// The level that was reached (`acr`).
    pub assurance: Option<String>,
    /// When the person last proved something there.
    pub authenticated_at: Option<UnixTime>,
}

/// A name as a provider has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimedName {
    /// In parts.
    Parts {
        /// фамилия
        surname: String,
        /// имя
        given_name: String,
        /// отчество
        patronymic: Option<String>,
    },
    /// In one text.
    Whole(String),
}

/// What a contact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactKind {
    /// an e-mail address
    Email,
    /// a phone number
    Phone,
}

/// A contact as a provider has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedContact {
    /// what it is
    pub kind: ContactKind,
    /// the address or number
    pub value: String,
    /// Confirmed by the provider, whose word counts here (threat LNK-5).
    pub is_verified: bool,
}

impl Claims {
    /// Without what this provider has no say in.
    pub(super) fn limited_to(mut self, states: &[PersonIdKind], trusts: Trusts) -> Self {
        self.person_ids
            .retain(|id| states.iter().any(|kind| id.is_of(kind)));
        for contact in &mut self.contacts {
            contact.is_verified &= match contact.kind {
                ContactKind::Email => trusts.email,
                ContactKind::Phone => trusts.phone,
            };
        }
        self
    }
}
