//! The second factor: what is asked for after the first proof, before a session is opened or made stronger.
//!
//! - The first proof waits in a ticket that is bound to the browser, for minutes. No session exists before, and no
//!   browser is remembered (threats, SES-6).
//! - A wrong second factor slows down that factor of that account, whoever tries: only who gave a right first proof
//!   gets so far (PWD-2).

mod code;
mod guess;
mod passkey;
mod pending;
mod sms;

pub use code::with_code;
pub(crate) use guess::count as count_guess;
pub use passkey::with_passkey;
pub use pending::{Passed, Pending, PendingEntry, WaitingFor, pending};
pub(crate) use pending::{Then, Waiting, wait};
pub use sms::{SentCode, send_code};
pub(in crate::sign_in) use sms::{send_code_for, take_code_for};

crate::refusals! {
    /// Why a second factor was not accepted.
    pub enum SecondFactorRefusal {
        Gone = "second_factor.gone",
        Wrong = "second_factor.wrong",
        NotYours = "second_factor.not_yours",
        TooManyTries = "second_factor.too_many_tries",
        TooSoon = "contact.too_soon",
        TooManyMessages = "contact.too_many_messages",
        CountryNotServed = "contact.country_not_served",
        AccountBlocked = "account.blocked",
    }
}
