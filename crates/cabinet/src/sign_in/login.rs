use db::Tx;
use esign::profile::check;

use crate::account::{self, AccountId, PersonId};
use crate::organisation::{self, OrganisationId, UserName};
use crate::{Failure, Rules, contact};

/// What a person types to say who they are.
pub(crate) enum Login {
    /// A person's number.
    PersonId(PersonId),
    /// The key of a phone or e-mail.
    Contact(String),
    /// A user name, at the one organisation where it means somebody.
    UserName(OrganisationId, UserName),
}

impl Login {
    /// Reads a login, as typed at an organisation's page or at the common one; `None`: nobody could have it, by its
    /// form alone.
    pub(crate) fn parse(rules: &Rules, text: &str, organisation: Option<OrganisationId>) -> Option<Self> {
        if let Some(organisation) = organisation
            && let Ok(name) = UserName::parse(text)
        {
            return Some(Self::UserName(organisation, name));
        }
        let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        if check::iin(&compact).is_ok() {
            let id = PersonId {
                country: "KZ".to_owned(),
                kind: "IIN".to_owned(),
                value: compact,
            };
            return Some(Self::PersonId(id));
        }
        contact::login_key(rules, text.trim()).map(Self::Contact)
    }

    /// One text for one login, for counting tries.
    pub(crate) fn key(&self) -> String {
        match self {
            Self::PersonId(id) => id.to_string(),
            Self::Contact(key) => key.clone(),
            Self::UserName(organisation, name) => format!("{organisation} {}", name.folded()),
        }
    }

    /// The one account that has this login. A number that two issuers gave to two accounts belongs to neither here.
    pub(crate) fn find(&self, tx: &mut Tx<'_>) -> Result<Option<AccountId>, Failure> {
        match self {
            Self::Contact(key) => contact::find_login(tx, key),
            Self::UserName(organisation, name) => organisation::find_account(tx, *organisation, name),
            Self::PersonId(id) => Ok(match *account::list_by_person_id(tx, id)? {
                [account] => Some(account),
                _ => None,
            }),
        }
    }
}
