//! What moves from one account to the other: decided once, done, and done backwards.

use db::Tx;
use serde::{Deserialize, Serialize};

use super::preview::{Fate, Item, Subject};
use super::store;
use crate::account::{self, AccountId};
use crate::binding::{self, AuthenticatorId, Kind, SecondFactor};
use crate::contact::Slot;
use crate::organisation::{self, OrganisationId};
use crate::provider::ProviderKey;
use crate::{Failure, Rules};

/// What would move, and how it is told.
pub(super) struct Moves {
    pub(super) items: Vec<Item>,
    pub(super) two_passwords: bool,
    pub(super) journal: Journal,
}

/// What moved, as an undo needs it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Journal {
    ways: Vec<AuthenticatorId>,
    /// The password that moved; the one it took the place of waits in the account that is shut.
    password: Option<AuthenticatorId>,
    contacts: Vec<MovedContact>,
    /// Addresses that sign nobody in until the undo is over.
    held: Vec<String>,
    person_ids: Vec<store::StatedId>,
    memberships: Vec<OrganisationId>,
    user_names: Vec<OrganisationId>,
}

#[derive(Debug, Serialize, Deserialize)]
struct MovedContact {
    from: Slot,
    to: Slot,
    key: String,
}

impl Moves {
    /// Looks at what `other` holds and where there is room for it in `kept`.
    pub(super) fn plan(
        tx: &mut Tx<'_>,
        rules: &Rules,
        kept: AccountId,
        other: AccountId,
    ) -> Result<Self, Failure> {
        let mut moves = Self {
            items: Vec::new(),
            two_passwords: false,
            journal: Journal::default(),
        };
        moves.plan_ways(tx, rules, kept, other)?;
        moves.plan_factors(tx, kept, other)?;
        moves.plan_contacts(tx, kept, other)?;
        moves.plan_person_ids(tx, other)?;
        moves.plan_memberships(tx, kept, other)?;
        Ok(moves)
    }

    fn plan_ways(
        &mut self,
        tx: &mut Tx<'_>,
        rules: &Rules,
        kept: AccountId,
        other: AccountId,
    ) -> Result<(), Failure> {
        let own = store::list_ways(tx, kept)?;
        let has_provider = |key: &Option<ProviderKey>| own.iter().any(|way| way.provider == *key);
        let own_password = own.iter().any(|way| way.kind == Kind::Password);
        for way in store::list_ways(tx, other)? {
            let has_room = match way.kind {
                Kind::Certificate | Kind::Passkey => true,
                Kind::ExternalIdentity => !has_provider(&way.provider),
                Kind::Password => {
                    self.two_passwords = own_password;
                    self.journal.password = Some(way.id);
                    !own_password
                }
            };
            if has_room && way.kind != Kind::Password {
                self.journal.ways.push(way.id);
            }
            if way.is_removed {
                continue;
            }
            let provider = way.provider.as_ref();
            let language = account::language(tx, kept)?;
            let label = provider.map(|key| rules.provider_label(key, language).to_owned());
            let name = label.or(way.name).unwrap_or_default();
            self.tell(Subject::Way(way.kind), name, has_room);
        }
        Ok(())
    }

    /// A second factor moves where the account that stays has none of its kind; codes by SMS belong to its phone.
    fn plan_factors(&mut self, tx: &mut Tx<'_>, kept: AccountId, other: AccountId) -> Result<(), Failure> {
        let own = binding::list_second_factors(tx, kept)?;
        for factor in binding::list_second_factors(tx, other)? {
            let Some(id) = factor.id else { continue };
            if factor.factor == SecondFactor::Passkey {
                continue;
            }
            let has_room =
                factor.factor != SecondFactor::Sms && !own.iter().any(|own| own.factor == factor.factor);
            if has_room {
                self.journal.ways.push(id);
            }
            self.tell(Subject::Factor(factor.factor), String::new(), has_room);
        }
        Ok(())
    }

