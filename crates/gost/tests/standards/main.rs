//! The worked examples of the standards, and the edges of their definitions.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod edges;
mod examples;
mod nonces;
mod random;
