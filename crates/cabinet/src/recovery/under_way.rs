//! Where a recovery stands.

use std::net::IpAddr;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use data_encoding::HEXLOWER;
use db::{Timestamp, Tx};
use serde::{Deserialize, Serialize};

use super::assisted::Vouched;
use super::need::missing;
use crate::account::AccountId;
use crate::binding::SecondFactor;
use crate::contact::{self, Slot, Value};
use crate::organisation::OrganisationId;
use crate::sign_in::Login;
use crate::ticket::{self, Purpose, Ticket, TicketId};
use crate::{BrowserHash, Failure, Rules, Secret, Visit};

/// What the ticket of a recovery holds.
#[derive(Serialize, Deserialize)]
pub(super) struct Flow {
    /// As it was typed.
    pub(super) login: String,
    /// Where the login is a user name.
    organisation: Option<OrganisationId>,
    /// Two people of the operator stand for the contacts.
    pub(super) vouched: Option<Vouched>,
    address: IpAddr,
    device: String,
    /// The code that is waited for.
    pub(super) sent: Option<CodeSent>,
    /// Contacts whose owner has answered, in this order.
    pub(super) contacts: Vec<Address>,
    /// The second factor that was given.
    pub(super) factor: Option<SecondFactor>,
}

/// A contact by its slot and its value, as it was then.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Address {
    pub(super) slot: Slot,
    pub(super) key: String,
}

/// A code that was sent to a contact.
#[derive(Serialize, Deserialize)]
pub(super) struct CodeSent {
    pub(super) to: Address,
    masked: String,
    /// Keyed, in hexadecimal.
    hash: String,
}

impl CodeSent {
    pub(super) fn new(rules: &Rules, slot: Slot, value: &Value, code: &str) -> Self {
        let to = Address {
            slot,
            key: value.key(),
        };
        Self {
            hash: hash(rules, &to, code),
            masked: value.masked(),
            to,
        }
    }

    pub(super) fn is(&self, rules: &Rules, code: &str) -> bool {
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let given = hash(rules, &self.to, &digits);
        verify_slices_are_equal(given.as_bytes(), self.hash.as_bytes()).is_ok()
    }
}

/// Six digits are guessed in no time from a plain hash: only the server key can check them.
fn hash(rules: &Rules, to: &Address, code: &str) -> String {
    let text = format!("{}\0{}\0{code}", to.slot.as_str(), to.key);
    HEXLOWER.encode(&rules.server_key.keyed_hash("recovery.code", text.as_bytes()))
}

impl Flow {
    pub(super) fn new(login: &str, organisation: Option<OrganisationId>, visit: &Visit) -> Self {
        Self {
            login: login.trim().to_owned(),
            organisation,
            vouched: None,
            address: visit.address,
            device: visit.device.clone(),
            sent: None,
            contacts: Vec::new(),
            factor: None,
        }
    }

    pub(super) fn vouched_for(vouched: Vouched, visit: &Visit) -> Self {
        Self {
            vouched: Some(vouched),
            ..Self::new("", None, visit)
        }
    }

    pub(super) fn login(&self, rules: &Rules) -> Option<Login> {
        Login::parse(rules, &self.login, self.organisation)
    }

    /// Whether the person has shown anything yet.
    pub(super) fn is_proven(&self) -> bool {
        self.vouched.is_some() || !self.contacts.is_empty()
    }

    /// Whether the owner of this very value has answered.
    pub(super) fn has_shown(&self, own: &Own) -> bool {
        let key = own.value.key();
        let is_it = |shown: &Address| shown.slot == own.slot && shown.key == key;
        self.contacts.iter().any(is_it)
    }

    /// The second factor that was given; a code to the telephone is one beside another proof.
    pub(super) fn second_factor(&self) -> Option<SecondFactor> {
        let has_phone = self.contacts.iter().any(|shown| shown.slot == Slot::Phone);
        let by_sms = has_phone && (self.contacts.len() > 1 || self.vouched.is_some());
        self.factor.or(by_sms.then_some(SecondFactor::Sms))
    }

