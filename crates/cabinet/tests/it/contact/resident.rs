//! A person whose contacts a test changes, and the letters that come of it.

use cabinet::contact::{self, ConfirmRefusal, Confirmed, Contacts, Form, SaveRefusal, Saved, Slot};
use cabinet::message::{self, Channel, Content, Notice, Settlement};
use cabinet::session::Session;
use cabinet::{Secret, Visit};
use std::time::Duration;
use testkit::entry::World;
use testkit::pki::{Key, Person};
use testkit::visit::{browser, visit};

/// Somebody who has entered.
pub(crate) struct Resident {
    pub(crate) world: World,
    pub(crate) key: Key,
    pub(crate) secret: Secret,
}

impl Resident {
    /// Enters by certificate; has no contacts.
    pub(crate) async fn new(world: &World, person: &Person, device: u64) -> Self {
        Self::enter(world, &visit(), person, device).await
    }

    /// The same at another time or from another place.
    pub(crate) async fn enter(world: &World, visit: &Visit, person: &Person, device: u64) -> Self {
        let key = world.authority.issue(person);
        let secret = world.enter(visit, browser(device), &key).await.unwrap().secret;
        Self {
            world: world.clone(),
            key,
            secret,
        }
    }

    /// Enters and confirms an e-mail; the letters about it have been read.
    pub(crate) async fn with_email(world: &World, person: &Person, device: u64, email: &str) -> Self {
        let resident = Self::new(world, person, device).await;
        resident.first_entry(&visit(), email).await.unwrap();
        let code = code_to(&letters(world, &visit()).await, email);
        resident.confirm(&visit(), Slot::Email, &code).await.unwrap();
        letters(world, &visit()).await;
        resident
    }

    pub(crate) async fn session(&self, visit: &Visit) -> Session {
        self.world
            .session(visit, &self.secret)
            .await
            .expect("the session holds")
    }

    pub(crate) async fn contacts(&self, visit: &Visit) -> Contacts {
        let account = self.session(visit).await.account;
        self.world
            .read(visit, move |tx, rules, visit| {
                contact::list(tx, rules, visit.now, account)
            })
            .await
    }

    pub(crate) async fn first_entry(
        &self,
        visit: &Visit,
        address: &str,
    ) -> Result<Slot, contact::FirstEntryRefusal> {
        let (session, address) = (self.session(visit).await, address.to_owned());
        self.world
            .write(visit, move |tx, rules, visit| {
                contact::first_entry_request(tx, rules, visit, &session, &address)
            })
            .await
    }

    pub(crate) async fn step_up(&mut self, visit: &Visit) {
        self.secret = self.world.step_up(visit, &self.secret, &self.key).await.unwrap();
    }

    /// The form as the page shows it now.
    pub(crate) async fn form(&self, visit: &Visit) -> Form {
        let contacts = self.contacts(visit).await;
        let field = |slot| {
            contacts
                .get(slot)
                .field()
                .map(contact::Value::display)
                .unwrap_or_default()
        };
        Form {
            email: field(Slot::Email),
            phone: field(Slot::Phone),
            extra_email: field(Slot::ExtraEmail),
            extra_phone: field(Slot::ExtraPhone),
            version: contacts.version,
        }
    }

    /// Saves a form with a fresh step-up.
    pub(crate) async fn save(&mut self, visit: &Visit, form: Form) -> Result<Saved, SaveRefusal> {
        self.step_up(visit).await;
        let session = self.session(visit).await;
        self.world
            .write(visit, move |tx, rules, visit| {
                let stepped_up = session.step_up(tx, rules, visit)?.unwrap();
                contact::save(tx, rules, visit, &stepped_up, &form)
            })
            .await
    }

    /// Saves the form with one field changed.
    pub(crate) async fn change(
        &mut self,
        visit: &Visit,
        slot: Slot,
        value: &str,
    ) -> Result<Saved, SaveRefusal> {
        let mut form = self.form(visit).await;
        let field = match slot {
            Slot::Email => &mut form.email,
            Slot::Phone => &mut form.phone,
            Slot::ExtraEmail => &mut form.extra_email,
            Slot::ExtraPhone => &mut form.extra_phone,
        };
        value.clone_into(field);
        self.save(visit, form).await
    }

