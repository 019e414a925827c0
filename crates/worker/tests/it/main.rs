//! Background work against a real mail server.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod delivery;
mod faults;
mod office;
mod sink;
mod smtp;