    /// The visit of who asked, for what the server does later.
    pub(super) fn visit(&self, now: &Visit) -> Visit {
        Visit {
            address: self.address,
            device: self.device.clone(),
            ..now.clone()
        }
    }
}

/// A contact that a code may go to.
pub(super) struct Own {
    pub(super) slot: Slot,
    pub(super) value: Value,
    pub(super) since: Timestamp,
}

/// The confirmed contacts that prove their owner: not telephone numbers confirmed so long ago that they may be another
/// person's by now (threats, SMS-2).
pub(super) fn contacts(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
) -> Result<Vec<Own>, Failure> {
    let all = contact::list(tx, rules, visit.now, account)?;
    let in_force = Slot::ALL
        .iter()
        .filter_map(|slot| Some((*slot, all.get(*slot).in_force.clone()?)));
    let fresh = in_force.filter(|(_, contact)| !contact.is_aged(rules, visit.now));
    Ok(fresh
        .map(|(slot, contact)| Own {
            slot,
            value: contact.value,
            since: contact.since,
        })
        .collect())
}

/// A recovery that is under way, as its browser sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnderWay {
    /// What comes next.
    pub step: Step,
    /// Until when.
    pub until: Timestamp,
}

/// What a recovery waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A code.
    Code(Sent),
    /// Another proof.
    Proof(Ways),
    /// A new password.
    Password,
}

/// Where a code went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// Wherever this login leads, if it leads to anybody.
    Perhaps(String),
    /// To this contact, masked.
    To(String),
}

/// What may be given as the next proof; nothing: only people can help.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ways {
    /// Contacts that a code can go to, masked.
    pub contacts: Vec<(Slot, String)>,
    /// Second factors, last used first.
    pub factors: Vec<SecondFactor>,
}

/// The recovery under way in this browser. Nothing is used up.
pub fn find(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
) -> Result<Option<UnderWay>, Failure> {
    let Some(found) = find_flow(tx, rules, visit, browser, secret)? else {
        return Ok(None);
    };
    let step = match (&found.flow.sent, found.account) {
        (Some(sent), _) if found.flow.is_proven() => Step::Code(Sent::To(sent.masked.clone())),
        (None, Some(account)) => match missing(tx, rules, visit, account, &found.flow)? {
            Some(ways) => Step::Proof(ways),
            None => Step::Password,
        },
        // whether a code was sent is not said before it is typed
        _ => Step::Code(Sent::Perhaps(found.flow.login)),
    };
    Ok(Some(UnderWay {
        step,
        until: found.until,
    }))
}

/// A recovery with its ticket.
pub(super) struct Found {
    pub(super) ticket: TicketId,
    pub(super) account: Option<AccountId>,
    pub(super) flow: Flow,
    until: Timestamp,
}

pub(super) fn find_flow(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    secret: &Secret,
) -> Result<Option<Found>, Failure> {
    let found = ticket::find(tx, rules, visit, Purpose::Recovery, secret, Some(browser))?;
    let open = |ticket: Ticket| {
        Ok(Found {
            ticket: ticket.id,
            account: ticket.account,
            flow: serde_json::from_slice(&ticket.payload)?,
            until: ticket.expires_at,
        })
    };
    found.map(open).transpose()
}

/// The moment before which any way in is suspect: when the first contact that was shown was confirmed.
pub(super) fn contact_since(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    account: AccountId,
    flow: &Flow,
) -> Result<Option<Timestamp>, Failure> {
    if flow.vouched.is_some() {
        // nothing of the account was proven: whoever is back says what is theirs
        return Ok(Some(visit.now));
    }
    let own = contacts(tx, rules, visit, account)?;
    let first = flow.contacts.first();
    Ok(own
        .into_iter()
        .find(|own| first.is_some_and(|first| first.slot == own.slot))
        .map(|own| own.since))
}
