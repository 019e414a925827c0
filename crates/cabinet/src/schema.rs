//! The tables of the domain, one migration a capability.

use db::Migration;

/// Forward only: a number that was released never changes.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        number: 1,
        name: "account",
        sql: include_str!("../migrations/0001_account.sql"),
    },
    Migration {
        number: 2,
        name: "contact",
        sql: include_str!("../migrations/0002_contact.sql"),
    },
    Migration {
        number: 3,
        name: "message",
        sql: include_str!("../migrations/0003_message.sql"),
    },
];
