//! Text messages.

use crate::{Handover, Outcome};

/// One text message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sms {
    /// The same in every attempt; gateways that know the notion drop the second one.
    pub id: String,
    /// The recipient in E.164.
    pub to: String,
    /// The text, any script.
    pub text: String,
}

/// A way to send text messages.
pub trait SmsGateway: Send + Sync {
    /// Hands one message over, once.
    fn send<'a>(&'a self, sms: &'a Sms) -> Handover<'a>;
}

/// The driver for installations without a gateway: it notes that a message would have gone out, never the
/// number or the text.
#[derive(Debug, Default, Clone, Copy)]
pub struct LogOnly;

impl SmsGateway for LogOnly {
    fn send<'a>(&'a self, sms: &'a Sms) -> Handover<'a> {
        tracing::info!(
            id = sms.id,
            letters = sms.text.chars().count(),
            "SMS not sent: the driver only logs"
        );
        Box::pin(async { Outcome::Accepted })
    }
}
