use db::Tx;
use serde_json::json;
use zxcvbn::{Score, zxcvbn};

use super::hash::{MAX_BYTES, PasswordHash};
use super::{AuthenticatorId, BoundBy, Kind, change, store};
use crate::account::{self, AccountId};
use crate::audit::{self, Act, Event};
use crate::contact::{self, Slot};
use crate::message::Notice;
use crate::session::{self, SteppedUp, Told};
use crate::{Entropy, Failure, Rules, Visit};

/// Characters a password has at least.
const MIN_CHARS: usize = 12;

crate::refusals! {
    /// Why a password is not accepted.
    pub enum PasswordRefusal {
        TooShort = "password.too_short",
        TooLong = "password.too_long",
        TooWeak = "password.too_weak",
    }
}

/// A password good enough to be set.
pub struct NewPassword(String);

impl NewPassword {
    /// Judges a password. `personal` are words that a guesser would try first, see [`personal_words`].
    pub fn check(text: &str, personal: &[String]) -> Result<Self, PasswordRefusal> {
        if text.len() > MAX_BYTES {
            return Err(PasswordRefusal::TooLong);
        }
        if text.chars().count() < MIN_CHARS {
            return Err(PasswordRefusal::TooShort);
        }
        let personal: Vec<&str> = personal.iter().map(String::as_str).collect();
        if zxcvbn(text, &personal).score() < Score::Three {
            return Err(PasswordRefusal::TooWeak);
        }
        Ok(Self(text.to_owned()))
    }

    /// What will be stored. Costs 19 MiB and some tens of milliseconds: call it on a bounded pool.
    pub fn hash(&self, entropy: &Entropy) -> Result<PasswordHash, Failure> {
        PasswordHash::new(&self.0, entropy)
    }
}

impl std::fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewPassword(…)")
    }
}

/// Words that make a password of this person guessable: names, numbers, contacts, the product.
pub fn personal_words(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
) -> Result<Vec<String>, Failure> {
    let profile = account::profile(tx, account)?;
    let contacts = contact::list(tx, rules, visit.now, account)?;
    let name = profile.name;
    let mut words = vec!["kabinet".to_owned(), "кабинет".to_owned(), rules.host()];
    words.extend(rules.product_name.split_whitespace().map(str::to_owned));
    words.extend([name.surname, name.given_name, name.patronymic]);
    words.extend(profile.person_ids.into_iter().map(|id| id.value));
    let fields = Slot::ALL.iter().filter_map(|slot| contacts.get(*slot).field());
    words.extend(fields.map(|value| value.as_str().to_owned()));
    words.retain(|word| !word.is_empty());
    Ok(words)
}

/// Sets or changes the password: ends all other sessions and half-finished acts, and tells the person.
pub fn set_password(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    by: &SteppedUp,
    hash: &PasswordHash,
) -> Result<(), Failure> {
    let account = by.account();
    account::lock(tx, account)?;
    let (id, act) = put_password(tx, visit, account, hash)?;
    let ended = change::end_the_rest(tx, visit, account, by.session())?;
    let event = Event::by(account, act, json!({ "sessions_ended": ended }));
    audit::record(tx, visit, event)?;
    let at = visit.now;
    let link = session::not_me_link(tx, rules, visit, account, Told::NewWay(id))?;
    let notice = match act {
        Act::PasswordChanged => Notice::PasswordChanged { at, link },
        _ => Notice::PasswordSet { at, link },
    };
    contact::tell(tx, rules, visit, account, &notice)
}

/// Puts a password in place of an older one; says which of the two acts it was. The caller holds the account's lock and
/// does what follows.
pub(crate) fn put_password(
    tx: &mut Tx<'_>,
    visit: &Visit,
    account: AccountId,
    hash: &PasswordHash,
) -> Result<(AuthenticatorId, Act), Failure> {
    if let Some(old) = store::find_password(tx, account)? {
        store::update_password(tx, account, hash.as_str())?;
        store::update_bound(tx, old.authenticator, visit.now)?;
        return Ok((old.authenticator, Act::PasswordChanged));
    }
    let id = visit.id(AuthenticatorId::new);
    store::insert(tx, id, account, Kind::Password, BoundBy::Person, visit.now)?;
    store::insert_password(tx, account, id, hash.as_str())?;
    Ok((id, Act::PasswordSet))
}

/// The stored password of an account.
pub(crate) fn find_password(
    tx: &mut Tx<'_>,
    account: AccountId,
) -> Result<Option<store::PasswordRow>, Failure> {
    Ok(store::find_password(tx, account)?)
}

/// Replaces a hash by one of the same password with today's parameters.
pub(crate) fn rehash(tx: &mut Tx<'_>, account: AccountId, hash: &PasswordHash) -> Result<(), Failure> {
    Ok(store::update_password(tx, account, hash.as_str())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Result<(), PasswordRefusal> {
        let personal = [
            "Сериков",
            "Асхат",
            "900101300017",
            "serikov@example.kz",
            "kabinet",
        ]
        .map(str::to_owned);
        NewPassword::check(text, &personal).map(|_| ())
    }

    #[test]
    fn asvs_6_2_length_words_and_strength_decide() {
        assert_eq!(check("короткий-11"), Err(PasswordRefusal::TooShort));
        assert_eq!(check(&"ж".repeat(513)), Err(PasswordRefusal::TooLong));
        assert_eq!(check("password12345"), Err(PasswordRefusal::TooWeak));
        assert_eq!(check("aaaaaaaaaaaaaaaa"), Err(PasswordRefusal::TooWeak));
        assert_eq!(check("kabinetkabinet"), Err(PasswordRefusal::TooWeak));
        assert_eq!(check("900101300017"), Err(PasswordRefusal::TooWeak));
        assert_eq!(check("serikov@example.kz"), Err(PasswordRefusal::TooWeak));
        assert_eq!(check("верблюд-скрипка-47-облако"), Ok(()));
        assert_eq!(check("correct horse battery staple"), Ok(()));
    }
}
