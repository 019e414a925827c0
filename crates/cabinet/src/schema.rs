//! The tables of the domain, one migration a capability.

use db::{Migration, append_only, only_grows};

/// Forward only: a number that was released never changes.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        number: 1,
        name: "account",
        sql: include_str!("../migrations/0001_account.sql"),
        guards: &[],
    },
    Migration {
        number: 2,
        name: "contact",
        sql: include_str!("../migrations/0002_contact.sql"),
        guards: &[],
    },
    Migration {
        number: 3,
        name: "message",
        sql: include_str!("../migrations/0003_message.sql"),
        guards: &[],
    },
    Migration {
        number: 4,
        name: "audit is append-only",
        sql: "",
        guards: &[append_only!("audit_line"), only_grows!("audit_head", "seq")],
    },
    Migration {
        number: 5,
        name: "certificate",
        sql: include_str!("../migrations/0005_certificate.sql"),
        guards: &[],
    },
    Migration {
        number: 6,
        name: "void tickets",
        sql: include_str!("../migrations/0006_ticket_void.sql"),
        guards: &[],
    },
    Migration {
        number: 7,
        name: "organisation",
        sql: include_str!("../migrations/0007_organisation.sql"),
        guards: &[],
    },
    Migration {
        number: 8,
        name: "external identity",
        sql: include_str!("../migrations/0008_external_identity.sql"),
        guards: &[],
    },
    Migration {
        number: 9,
        name: "second factors",
        sql: include_str!("../migrations/0009_second_factor.sql"),
        guards: &[],
    },
    Migration {
        number: 10,
        name: "ranges of telephone numbers",
        sql: include_str!("../migrations/0010_sms_prefix.sql"),
        guards: &[],
    },
    Migration {
        number: 14,
        name: "reminders",
        sql: include_str!("../migrations/0014_reminder.sql"),
        guards: &[],
    },
    Migration {
        number: 15,
        name: "recovery",
        sql: include_str!("../migrations/0015_recovery.sql"),
        guards: &[],
    },
    Migration {
        number: 16,
        name: "an organisation asks for a second factor",
        sql: include_str!("../migrations/0016_organisation_second_factor.sql"),
        guards: &[],
    },
    Migration {
        number: 17,
        name: "merge",
        sql: include_str!("../migrations/0017_merge.sql"),
        guards: &[],
    },
    Migration {
        number: 18,
        name: "assisted recovery",
        sql: include_str!("../migrations/0018_assisted_recovery.sql"),
        guards: &[],
    },
    Migration {
        number: 19,
        name: "certificates that follow others",
        sql: include_str!("../migrations/0019_certificate_renewal.sql"),
        guards: &[],
    },
];
