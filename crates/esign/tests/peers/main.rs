//! Signatures and time stamps made here, judged by OpenSSL and pyHanko, and theirs judged here.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod answers;
mod authority;
mod certificates;
mod cryptography;
mod levels;
mod lists;
mod malformed;
mod pyhanko;
mod stamps;
mod tree;
