//! Background work against a real mail server.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod delivery;
mod faults;
mod office;
mod sink;
mod smtp;
