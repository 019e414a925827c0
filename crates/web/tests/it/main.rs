//! Handlers through the real router, in files named after addresses; and every view in every state.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod api;
mod app;
mod binding;
mod connections;
mod contacts;
mod directory;
mod endings;
mod every_route;
mod first_entry;
mod links;
mod log;
mod merge;
mod operator;
mod organisation;
mod password;
mod phone;
mod provider;
mod recovery;
mod refusals;
mod request;
mod revocation;
#[path = "../samples/mod.rs"]
mod samples;
mod second_factor;
mod shown;
mod sign_in;
mod step_up;
mod unknown_certificate;
mod views;
#[cfg(feature = "kerberos")]
mod windows;
