use db::{Timestamp, Tx};

use super::authenticator_data::AuthenticatorData;
use super::client_data::{self, Ceremony};
use super::public_key::PublicKey;
use super::store::{self, KeyRow, Use};
use super::{Assertion, PasskeyRefusal};
use crate::account::AccountId;
use crate::binding::AuthenticatorId;
use crate::secret::sha256;
use crate::ticket::{self, Purpose, Ticket};
use crate::{BrowserHash, Decision, Rules, Visit, refuse};

/// A passkey that proved itself.
pub(crate) struct Proven {
    pub(crate) account: AccountId,
    pub(crate) authenticator: AuthenticatorId,
    pub(crate) bound_at: Timestamp,
    /// The challenge that was answered.
    pub(crate) ticket: Ticket,
}

/// Judges an assertion (WebAuthn, 7.2) and uses its challenge up: of any number of parallel copies one passes.
pub(crate) fn prove(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    purpose: Purpose,
    browser: BrowserHash,
    assertion: &Assertion,
) -> Decision<Proven, PasskeyRefusal> {
    let challenge = match client_data::challenge(&assertion.client_data, Ceremony::Get, rules) {
        Ok(challenge) => challenge,
        Err(refusal) => refuse!(refusal),
    };
    let Some(ticket) = ticket::take(tx, rules, visit, purpose, &challenge, Some(browser))? else {
        refuse!(PasskeyRefusal::ChallengeGone);
    };
    let Some(key) = store::find(tx, &assertion.credential_id)? else {
        refuse!(PasskeyRefusal::Unknown);
    };
    if !is_owner(&key, &ticket, assertion) {
        refuse!(PasskeyRefusal::Unknown);
    }
    let used = match judge(rules, &key.public_key, assertion) {
        Ok(used) => used,
        Err(refusal) => refuse!(refusal),
    };
    if store::update_used(tx, key.authenticator, &used)? == 0 {
        refuse!(PasskeyRefusal::CounterBack);
    }
    Ok(Ok(Proven {
        account: key.account,
        authenticator: key.authenticator,
        bound_at: key.bound_at,
        ticket,
    }))
}

/// The device names the owner of a discoverable key, and must; whoever is asked for by name must be that one.
fn is_owner(key: &KeyRow, ticket: &Ticket, assertion: &Assertion) -> bool {
    let (owner, made_for) = (key.account, key.made_for.unwrap_or(key.account));
    let named = assertion
        .user_handle
        .as_ref()
        .map(|handle| handle.as_slice() == made_for.as_bytes().as_slice());
    match ticket.account {
        None => named == Some(true),
        Some(account) => account == owner && named != Some(false),
    }
}

fn judge(rules: &Rules, public_key: &[u8], assertion: &Assertion) -> Result<Use, PasskeyRefusal> {
    let data = AuthenticatorData::read(&assertion.authenticator_data, rules)?;
    let message = [
        assertion.authenticator_data.as_slice(),
        &sha256(&assertion.client_data),
    ]
    .concat();
    if !PublicKey::read(public_key)?.verify(&message, &assertion.signature) {
        return Err(PasskeyRefusal::SignatureInvalid);
    }
    Ok(Use {
        counter: data.counter,
        may_be_backed_up: data.may_be_backed_up,
        is_backed_up: data.is_backed_up,
    })
}
