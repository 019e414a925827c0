//! E-mail: a letter, the trait that sends it, and the SMTP client.

mod letter;
mod smtp;

pub use letter::Letter;
pub use smtp::{Login, Patience, Security, SettingsError, SmtpMailer, SmtpSettings};

use crate::{Handover, Outcome};

/// A way to send letters.
pub trait Mailer: Send + Sync {
    /// Hands one letter over, once.
    fn send<'a>(&'a self, letter: &'a Letter) -> Handover<'a>;
}

/// The driver of the demo: sends nothing, because the outbox itself is shown there.
#[derive(Debug, Default, Clone, Copy)]
pub struct Kept;

impl Mailer for Kept {
    fn send<'a>(&'a self, _letter: &'a Letter) -> Handover<'a> {
        Box::pin(async { Outcome::Accepted })
    }
}
