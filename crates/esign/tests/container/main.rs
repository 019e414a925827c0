//! Key files and what is signed with them.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod gost;
mod hostile;
mod pkcs12;
mod sign;
mod support;
