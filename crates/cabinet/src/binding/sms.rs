use db::Tx;

use super::change::{self, Enrolled};
use super::{AuthenticatorId, BoundBy, SecondFactor, factor_store, store};
use crate::session::SteppedUp;
use crate::{Decision, Rules, Visit, account, contact, refuse};

crate::refusals! {
    /// Why codes by SMS were not set up.
    pub enum SmsRefusal {
        AlreadySet = "sms_factor.already_set",
        NoPhone = "sms_factor.no_phone",
    }
}

/// Sets codes to the confirmed phone up as a second factor.
pub fn set_sms_factor(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    by: &SteppedUp,
) -> Decision<Enrolled, SmsRefusal> {
    let account = by.account();
    account::lock(tx, account)?;
    if contact::confirmed_phone(tx, account)?.is_none() {
        refuse!(SmsRefusal::NoPhone);
    }
    if factor_store::find(tx, account, SecondFactor::Sms)?.is_some() {
        refuse!(SmsRefusal::AlreadySet);
    }
    let id = visit.id(AuthenticatorId::new);
    store::insert(tx, id, account, SecondFactor::Sms, BoundBy::Person, visit.now)?;
    Ok(Ok(change::enrolled(tx, rules, visit, by, SecondFactor::Sms, id)?))
}
