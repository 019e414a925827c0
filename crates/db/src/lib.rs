//! One small interface over two databases: [`Db`] with its two verbs, `read` and `write`, and [`Tx`] with its
//! four statements. One SQL text serves SQLite and PostgreSQL; only this crate knows which of them runs.
//! It knows no table.

mod database;
mod enumeration;
mod error;
mod guard;
mod id;
mod job;
mod migration;
mod postgres;
mod queue;
mod record;
mod sqlite;
mod threads;
mod time;
mod tx;
mod value;

pub use database::{Db, Engine};
pub use error::Error;
pub use guard::Guard;
pub use migration::Migration;
pub use record::{Record, Row};
pub use time::Timestamp;
pub use tx::Tx;
pub use uuid::Uuid;
pub use value::{Decode, Encode, Kind, Mismatch, Param, Value};

/// What the macros of this crate need where they are used; not for people.
#[doc(hidden)]
pub mod expansion {
    pub use serde;
    pub use uuid;
}
