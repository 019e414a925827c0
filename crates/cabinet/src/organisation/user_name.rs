use db::Tx;

use super::{OrganisationId, OrganisationScope, store};
use crate::account::AccountId;
use crate::audit::{self, Act, Event};
use crate::{Decision, Failure, Visit, refuse};

const LENGTHS: std::ops::RangeInclusive<usize> = 2..=64;

/// A name by which a person enters at their organisation: letters, digits and `. _ -`, with a letter among them and
/// without `@`, so that it is never a number, a phone or an e-mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserName(String);

crate::refusals! {
    /// Why a user name cannot be given.
    pub enum UserNameRefusal {
        Malformed = "user_name.malformed",
        Taken = "user_name.taken",
    }
}

impl UserName {
    /// Reads a user name.
    pub fn parse(text: &str) -> Result<Self, UserNameRefusal> {
        let name = text.trim();
        let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
        if LENGTHS.contains(&name.chars().count())
            && name.chars().all(fits)
            && name.chars().any(char::is_alphabetic)
        {
            Ok(Self(name.to_owned()))
        } else {
            Err(UserNameRefusal::Malformed)
        }
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As it is compared: without regard to case.
    pub(crate) fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

/// Gives a member a user name in place of the one they had.
pub fn set_user_name(
    tx: &mut Tx<'_>,
    visit: &Visit,
    scope: &OrganisationScope,
    account: AccountId,
    name: &UserName,
) -> Decision<(), UserNameRefusal> {
    let owner = store::find_user_name_owner(tx, scope, &name.folded())?;
    if owner.is_some_and(|owner| owner != account) {
        refuse!(UserNameRefusal::Taken);
    }
    store::delete_user_name(tx, scope, account)?;
    store::insert_user_name(tx, scope, account, &name.folded(), name.as_str())?;
    audit::record(
        tx,
        visit,
        Event::of(scope, Act::UserNameSet, serde_json::json!({ "account": account })),
    )?;
    Ok(Ok(()))
}

/// The member whom a user name stands for. A membership that ended opens nothing.
pub(crate) fn find_account(
    tx: &mut Tx<'_>,
    organisation: OrganisationId,
    name: &UserName,
) -> Result<Option<AccountId>, Failure> {
    Ok(store::find_user_name(tx, organisation, &name.folded())?)
}
