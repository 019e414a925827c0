//! Sessions: what a person holds after a proof.
//!
//! A session is found by a 256-bit secret of which only the hash is stored. It remembers the authenticator that
//! opened it and ends with it. A sign-in is not a step-up: what changes who may enter asks for a proof that names
//! exactly that (threats, CMS-3 and SES-5).

mod device;
mod disown;
mod end;
mod familiar;
mod find;
mod lapsed;
mod list;
mod open;
mod step_up;
mod store;

use db::Timestamp;

use crate::account::{AccountId, Language, Name};
use crate::binding::AuthenticatorId;
use crate::organisation::{OrganisationId, SupportEntry};
use crate::{Refusal, Rules};

pub use device::device_name;
pub use disown::{Disowned, Remedy, disown, disown_preview};
pub(crate) use disown::{Told, not_me_link};
pub use end::{end, end_others, sign_out};
pub(crate) use end::{
    end_all, end_all_but, end_at_once, end_by_authenticator, forget_devices, second_factor_set,
};
pub(crate) use familiar::knows_network;
pub use find::{find, touch};
pub(crate) use find::{find_holding, set_organisation, set_recovered};
pub use lapsed::{Lapsed, SessionEnd, lapsed};
pub use list::{OpenSession, list};
pub(crate) use open::{Opening, Second, open};
pub(crate) use step_up::step_up_with_identity;
pub use step_up::{
    Grown, StepUpRefusal, SteppedUp, step_up_attempt, step_up_kind, step_up_with_certificate,
    step_up_with_passkey, step_up_with_password,
};
pub(crate) use step_up::{Proof, grow};

db::id! {
    /// A session, as the list of sessions names it. It opens nothing.
    pub SessionId
}

/// A session that holds now.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its public name.
    pub id: SessionId,
    /// Whose it is.
    pub account: AccountId,
    /// What opened it.
    pub authenticator: AuthenticatorId,
    /// The person's name, for the page.
    pub name: Name,
    /// The language of the account.
    pub language: Language,
    /// When the person signed in.
    pub opened_at: Timestamp,
    /// When it was last seen, to the minute.
    pub last_seen_at: Timestamp,
    /// When it ends if nothing more is done.
    pub expires_at: Timestamp,
    /// Whether an e-mail that signs in is confirmed.
    pub has_email: bool,
    /// Whether a phone that signs in is confirmed.
    pub has_phone: bool,
    /// Whether the person must set a second factor up before the cabinet opens.
    pub owes_second_factor: bool,
    /// Until when the last step-up counts.
    pub stepped_up_until: Option<Timestamp>,
    /// The account was recovered in this session.
    pub recovered: Option<Recovered>,
    /// The organisation that the person is here for.
    pub organisation: Option<CurrentOrganisation>,
}

/// A recovery that a session comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recovered {
    /// When.
    pub at: Timestamp,
    /// When the contact was confirmed that it was done by; none when it was done by another proof.
    pub contact_since: Option<Timestamp>,
}

/// The organisation of a session, as every page shows it.
#[derive(Clone, Debug)]
pub struct CurrentOrganisation {
    /// Its own id.
    pub id: OrganisationId,
    /// Its name in lists.
    pub short_name: String,
    /// Who helps its people; empty: whoever helps at the installation.
    pub support: Vec<SupportEntry>,
}

impl Session {
    /// Whether the person must confirm a contact before the cabinet opens. As of when the session was looked up.
    pub fn needs_first_entry(&self, rules: &Rules) -> bool {
        !rules.first_entry.is_met(self.has_email, self.has_phone)
    }

    /// Whether a step-up counts now; to *use* one, ask [`Session::step_up`] in the transaction of the change.
    pub fn is_stepped_up(&self, now: Timestamp) -> bool {
        self.stepped_up_until.is_some_and(|until| now < until)
    }
}

crate::refusals! {
    /// Why a session could not be ended.
    pub enum SessionRefusal {
        NotFound = "session.not_found",
    }
}

/// The act needs a step-up: a fresh proof in this session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepUpRequired;

impl Refusal for StepUpRequired {
    fn code(&self) -> &'static str {
        "step_up.required"
    }
}
