//! Accounts: one human's cabinet, with names and person ids.

mod authenticate;
mod create;
mod profile;
mod store;

use db::{Timestamp, Tx};
use esign::profile::PersonName;
use serde::{Deserialize, Serialize};

use crate::Failure;

pub(crate) use authenticate::may_authenticate;
pub use authenticate::{block, unblock};
pub(crate) use create::create;
pub use esign::profile::PersonId;
pub use profile::{Profile, language, profile, set_language};
pub(crate) use profile::{is_other_person, person_ids};

db::id! {
    /// An account.
    pub AccountId
}

db::text_enum! {
    /// The languages of the product.
    pub enum Language {
        /// Russian.
        Ru = "ru",
        /// Kazakh.
        Kk = "kk",
        /// English.
        En = "en",
    }
}

/// A person's name, shown surname first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// Фамилия / тегі.
    pub surname: String,
    /// Имя / аты; empty where the issuer gives one undivided name, which then stands in `surname`.
    pub given_name: String,
    /// Отчество / әкесінің аты; often empty.
    pub patronymic: String,
}

impl From<&PersonName> for Name {
    fn from(stated: &PersonName) -> Self {
        let part = |part: &Option<String>| part.clone().unwrap_or_default();
        Self {
            surname: stated.surname.clone().unwrap_or_else(|| stated.full.clone()),
            given_name: part(&stated.given_name),
            patronymic: part(&stated.patronymic),
        }
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut parts = [&self.surname, &self.given_name, &self.patronymic]
            .into_iter()
            .filter(|p| !p.is_empty());
        if let Some(first) = parts.next() {
            f.write_str(first)?;
        }
        parts.try_for_each(|part| write!(f, " {part}"))
    }
}

/// Waits for its turn on the account: whoever holds it sees and changes the account's ways in alone until the
/// transaction ends, on both engines.
pub(crate) fn lock(tx: &mut Tx<'_>, account: AccountId) -> Result<(), Failure> {
    Ok(store::update_turn(tx, account)?)
}

/// The accounts that went into this one.
pub(crate) fn list_merged(tx: &mut Tx<'_>, into: AccountId) -> Result<Vec<AccountId>, Failure> {
    Ok(store::list_merged(tx, into)?)
}

/// The account of a person id that this anchor group stated.
pub(crate) fn find_by_person_id(
    tx: &mut Tx<'_>,
    anchor_group: &str,
    id: &PersonId,
) -> Result<Option<AccountId>, Failure> {
    Ok(store::find_by_person_id(tx, anchor_group, id)?)
}

/// The accounts of a person id, whoever stated it.
pub(crate) fn list_by_person_id(tx: &mut Tx<'_>, id: &PersonId) -> Result<Vec<AccountId>, Failure> {
    Ok(store::list_by_person_id(tx, id)?)
}

/// Accounts with one of these surnames and given names of whom nobody stated a number of the kind that `kind` is of.
pub(crate) fn list_namesakes(
    tx: &mut Tx<'_>,
    surnames: &[String; 2],
    given_names: &[String; 2],
    kind: Option<&PersonId>,
) -> Result<Vec<Name>, Failure> {
    Ok(store::list_namesakes(tx, surnames, given_names, kind)?)
}

/// Adds person ids that a certificate of the account states besides the one it was found by.
pub(crate) fn add_person_id(
    tx: &mut Tx<'_>,
    now: Timestamp,
    account: AccountId,
    anchor_group: &str,
    id: &PersonId,
) -> Result<(), Failure> {
    Ok(store::insert_person_id(tx, now, account, anchor_group, id)?)
}
