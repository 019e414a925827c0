//! Authenticators: the ways in that belong to an account.

mod certificate;
mod change;
mod default;
mod external_identity;
mod factor_store;
mod hash;
mod list;
mod notify;
mod passkey;
mod password;
mod recovery_code;
mod reminder;
mod remove;
mod second_factor;
mod sms;
mod store;
mod totp;

use db::{Timestamp, Tx};

use crate::account::AccountId;
use crate::session::SessionId;
use crate::{Failure, Rules, Visit};

pub(crate) use certificate::{bind_certificate, find_certificate, owner, serial};
pub use change::Enrolled;
pub(crate) use change::end_the_rest;
pub use default::{choose_default_certificate, default_certificate};
pub use external_identity::{IdentityData, IdentityState, resume_identity, unlink};
pub(crate) use external_identity::{
    LinkedIdentity, bind_identity, disown_identity, find_identity, find_identity_at, find_provider,
    has_identity, identities, note_arrival, record_answers, remove_identity,
};
pub use hash::PasswordHash;
pub(crate) use hash::{DUMMY, matches, needs_rehash};
pub use list::{Authenticator, CertificateData, CertificateState, PasskeyData, list};
pub(crate) use notify::{tell, tell_of};
pub use passkey::{
    Assertion, Attestation, PasskeyChallenge, PasskeyRefusal, PasskeyUse, RegistrationOffer, bind_passkey,
    issue_passkey_challenge, offer_passkey, rename_passkey,
};
pub(crate) use passkey::{Proven, disown_passkey, prove as prove_passkey};
pub use password::{NewPassword, PasswordRefusal, personal_words, set_password};
pub(crate) use password::{find_password, put_password, rehash};
pub(crate) use recovery_code::take_recovery_code;
pub use recovery_code::{RecoveryCodes, renew_recovery_codes};
pub use reminder::{is_reminder_due, remind};
pub use remove::{RemovalRefusal, remove, remove_certificate};
pub(crate) use remove::{can_remove_password, is_last_usable, remove_password};
pub(crate) use second_factor::second_factors;
pub use second_factor::{OwnFactor, SecondFactor, list_second_factors};
pub use sms::{SmsRefusal, set_sms_factor};
pub(crate) use store::PasswordRow;
pub(crate) use totp::take_totp;
pub use totp::{Seed, TotpRefusal, confirm_totp, offer_totp, offered_totp};

db::id! {
    /// An authenticator.
    pub AuthenticatorId
}

db::text_enum! {
    /// The kinds of authenticator that open an account, the weakest first.
    pub enum Kind {
        /// A password.
        Password = "password",
        /// An identity at an outside provider.
        ExternalIdentity = "external-identity",
        /// A passkey (WebAuthn).
        Passkey = "passkey",
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
        /// A statement signed with the key of the certificate before it names it.
        Renewal = "renewal",
    }
}

/// The strongest kind that opens the account now.
pub(crate) fn strongest_usable(
    tx: &mut Tx<'_>,
    rules: &Rules,
    account: AccountId,
    now: Timestamp,
) -> Result<Option<Kind>, Failure> {
    let usable = list_usable(tx, rules, account, now)?;
    Ok(usable.into_iter().map(|way| way.kind).max())
}

/// A way in that opens the account now.
pub(crate) struct Usable {
    pub(crate) id: AuthenticatorId,
    pub(crate) kind: Kind,
    pub(crate) bound_at: Timestamp,
    /// Whether it can be asked for a fresh proof in a session that is open.
    pub(crate) proves_anew: bool,
}

/// The ways in that open the account now: passwords, certificates within their dates, identities that are not suspended
/// at providers that are switched on (threats, LNK-11).
pub(crate) fn list_usable(
    tx: &mut Tx<'_>,
    rules: &Rules,
    account: AccountId,
    now: Timestamp,
) -> Result<Vec<Usable>, Failure> {
    let rows = store::list_usable(tx, account, now)?;
    let usable = |row: store::UsableRow| {
        let proves_anew = match &row.provider {
            Some(key) => rules.provider(key)?.proves_anew,
            None => true,
        };
        Some(Usable {
            id: row.id,
            kind: row.kind,
            bound_at: row.bound_at,
            proves_anew,
        })
    };
    Ok(rows.into_iter().filter_map(usable).collect())
}

/// What kind of authenticator opened a session.
pub(crate) fn find_opener(tx: &mut Tx<'_>, session: SessionId) -> Result<Option<Kind>, Failure> {
    Ok(store::find_opener(tx, session)?)
}

/// Whether a certificate was ever bound to the account and is not removed.
pub(crate) fn has_certificate(tx: &mut Tx<'_>, account: AccountId) -> Result<bool, Failure> {
    let all = store::list_certificates(tx, account)?;
    Ok(all.iter().any(|row| row.removed_at.is_none()))
}

/// What kind a way into the account is; nothing for what opens no account alone.
pub(crate) fn kind(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: AuthenticatorId,
) -> Result<Option<Kind>, Failure> {
    Ok(store::find_kind(tx, account, id)?)
}

/// Whether this authenticator opens the account now.
pub(crate) fn is_usable(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    id: AuthenticatorId,
) -> Result<bool, Failure> {
    let usable = list_usable(tx, rules, account, visit.now)?;
    Ok(usable.iter().any(|way| way.id == id))
}

/// Whether anything of the account, be it removed since, ever opened or strengthened a session.
pub(crate) fn was_ever_used(tx: &mut Tx<'_>, account: AccountId) -> Result<bool, Failure> {
    Ok(store::find_used(tx, account)?.is_some())
}

/// Notes the use of an authenticator.
pub(crate) fn mark_used(tx: &mut Tx<'_>, id: AuthenticatorId, now: Timestamp) -> Result<(), Failure> {
    Ok(store::update_last_used(tx, id, now)?)
}
