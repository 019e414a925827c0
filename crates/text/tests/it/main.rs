//! The text compiler: every kind of gap between the languages fails the build.
#![expect(clippy::expect_used, clippy::panic, reason = "tests")]

#[path = "../../compiler/mod.rs"]
mod compiler;
mod gaps;
mod texts;
