//! What a person sees of the safety of their account: every way in, the sessions, the history, and in a few findings
//! whether all is well (4.10.1).

use std::time::Duration;

use db::{Timestamp, Tx};

use crate::audit::{self, Act, Line};
use crate::binding::{self, Authenticator, CertificateState, IdentityState, Kind, OwnFactor, SecondFactor};
use crate::contact::{self, Contacts, Slot};
use crate::session::{self, OpenSession, Session};
use crate::{Demand, Failure, Rules, Visit};

const DAY: Duration = Duration::from_secs(24 * 3600);
/// So long a new device is pointed out.
const NEW_DEVICE: Duration = Duration::from_secs(7 * 24 * 3600);
/// What ends sooner ends soon.
const SOON: Duration = Duration::from_secs(30 * 24 * 3600);
/// With fewer recovery codes it is time for a new sheet.
const FEW_CODES: i64 = 2;
/// How many lines of the history are looked at.
const HISTORY: u32 = 50;

/// Everything about the safety of an account.
#[derive(Clone, Debug)]
pub struct Security {
    /// The ways in, and every certificate that ever was one.
    pub ways: Vec<Authenticator>,
    /// What is asked for after the first proof.
    pub factors: Vec<OwnFactor>,
    /// Where the person is reached.
    pub contacts: Contacts,
    /// Where the person is signed in.
    pub sessions: Vec<OpenSession>,
    /// What happened, the newest first.
    pub history: Vec<Line>,
    /// What the person should look at, the weightiest first; nothing: all is well.
    pub findings: Vec<Finding>,
}

/// What a person should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Somebody entered from a device that was not known before, in the last days.
    NewDevice {
        /// When.
        at: Timestamp,
        /// The `User-Agent`.
        device: String,
        /// The network address.
        address: String,
    },
    /// A way in is suspended: the person said that it was not them.
    Suspended,
    /// No contact is confirmed: nobody would be told of anything.
    NoContact,
    /// Messages to a contact are refused.
    Bouncing,
    /// One way in is left, and if it is lost there is none.
    OnlyWay(Kind),
    /// Every key that opens the account ends in so many days.
    KeyEnds {
        /// Whole days left.
        days: u64,
    },
    /// Whoever learns the password is in.
    NoSecondFactor,
    /// So many recovery codes are left.
    FewCodes(i64),
}

impl Finding {
    /// The stable word of the API.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NewDevice { .. } => "new_device",
            Self::Suspended => "suspended",
            Self::NoContact => "no_contact",
            Self::Bouncing => "bouncing",
            Self::OnlyWay(_) => "only_way",
            Self::KeyEnds { .. } => "key_ends",
            Self::NoSecondFactor => "no_second_factor",
            Self::FewCodes(_) => "few_codes",
        }
    }
}

/// Looks at everything, as the owner of the account may.
pub fn look(tx: &mut Tx<'_>, rules: &Rules, visit: &Visit, session: &Session) -> Result<Security, Failure> {
    let account = session.account;
    let mut seen = Security {
        ways: binding::list(tx, rules, visit.now, account)?,
        factors: binding::list_second_factors(tx, account)?,
        contacts: contact::list(tx, rules, visit.now, account)?,
        sessions: session::list(tx, rules, visit, session)?,
        history: audit::history(tx, account, HISTORY)?,
        findings: Vec::new(),
    };
    seen.findings = seen.judge(rules, visit.now, session);
    Ok(seen)
}

impl Security {
    /// The last entry that is not the one of this session.
    pub fn last_entry(&self, session: &Session) -> Option<&Line> {
        self.entries(session).next()
    }

    /// What is asked for after the first proof and can be given.
    pub fn second_step(&self) -> impl Iterator<Item = SecondFactor> {
        let usable = self.factors.iter().filter(|own| own.is_usable());
        usable
            .map(|own| own.factor)
            .filter(|factor| *factor != SecondFactor::RecoveryCode)
    }

    fn entries(&self, session: &Session) -> impl Iterator<Item = &Line> {
        let opened_at = session.opened_at;
        let entries = self.history.iter().filter(|line| line.act == Act::SessionOpened);
        entries.filter(move |line| line.at != opened_at)
    }

    fn judge(&self, rules: &Rules, now: Timestamp, session: &Session) -> Vec<Finding> {
        let recent = |line: &&Line| line.is_of_new_device() && now < line.at.plus(NEW_DEVICE);
        let entries = self.entries(session).filter(recent);
        let mut findings: Vec<Finding> = entries
            .map(|line| Finding::NewDevice {
                at: line.at,
                device: line.device.clone(),
                address: line.address.clone(),
            })
            .collect();
        let suspended = |state| matches!(state, IdentityState::Suspended { .. });
        let mut identities = self.ways.iter().filter_map(|way| way.identity.as_ref());
        findings.extend(
            identities
                .any(|identity| suspended(identity.state))
                .then_some(Finding::Suspended),
        );
        findings.extend(self.reach());
        let only = self.ways.iter().find(|way| way.is_only_way);
        findings.extend(only.map(|way| Finding::OnlyWay(way.kind)));
        findings.extend(self.key_ends(now));
        findings.extend(self.second_factor(rules));
        findings
    }

    fn reach(&self) -> Option<Finding> {
        let slots = Slot::ALL.iter();
        let mut in_force = slots
            .filter_map(|slot| self.contacts.get(*slot).in_force.as_ref())
            .peekable();
        if in_force.peek().is_none() {
            return Some(Finding::NoContact);
        }
        in_force
            .any(|current| current.bouncing_since.is_some())
            .then_some(Finding::Bouncing)
    }

    fn key_ends(&self, now: Timestamp) -> Option<Finding> {
        let keys = self.ways.iter().filter_map(|way| way.certificate.as_ref());
        let valid = keys.filter(|key| key.state == CertificateState::Valid);
        let left = valid.map(|key| key.not_after.since(now)).max()?;
        (left < SOON).then_some(Finding::KeyEnds {
            days: left.as_secs() / DAY.as_secs(),
        })
    }

    fn second_factor(&self, rules: &Rules) -> Option<Finding> {
        let has_password = self.ways.iter().any(|way| way.kind == Kind::Password);
        if has_password
            && rules.second_factor.password != Demand::Everybody
            && self.second_step().next().is_none()
        {
            return Some(Finding::NoSecondFactor);
        }
        let mut sheets = self.factors.iter();
        let sheet = sheets.find(|own| own.factor == SecondFactor::RecoveryCode)?;
        (sheet.codes_left <= FEW_CODES).then_some(Finding::FewCodes(sheet.codes_left))
    }
}
