//! The domain: a folder per capability with its types, rules and SQL.
//!
//! Everything here is plain synchronous Rust inside a transaction: no HTTP, no network, no texts, no system clock.
//! A use case takes the transaction, the [`Rules`] of the installation and the [`Visit`] it happens in, and gives a
//! [`Decision`]: what was done, or a refusal that a person may be told.

mod decision;
mod paper;
mod rules;
mod schema;
mod secret;
mod visit;

pub mod account;
pub mod audit;
pub mod binding;
pub mod cleanup;
pub mod contact;
pub mod fold;
pub mod lease;
pub mod merge;
pub mod message;
pub mod organisation;
pub mod provider;
pub mod recovery;
pub mod renewal;
pub mod security;
pub mod session;
pub mod sign_in;
pub mod throttle;
pub mod ticket;

pub use decision::{Decision, Failure, Refusal};
pub use rules::{
    ContactRules, Demand, FirstEntry, MergeRules, NewCertificate, NewCertificateRules, Newcomer,
    OrganisationRules, RecoveryRules, Rules, SamePersonId, SecondFactorRules, ServerKey, SessionRules,
    SignInRules, WithoutPersonId,
};
pub use schema::MIGRATIONS;
pub use secret::{BrowserHash, Secret, SecretHash};
pub use visit::{Entropy, Visit};
