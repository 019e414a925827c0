//! The certificate that a person signs with where they choose no other (D-8.d).

use db::{Error, Tx, params};
use serde_json::json;

use super::{Authenticator, AuthenticatorId, CertificateState, RemovalRefusal};
use crate::account::AccountId;
use crate::audit::{self, Act, Event};
use crate::session::Session;
use crate::{Decision, Failure, Visit, refuse};

/// Chooses it, among the certificates of the account that are not removed.
pub fn choose_default_certificate(
    tx: &mut Tx<'_>,
    visit: &Visit,
    session: &Session,
    id: AuthenticatorId,
) -> Decision<(), RemovalRefusal> {
    if super::store::find_bound_certificate(tx, session.account, id)?.is_none() {
        refuse!(RemovalRefusal::NotFound);
    }
    update(tx, session.account, id)?;
    let detail = json!({ "authenticator": id });
    let event = Event::by(session.account, Act::CertificateChosen, detail);
    audit::record(tx, visit, event)?;
    Ok(Ok(()))
}

/// The one chosen, while it is valid; else the valid one that ends last.
pub fn default_certificate(
    tx: &mut Tx<'_>,
    account: AccountId,
    ways: &[Authenticator],
) -> Result<Option<AuthenticatorId>, Failure> {
    let chosen = find(tx, account)?;
    let valid = || {
        ways.iter().filter_map(|way| {
            let data = way.certificate.as_ref()?;
            (data.state == CertificateState::Valid).then_some((data.not_after, way.id))
        })
    };
    let still = valid().find(|(_, id)| Some(*id) == chosen);
    Ok(still.or_else(|| valid().max()).map(|(_, id)| id))
}

fn find(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<AuthenticatorId>, Error> {
    let (chosen,): (Option<AuthenticatorId>,) = tx.one(
        "select default_certificate from account where id = $1",
        params![account],
    )?;
    Ok(chosen)
}

fn update(tx: &mut Tx<'_>, account: AccountId, id: AuthenticatorId) -> Result<(), Error> {
    tx.execute(
        "update account set default_certificate = $1 where id = $2",
        params![id, account],
    )?;
    Ok(())
}
