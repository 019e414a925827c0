//! Whom certificates speak of: those of the authority of Kazakhstan as published, others made by the OpenSSL command line.
#![cfg(all(feature = "native", feature = "container"))]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod ambiguous;
mod eidas;
mod kz;
mod openssl;
mod ru;

use esign::profile::Subject;

/// All numbers of a subject, the person's first.
fn ids(subject: &Subject) -> String {
    let persons = subject.person_ids.iter().map(ToString::to_string);
    let organisations = subject.organisation_ids.iter().map(ToString::to_string);
    persons.chain(organisations).collect::<Vec<_>>().join(" ")
}
