//! «Сохранить контакты»: only fields that differ do anything, and nothing is overwritten unseen.

use db::Tx;

use super::change::{self, Asked};
use super::{Contact, Contacts, Slot, Value, budget, list, login, notify, store, undo};
use crate::account::AccountId;
use crate::audit::Act;
use crate::message::Notice;
use crate::session::SteppedUp;
use crate::{Decision, Failure, Refusal, Rules, Visit, refuse};

/// The form, as the person sent it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// The primary e-mail.
    pub email: String,
    /// The primary phone.
    pub phone: String,
    /// The additional e-mail.
    pub extra_email: String,
    /// The additional phone.
    pub extra_phone: String,
    /// [`Contacts::version`] of the page that the form was on.
    pub version: i64,
}

impl Form {
    fn field(&self, slot: Slot) -> &str {
        match slot {
            Slot::Email => &self.email,
            Slot::Phone => &self.phone,
            Slot::ExtraEmail => &self.extra_email,
            Slot::ExtraPhone => &self.extra_phone,
        }
    }
}

crate::refusals! {
    /// What is wrong with one field.
    pub enum FieldRefusal {
        EmailMalformed = "contact.email_malformed",
        PhoneMalformed = "contact.phone_malformed",
        PhoneNotPersonal = "contact.phone_not_personal",
        CountryNotServed = "contact.country_not_served",
        SameAsOther = "contact.same_as_other",
        Required = "contact.required",
        TooManyMessages = "contact.too_many_messages",
        SmsStopped = "contact.sms_stopped",
    }
}

/// What is wrong with each field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FieldRefusals {
    /// The primary e-mail.
    pub email: Option<FieldRefusal>,
    /// The primary phone.
    pub phone: Option<FieldRefusal>,
    /// The additional e-mail.
    pub extra_email: Option<FieldRefusal>,
    /// The additional phone.
    pub extra_phone: Option<FieldRefusal>,
}

impl FieldRefusals {
    /// What is wrong with this field.
    pub const fn get(&self, slot: Slot) -> Option<FieldRefusal> {
        match slot {
            Slot::Email => self.email,
            Slot::Phone => self.phone,
            Slot::ExtraEmail => self.extra_email,
            Slot::ExtraPhone => self.extra_phone,
        }
    }

    fn set(&mut self, slot: Slot, refusal: FieldRefusal) {
        let field = match slot {
            Slot::Email => &mut self.email,
            Slot::Phone => &mut self.phone,
            Slot::ExtraEmail => &mut self.extra_email,
            Slot::ExtraPhone => &mut self.extra_phone,
        };
        field.get_or_insert(refusal);
    }

    fn or_none(self) -> Option<Self> {
        (self != Self::default()).then_some(self)
    }
}

/// Why nothing was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaveRefusal {
    /// The contacts were changed elsewhere meanwhile: this is what they are now; the form has the other version.
    Stale(Box<Contacts>),
    /// A change was undone: sign in anew with the certificate first.
    Frozen,
    /// Some fields cannot be saved.
    Fields(FieldRefusals),
}

impl SaveRefusal {
    /// Every code.
    pub const CODES: &'static [&'static str] = &["contact.stale", "contact.frozen", "contact.fields"];
}

impl Refusal for SaveRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Stale(_) => "contact.stale",
            Self::Frozen => "contact.frozen",
            Self::Fields(_) => "contact.fields",
        }
    }
}

/// What a saved form did; both lists empty: nothing differed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Saved {
    /// Contacts whose new value now waits for confirmation.
    pub asked: Vec<Slot>,
    /// Contacts that are gone.
    pub removed: Vec<Slot>,
}

/// What a field asks for.
enum Step {
    Keep,
    Ask(Value),
    Remove,
    Withdraw,
}

/// Saves the form.
pub fn save(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    stepped_up: &SteppedUp,
    form: &Form,
) -> Decision<Saved, SaveRefusal> {
    let account = stepped_up.account();
    let contacts = list(tx, rules, visit.now, account)?;
    if contacts.version != form.version {
        refuse!(SaveRefusal::Stale(Box::new(contacts)));
    }
    if contacts
        .frozen_at
        .is_some_and(|frozen_at| stepped_up.proven_at() <= frozen_at)
    {
        refuse!(SaveRefusal::Frozen);
    }
    let plan = match plan(rules, &contacts, form) {
        Ok(plan) => plan,
        Err(fields) => refuse!(SaveRefusal::Fields(fields)),
    };
    if let Some(fields) = over_budget(tx, rules, visit, account, &plan)? {
        refuse!(SaveRefusal::Fields(fields));
    }
    let mut saved = Saved::default();
    for (slot, step) in plan {
        match step {
            Step::Keep => {}
            Step::Ask(value) => {
                let asked = Asked {
                    account,
                    session: stepped_up.session(),
                    slot,
                    value,
                };
                change::ask(tx, rules, visit, &asked)?;
                saved.asked.push(slot);
            }
            Step::Remove => {
                remove(tx, rules, visit, account, slot)?;
                saved.removed.push(slot);
            }
            Step::Withdraw => {
                change::withdraw(tx, visit, account, slot)?;
                change::record(tx, visit, account, Act::ContactCancelled, slot)?;
                saved.removed.push(slot);
            }
        }
    }
    if saved != Saved::default() {
        store::raise_version(tx, account, visit.now)?;
    }
    Ok(Ok(saved))
}

