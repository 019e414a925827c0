//! Contacts as the page shows them.

use cabinet::contact::{self, Contact, FieldRefusals, Slot};
use cabinet::session::Session;
use db::Timestamp;

use super::{PAGE, Typed};
use crate::view::Page;
use crate::view::contact as view;
use crate::visitor::Visitor;

impl Visitor {
    /// The page, with what was typed in place of what is stored where something was.
    pub(super) fn contacts(
        &self,
        session: &Session,
        contacts: &contact::Contacts,
        typed: Option<&Typed>,
    ) -> view::Contacts {
        let field = |slot: &Slot| self.field(*slot, contacts.get(*slot), typed.map(|typed| typed.get(*slot)));
        view::Contacts {
            page: Page {
                path: PAGE.into(),
                ..self.page(Some(session))
            },
            version: typed.map_or(contacts.version, |typed| typed.version).to_string(),
            fields: Slot::ALL.iter().map(field).collect(),
            done: None,
            refusal: None,
        }
    }

    /// Both versions of contacts that were changed in two places.
    pub(super) fn contacts_conflict(
        &self,
        session: &Session,
        now: &contact::Contacts,
        changed_at: Timestamp,
        typed: &Typed,
    ) -> view::ContactsConflict {
        let row = |slot: &Slot| view::ConflictRow {
            slot: shown(*slot),
            yours: typed.get(*slot).to_owned(),
            saved: now
                .get(*slot)
                .field()
                .map(contact::Value::display)
                .unwrap_or_default(),
        };
        view::ContactsConflict {
            page: Page {
                path: PAGE.into(),
                ..self.page(Some(session))
            },
            version: now.version.to_string(),
            changed_at: self.moment(changed_at),
            rows: Slot::ALL.iter().map(row).collect(),
        }
    }

    fn field(&self, slot: Slot, contact: &Contact, typed: Option<&str>) -> view::ContactField {
        let stored = || contact.field().map(contact::Value::display).unwrap_or_default();
        let state = match &contact.in_force {
            None => view::State::Empty,
            Some(current) => match current.bouncing_since {
                None if current.is_aged(&self.app.rules, self.visit.now) => view::State::Aged {
                    since: self.day(current.since),
                },
                None => view::State::Confirmed {
                    since: self.day(current.since),
                },
                Some(since) => view::State::Bouncing {
                    since: self.day(since),
                },
            },
        };
        view::ContactField {
            slot: shown(slot),
            value: typed.map_or_else(stored, str::to_owned),
            state,
            pending: contact.pending.as_ref().map(|pending| self.pending(pending)),
            error: None,
        }
    }

    fn pending(&self, pending: &contact::Pending) -> view::Pending {
        view::Pending {
            value: pending.value.display(),
            until: self.time_or_moment(pending.code_until),
            expired: self.visit.now >= pending.code_until,
            resend_at: (self.visit.now < pending.resend_at).then(|| self.time_or_moment(pending.resend_at)),
            code: String::new(),
            code_error: None,
        }
    }
}

/// Ties each mistake to its field.
pub(super) fn mistakes(view: &mut view::Contacts, refusals: FieldRefusals) {
    for (field, slot) in view.fields.iter_mut().zip(Slot::ALL) {
        field.error = refusals
            .get(*slot)
            .map(|refusal| Visitor::mistake(&view.page, refusal.code()));
    }
}

/// Ties a refused code to the contact that waits for it; `false` where none does any more.
pub(super) fn code_mistake(view: &mut view::Contacts, slot: Slot, typed: &str, code: &'static str) -> bool {
    let waiting = view.fields.iter_mut().find(|field| field.slot == shown(slot));
    let Some(pending) = waiting.and_then(|field| field.pending.as_mut()) else {
        return false;
    };
    typed.clone_into(&mut pending.code);
    pending.code_error = Some(Visitor::mistake(&view.page, code));
    true
}

/// What the address says was just done.
pub(super) fn done(text: &str) -> Option<view::Done> {
    let about = |slot: &str| Slot::parse(slot).map(shown);
    match text.split_once('-') {
        None => match text {
            "saved" => Some(view::Done::Saved),
            "pending" => Some(view::Done::SavedPending),
            "unchanged" => Some(view::Done::Unchanged),
            _ => None,
        },
        Some(("confirmed", slot)) => about(slot).map(view::Done::Confirmed),
        Some(("resent", slot)) => about(slot).map(view::Done::Resent),
        Some(("cancelled", slot)) => about(slot).map(view::Done::Cancelled),
        Some(_) => None,
    }
}

/// The same slot, as views name it.
pub(in crate::pages) fn shown(slot: Slot) -> view::Slot {
    match slot {
        Slot::Email => view::Slot::Email,
        Slot::Phone => view::Slot::Phone,
        Slot::ExtraEmail => view::Slot::ExtraEmail,
        Slot::ExtraPhone => view::Slot::ExtraPhone,
    }
}
