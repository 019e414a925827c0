use db::Tx;
use esign::certificate::Certificate;
use serde_json::json;

use super::{RenewalId, store};
use crate::account::AccountId;
use crate::audit::{self, Act, Event};
use crate::{Failure, Visit};

/// A statement that counts, about a certificate that has come.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Renewed {
    pub(crate) account: AccountId,
    id: RenewalId,
}

/// The one statement about a certificate. Where two accounts made one, none counts: the person says which is theirs.
pub(crate) fn find(tx: &mut Tx<'_>, certificate: &Certificate) -> Result<Option<Renewed>, Failure> {
    let found = store::list_waiting(tx, &certificate.fingerprint())?;
    Ok(match found.as_slice() {
        [one] => Some(Renewed {
            account: one.account,
            id: one.id,
        }),
        _ => None,
    })
}

/// Uses the statement up: the certificate is bound by it in this transaction.
pub(crate) fn complete(tx: &mut Tx<'_>, visit: &Visit, renewed: Renewed) -> Result<(), Failure> {
    if store::update_used(tx, visit.now, renewed.id)? == 0 {
        return Err(Failure::new("a statement that counted is used up"));
    }
    let detail = json!({ "renewal": renewed.id });
    audit::record(
        tx,
        visit,
        Event::about(renewed.account, Act::RenewalCompleted, detail),
    )
}
