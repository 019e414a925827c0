use db::Tx;
use serde_json::json;

use super::{Session, SessionId, SessionRefusal, store};
use crate::account::AccountId;
use crate::audit::{self, Act, Event};
use crate::binding::AuthenticatorId;
use crate::message::Notice;
use crate::{Decision, Failure, Rules, Secret, Visit, contact, refuse};

/// Signs out. A step-up at the same moment does not save the session (threats, SES-8).
pub fn sign_out(tx: &mut Tx<'_>, visit: &Visit, secret: &Secret) -> Result<(), Failure> {
    if let Some((session, account)) = store::update_ended_by_secret(tx, secret.hash(), visit.now)? {
        record(
            tx,
            visit,
            account,
            Act::SessionEnded,
            json!({ "session": session, "own": true }),
        )?;
    }
    Ok(())
}

/// Ends one session of the account, as the list names it.
pub fn end(
    tx: &mut Tx<'_>,
    visit: &Visit,
    session: &Session,
    target: SessionId,
) -> Decision<(), SessionRefusal> {
    if store::update_ended(tx, session.account, target, visit.now)? == 0 {
        refuse!(SessionRefusal::NotFound);
    }
    let detail = json!({ "session": target, "own": target == session.id });
    record(tx, visit, session.account, Act::SessionEnded, detail)?;
    Ok(Ok(()))
}

/// Ends all other sessions of the account, makes contacts that wait void (threats, LNK-4), and tells the person; says
/// how many sessions there were.
pub fn end_others(tx: &mut Tx<'_>, rules: &Rules, visit: &Visit, session: &Session) -> Result<u64, Failure> {
    let ended = end_all_but(tx, visit, session.account, session.id)?;
    contact::void_pending(tx, visit, session.account)?;
    if ended > 0 {
        record(
            tx,
            visit,
            session.account,
            Act::SessionsEnded,
            json!({ "count": ended }),
        )?;
        contact::tell(
            tx,
            rules,
            visit,
            session.account,
            &Notice::SessionsEnded { at: visit.now },
        )?;
    }
    Ok(ended)
}

/// Ends all sessions of an account, as part of an act that is audited itself.
pub(crate) fn end_all(tx: &mut Tx<'_>, visit: &Visit, account: AccountId) -> Result<(), Failure> {
    store::update_ended_by_account(tx, account, visit.now)?;
    Ok(())
}

/// Ends all sessions but one, as part of an act that is audited itself.
pub(crate) fn end_all_but(
    tx: &mut Tx<'_>,
    visit: &Visit,
    account: AccountId,
    kept: SessionId,
) -> Result<u64, Failure> {
    Ok(store::update_ended_but_one(tx, account, kept, visit.now)?)
}

/// Every browser is a new one to the account from now on (threats, SES-6).
pub(crate) fn forget_devices(tx: &mut Tx<'_>, account: AccountId) -> Result<(), Failure> {
    store::delete_devices(tx, account)?;
    Ok(())
}

/// Ends a session that was opened in this very transaction, as part of an act that is audited itself.
pub(crate) fn end_at_once(
    tx: &mut Tx<'_>,
    visit: &Visit,
    account: AccountId,
    session: SessionId,
) -> Result<(), Failure> {
    store::update_ended(tx, account, session, visit.now)?;
    Ok(())
}

/// Nobody of the account owes a second factor any more.
pub(crate) fn second_factor_set(tx: &mut Tx<'_>, account: AccountId) -> Result<(), Failure> {
    Ok(store::update_second_factor_set(tx, account)?)
}

/// Ends what an authenticator opened (threats, LNK-13).
pub(crate) fn end_by_authenticator(
    tx: &mut Tx<'_>,
    visit: &Visit,
    authenticator: AuthenticatorId,
) -> Result<(), Failure> {
    store::update_ended_by_authenticator(tx, authenticator, visit.now)?;
    Ok(())
}

pub(super) fn record(
    tx: &mut Tx<'_>,
    visit: &Visit,
    account: AccountId,
    act: Act,
    detail: serde_json::Value,
) -> Result<(), Failure> {
    audit::record(tx, visit, Event::by(account, act, detail))
}
