//! The outgoing client and what stands on it, against servers on this machine.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod authority;
mod certified;
mod esia;
mod http;
#[cfg(feature = "kerberos")]
mod kerberos;
mod ldap;
mod lists;
mod ocsp;
mod provider;
mod responder;
mod server;
mod stamps;
