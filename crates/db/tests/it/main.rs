//! Both engines, one suite.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod child;
mod conflict;
mod kill;
mod loss;
mod migration;
mod proxy;
mod schema;
mod sqlite;
mod tls;
mod transactions;
mod values;
