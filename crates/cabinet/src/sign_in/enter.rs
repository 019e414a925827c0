use db::Tx;
use serde_json::json;

use super::SignInRefusal;
use crate::account::AccountId;
use crate::audit::{self, Act, Event};
use crate::binding::{self, tell};
use crate::message::Notice;
use crate::organisation;
use crate::session::{self, Opening, SessionId};
use crate::{Decision, Failure, Rules, Secret, Visit, refuse};

/// A session just opened.
#[derive(Debug)]
pub struct Opened {
    /// The secret for the cookie.
    pub secret: Secret,
    /// Its public name.
    pub session: SessionId,
    /// Whose cabinet it is.
    pub account: AccountId,
    /// Whether the cabinet was made by this entry.
    pub created: bool,
}

/// The last step of every way in.
pub(super) fn enter(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    opening: &Opening,
    created: bool,
) -> Decision<Opened, SignInRefusal> {
    let organisation = match &opening.entrance {
        None => None,
        Some(entrance) => match organisation::admits(tx, rules, entrance, opening.account)? {
            Ok(organisation) => organisation,
            Err(refusal) => return refused(tx, visit, opening.account, refusal.into()),
        },
    };
    let Some(new) = session::open(tx, rules, visit, opening, organisation)? else {
        return refused(tx, visit, opening.account, SignInRefusal::AccountBlocked);
    };
    binding::mark_used(tx, opening.authenticator, visit.now)?;
    if new.is_new_device && !created {
        tell(tx, rules, visit, opening.account, |link| Notice::NewDevice {
            device: visit.device.clone(),
            address: visit.address.to_string(),
            at: visit.now,
            link,
        })?;
    }
    Ok(Ok(Opened {
        secret: new.secret,
        session: new.id,
        account: opening.account,
        created,
    }))
}

/// Refuses, and lets the account's owner see it in the history.
pub(super) fn refused<T>(
    tx: &mut Tx<'_>,
    visit: &Visit,
    account: AccountId,
    refusal: SignInRefusal,
) -> Decision<T, SignInRefusal> {
    record(
        tx,
        visit,
        account,
        Act::SignInRefused,
        json!({ "code": refusal.code() }),
    )?;
    refuse!(refusal);
}

pub(super) fn record(
    tx: &mut Tx<'_>,
    visit: &Visit,
    account: AccountId,
    act: Act,
    detail: serde_json::Value,
) -> Result<(), Failure> {
    audit::record(tx, visit, Event::about(account, act, detail))
}
