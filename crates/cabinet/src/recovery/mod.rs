//! Recovery: back into an account whose usual way in is lost (requirements, 4.10.2).
//!
//! - Whom a request names is looked up after it was answered, by the worker: nobody learns from text, status or time
//!   whether an account exists (threats, PWD-5). Codes go to confirmed contacts of the database alone (PWD-7).
//! - A code at one contact stands for the password and for nothing more. A second factor is asked for as at every
//!   sign-in (PWD-8), and where anything stronger than a password opens the account, so is a second contact.
//! - Where a recovery stands is known to the database alone: each step takes the ticket of the step before.
//! - Its end is one transaction: a new password, every session, browser and half-finished act over, all contacts told
//!   (LNK-2, LNK-4). Then the person looks through the ways in (LNK-3).

mod assisted;
mod begin;
mod complete;
mod due;
mod need;
mod prove;
mod review;
mod store;
mod under_way;

pub use assisted::{
    Approved, Asked, Assisted, AssistedId, AssistedRefusal, Half, Officer, Progress, Request, approve, ask,
    cancel, find_named, give_halves, list,
};
pub(crate) use assisted::{is_stoppable, stop, void};
pub use begin::begin;
pub use complete::{complete, complete_by_proof, personal_words};
pub use due::{is_due, send_next};
pub use prove::{give_code, give_factor, send_code};
pub use review::{Method, Review, What, finish, review};
pub use under_way::{Sent, Step, UnderWay, Ways, find};

crate::refusals! {
    /// Why a recovery does not go on.
    pub enum RecoveryRefusal {
        Gone = "recovery.gone",
        StepMissing = "recovery.step_missing",
        NotYours = "recovery.not_yours",
        LoginMalformed = "login.malformed",
        CodeWrong = "recovery.code_wrong",
        HalvesWrong = "recovery.halves_wrong",
        TooEarly = "recovery.too_early",
        FactorWrong = "second_factor.wrong",
        FactorLocked = "second_factor.too_many_tries",
        TooManyTries = "recovery.too_many_tries",
        TooManyRequests = "recovery.too_many_requests",
        TooManyMessages = "contact.too_many_messages",
        CountryNotServed = "contact.country_not_served",
        SmsStopped = "contact.sms_stopped",
        AccountBlocked = "account.blocked",
        ReviewOver = "recovery.review_over",
        LastUsable = "binding.last_usable",
    }
}
