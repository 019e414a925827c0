//! What can be said, without the words.

use db::Timestamp;
use serde::{Deserialize, Serialize};

use crate::binding::{Kind, SecondFactor};
use crate::contact::Slot;

/// What a message says. Stored sealed; the worker finds the words in the recipient's language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Notice {
    /// Confirm this e-mail by a code or a link.
    EmailCode {
        /// Six digits.
        code: String,
        /// When the code ends.
        code_until: Timestamp,
        /// The page with the button «Confirm».
        link: String,
        /// When the link ends.
        link_until: Timestamp,
    },
    /// Confirm this phone by a code.
    PhoneCode {
        /// Six digits.
        code: String,
        /// When the code ends.
        code_until: Timestamp,
    },
    /// Somebody gave your address as theirs; nothing changed for you (A-8.c).
    AddressInUse,
    /// A new value was given for a contact; it waits for confirmation.
    ContactChanged {
        /// Which contact.
        slot: Slot,
        /// The new value, masked.
        new_masked: String,
        /// The page with the button «This was not me».
        undo_link: String,
        /// When the undo link ends.
        undo_until: Timestamp,
    },
    /// A contact was removed.
    ContactRemoved {
        /// Which contact.
        slot: Slot,
        /// The page with the button «This was not me».
        undo_link: String,
        /// When the undo link ends.
        undo_until: Timestamp,
    },
    /// A new contact is confirmed and in force.
    ContactConfirmed {
        /// Which contact.
        slot: Slot,
        /// Its value, masked.
        masked: String,
    },
    /// A change was undone from the old address; all sessions have ended.
    ContactUndone {
        /// Which contact.
        slot: Slot,
    },
    /// Somebody signed in from a browser not seen before.
    NewDevice {
        /// By what.
        by: Kind,
        /// The `User-Agent` of that browser.
        device: String,
        /// Its network address.
        address: String,
        /// When.
        at: Timestamp,
        /// The page that ends the sessions and shuts the way in where that locks nobody out.
        link: String,
    },
    /// A certificate now opens the account.
    CertificateBound {
        /// Whose name it bears.
        owner: String,
        /// Its serial number.
        serial: String,
        /// When.
        at: Timestamp,
        /// The page that ends the sessions.
        link: String,
    },
    /// A statement names the certificate that will open the account.
    RenewalPrepared {
        /// Whose name it bears.
        owner: String,
        /// Its serial number.
        serial: String,
        /// When.
        at: Timestamp,
        /// The page that ends the sessions.
        link: String,
    },
    /// A certificate opens the account no longer.
    CertificateRemoved {
        /// Whose name it bears.
        owner: String,
        /// Its serial number.
        serial: String,
        /// When.
        at: Timestamp,
        /// The page that ends the sessions.
        link: String,
    },
    /// A certificate ends soon.
    CertificateEnds {
        /// Whose name it bears.
        owner: String,
        /// Its serial number.
        serial: String,
        /// Its last moment.
        until: Timestamp,
        /// The page that says how to get the next one.
        link: String,
    },
    /// A certificate is over.
    CertificateEnded {
        /// Whose name it bears.
        owner: String,
        /// Its serial number.
        serial: String,
        /// Its last moment.
        until: Timestamp,
        /// The page that says how to get the next one.
        link: String,
    },
    /// A password now opens the account.
    PasswordSet {
        /// When.
        at: Timestamp,
        /// The page that ends the sessions.
        link: String,
    },
    /// The password is a new one.
    PasswordChanged {
        /// When.
        at: Timestamp,
        /// The page that ends the sessions.
        link: String,
    },
    /// An identity at a provider now opens the account.
    IdentityLinked {
        /// What people call the provider.
        provider: String,
        /// The name it gave; may be empty.
        name: String,
        /// When.
        at: Timestamp,
        /// The page that suspends it and ends the sessions.
        link: String,
    },
    /// An identity at a provider opens the account no longer.
    IdentityUnlinked {
        /// What people call the provider.
        provider: String,
        /// The name it gave; may be empty.
        name: String,
        /// When.
        at: Timestamp,
        /// The page that ends the sessions.
        link: String,
    },
    /// Enter this code beside the first proof.
    SignInCode {
        /// Six digits.
        code: String,
        /// When the code ends.
        code_until: Timestamp,
    },
    /// Enter this code to get back into the account.
    RecoveryBegun {
        /// Six digits.
        code: String,
        /// When the code ends.
        code_until: Timestamp,
        /// The `User-Agent` of the browser that asked.
        device: String,
        /// Its network address.
        address: String,
    },
    /// Somebody got back into the account; all sessions have ended.
    AccountRecovered {
        /// The `User-Agent` of that browser.
        device: String,
        /// Its network address.
        address: String,
        /// When.
        at: Timestamp,
        /// The page that ends the sessions.
        link: String,
    },
    /// One of the operator's people asked for the recovery of the account.
    AssistedRecoveryAsked {
        /// Who.
        by: String,
        /// When.
        at: Timestamp,
        /// The page that stops it.
        link: String,
    },
    /// Another approved it.
    AssistedRecoveryApproved {
        /// Who asked.
        asked_by: String,
        /// Who approved.
        approved_by: String,
        /// When.
        at: Timestamp,
        /// From when the person comes in with the code.
        open_from: Timestamp,
        /// The page that stops it.
        link: String,
    },
    /// It was given up or stopped.
    AssistedRecoveryEnded {
        /// When.
        at: Timestamp,
    },
    /// A second factor is asked for from now on.
    SecondFactorSet {
        /// Which.
        factor: SecondFactor,
        /// When.
        at: Timestamp,
        /// The page that ends the sessions.
        link: String,
    },
    /// A second factor is asked for no longer.
    SecondFactorRemoved {
        /// Which.
        factor: SecondFactor,
        /// When.
        at: Timestamp,
        /// The page that ends the sessions.
        link: String,
    },
    /// Somebody gave a right first proof, and then wrong second factors.
    SecondFactorGuessed {
        /// The `User-Agent` of that browser.
        device: String,
        /// Its network address.
        address: String,
        /// When.
        at: Timestamp,
        /// The page that ends the sessions.
        link: String,
    },
    /// There is a new sheet of recovery codes.
    RecoveryCodesMade {
        /// When.
        at: Timestamp,
        /// The page that ends the sessions.
        link: String,
    },
    /// A recovery code was used.
    RecoveryCodeUsed {
        /// How many are left.
        left: i64,
        /// When.
        at: Timestamp,
        /// The page that ends the sessions.
        link: String,
    },
    /// A passkey opens the account from now on.
    PasskeyBound {
        /// Its name.
        name: String,
        /// When.
        at: Timestamp,
        /// The page that ends the sessions.
        link: String,
    },
    /// A passkey opens the account no longer.
    PasskeyRemoved {
        /// Its name.
        name: String,
        /// When.
        at: Timestamp,
        /// The page that ends the sessions.
        link: String,
    },
    /// Two accounts of one person became one.
    AccountsMerged {
        /// Whose name the other account bore.
        other: String,
        /// When.
        at: Timestamp,
        /// Until when it can be undone.
        undo_until: Timestamp,
        /// The page that undoes it and ends the sessions.
        link: String,
    },
    /// They are two again.
    MergeUndone {
        /// Whose name the other account bears.
        other: String,
        /// When.
        at: Timestamp,
    },
    /// All other sessions were ended.
    SessionsEnded {
        /// When.
        at: Timestamp,
    },
}

