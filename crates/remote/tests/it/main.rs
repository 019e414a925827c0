//! The outgoing client and what stands on it, against servers on this machine.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod authority;
mod http;
mod lists;
mod ocsp;
mod responder;
mod server;
mod stamps;
