//! For tests only: what a test needs around the rooms it tests.
#![expect(clippy::expect_used, reason = "a test that cannot be set up has failed")]

pub mod storage;