impl Notice {
    /// A stable word for logs, metrics and lists.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::EmailCode { .. } => "email-code",
            Self::PhoneCode { .. } => "phone-code",
            Self::AddressInUse => "address-in-use",
            Self::ContactChanged { .. } => "contact-changed",
            Self::ContactRemoved { .. } => "contact-removed",
            Self::ContactConfirmed { .. } => "contact-confirmed",
            Self::ContactUndone { .. } => "contact-undone",
            Self::NewDevice { .. } => "new-device",
            Self::CertificateBound { .. } => "certificate-bound",
            Self::RenewalPrepared { .. } => "renewal-prepared",
            Self::CertificateRemoved { .. } => "certificate-removed",
            Self::CertificateEnds { .. } => "certificate-ends",
            Self::CertificateEnded { .. } => "certificate-ended",
            Self::PasswordSet { .. } => "password-set",
            Self::PasswordChanged { .. } => "password-changed",
            Self::IdentityLinked { .. } => "identity-linked",
            Self::IdentityUnlinked { .. } => "identity-unlinked",
            Self::SignInCode { .. } => "sign-in-code",
            Self::RecoveryBegun { .. } => "recovery-begun",
            Self::AccountRecovered { .. } => "account-recovered",
            Self::AssistedRecoveryAsked { .. } => "assisted-recovery-asked",
            Self::AssistedRecoveryApproved { .. } => "assisted-recovery-approved",
            Self::AssistedRecoveryEnded { .. } => "assisted-recovery-ended",
            Self::SecondFactorSet { .. } => "second-factor-set",
            Self::SecondFactorRemoved { .. } => "second-factor-removed",
            Self::SecondFactorGuessed { .. } => "second-factor-guessed",
            Self::RecoveryCodesMade { .. } => "recovery-codes-made",
            Self::RecoveryCodeUsed { .. } => "recovery-code-used",
            Self::PasskeyBound { .. } => "passkey-bound",
            Self::PasskeyRemoved { .. } => "passkey-removed",
            Self::AccountsMerged { .. } => "accounts-merged",
            Self::MergeUndone { .. } => "merge-undone",
            Self::SessionsEnded { .. } => "sessions-ended",
        }
    }

    /// When it is of no use any more.
    pub(super) const fn expires_at(&self) -> Option<Timestamp> {
        match self {
            Self::EmailCode { code_until, .. }
            | Self::PhoneCode { code_until, .. }
            | Self::SignInCode { code_until, .. }
            | Self::RecoveryBegun { code_until, .. } => Some(*code_until),
            Self::CertificateEnds { until, .. } => Some(*until),
            _ => None,
        }
    }
}
