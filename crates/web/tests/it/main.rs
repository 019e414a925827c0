//! The web room from outside.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

#[path = "../samples/mod.rs"]
mod samples;
mod views;
