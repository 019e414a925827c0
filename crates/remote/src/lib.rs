//! Everything beyond our own process. It brings facts (a letter was accepted, refused, or nobody knows) and
//! never decides what they mean; it knows no database.

pub mod crl;
pub mod esia;
pub mod http;
pub mod kerberos;
pub mod ldap;
pub mod mail;
pub mod ocsp;
pub mod oidc;
pub mod provider;
pub mod revocation;
pub mod sms;
pub mod tsp;

use std::{future::Future, pin::Pin};

/// What a gateway's method returns, so that gateways can stand behind `dyn`.
pub type Handover<'a> = Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

/// What became of one attempt to hand a message over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The gateway took responsibility for it.
    Accepted,
    /// The gateway will never take this message for this recipient.
    Refused(String),
    /// Not taken now; trying again doubles nothing.
    TryLater(String),
    /// The connection was lost while the gateway was deciding: it may have the message.
    Unknown(String),
}
