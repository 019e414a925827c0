//! The outgoing client and what stands on it, against servers on this machine.

mod http;
mod server;
