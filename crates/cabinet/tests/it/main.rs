//! Use cases on both databases.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod account;
mod audit;
mod binding;
mod cleanup;
mod contact;
mod federation;
mod lease;
mod merge;
mod message;
mod notice;
mod organisation;
mod passkey;
mod password;
mod recovery;
mod reminder;
mod remote_key;
mod renewal;
mod second_factor;
mod security;
mod session;
mod sign_in;
mod ticket;
mod unfamiliar;
mod unknown_certificate;
