use db::Tx;

use super::FederationRefusal;
use super::compare::{self, Likeness};
use super::contacts;
use super::pending::{find_own, obstacle};
use crate::account;
use crate::binding::{self, AuthenticatorId, tell_of};
use crate::contact::Taken;
use crate::message::Notice;
use crate::provider::ProviderKey;
use crate::session::{Session, Told};
use crate::ticket::{self, Purpose};
use crate::{BrowserHash, Decision, Rules, Secret, Visit, refuse};

/// What a person says on the page with both identities.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Keys of the contacts to take ([`super::StatedContact::key`]).
    pub contacts: Vec<String>,
    /// They saw that the names differ (B-5.f).
    pub difference_seen: bool,
    /// They want the identity of the same provider that is linked now to be replaced (B-5.d).
    pub replace: bool,
}

/// A link that was just made.
#[derive(Debug)]
pub struct Linked {
    /// The new way in.
    pub authenticator: AuthenticatorId,
    /// Of which provider.
    pub provider: ProviderKey,
    /// What became of the contacts that were chosen.
    pub contacts: Vec<Taken>,
}

/// Makes the link. Everything is judged anew in this transaction, and what the person still has to say or to prove does
/// not use the link up; of any number of parallel confirmations exactly one links (LNK-7, LNK-10, 4.2.4).
pub fn confirm(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    session: &Session,
    secret: &Secret,
    choice: &Choice,
) -> Decision<Linked, FederationRefusal> {
    let account = session.account;
    account::lock(tx, account)?;
    let (_, held) = match find_own(tx, rules, visit, browser, session, secret)? {
        Ok(found) => found,
        Err(refusal) => refuse!(refusal),
    };
    let arrival = &held.arrival;
    if let Some(refusal) = obstacle(tx, rules, account, arrival)? {
        refuse!(refusal);
    }
    if !held.is_proven(rules, visit) && session.step_up(tx, rules, visit)?.is_err() {
        refuse!(FederationRefusal::StepUpRequired);
    }
    let replaced = binding::find_identity_at(tx, rules, account, &arrival.provider)?;
    if replaced.is_some() && !choice.replace {
        refuse!(FederationRefusal::NotReplaced);
    }
    let name = account::profile(tx, account)?.name;
    if compare::names(&name, &arrival.name) == Likeness::Differ && !choice.difference_seen {
        refuse!(FederationRefusal::NotAcknowledged);
    }
    if ticket::take(tx, rules, visit, Purpose::ProviderLink, secret, Some(browser))?.is_none() {
        refuse!(FederationRefusal::Used);
    }
    if let Some(replaced) = replaced {
        binding::remove_identity(tx, rules, visit, &replaced)?;
    }
    let authenticator = binding::bind_identity(tx, rules, visit, account, arrival)?;
    binding::end_the_rest(tx, visit, account, session.id)?;
    let language = account::language(tx, account)?;
    let told = Told::NewWay(authenticator);
    tell_of(tx, rules, visit, account, told, |link| Notice::IdentityLinked {
        provider: rules.provider_label(&arrival.provider, language).to_owned(),
        name: arrival.name.to_string(),
        at: visit.now,
        link,
    })?;
    let offers = contacts::offers(tx, rules, visit, account, &arrival.contacts)?;
    let owner = (account, session.id);
    Ok(Ok(Linked {
        authenticator,
        provider: arrival.provider.clone(),
        contacts: contacts::take(tx, rules, visit, owner, &offers, &choice.contacts)?,
    }))
}
