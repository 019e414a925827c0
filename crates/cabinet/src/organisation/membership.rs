use db::Tx;
use serde_json::json;

use super::{Entrance, EntranceRefusal, Method, OrganisationId, OrganisationScope, StaffId, methods, store};
use crate::account::AccountId;
use crate::audit::{self, Act, Event};
use crate::binding::{self, Kind};
use crate::session::{self, Session};
use crate::{Decision, Demand, Failure, Rules, Visit, refuse};

/// A person's place in an organisation, as the person sees it.
#[derive(Clone, Debug)]
pub struct Membership {
    /// Where.
    pub organisation: OrganisationId,
    /// The organisation's name in lists.
    pub short_name: String,
    /// As what.
    pub position: String,
    /// Where in the organisation.
    pub department: String,
}

/// The organisations a person belongs to, by name.
pub fn list_memberships(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Membership>, Failure> {
    Ok(store::list_memberships(tx, account)?)
}

/// Joins a staff record to an account, on whatever proof the caller holds.
pub fn join(
    tx: &mut Tx<'_>,
    visit: &Visit,
    scope: &OrganisationScope,
    staff: StaffId,
    account: AccountId,
) -> Result<(), Failure> {
    if store::insert_membership(tx, scope, staff, account, visit.now)? == 0 {
        return Err(Failure::new("the staff record is not one of this organisation"));
    }
    let organisation = scope.organisation();
    let detail = json!({ "staff": staff, "account": account });
    audit::record(tx, visit, Event::of(scope, Act::MembershipBegun, detail))?;
    let detail = json!({ "organisation": organisation });
    audit::record(tx, visit, Event::about(account, Act::MembershipBegun, detail))
}

/// The organisation that a session opened through its page is for, after its policy was asked once more.
/// `None`: the person does not belong to it, and enters their own cabinet.
pub(crate) fn admits(
    tx: &mut Tx<'_>,
    rules: &Rules,
    entrance: &Entrance,
    account: AccountId,
) -> Result<Result<Option<OrganisationId>, EntranceRefusal>, Failure> {
    if let Err(refusal) = entrance.check(tx, rules)? {
        return Ok(Err(refusal));
    }
    let is_member = store::find_membership(tx, entrance.organisation, account)?.is_some();
    Ok(Ok(is_member.then_some(entrance.organisation)))
}

/// What is asked beside a password or a certificate: by `rules` of the installation, or by the strictest of the
/// organisations that the person belongs to. It holds at every door, so that none is a way around it.
pub(crate) fn second_factor_demand(
    tx: &mut Tx<'_>,
    account: AccountId,
    of_installation: Demand,
) -> Result<Demand, Failure> {
    let own = store::list_demands(tx, account)?;
    Ok(own.into_iter().fold(of_installation, Demand::max))
}

crate::refusals! {
    /// Why a session does not change to an organisation.
    pub enum SwitchRefusal {
        NotMember = "organisation.not_member",
        MethodNotOffered = "organisation.other_method",
    }
}

/// From now on the person is here for this organisation, or for none (B-7.b). An organisation that does not offer the
/// way the person came in by asks for one that it does offer (4.5.7).
pub fn switch(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    session: &Session,
    organisation: Option<OrganisationId>,
) -> Decision<(), SwitchRefusal> {
    if let Some(wanted) = organisation {
        if store::find_membership(tx, wanted, session.account)?.is_none() {
            refuse!(SwitchRefusal::NotMember);
        }
        if !is_offered(tx, rules, session, wanted)? {
            refuse!(SwitchRefusal::MethodNotOffered);
        }
    }
    session::set_organisation(tx, session.id, organisation)?;
    let detail = json!({ "organisation": organisation });
    let event = Event::by(session.account, Act::OrganisationSwitched, detail);
    audit::record(tx, visit, event)?;
    Ok(Ok(()))
}

fn is_offered(
    tx: &mut Tx<'_>,
    rules: &Rules,
    session: &Session,
    organisation: OrganisationId,
) -> Result<bool, Failure> {
    let offered = methods(tx, rules, organisation)?;
    Ok(match binding::kind(tx, session.account, session.authenticator)? {
        Some(Kind::Password) => offered.offers(&Method::Password),
        Some(Kind::Passkey) => offered.offers(&Method::Passkey),
        Some(Kind::Certificate) => offered.offers(&Method::Certificate),
        Some(Kind::ExternalIdentity) => {
            let provider = binding::find_provider(tx, session.authenticator)?;
            provider.is_some_and(|key| offered.offers(&Method::Provider(key)))
        }
        None => false,
    })
}
