//! Objects that others signed, and programs that judge what we sign.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod der;
mod engine;
mod objects;
