use db::Tx;

use super::MergeRefusal;
use super::begin::find;
use super::moves::Moves;
use crate::account::{self, AccountId, Name};
use crate::binding::{Kind, SecondFactor};
use crate::contact::Slot;
use crate::session::Session;
use crate::{BrowserHash, Decision, Failure, Rules, Secret, Visit, refuse};

/// What a merge would do.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The name of the account that goes into this one.
    pub other: Name,
    /// What it holds, and what becomes of it.
    pub items: Vec<Item>,
    /// Both accounts have a password: one is to be chosen.
    pub two_passwords: bool,
}

/// Something that the other account holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub subject: Subject,
    /// How its owner knows it: an issuer, a name, an address, an organisation; may be empty.
    pub name: String,
    /// What becomes of it.
    pub fate: Fate,
}

/// What an account holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A way in.
    Way(Kind),
    /// A second factor.
    Factor(SecondFactor),
    /// A contact.
    Contact(Slot),
    /// A number that a state gave.
    PersonId,
    /// A place in an organisation.
    Membership,
}

/// What becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It serves the account that stays.
    Moves,
    /// The account that stays has its own: this one serves no longer.
    Stays,
}

/// Shows what would move, to who has proven both accounts. Nothing is used up.
pub fn preview(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    session: &Session,
    secret: &Secret,
) -> Decision<Preview, MergeRefusal> {
    let owner = (session.account, session.id);
    let Some((_, flow)) = find(tx, rules, visit, browser, owner, secret)? else {
        refuse!(MergeRefusal::Gone);
    };
    let Some(other) = flow.other else {
        refuse!(MergeRefusal::NotProven);
    };
    if let Some(obstacle) = obstacle(tx, session.account, other)? {
        refuse!(obstacle);
    }
    let moves = Moves::plan(tx, rules, session.account, other)?;
    Ok(Ok(Preview {
        other: account::profile(tx, other)?.name,
        items: moves.items,
        two_passwords: moves.two_passwords,
    }))
}

/// Why the two are never one.
pub(super) fn obstacle(
    tx: &mut Tx<'_>,
    kept: AccountId,
    other: AccountId,
) -> Result<Option<MergeRefusal>, Failure> {
    if !account::may_authenticate(tx, kept)? || !account::may_authenticate(tx, other)? {
        return Ok(Some(MergeRefusal::AccountBlocked));
    }
    let (own, theirs) = (account::person_ids(tx, kept)?, account::person_ids(tx, other)?);
    if account::is_other_person(&own, &theirs) {
        return Ok(Some(MergeRefusal::PersonIdDiffers));
    }
    let has_rights = super::store::has_rights(tx, other)?;
    Ok(has_rights.then_some(MergeRefusal::HasRights))
}
