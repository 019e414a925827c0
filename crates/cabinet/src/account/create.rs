use db::Tx;

use super::{AccountId, Name, store};
use crate::{Failure, Visit};

/// Makes an account. Its names come from a proof, never from a form.
pub(crate) fn create(tx: &mut Tx<'_>, visit: &Visit, name: &Name) -> Result<AccountId, Failure> {
    let account = visit.id(AccountId::new);
    store::insert(tx, account, name, visit.language, visit.now)?;
    Ok(account)
}
