//! Recovery that two people of the operator carry out, for whom nothing is left (4.10.2, D-21).
//!
//! - One asks and says how they made sure who the person is, another approves. Neither can do it alone: each is given one
//!   half of the code, and the person types both.
//! - Every confirmed contact is told at each step, and stops it with one button. The code opens nothing before the waiting
//!   time is over.
//! - It stands for the contacts. The second factor is asked for all the same, unless both let it be skipped this once, and
//!   it is never removed (threats, PWD-8).

mod approve;
mod ask;
mod end;
mod half;
mod list;
mod officer;
mod redeem;
mod store;

pub use approve::{Approved, approve};
pub use ask::{Asked, Request, ask};
pub use end::{cancel, find_named};
pub(crate) use end::{is_stoppable, stop, void};
pub use half::Half;
pub use list::{Assisted, Progress, list};
pub use officer::Officer;
pub use redeem::give_halves;
pub(super) use redeem::{Vouched, take};

db::id! {
    /// A recovery that two people of the operator carry out.
    pub AssistedId
}

crate::refusals! {
    /// Why people of the operator do not go on.
    pub enum AssistedRefusal {
        NotFound = "assisted_recovery.not_found",
        AlreadyAsked = "assisted_recovery.already_asked",
        AlreadyApproved = "assisted_recovery.already_approved",
        SameOfficer = "assisted_recovery.same_officer",
        OwnAccount = "assisted_recovery.own_account",
        ReasonMissing = "assisted_recovery.reason_missing",
        AccountBlocked = "account.blocked",
    }
}