    pub(crate) async fn confirm(
        &self,
        visit: &Visit,
        slot: Slot,
        code: &str,
    ) -> Result<Confirmed, ConfirmRefusal> {
        let (session, code) = (self.session(visit).await, code.to_owned());
        self.world
            .write(visit, move |tx, rules, visit| {
                contact::confirm_by_code(tx, rules, visit, &session, slot, &code)
            })
            .await
    }

    /// Changes a contact and confirms it by its code.
    pub(crate) async fn change_and_confirm(&mut self, visit: &Visit, slot: Slot, value: &str) -> Vec<Letter> {
        self.change(visit, slot, value).await.unwrap();
        let letters = letters(&self.world, visit).await;
        let pending = self.contacts(visit).await.get(slot).pending.clone().unwrap();
        let code = code_to(&letters, pending.value.as_str());
        self.confirm(visit, slot, &code).await.unwrap();
        letters
    }
}

/// A message that left the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Letter {
    pub(crate) to: String,
    pub(crate) notice: Notice,
}

/// Empties the outbox.
pub(crate) async fn letters(world: &World, visit: &Visit) -> Vec<Letter> {
    let mut letters = Vec::new();
    loop {
        let claims = world
            .write(visit, |tx, rules, visit| {
                let mut claims = Vec::new();
                for channel in Channel::ALL {
                    let lease = Duration::from_secs(60);
                    claims.extend(message::claim(tx, rules, visit.now, *channel, lease, 100)?);
                }
                for claim in &claims {
                    message::settle(tx, visit.now, claim, Settlement::Sent { keep: false })?;
                }
                Ok(claims)
            })
            .await;
        if claims.is_empty() {
            return letters;
        }
        letters.extend(claims.into_iter().map(|claim| match claim.content {
            Content::Notice(notice) => Letter { to: claim.to, notice },
            Content::Body(_) => panic!("nothing was worded"),
        }));
    }
}

/// The code in the last letter to this address.
pub(crate) fn code_to(letters: &[Letter], address: &str) -> String {
    let codes = letters.iter().rev().filter(|letter| letter.to == address);
    let mut codes = codes.filter_map(|letter| match &letter.notice {
        Notice::EmailCode { code, .. } | Notice::PhoneCode { code, .. } | Notice::SignInCode { code, .. } => {
            Some(code.clone())
        }
        _ => None,
    });
    codes
        .next()
        .unwrap_or_else(|| panic!("no code to {address} in {letters:#?}"))
}

/// The secret in a link.
pub(crate) fn secret_in(link: &str) -> Secret {
    assert!(link.starts_with("https://kabinet.example/"), "{link}");
    Secret::parse(link.rsplit('/').next().unwrap()).unwrap()
}

/// The secret of the confirmation link in the last letter to this address.
pub(crate) fn confirmation_to(letters: &[Letter], address: &str) -> Secret {
    let mut links = letters
        .iter()
        .rev()
        .filter(|letter| letter.to == address)
        .filter_map(|letter| match &letter.notice {
            Notice::EmailCode { link, .. } => Some(secret_in(link)),
            _ => None,
        });
    links.next().expect("a confirmation link")
}

/// The secret of the undo link in the last letter to this address.
pub(crate) fn undo_to(letters: &[Letter], address: &str) -> Secret {
    let mut links = letters
        .iter()
        .rev()
        .filter(|letter| letter.to == address)
        .filter_map(|letter| match &letter.notice {
            Notice::ContactChanged { undo_link, .. } | Notice::ContactRemoved { undo_link, .. } => {
                Some(secret_in(undo_link))
            }
            _ => None,
        });
    links.next().expect("an undo link")
}

/// Which kinds of letters went where.
pub(crate) fn kinds(letters: &[Letter]) -> Vec<(&str, &'static str)> {
    let mut kinds: Vec<_> = letters
        .iter()
        .map(|letter| (letter.to.as_str(), letter.notice.kind()))
        .collect();
    kinds.sort_unstable();
    kinds
}
