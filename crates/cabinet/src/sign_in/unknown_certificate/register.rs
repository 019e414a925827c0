use db::Tx;

use super::UnknownCertificateRefusal as Refusal;
use super::bind::{enter_with, owners, state};
use super::held::{Why, find, take};
use crate::account;
use crate::audit::{self, Act};
use crate::binding::{self, BoundBy};
use crate::sign_in::enter::{Entered, record};
use crate::{BrowserHash, Decision, Rules, Secret, Visit, refuse};

/// «I am new here»: makes an account of the certificate that waits, and enters (D-9). Who is known by its number already
/// has an account.
pub fn register(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
) -> Decision<Entered, Refusal> {
    let (ticket, held) = match find(tx, rules, visit, browser, secret)? {
        Ok(found) => found,
        Err(refusal) => refuse!(refusal),
    };
    let certificate = held.certificate()?;
    let is_new = matches!(held.why, Why::Newcomer { .. })
        && owners(tx, &held.anchor_group, &held.person_ids)?.is_empty();
    if !is_new {
        refuse!(Refusal::AccountExists);
    }
    if binding::find_certificate(tx, &certificate.fingerprint())?.is_some() {
        refuse!(Refusal::BoundElsewhere);
    }
    if let Err(refusal) = take(tx, visit, browser, &ticket)? {
        refuse!(refusal);
    }
    let account = account::create(tx, visit, &held.name)?;
    record(tx, visit, account, Act::AccountCreated, audit::no_detail())?;
    let by = BoundBy::FirstEntry;
    let id = binding::bind_certificate(tx, visit, account, by, &certificate, &held.anchor_group)?;
    state(tx, visit, account, &held)?;
    enter_with(tx, rules, visit, browser, held, (account, id), true)
}
