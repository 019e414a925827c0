use db::Tx;
use serde_json::json;

use super::store::{self, Ending};
use super::{AssistedId, AssistedRefusal, Officer};
use crate::account::{self, AccountId, Name};
use crate::audit::{self, Act, Event};
use crate::message::Notice;
use crate::organisation::OrganisationId;
use crate::sign_in::Login;
use crate::{Decision, Failure, Rules, Visit, contact, refuse};

/// Whom a login names, with the confirmed contacts, masked: for one of the operator's people, who sees the person.
pub fn find_named(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    login: &str,
    organisation: Option<OrganisationId>,
) -> Result<Option<(AccountId, Name, Vec<String>)>, Failure> {
    let Some(login) = Login::parse(rules, login, organisation) else {
        return Ok(None);
    };
    let Some(account) = login.find(tx)? else {
        return Ok(None);
    };
    let name = account::profile(tx, account)?.name;
    let contacts = contact::list(tx, rules, visit.now, account)?;
    let in_force = contact::Slot::ALL
        .iter()
        .filter_map(|slot| contacts.get(*slot).in_force.as_ref());
    let masked = in_force.map(|contact| contact.value.masked()).collect();
    Ok(Some((account, name, masked)))
}

/// Gives up what was asked for; one of the operator's people is enough for this.
pub fn cancel(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    officer: &Officer,
    id: AssistedId,
) -> Decision<(), AssistedRefusal> {
    let Some(row) = store::find(tx, id, visit.now)? else {
        refuse!(AssistedRefusal::NotFound);
    };
    if store::update_ended(tx, id, Ending::Cancelled, visit.now)? == 0 {
        refuse!(AssistedRefusal::NotFound);
    }
    let detail = json!({ "recovery": id, "cancelled_by": officer.name });
    let event = Event {
        actor: officer.account,
        ..Event::about(row.account, Act::AssistedRecoveryEnded, detail)
    };
    audit::record(tx, visit, event)?;
    let notice = Notice::AssistedRecoveryEnded { at: visit.now };
    contact::tell(tx, rules, visit, row.account, &notice)?;
    Ok(Ok(()))
}

/// Whether «this was not me» would stop it now.
pub(crate) fn is_stoppable(tx: &mut Tx<'_>, visit: &Visit, id: AssistedId) -> Result<bool, Failure> {
    Ok(store::find(tx, id, visit.now)?.is_some())
}

/// «This was not me», from one of the contacts that were told; the others hear of it.
pub(crate) fn stop(tx: &mut Tx<'_>, rules: &Rules, visit: &Visit, id: AssistedId) -> Result<(), Failure> {
    let Some(row) = store::find(tx, id, visit.now)? else {
        return Ok(());
    };
    store::update_ended(tx, id, Ending::Stopped, visit.now)?;
    let detail = json!({ "recovery": id });
    let event = Event::about(row.account, Act::AssistedRecoveryEnded, detail);
    audit::record(tx, visit, event)?;
    let notice = Notice::AssistedRecoveryEnded { at: visit.now };
    contact::tell(tx, rules, visit, row.account, &notice)
}

/// The account was recovered, or went into another: what was asked for it is over.
pub(crate) fn void(tx: &mut Tx<'_>, visit: &Visit, account: AccountId) -> Result<(), Failure> {
    store::update_ended_by_account(tx, account, Ending::Void, visit.now)?;
    Ok(())
}
