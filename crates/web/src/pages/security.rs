//! What was found about the safety of an account, in words.

use cabinet::audit::Line;
use cabinet::binding::{BoundBy, Kind, SecondFactor};
use cabinet::contact::{Contacts, Slot};
use cabinet::security::{Finding, Security};
use cabinet::session::{Session, device_name};
use db::Timestamp;
use text::{Lang, security as say};

use crate::view::certificate::Record;
use crate::view::security::{Act, Check, Checks, Tone};
use crate::visitor::Visitor;

impl Visitor {
    /// The findings, then what is well.
    pub(super) fn checks(&self, lang: Lang, session: &Session, seen: &Security) -> Checks {
        let mut all: Vec<Check> = seen
            .findings
            .iter()
            .map(|finding| self.finding(lang, finding))
            .collect();
        all.push(self.last_entry(lang, seen.last_entry(session)));
        let steps: Vec<&str> = seen.second_step().map(|factor| step(lang, factor)).collect();
        if !steps.is_empty() {
            all.push(well(say::second_step(lang), steps.join(", ")));
        }
        let addresses = addresses(&seen.contacts);
        if !addresses.is_empty() {
            all.push(well(say::reached(lang), addresses.join(", ")));
        }
        Checks { all }
    }

    fn finding(&self, lang: Lang, finding: &Finding) -> Check {
        let (title, why) = match finding {
            Finding::NewDevice { at, device, address } => {
                let why = say::new_device_why(lang, address, &device_name(device), &self.when(lang, *at));
                (say::new_device(lang).to_owned(), why)
            }
            Finding::Suspended => (say::suspended(lang).into(), say::suspended_why(lang).into()),
            Finding::NoContact => (say::no_contact(lang).into(), say::no_contact_why(lang).into()),
            Finding::Bouncing => (say::bouncing(lang).into(), say::bouncing_why(lang).into()),
            Finding::OnlyWay(kind) => (only(lang, *kind).into(), say::only_why(lang).into()),
            Finding::KeyEnds { days } => (say::key_ends(lang, *days), say::key_ends_why(lang).into()),
            Finding::NoSecondFactor => {
                let why = say::no_second_factor_why(lang);
                (say::no_second_factor(lang).into(), why.into())
            }
            Finding::FewCodes(left) => {
                let left = u64::try_from(*left).unwrap_or_default();
                (say::few_codes(lang, left), say::few_codes_why(lang).into())
            }
        };
        Check {
            tone: Tone::Attention,
            title,
            why,
            act: Some(act(lang, finding)),
        }
    }

    fn last_entry(&self, lang: Lang, line: Option<&Line>) -> Check {
        match line {
            None => well(say::last_entry_none(lang), say::last_entry_none_why(lang)),
            Some(line) => {
                let from = [device_name(&line.device), line.address.clone()];
                well(&say::last_entry(lang, &self.when(lang, line.at)), joined(&from))
            }
        }
    }

    /// When and how a way in was bound, and when it was last used.
    pub(crate) fn record(
        &self,
        lang: Lang,
        bound: impl FnOnce(Lang, &str) -> String,
        bound_at: Timestamp,
        last_used_at: Option<Timestamp>,
    ) -> Record {
        let never = || say::used_never(lang).to_owned();
        Record {
            bound: bound(lang, &self.day(bound_at)),
            used: last_used_at.map_or_else(never, |at| say::used(lang, &self.when(lang, at))),
        }
    }

    /// `сегодня в 14:05`, `вчера в 14:05`, or the whole moment.
    pub(crate) fn when(&self, lang: Lang, at: Timestamp) -> String {
        let now = self.visit.now;
        let yesterday = now.minus(std::time::Duration::from_secs(24 * 3600));
        if self.day(at) == self.day(now) {
            say::today(lang, &self.time(at))
        } else if self.day(at) == self.day(yesterday) {
            say::yesterday(lang, &self.time(at))
        } else {
            self.moment(at)
        }
    }
}

/// How a way in came to the account.
pub(crate) fn bound(lang: Lang, date: &str, by: BoundBy) -> String {
    let how = match by {
        BoundBy::FirstEntry => say::bound_first_entry(lang),
        BoundBy::SamePersonId => say::bound_same_person_id(lang),
        BoundBy::Person => say::bound_person(lang),
        BoundBy::Renewal => say::bound_renewal(lang),
    };
    say::bound(lang, date, how)
}

/// What is there of the parts, with dots between.
pub(super) fn joined(parts: &[String]) -> String {
    let there: Vec<&str> = parts
        .iter()
        .filter(|part| !part.is_empty())
        .map(String::as_str)
        .collect();
    there.join(" · ")
}

fn well(title: &str, why: impl Into<String>) -> Check {
    Check {
        tone: Tone::Well,
        title: title.to_owned(),
        why: why.into(),
        act: None,
    }
}

fn act(lang: Lang, finding: &Finding) -> Act {
    let (href, words) = match finding {
        Finding::NewDevice { .. } => ("#strange", say::new_device_now(lang)),
        Finding::Suspended => ("#ways", say::suspended_now(lang)),
        Finding::NoContact => ("/profile/contacts", say::no_contact_now(lang)),
        Finding::Bouncing => ("/profile/contacts", say::bouncing_now(lang)),
        Finding::OnlyWay(Kind::Password) => ("#add", say::only_now(lang)),
        Finding::OnlyWay(_) => ("/profile/password", text::binding::password_set(lang)),
        Finding::KeyEnds { .. } => ("/help/certificate", say::key_ends_now(lang)),
        Finding::NoSecondFactor => ("#factors", say::no_second_factor_now(lang)),
        Finding::FewCodes(_) => ("#factors", say::few_codes_now(lang)),
    };
    Act { href, words }
}

const fn only(lang: Lang, kind: Kind) -> &'static str {
    match kind {
        Kind::Certificate => say::only_key(lang),
        Kind::Password => say::only_password(lang),
        Kind::ExternalIdentity => say::only_identity(lang),
        Kind::Passkey => say::only_passkey(lang),
    }
}

const fn step(lang: Lang, factor: SecondFactor) -> &'static str {
    match factor {
        SecondFactor::Passkey => say::second_step_passkey(lang),
        SecondFactor::Totp => say::second_step_totp(lang),
        SecondFactor::Sms => say::second_step_sms(lang),
        SecondFactor::RecoveryCode => text::second_factor::sheet(lang),
    }
}

fn addresses(contacts: &Contacts) -> Vec<String> {
    let in_force = Slot::ALL
        .iter()
        .filter_map(|slot| contacts.get(*slot).in_force.as_ref());
    in_force.map(|current| current.value.display()).collect()
}
