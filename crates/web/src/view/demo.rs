//! The demo's window on every message that a real installation would send.

use askama::Template;
use text::Lang;

use super::Page;

/// `/demo/messages`.
#[derive(Debug, Clone, Template)]
#[template(path = "demo_messages.html")]
pub struct DemoMessages {
    /// The frame.
    pub page: Page,
    /// The newest first.
    pub messages: Vec<DemoMessage>,
}

/// One message.
#[derive(Debug, Clone)]
pub struct DemoMessage {
    /// How it went.
    pub channel: Channel,
    /// To whom.
    pub to: String,
    /// When, with zone.
    pub at: String,
    /// Subject; empty for an SMS.
    pub subject: String,
    /// Language of the message: `ru`, `kk` or `en`.
    pub lang: &'static str,
    /// The text, with line breaks.
    pub body: String,
    /// The code in it, if any.
    pub code: Option<String>,
    /// The link in it, if any.
    pub link: Option<String>,
}

/// How a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// By e-mail.
    Email,
    /// By SMS.
    Sms,
}

impl DemoMessage {
    fn icon(&self) -> &'static str {
        match self.channel {
            Channel::Email => "mail",
            Channel::Sms => "phone",
        }
    }

    fn channel_words(&self, lang: Lang) -> &'static str {
        match self.channel {
            Channel::Email => text::demo::email(lang),
            Channel::Sms => text::demo::sms(lang),
        }
    }
}
