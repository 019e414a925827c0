//! Two accounts of one person become one (4.10.3).
//!
//! - The person is signed in to the account that stays, with a fresh proof, and proves the other in the same browser by
//!   its strongest way in and its second factor: a merge asks no less than a change of ways in does (threats, SES-5).
//! - What the other account holds moves as whole rows; what has no room stays there. Nobody enters it any more, and an
//!   undo within days moves back exactly what moved.
//! - Rights never rise (threats, LNK-14): an account with rights in an organisation is its administrator's to settle.
//! - Numbers of one kind that differ are two people, who are never merged.

mod begin;
mod confirm;
mod moves;
mod preview;
mod prove;
mod store;
mod undo;

pub use begin::{Stage, begin, cancel, stage};
pub use confirm::{Confirmed, KeptPassword, confirm};
pub use preview::{Fate, Item, Preview, Subject, preview};
pub use prove::{prove, prove_with_certificate};
pub use undo::{Done, list, undo};
pub(crate) use undo::{disown, is_undoable};

db::id! {
    /// A merge that was done.
    pub MergeId
}

crate::refusals! {
    /// Why two accounts do not become one.
    pub enum MergeRefusal {
        Gone = "merge.gone",
        NotProven = "merge.not_proven",
        SameAccount = "merge.same_account",
        WeakProof = "merge.weak_proof",
        PersonIdDiffers = "merge.person_id_differs",
        HasRights = "merge.has_rights",
        AccountBlocked = "merge.blocked",
        ChallengeGone = "challenge.gone",
        CertificateNotBound = "certificate.not_bound",
        UndoOver = "merge.undo_over",
    }
}
