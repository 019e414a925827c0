//! The tamper-evident trail.
//!
//! Every account and every organisation has a chain of its own, so that no row is hot for all: `hash = SHA-256(previous hash ‖ line)`. A job
//! links the heads of changed chains into the server's chain, so that a chain that was cut short or rewritten as a
//! whole is noticed too. Lines are written in the transaction of the act, and never changed.

mod history;
mod link;
mod record;
mod store;
mod verify;

use db::Timestamp;

use crate::account::AccountId;
use crate::organisation::{OrganisationId, OrganisationScope};

pub use history::{Line, history};
pub use link::{has_unlinked, head, latest_time, link_heads};
pub use record::record;
pub use verify::{Break, Broken, Report, verify};

db::text_enum! {
    /// What happened.
    pub enum Act {
        /// A first entry made the account.
        AccountCreated = "account.created",
        /// The account was shut.
        AccountBlocked = "account.blocked",
        /// It was opened again.
        AccountUnblocked = "account.unblocked",
        /// The account was proven, to go into another one.
        MergeProven = "merge.proven",
        /// Another account of the same person went into this one.
        AccountMerged = "account.merged",
        /// It went into another account of the same person.
        AccountMergedInto = "account.merged_into",
        /// Two accounts that were made one are two again.
        MergeUndone = "merge.undone",
        /// Another language was chosen.
        LanguageChanged = "account.language_changed",
        /// A certificate opens the account from now on.
        CertificateBound = "certificate.bound",
        /// A certificate opens it no longer.
        CertificateRemoved = "certificate.removed",
        /// Another certificate signs where the person chooses none.
        CertificateChosen = "certificate.chosen",
        /// A statement, signed with the key of one certificate, names the one that follows.
        RenewalPrepared = "renewal.prepared",
        /// Such a statement was taken back.
        RenewalRevoked = "renewal.revoked",
        /// The certificate that it names has come, and was bound by it.
        RenewalCompleted = "renewal.completed",
        /// It has a password now.
        PasswordSet = "password.set",
        /// It has another password now.
        PasswordChanged = "password.changed",
        /// It has none any more: the person said it was not theirs.
        PasswordRemoved = "password.removed",
        /// An identity at a provider opens the account from now on.
        IdentityLinked = "identity.linked",
        /// It opens it no longer.
        IdentityUnlinked = "identity.unlinked",
        /// It opens nothing until its owner says so: «this was not me».
        IdentitySuspended = "identity.suspended",
        /// It opens the account again.
        IdentityResumed = "identity.resumed",
        /// A provider was switched off.
        ProviderDisabled = "provider.disabled",
        /// It was switched on again.
        ProviderEnabled = "provider.enabled",
        /// A second factor was set up.
        SecondFactorSet = "second_factor.set",
        /// A second factor is asked for no longer.
        SecondFactorRemoved = "second_factor.removed",
        /// A sheet of recovery codes was made; an older one is void.
        RecoveryCodesMade = "recovery_codes.made",
        /// A recovery code was used.
        RecoveryCodeUsed = "recovery_codes.used",
        /// A passkey opens the account from now on.
        PasskeyBound = "passkey.bound",
        /// It has another name.
        PasskeyRenamed = "passkey.renamed",
        /// It opens the account no longer.
        PasskeyRemoved = "passkey.removed",
        /// A code was sent to somebody who cannot enter.
        RecoveryBegun = "recovery.begun",
        /// Somebody came back into the account; everything of before is over.
        AccountRecovered = "recovery.completed",
        /// One of the operator's people asked for a recovery.
        AssistedRecoveryAsked = "assisted_recovery.asked",
        /// Another approved it.
        AssistedRecoveryApproved = "assisted_recovery.approved",
        /// It was given up, by one of them or from a contact.
        AssistedRecoveryEnded = "assisted_recovery.ended",
        /// The ways in were looked through after that.
        RecoveryReviewed = "recovery.reviewed",
        /// Somebody did not enter; the detail has the code.
        SignInRefused = "sign_in.refused",
        /// Somebody entered.
        SessionOpened = "session.opened",
        /// A fresh proof was made in a session.
        SessionSteppedUp = "session.stepped_up",
        /// A proof in a session was refused; the detail has the code.
        StepUpRefused = "session.step_up_refused",
        /// A session was ended, or signed out.
        SessionEnded = "session.ended",
        /// All other sessions were ended.
        SessionsEnded = "session.others_ended",
        /// «This was not me»: everything was ended.
        SessionDisowned = "session.disowned",
        /// A new contact waits for confirmation.
        ContactRequested = "contact.requested",
        /// A contact was confirmed.
        ContactConfirmed = "contact.confirmed",
        /// A contact was removed.
        ContactRemoved = "contact.removed",
        /// A waiting contact was given up.
        ContactCancelled = "contact.cancelled",
        /// A change of a contact was undone.
        ContactUndone = "contact.undone",
        /// An organisation was brought in.
        OrganisationAdded = "organisation.added",
        /// What is known of an organisation changed.
        OrganisationChanged = "organisation.changed",
        /// An organisation offers other ways in.
        OrganisationMethodsChanged = "organisation.methods_changed",
        /// The person is here for another organisation.
        OrganisationSwitched = "organisation.switched",
        /// An organisation has a card of a person.
        StaffAdded = "staff.added",
        /// A person belongs to an organisation.
        MembershipBegun = "membership.begun",
        /// A member enters by a user name.
        UserNameSet = "user_name.set",
        /// The heads of other chains.
        HeadsLinked = "audit.heads_linked",
    }
}

/// Which chain a line belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Chain {
    /// What concerns one person.
    Account(AccountId),
    /// What concerns one organisation.
    Organisation(OrganisationId),
    /// What concerns the installation, and the linked heads of all other chains.
    Server,
}

impl Chain {
    fn key(self) -> Vec<u8> {
        match self {
            Self::Account(account) => account.as_bytes().to_vec(),
            Self::Organisation(organisation) => organisation.as_bytes().to_vec(),
            Self::Server => vec![0; 16],
        }
    }
}

/// One line to be written.
#[derive(Debug)]
pub struct Event {
    /// Where.
    pub chain: Chain,
    /// What.
    pub act: Act,
    /// Who, if an account did it.
    pub actor: Option<AccountId>,
    /// Further facts, without secrets and without more personal data than the line needs.
    pub detail: serde_json::Value,
}

impl Event {
    /// An act of the account itself.
    pub const fn by(account: AccountId, act: Act, detail: serde_json::Value) -> Self {
        Self {
            chain: Chain::Account(account),
            act,
            actor: Some(account),
            detail,
        }
    }

    /// What happened to the account without anybody being signed in to it.
    pub const fn about(account: AccountId, act: Act, detail: serde_json::Value) -> Self {
        Self {
            chain: Chain::Account(account),
            act,
            actor: None,
            detail,
        }
    }
}

impl Event {
    /// An act within an organisation, by whoever has leave for it.
    pub const fn of(scope: &OrganisationScope, act: Act, detail: serde_json::Value) -> Self {
        Self {
            chain: Chain::Organisation(scope.organisation()),
            act,
            actor: None,
            detail,
        }
    }
}

/// For acts that are said in full by their name.
pub const fn no_detail() -> serde_json::Value {
    serde_json::Value::Null
}

/// The end of a chain at some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Number of the last line; the first has 1.
    pub seq: i64,
    /// Its hash, which covers all lines before it.
    pub hash: Vec<u8>,
    /// When it was written.
    pub at: Timestamp,
}