/// Reads all fields and decides what each asks for, before anything is done.
fn plan(rules: &Rules, contacts: &Contacts, form: &Form) -> Result<Vec<(Slot, Step)>, FieldRefusals> {
    let mut wrong = FieldRefusals::default();
    let mut steps = Vec::with_capacity(Slot::ALL.len());
    for slot in Slot::ALL.iter().copied() {
        match Value::read(slot, form.field(slot), &rules.default_region) {
            Ok(value) => steps.push((slot, step(contacts.get(slot), value))),
            Err(refusal) => wrong.set(slot, refusal),
        }
    }
    if let Some(wrong) = wrong.or_none() {
        return Err(wrong);
    }
    refuse_twins(contacts, &steps, &mut wrong);
    refuse_removal_of_required(rules, contacts, &steps, &mut wrong);
    wrong.or_none().map_or(Ok(steps), Err)
}

fn step(contact: &Contact, entered: Option<Value>) -> Step {
    let Some(value) = entered else {
        return match (&contact.in_force, &contact.pending) {
            (Some(_), _) => Step::Remove,
            (None, Some(_)) => Step::Withdraw,
            (None, None) => Step::Keep,
        };
    };
    let key = value.key();
    if known_keys(contact).any(|known| known == key) {
        Step::Keep
    } else {
        Step::Ask(value)
    }
}

fn known_keys(contact: &Contact) -> impl Iterator<Item = String> {
    let in_force = contact.in_force.iter().map(|current| current.value.key());
    in_force.chain(contact.pending.iter().map(|pending| pending.value.key()))
}

/// A new value must differ from all that the other slot of its kind holds or waits for (A-11.c).
fn refuse_twins(contacts: &Contacts, steps: &[(Slot, Step)], wrong: &mut FieldRefusals) {
    for (slot, step) in steps {
        let Step::Ask(value) = step else { continue };
        let sibling = slot.sibling();
        let taken = match steps.iter().find(|(other, _)| *other == sibling) {
            Some((_, Step::Remove | Step::Withdraw)) | None => false,
            Some((_, Step::Keep)) => known_keys(contacts.get(sibling)).any(|key| key == value.key()),
            // Said once, at the additional field.
            Some((_, Step::Ask(other))) => {
                (!slot.is_primary() && other.key() == value.key())
                    || contacts
                        .get(sibling)
                        .in_force
                        .as_ref()
                        .is_some_and(|current| current.value.key() == value.key())
            }
        };
        if taken {
            wrong.set(*slot, FieldRefusal::SameAsOther);
        }
    }
}

/// The form must not take away what the first entry asks for.
fn refuse_removal_of_required(
    rules: &Rules,
    contacts: &Contacts,
    steps: &[(Slot, Step)],
    wrong: &mut FieldRefusals,
) {
    let is_removed = |slot: Slot| {
        steps
            .iter()
            .any(|(other, step)| *other == slot && matches!(step, Step::Remove))
    };
    let keeps = |slot: Slot| contacts.get(slot).in_force.is_some() && !is_removed(slot);
    if rules.first_entry.is_met(keeps(Slot::Email), keeps(Slot::Phone)) {
        return;
    }
    for slot in [Slot::Email, Slot::Phone] {
        let alone = rules.first_entry.is_met(slot == Slot::Email, slot == Slot::Phone);
        if is_removed(slot) && alone {
            wrong.set(slot, FieldRefusal::Required);
        }
    }
}

fn over_budget(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    plan: &[(Slot, Step)],
) -> Result<Option<FieldRefusals>, Failure> {
    let mut wrong = FieldRefusals::default();
    for (slot, step) in plan {
        if let Step::Ask(value) = step
            && let Err(refusal) = budget::spend(tx, rules, visit, account, value)?
        {
            wrong.set(*slot, refusal);
        }
    }
    Ok(wrong.or_none())
}

/// Takes a contact out of force at once; it is told, as are the others, and can undo it.
fn remove(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    slot: Slot,
) -> Result<(), Failure> {
    change::withdraw(tx, visit, account, slot)?;
    let (undo_link, undo_until) = undo::offer(tx, rules, visit, account, slot, None)?;
    notify::tell(
        tx,
        rules,
        visit,
        account,
        &Notice::ContactRemoved {
            slot,
            undo_link,
            undo_until,
        },
    )?;
    login::release(tx, rules, visit.now, account, slot, None)?;
    store::delete(tx, account, slot)?;
    change::record(tx, visit, account, Act::ContactRemoved, slot)
}
