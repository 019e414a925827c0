//! The first entry: the cabinet opens when the required contact is confirmed. Until then it can be asked for
//! again, mistyped, corrected, and continued tomorrow.

use db::Tx;

use super::change::{self, Asked};
use super::{FieldRefusal, Slot, Value, budget, store};
use crate::session::Session;
use crate::{Decision, Failure, FirstEntry, Rules, Visit, refuse};

crate::refusals! {
    /// Why no code was sent on the first entry.
    pub enum FirstEntryRefusal {
        Missing = "contact.missing",
        EmailMalformed = "contact.email_malformed",
        PhoneMalformed = "contact.phone_malformed",
        PhoneNotPersonal = "contact.phone_not_personal",
        CountryNotServed = "contact.country_not_served",
        TooManyMessages = "contact.too_many_messages",
        SmsStopped = "contact.sms_stopped",
        StepUpRequired = "step_up.required",
    }
}

impl From<FieldRefusal> for FirstEntryRefusal {
    fn from(refusal: FieldRefusal) -> Self {
        match refusal {
            FieldRefusal::EmailMalformed => Self::EmailMalformed,
            FieldRefusal::PhoneMalformed => Self::PhoneMalformed,
            FieldRefusal::PhoneNotPersonal => Self::PhoneNotPersonal,
            FieldRefusal::CountryNotServed => Self::CountryNotServed,
            FieldRefusal::TooManyMessages => Self::TooManyMessages,
            FieldRefusal::SmsStopped => Self::SmsStopped,
            FieldRefusal::Required | FieldRefusal::SameAsOther => Self::Missing,
        }
    }
}

/// Takes the address and sends a code; a second call corrects a mistyped address. On the first entry it needs no
/// step-up, because there is no contact yet that could be taken over; otherwise this is a change like any other.
pub fn first_entry_request(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    session: &Session,
    text: &str,
) -> Decision<Slot, FirstEntryRefusal> {
    let account = session.account;
    if !has_nothing_to_take(tx, rules, session)? && !is_proven(tx, rules, visit, session)? {
        refuse!(FirstEntryRefusal::StepUpRequired);
    }
    let slot = match rules.first_entry {
        FirstEntry::PhoneRequired => Slot::Phone,
        FirstEntry::Either if !text.contains('@') => Slot::Phone,
        _ => Slot::Email,
    };
    let value = match Value::read(slot, text, &rules.default_region) {
        Ok(Some(value)) => value,
        Ok(None) => refuse!(FirstEntryRefusal::Missing),
        Err(refusal) => refuse!(refusal.into()),
    };
    if let Err(refusal) = budget::spend(tx, rules, visit, account, &value)? {
        refuse!(refusal.into());
    }
    change::void_pending(tx, visit, account)?;
    store::raise_version(tx, account, visit.now)?;
    change::ask(
        tx,
        rules,
        visit,
        &Asked {
            account,
            session: session.id,
            slot,
            value,
        },
    )?;
    Ok(Ok(slot))
}

/// Whether a contact is asked for and none is in force.
fn has_nothing_to_take(tx: &mut Tx<'_>, rules: &Rules, session: &Session) -> Result<bool, Failure> {
    Ok(session.needs_first_entry(rules) && store::list(tx, session.account)?.is_empty())
}

/// Whether the session holds a proof as fresh as any change of contacts needs.
fn is_proven(tx: &mut Tx<'_>, rules: &Rules, visit: &Visit, session: &Session) -> Result<bool, Failure> {
    let frozen_at = store::find_frozen(tx, session.account)?;
    let fresh = session.step_up(tx, rules, visit)?;
    Ok(fresh.is_ok_and(|fresh| frozen_at.is_none_or(|frozen_at| fresh.proven_at() > frozen_at)))
}