    fn plan_contacts(&mut self, tx: &mut Tx<'_>, kept: AccountId, other: AccountId) -> Result<(), Failure> {
        let mut taken: Vec<(Slot, String)> = store::list_contacts(tx, kept)?
            .into_iter()
            .map(|contact| (contact.slot, contact.key))
            .collect();
        for contact in store::list_contacts(tx, other)? {
            let places = match contact.slot {
                Slot::Email => vec![Slot::Email, Slot::ExtraEmail],
                Slot::Phone => vec![Slot::Phone, Slot::ExtraPhone],
                extra => vec![extra],
            };
            let is_known = taken.iter().any(|(_, key)| *key == contact.key);
            let is_free = |place: &Slot| !taken.iter().any(|(slot, _)| slot == place);
            let place = places.into_iter().find(is_free).filter(|_| !is_known);
            if contact.slot.is_primary() && place.is_none_or(|place| !place.is_primary()) {
                self.journal.held.push(contact.key.clone());
            }
            if let Some(to) = place {
                taken.push((to, contact.key.clone()));
                self.journal.contacts.push(MovedContact {
                    from: contact.slot,
                    to,
                    key: contact.key.clone(),
                });
            }
            self.tell(Subject::Contact(contact.slot), contact.value, place.is_some());
        }
        Ok(())
    }

    fn plan_person_ids(&mut self, tx: &mut Tx<'_>, other: AccountId) -> Result<(), Failure> {
        self.journal.person_ids = store::list_person_ids(tx, other)?;
        for id in account::person_ids(tx, other)? {
            self.tell(Subject::PersonId, id.value.clone(), true);
        }
        Ok(())
    }

    fn plan_memberships(
        &mut self,
        tx: &mut Tx<'_>,
        kept: AccountId,
        other: AccountId,
    ) -> Result<(), Failure> {
        let own = store::list_places(tx, kept)?;
        let named = store::list_user_names(tx, kept)?;
        let theirs = store::list_user_names(tx, other)?;
        for membership in organisation::list_memberships(tx, other)? {
            let place = membership.organisation;
            let has_room = !own.contains(&place);
            if has_room {
                self.journal.memberships.push(place);
                if theirs.contains(&place) && !named.contains(&place) {
                    self.journal.user_names.push(place);
                }
            }
            self.tell(Subject::Membership, membership.short_name, has_room);
        }
        Ok(())
    }

    fn tell(&mut self, subject: Subject, name: String, has_room: bool) {
        let fate = if has_room { Fate::Moves } else { Fate::Stays };
        self.items.push(Item { subject, name, fate });
    }
}

impl Journal {
    /// The password of the account that stays is kept, where both have one.
    pub(super) fn leave_password(&mut self) {
        self.password = None;
    }

    /// Moves everything from `other` to `kept`.
    pub(super) fn apply(
        &self,
        tx: &mut Tx<'_>,
        kept: AccountId,
        other: AccountId,
        undo_until: db::Timestamp,
    ) -> Result<(), Failure> {
        for way in &self.ways {
            store::carry(tx, *way, other, kept)?;
        }
        if self.password.is_some() {
            store::exchange_passwords(tx, kept, other)?;
        }
        for contact in &self.contacts {
            store::update_contact(tx, (other, contact.from), (kept, contact.to), &contact.key)?;
            if contact.to.is_primary() {
                store::update_login(tx, (kept, contact.to), &contact.key)?;
            }
        }
        for key in &self.held {
            store::update_login_held(tx, other, key, Some(undo_until))?;
        }
        self.move_rest(tx, other, kept)
    }

    /// Moves back what is still there.
    pub(super) fn take_back(
        &self,
        tx: &mut Tx<'_>,
        kept: AccountId,
        other: AccountId,
    ) -> Result<(), Failure> {
        for way in &self.ways {
            store::carry(tx, *way, kept, other)?;
        }
        if let Some(moved) = self.password {
            let now = binding::find_password(tx, kept)?;
            if now.is_none_or(|now| now.authenticator == moved) {
                store::exchange_passwords(tx, kept, other)?;
            }
        }
        for contact in &self.contacts {
            store::update_contact(tx, (kept, contact.to), (other, contact.from), &contact.key)?;
            if contact.from.is_primary() {
                store::update_login(tx, (other, contact.from), &contact.key)?;
            }
        }
        for key in &self.held {
            store::update_login_held(tx, other, key, None)?;
        }
        self.move_rest(tx, kept, other)
    }

    fn move_rest(&self, tx: &mut Tx<'_>, from: AccountId, to: AccountId) -> Result<(), Failure> {
        for id in &self.person_ids {
            store::update_person_id(tx, id, from, to)?;
        }
        for place in &self.memberships {
            store::update_membership(tx, *place, from, to)?;
        }
        for place in &self.user_names {
            store::update_user_name(tx, *place, from, to)?;
        }
        Ok(())
    }
}
