use db::{Timestamp, Tx};
use serde_json::json;

use super::{ProviderKey, store};
use crate::account::AccountId;
use crate::audit::{self, Act, Chain, Event};
use crate::{Failure, Rules, Visit, binding};

/// A provider that is switched off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Off {
    /// Its name.
    pub provider: ProviderKey,
    /// Since when.
    pub since: Timestamp,
    /// By whom, in the operator's words.
    pub by_whom: String,
}

/// Who uses a provider, and who has nothing else (B-15).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lockout {
    /// How many accounts it opens.
    pub linked: usize,
    /// Those that nothing else opens.
    pub locked_out: Vec<AccountId>,
}

/// Switches a provider off: nobody enters by it any more, a flow that is under way ends with a refusal, and the
/// sessions that it opened end.
pub fn disable(tx: &mut Tx<'_>, visit: &Visit, key: &ProviderKey, by_whom: &str) -> Result<bool, Failure> {
    if store::insert_off(tx, key, visit.now, by_whom)? == 0 {
        return Ok(false);
    }
    let sessions = store::update_sessions_ended(tx, key, visit.now)?;
    let detail = json!({ "provider": key, "by": by_whom, "sessions_ended": sessions });
    record(tx, visit, Act::ProviderDisabled, detail)?;
    Ok(true)
}

/// Switches it on again.
pub fn enable(tx: &mut Tx<'_>, visit: &Visit, key: &ProviderKey, by_whom: &str) -> Result<bool, Failure> {
    if store::delete_off(tx, key)? == 0 {
        return Ok(false);
    }
    let detail = json!({ "provider": key, "by": by_whom });
    record(tx, visit, Act::ProviderEnabled, detail)?;
    Ok(true)
}

/// The providers that are switched off.
pub fn list_off(tx: &mut Tx<'_>) -> Result<Vec<Off>, Failure> {
    let off = |row: store::OffRow| Off {
        provider: row.provider,
        since: row.since,
        by_whom: row.by_whom,
    };
    Ok(store::list_off(tx)?.into_iter().map(off).collect())
}

/// Whom switching a provider off would leave without a way in.
pub fn lockout(tx: &mut Tx<'_>, rules: &Rules, visit: &Visit, key: &ProviderKey) -> Result<Lockout, Failure> {
    let linked = store::list_linked(tx, key)?;
    let mut locked_out = Vec::new();
    for (account, authenticator) in &linked {
        if binding::is_last_usable(tx, rules, visit, *account, *authenticator)? {
            locked_out.push(*account);
        }
    }
    Ok(Lockout {
        linked: linked.len(),
        locked_out,
    })
}

fn record(tx: &mut Tx<'_>, visit: &Visit, act: Act, detail: serde_json::Value) -> Result<(), Failure> {
    let event = Event {
        chain: Chain::Server,
        act,
        actor: None,
        detail,
    };
    audit::record(tx, visit, event)
}
