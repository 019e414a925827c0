//! The outbox: a message is stored in the transaction that causes it, worded once, and handed over at least once.
//!
//! - A message lost between the gateway and our own mark is sent again with the same id and marked as a possible
//!   duplicate; nothing else is ever sent twice.
//! - One recipient gets messages in the order of their causes.
//! - What is said and how it is worded is sealed with the server key; the wording is erased when it has arrived.
//! - A code is never sent after it has expired.

mod delivery;
mod notice;
mod recent;
mod store;

pub use delivery::{Claim, Content, GIVE_UP_AFTER, Settlement, begin, claim, is_due, settle};
pub use notice::Notice;
pub use recent::{Counts, Recent, clean, counts, list_recent, needs_cleaning};

use db::{Timestamp, Tx};
use serde::{Deserialize, Serialize};

use crate::account::{AccountId, Language};
use crate::contact::{E164, Email};
use crate::{Failure, Rules, ServerKey, Visit};

db::id! {
    /// A message; also its Message-ID, in every attempt.
    pub MessageId
}

db::text_enum! {
    /// The way a message goes. Each has a gateway and a queue of its own.
    pub enum Channel {
        /// E-mail.
        Mail = "mail",
        /// Text message.
        Sms = "sms",
    }
}

db::text_enum! {
    /// How far a message has come.
    pub enum State {
        /// It waits for its first or next attempt.
        Queued = "queued",
        /// The gateway took it.
        Sent = "sent",
        /// The gateway refused it for good, or two days of attempts were in vain.
        Dead = "dead",
        /// Its code expired before it could be sent.
        Expired = "expired",
    }
}

/// Where a message goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipient {
    /// By mail.
    Email(Email),
    /// By text message.
    Phone(E164),
}

impl Recipient {
    fn channel(&self) -> Channel {
        match self {
            Self::Email(_) => Channel::Mail,
            Self::Phone(_) => Channel::Sms,
        }
    }

    fn address(&self) -> &str {
        match self {
            Self::Email(email) => email.as_str(),
            Self::Phone(number) => number.as_str(),
        }
    }
}

/// A message to be sent.
#[derive(Debug, Clone)]
pub struct Message {
    /// The account it concerns; its contact is marked when the message cannot be delivered.
    pub account: Option<AccountId>,
    /// Where it goes.
    pub to: Recipient,
    /// The language its recipient reads.
    pub language: Language,
    /// What it says.
    pub notice: Notice,
}

/// A message in words, as every attempt sends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// When it was worded.
    pub written_at: Timestamp,
    /// The subject; a text message has none.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The same with a frame around it; a text message has none.
    pub html: String,
}

/// Stores a message with its cause.
pub fn enqueue(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    message: Message,
) -> Result<MessageId, Failure> {
    let id = visit.id(MessageId::new);
    let notice = seal(&rules.server_key, NOTICE, &message.notice, visit)?;
    store::insert(tx, visit.now, id, &message, &notice)?;
    // A recipient who asks for something now is worth trying now, whatever pause an older message is in.
    store::update_due(tx, visit.now, message.to.channel(), message.to.address())?;
    Ok(id)
}

const NOTICE: &str = "message.notice";
const BODY: &str = "message.body";

fn seal(key: &ServerKey, purpose: &str, value: &impl Serialize, visit: &Visit) -> Result<Vec<u8>, Failure> {
    key.seal(purpose, &serde_json::to_vec(value)?, &visit.entropy)
}

fn open<T: for<'a> Deserialize<'a>>(key: &ServerKey, purpose: &str, sealed: &[u8]) -> Result<T, Failure> {
    Ok(serde_json::from_slice(&key.open(purpose, sealed)?)?)
}
