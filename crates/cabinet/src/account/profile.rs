use db::Tx;

use super::{AccountId, Language, Name, PersonId, store};
use crate::audit::{self, Act, Event};
use crate::session::Session;
use crate::{Failure, Visit};

/// What a person sees about themselves.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The account.
    pub account: AccountId,
    /// The name, as the certificates state it.
    pub name: Name,
    /// The numbers by which the states know the person; one line each, whoever stated it.
    pub person_ids: Vec<PersonId>,
    /// The language of messages.
    pub language: Language,
}

/// The person's own profile.
pub fn profile(tx: &mut Tx<'_>, account: AccountId) -> Result<Profile, Failure> {
    let row = store::find(tx, account)?;
    Ok(Profile {
        account,
        person_ids: person_ids(tx, account)?,
        name: Name {
            surname: row.surname,
            given_name: row.given_name,
            patronymic: row.patronymic,
        },
        language: row.language,
    })
}

/// The person's numbers, one each, whoever stated it.
pub(crate) fn person_ids(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<PersonId>, Failure> {
    let mut person_ids: Vec<PersonId> = Vec::new();
    for (country, kind, value) in store::list_person_ids(tx, account)? {
        let id = PersonId { country, kind, value };
        if !person_ids.contains(&id) {
            person_ids.push(id);
        }
    }
    Ok(person_ids)
}

/// The language in which an account is written to.
pub fn language(tx: &mut Tx<'_>, account: AccountId) -> Result<Language, Failure> {
    Ok(store::find(tx, account)?.language)
}

/// Chooses the language of pages and messages.
pub fn set_language(
    tx: &mut Tx<'_>,
    visit: &Visit,
    session: &Session,
    language: Language,
) -> Result<(), Failure> {
    if store::update_language(tx, session.account, language)? == 0 {
        return Ok(());
    }
    audit::record(
        tx,
        visit,
        Event::by(
            session.account,
            Act::LanguageChanged,
            serde_json::json!({ "language": language.as_str() }),
        ),
    )
}

/// Whether `stated` has a number of a kind that is known, and not that one: one number that fits is not enough, another
/// person's number speaks louder (threats, CRT-4).
pub(crate) fn is_other_person(known: &[PersonId], stated: &[PersonId]) -> bool {
    stated.iter().any(|stated| {
        let of_kind = |id: &&PersonId| (&id.country, &id.kind) == (&stated.country, &stated.kind);
        let mut same_kind = known.iter().filter(of_kind).peekable();
        same_kind.peek().is_some() && !same_kind.any(|id| id == stated)
    })
}
