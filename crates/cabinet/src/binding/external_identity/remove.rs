use db::Tx;
use serde_json::json;

use super::{LinkedIdentity, identities, store};
use crate::account::{self, AccountId};
use crate::audit::{self, Act, Event};
use crate::binding::{self, AuthenticatorId, RemovalRefusal, is_last_usable, tell};
use crate::message::Notice;
use crate::session::{self, SteppedUp};
use crate::{Decision, Failure, Rules, Visit, refuse};

/// Unlinks an identity: what it opened ends, and whoever holds it is a stranger again. The last usable way in stays
/// (B-14, threats LNK-11).
pub fn unlink(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    by: &SteppedUp,
    id: AuthenticatorId,
) -> Decision<(), RemovalRefusal> {
    let account = by.account();
    account::lock(tx, account)?;
    let all = identities(tx, rules, account)?;
    let Some(linked) = all.into_iter().find(|linked| linked.authenticator == id) else {
        refuse!(RemovalRefusal::NotFound);
    };
    if is_last_usable(tx, rules, visit, account, id)? {
        refuse!(RemovalRefusal::LastUsable);
    }
    remove_identity(tx, rules, visit, &linked)?;
    binding::end_the_rest(tx, visit, account, by.session())?;
    Ok(Ok(()))
}

/// Takes a link away, ends what it opened, and tells the person.
pub(crate) fn remove_identity(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    linked: &LinkedIdentity,
) -> Result<(), Failure> {
    let (account, id) = (linked.account, linked.authenticator);
    store::delete(tx, id)?;
    binding::store::update_removed(tx, id, visit.now)?;
    session::end_by_authenticator(tx, visit, id)?;
    let provider = &linked.arrival.provider;
    let detail = json!({ "authenticator": id, "provider": provider });
    audit::record(tx, visit, Event::by(account, Act::IdentityUnlinked, detail))?;
    let language = account::language(tx, account)?;
    tell(tx, rules, visit, account, |link| Notice::IdentityUnlinked {
        provider: rules.provider_label(provider, language).to_owned(),
        name: linked.arrival.name.to_string(),
        at: visit.now,
        link,
    })
}

/// Whether this is an identity of the account.
pub(crate) fn has_identity(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: AuthenticatorId,
) -> Result<bool, Failure> {
    Ok(store::list(tx, account)?
        .iter()
        .any(|row| row.authenticator == id))
}

/// Suspends an identity for somebody who says it is not theirs; says whether there was one.
pub(crate) fn disown_identity(
    tx: &mut Tx<'_>,
    visit: &Visit,
    account: AccountId,
    id: AuthenticatorId,
) -> Result<bool, Failure> {
    if store::update_suspended(tx, account, id, Some(visit.now))? == 0 {
        return Ok(false);
    }
    session::end_by_authenticator(tx, visit, id)?;
    let event = Event::about(account, Act::IdentitySuspended, json!({ "authenticator": id }));
    audit::record(tx, visit, event)?;
    Ok(true)
}

/// Lets a suspended identity open the account again, for who proves that they may.
pub fn resume_identity(
    tx: &mut Tx<'_>,
    visit: &Visit,
    by: &SteppedUp,
    id: AuthenticatorId,
) -> Decision<(), RemovalRefusal> {
    if store::update_suspended(tx, by.account(), id, None)? == 0 {
        refuse!(RemovalRefusal::NotFound);
    }
    let detail = json!({ "authenticator": id });
    let event = Event::by(by.account(), Act::IdentityResumed, detail);
    audit::record(tx, visit, event)?;
    Ok(Ok(()))
}
