//! Contacts that a provider gives: each is taken only if the person says so (B-13).

use db::Tx;

use super::{FederationRefusal, StatedContact};
use crate::account::AccountId;
use crate::binding::{self, AuthenticatorId};
use crate::contact::{self, Slot, Taken, Value};
use crate::session::SteppedUp;
use crate::{Decision, Failure, Rules, Visit, refuse};

/// A contact of the provider beside those of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactOffer {
    /// What the provider gives.
    pub stated: StatedContact,
    /// Where it would go; `None`: the account has it already.
    pub slot: Option<Slot>,
    /// What is in that place now.
    pub replaces: Option<Value>,
}

impl ContactOffer {
    /// Whether it is chosen unless the person says otherwise: only where nothing of their own is displaced (B-13.a).
    pub const fn is_suggested(&self) -> bool {
        self.slot.is_some() && self.replaces.is_none()
    }
}

/// What becomes of each contact, if it is chosen: an empty primary place first, then the additional one.
pub(super) fn offers(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    stated: &[StatedContact],
) -> Result<Vec<ContactOffer>, Failure> {
    let contacts = contact::list(tx, rules, visit.now, account)?;
    let mut taken: Vec<Slot> = Vec::new();
    let mut offers = Vec::with_capacity(stated.len());
    for stated in stated {
        let places = match stated.value {
            Value::Email(_) => [Slot::Email, Slot::ExtraEmail],
            Value::Phone(_) => [Slot::Phone, Slot::ExtraPhone],
        };
        let in_force = |slot: Slot| contacts.get(slot).in_force.as_ref().map(|current| &current.value);
        let is_known = places
            .iter()
            .any(|slot| in_force(*slot).is_some_and(|value| value.key() == stated.key()));
        let empty = places
            .into_iter()
            .find(|slot| in_force(*slot).is_none() && !taken.contains(slot));
        let [_, additional] = places;
        let slot = empty.or_else(|| (!taken.contains(&additional)).then_some(additional));
        let slot = slot.filter(|_| !is_known);
        taken.extend(slot);
        offers.push(ContactOffer {
            stated: stated.clone(),
            slot,
            replaces: slot.and_then(in_force).cloned(),
        });
    }
    Ok(offers)
}

/// Takes the contacts that the person chose: verified ones at once, others after a code that goes to them.
pub(super) fn take(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    session: (AccountId, crate::session::SessionId),
    offers: &[ContactOffer],
    chosen: &[String],
) -> Result<Vec<Taken>, Failure> {
    let mut all = Vec::new();
    for offer in offers {
        let Some(slot) = offer.slot.filter(|_| chosen.contains(&offer.stated.key())) else {
            continue;
        };
        let stated = &offer.stated;
        let taken = contact::take_stated(tx, rules, visit, session, slot, &stated.value, stated.is_verified)?;
        all.push(taken);
    }
    Ok(all)
}

/// Whether the account has a contact whose owner has answered.
pub(super) fn has_confirmed(tx: &mut Tx<'_>, account: AccountId) -> Result<bool, Failure> {
    contact::has_confirmed(tx, account)
}

/// Answers to contacts that a linked provider gives anew: those chosen are taken, the others not asked about again
/// (B-13.b).
pub fn answer_new_contacts(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    by: &SteppedUp,
    id: AuthenticatorId,
    chosen: &[String],
) -> Decision<Vec<Taken>, FederationRefusal> {
    let account = by.account();
    let all = binding::identities(tx, rules, account)?;
    let Some(linked) = all.into_iter().find(|linked| linked.authenticator == id) else {
        refuse!(FederationRefusal::Gone);
    };
    let new: Vec<StatedContact> = linked.new_contacts().cloned().collect();
    let offers = offers(tx, rules, visit, account, &new)?;
    binding::record_answers(tx, rules, visit, &linked)?;
    Ok(Ok(take(
        tx,
        rules,
        visit,
        (account, by.session()),
        &offers,
        chosen,
    )?))
}
