//! `/cabinet`

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use cabinet::account::{self, Profile};
use cabinet::audit::{self, Act, Line};
use cabinet::binding::{self, Authenticator, CertificateData, CertificateState, Kind};
use cabinet::contact::{self, Contacts, Slot};
use cabinet::session::{Session, device_name};
use cabinet::{Failure, Rules};
use db::{Timestamp, Tx};

use super::show;
use crate::error::Error;
use crate::signed_in::Access;
use crate::view::home::{EndsSoon, Home, Step};
use crate::visitor::Visitor;
use crate::words::{SOON_DAYS, days};

/// How far back the entry before this one is looked for.
const HISTORY: u32 = 30;

pub(super) fn routes() -> Router {
    Router::new().route("/cabinet", get(home))
}

struct Everything {
    profile: Profile,
    ways: Vec<Authenticator>,
    contacts: Contacts,
    history: Vec<Line>,
}

fn look(tx: &mut Tx<'_>, visitor: &Visitor, session: &Session) -> Result<Everything, Failure> {
    let (now, account) = (visitor.visit.now, session.account);
    Ok(Everything {
        profile: account::profile(tx, account)?,
        ways: binding::list(tx, &visitor.app.rules, now, account)?,
        contacts: contact::list(tx, &visitor.app.rules, now, account)?,
        history: audit::history(tx, account, HISTORY)?,
    })
}

async fn home(visitor: Visitor) -> Result<Response, Error> {
    let (session, all) = visitor.read(Access::Whole, look).await?;
    let page = visitor.page(Some(&session));
    let before = all
        .history
        .iter()
        .filter(|line| line.act == Act::SessionOpened)
        .nth(1);
    show(&Home {
        ids: Visitor::person_ids(page.lang, &all.profile),
        steps: steps(&visitor.app.rules, visitor.visit.now, &all),
        ends_soon: visitor.ends_soon(&all.ways),
        addresses: addresses(&all.contacts),
        previous_entry: before.map(|line| visitor.moment(line.at)),
        previous_device: before.map(|line| device_name(&line.device)).unwrap_or_default(),
        page,
    })
}

/// What is unfinished, the weightiest first.
fn steps(rules: &Rules, now: Timestamp, all: &Everything) -> Vec<Step> {
    let mut steps = Vec::new();
    for slot in Slot::ALL {
        let contact = all.contacts.get(*slot);
        if let Some(pending) = &contact.pending {
            steps.push(Step::Confirm {
                address: pending.value.display(),
            });
        }
        if let Some(current) = &contact.in_force {
            let address = || current.value.display();
            if current.bouncing_since.is_some() {
                steps.push(Step::Bouncing { address: address() });
            } else if current.is_aged(rules, now) && contact.pending.is_none() {
                steps.push(Step::Reconfirm { address: address() });
            }
        }
    }
    if all.contacts.phone.field().is_none() {
        steps.push(Step::AddPhone);
    }
    if !all.ways.iter().any(|way| way.kind == Kind::Password) {
        steps.push(Step::SetPassword);
    }
    steps
}

fn addresses(contacts: &Contacts) -> Vec<String> {
    let in_force = Slot::ALL
        .iter()
        .filter_map(|slot| contacts.get(*slot).in_force.as_ref());
    in_force.map(|current| current.value.display()).collect()
}

impl Visitor {
    /// Keys that end soon. The last one is told of when it is over, where no other opens the cabinet.
    fn ends_soon(&self, ways: &[Authenticator]) -> Vec<EndsSoon> {
        let keys = || ways.iter().filter_map(|way| way.certificate.as_ref());
        let has_valid = keys().any(|key| key.state == CertificateState::Valid);
        let shown = if has_valid {
            CertificateState::Valid
        } else {
            CertificateState::Expired
        };
        let left = |key: &CertificateData| days(key.not_after.since(self.visit.now));
        let mut ending: Vec<_> = keys()
            .filter(|key| key.state == shown && left(key) < SOON_DAYS)
            .collect();
        ending.sort_by_key(|key| key.not_after);
        if !has_valid {
            ending.drain(..ending.len().saturating_sub(1));
        }
        let line = |key: &CertificateData| EndsSoon {
            subject: format!("{}, {}", key.issuer, key.serial),
            until: self.moment(key.not_after),
            days_left: left(key),
            over: key.state == CertificateState::Expired,
        };
        ending.into_iter().map(line).collect()
    }
}
