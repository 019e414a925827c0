//! Renewal ahead of time (D-8.f): a statement, signed with the key of a certificate that still opens the account, names
//! the one that follows. The first entry with that needs nothing further.
//!
//! The statement and its signature stay as evidence. It counts until the new certificate was bound by it, until its owner
//! revokes it, and no longer than the certificate whose key signed it belongs to the account.

mod complete;
mod make;
mod offer;
mod store;
mod successor;

use db::Timestamp;

pub(crate) use complete::{Renewed, complete, find};
pub use make::{evidence, list, make, revoke};
pub use offer::{offer, offered};
pub use successor::read_successor;

db::id! {
    /// A renewal that was prepared.
    pub RenewalId
}

crate::refusals! {
    /// Why a renewal is not prepared.
    pub enum RenewalRefusal {
        PrivateKey = "renewal.private_key",
        NotACertificate = "renewal.not_a_certificate",
        SeveralCertificates = "renewal.several_certificates",
        Authority = "renewal.authority",
        AlreadyBound = "certificate.already_bound",
        BoundElsewhere = "certificate.bound_elsewhere",
        PersonIdDiffers = "certificate.person_id_differs",
        NameDiffers = "renewal.name_differs",
        Expired = "renewal.expired",
        OfferGone = "renewal.offer_gone",
        ChallengeGone = "challenge.gone",
        NotBound = "certificate.not_bound",
        BoundInThisSession = "step_up.bound_in_this_session",
        NotFound = "renewal.not_found",
    }
}

/// A renewal, as its owner sees it.
#[derive(Clone, Debug)]
pub struct Renewal {
    /// Its name.
    pub id: RenewalId,
    /// The serial number of the certificate that follows.
    pub serial: String,
    /// Until when that is valid.
    pub not_after: Timestamp,
    /// When the statement was made.
    pub made_at: Timestamp,
    /// How it stands.
    pub state: RenewalState,
}

/// How a renewal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RenewalState {
    /// The new certificate has not come yet.
    Waiting,
    /// It came, and was bound.
    Used {
        /// When.
        at: Timestamp,
    },
    /// Its owner took it back.
    Revoked {
        /// When.
        at: Timestamp,
    },
}

/// What a statement said, and the signature under it.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The text, as it was shown and signed.
    pub statement: String,
    /// The CMS in DER.
    pub signature: Vec<u8>,
}
