use db::Tx;
use esign::profile::check;

use crate::account::{self, AccountId, PersonId};
use crate::{Failure, Rules, contact};

/// What a person types to say who they are.
pub(super) enum Login {
    /// A person's number.
    PersonId(PersonId),
    /// The key of a phone or e-mail.
    Contact(String),
}

impl Login {
    /// Reads a login; `None`: nobody could have it, by its form alone.
    pub(super) fn parse(rules: &Rules, text: &str) -> Option<Self> {
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
    pub(super) fn key(&self) -> String {
        match self {
            Self::PersonId(id) => id.to_string(),
            Self::Contact(key) => key.clone(),
        }
    }

    /// The one account that has this login. A number that two issuers gave to two accounts belongs to neither here.
    pub(super) fn find(&self, tx: &mut Tx<'_>) -> Result<Option<AccountId>, Failure> {
        match self {
            Self::Contact(key) => contact::find_login(tx, key),
            Self::PersonId(id) => Ok(match *account::list_by_person_id(tx, id)? {
                [account] => Some(account),
                _ => None,
            }),
        }
    }
}
