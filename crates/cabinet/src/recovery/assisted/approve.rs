use db::{Timestamp, Tx};
use serde_json::json;

use super::{AssistedId, AssistedRefusal, Half, Officer, store};
use crate::account;
use crate::audit::{self, Act, Event};
use crate::message::Notice;
use crate::session::{Told, not_me_link};
use crate::{Decision, Rules, Visit, contact, refuse};

/// What was approved.
#[derive(Debug)]
pub struct Approved {
    /// The half that the second of the two hands over.
    pub half: Half,
    /// From when the person comes in with both.
    pub open_from: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// Approves what another asked for. The waiting time begins, and every confirmed contact is told.
pub fn approve(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    officer: &Officer,
    id: AssistedId,
) -> Decision<Approved, AssistedRefusal> {
    let Some(row) = store::find(tx, id, visit.now)? else {
        refuse!(AssistedRefusal::NotFound);
    };
    account::lock(tx, row.account)?;
    if row.approved_at.is_some() {
        refuse!(AssistedRefusal::AlreadyApproved);
    }
    if officer.may_be(&row.asked_by()) {
        refuse!(AssistedRefusal::SameOfficer);
    }
    if officer.account == Some(row.account) {
        refuse!(AssistedRefusal::OwnAccount);
    }
    if !account::may_authenticate(tx, row.account)? {
        refuse!(AssistedRefusal::AccountBlocked);
    }
    let open_from = visit.now.plus(rules.recovery.wait);
    let approved = Approved {
        half: Half::new(visit),
        open_from,
        until: open_from.plus(rules.recovery.life),
    };
    let half = approved.half.hash(rules);
    if store::update_approved(tx, id, officer, half, visit.now, open_from, approved.until)? == 0 {
        refuse!(AssistedRefusal::NotFound);
    }
    let detail = json!({
        "recovery": id,
        "asked_by": row.asked_by,
        "approved_by": officer.name,
        "open_from": open_from,
        "skips_second_factor": row.skips_second_factor != 0,
    });
    let event = Event {
        actor: officer.account,
        ..Event::about(row.account, Act::AssistedRecoveryApproved, detail)
    };
    audit::record(tx, visit, event)?;
    let told = Told::AssistedRecovery(id);
    let notice = Notice::AssistedRecoveryApproved {
        asked_by: row.asked_by,
        approved_by: officer.name.clone(),
        at: visit.now,
        open_from,
        link: not_me_link(tx, rules, visit, row.account, told)?,
    };
    contact::tell(tx, rules, visit, row.account, &notice)?;
    Ok(Ok(approved))
}
