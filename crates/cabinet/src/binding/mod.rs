//! Authenticators: the ways in that belong to an account.

mod certificate;
mod hash;
mod list;
mod notify;
mod password;
mod remove;
mod store;

use db::{Timestamp, Tx};

use crate::Failure;
use crate::account::AccountId;

pub(crate) use certificate::{bind_certificate, find_certificate, owner, serial};
pub use hash::PasswordHash;
pub(crate) use hash::{DUMMY, matches, needs_rehash};
pub use list::{Authenticator, CertificateData, CertificateState, list};
pub(crate) use notify::tell;
pub use password::{NewPassword, PasswordRefusal, personal_words, set_password};
pub(crate) use password::{find_password, rehash};
pub use remove::{RemovalRefusal, remove_certificate};
pub(crate) use remove::{can_remove_password, remove_password};
pub(crate) use store::PasswordRow;

db::id! {
    /// An authenticator.
    pub AuthenticatorId
}

db::text_enum! {
    /// The kinds of authenticator, the weakest first.
    pub enum Kind {
        /// A password.
        Password = "password",
        /// A certificate.
        Certificate = "certificate",
    }
}

db::text_enum! {
    /// How an authenticator came to its account.
    pub enum BoundBy {
        /// It made the account.
        FirstEntry = "first-entry",
        /// It stated the person id of the account.
        SamePersonId = "same-person-id",
        /// The person added it.
        Person = "person",
    }
}

/// The strongest kind that opens the account now: a certificate within its dates, else a password.
pub(crate) fn strongest_usable(
    tx: &mut Tx<'_>,
    account: AccountId,
    now: Timestamp,
) -> Result<Option<Kind>, Failure> {
    let kinds = store::list_usable(tx, account, now)?;
    Ok(kinds.into_iter().map(|(_id, kind)| kind).max())
}

/// What kind an authenticator is.
pub(crate) fn kind(tx: &mut Tx<'_>, id: AuthenticatorId) -> Result<Option<Kind>, Failure> {
    Ok(store::find_kind(tx, id)?)
}

/// Notes the use of an authenticator.
pub(crate) fn mark_used(tx: &mut Tx<'_>, id: AuthenticatorId, now: Timestamp) -> Result<(), Failure> {
    Ok(store::update_last_used(tx, id, now)?)
}
