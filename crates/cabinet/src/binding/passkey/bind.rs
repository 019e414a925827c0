use db::Tx;
use minicbor::Decoder;
use serde_json::json;

use super::authenticator_data::{AuthenticatorData, NewCredential, rp_id};
use super::client_data::{self, Ceremony};
use super::public_key::{ALGORITHMS, PublicKey};
use super::store::{self, NewPasskey};
use super::{Attestation, PasskeyRefusal};
use crate::account::{self, AccountId};
use crate::audit::{self, Act, Event};
use crate::binding::change::{self, Enrolled};
use crate::binding::{AuthenticatorId, BoundBy, Kind, tell, tell_of};
use crate::message::Notice;
use crate::session::{self, SteppedUp, Told};
use crate::ticket::{self, New, Purpose};
use crate::{BrowserHash, Decision, Failure, Rules, Secret, Visit, refuse};

/// Longer names are cut.
const NAME_CHARS: usize = 60;

/// What a browser is asked to make (`PublicKeyCredentialCreationOptions`).
#[derive(Clone, Debug)]
pub struct RegistrationOffer {
    /// What is to be answered.
    pub challenge: Secret,
    /// The site.
    pub site: String,
    /// The owner, as the device will name it: the account's id, which says nothing of the person.
    pub user: Vec<u8>,
    /// Algorithms as COSE numbers them, the best first.
    pub algorithms: [i64; 3],
    /// Keys that the account has already.
    pub known: Vec<Vec<u8>>,
}

/// Asks for a new passkey, in this session.
pub fn offer_passkey(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    by: &SteppedUp,
) -> Result<RegistrationOffer, Failure> {
    let new = New {
        purpose: Purpose::PasskeyRegistration,
        browser: Some(browser),
        account: Some(by.account()),
        session: Some(by.session()),
        life: rules.sign_in.challenge_life,
        tries: 0,
        payload: &[],
    };
    let challenge = ticket::issue(tx, rules, visit, new)?.secret;
    let known = store::list(tx, by.account())?;
    Ok(RegistrationOffer {
        challenge,
        site: rp_id(rules).to_owned(),
        user: by.account().as_bytes().to_vec(),
        algorithms: ALGORITHMS,
        known: known.into_iter().map(|row| row.credential_id).collect(),
    })
}

/// Adds a passkey (WebAuthn, 7.1): ends all other sessions and half-finished acts, and tells the person.
pub fn bind_passkey(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    by: &SteppedUp,
    name: &str,
    made: &Attestation,
) -> Decision<Enrolled, PasskeyRefusal> {
    let account = by.account();
    account::lock(tx, account)?;
    let Some(name) = clean(name) else {
        refuse!(PasskeyRefusal::NameMissing);
    };
    let challenge = match client_data::challenge(&made.client_data, Ceremony::Create, rules) {
        Ok(challenge) => challenge,
        Err(refusal) => refuse!(refusal),
    };
    let purpose = Purpose::PasskeyRegistration;
    let taken = ticket::take(tx, rules, visit, purpose, &challenge, Some(browser))?;
    if taken.is_none_or(|ticket| ticket.session != Some(by.session())) {
        refuse!(PasskeyRefusal::ChallengeGone);
    }
    let (data, credential) = match judge(rules, made) {
        Ok(judged) => judged,
        Err(refusal) => refuse!(refusal),
    };
    let id = visit.id(AuthenticatorId::new);
    let new = NewPasskey {
        credential_id: credential.id,
        public_key: credential.public_key,
        name: &name,
        counter: data.counter,
        may_be_backed_up: data.may_be_backed_up,
        is_backed_up: data.is_backed_up,
        model: credential.model,
    };
    crate::binding::store::insert(tx, id, account, Kind::Passkey, BoundBy::Person, visit.now)?;
    if store::insert(tx, id, &new)? == 0 {
        crate::binding::store::delete(tx, id)?;
        refuse!(PasskeyRefusal::AlreadyBound);
    }
    bound(tx, rules, visit, by, id, name).map(Ok)
}

/// What follows the binding: the trail, the notice, the sheet of recovery codes.
fn bound(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    by: &SteppedUp,
    id: AuthenticatorId,
    name: String,
) -> Result<Enrolled, Failure> {
    let account = by.account();
    let ended = change::end_the_rest(tx, visit, account, by.session())?;
    session::second_factor_set(tx, account)?;
    let detail = json!({ "authenticator": id, "sessions_ended": ended });
    audit::record(tx, visit, Event::by(account, Act::PasskeyBound, detail))?;
    let told = Told::NewWay(id);
    tell_of(tx, rules, visit, account, told, |link| Notice::PasskeyBound {
        name,
        at: visit.now,
        link,
    })?;
    Ok(Enrolled {
        id,
        recovery_codes: change::first_sheet(tx, rules, visit, account)?,
    })
}

/// Gives a passkey another name.
pub fn rename_passkey(
    tx: &mut Tx<'_>,
    visit: &Visit,
    by: &SteppedUp,
    id: AuthenticatorId,
    name: &str,
) -> Decision<(), PasskeyRefusal> {
    let Some(name) = clean(name) else {
        refuse!(PasskeyRefusal::NameMissing);
    };
    if store::find_name(tx, by.account(), id)?.is_none() {
        refuse!(PasskeyRefusal::Unknown);
    }
    store::update_name(tx, id, &name)?;
    let event = Event::by(by.account(), Act::PasskeyRenamed, json!({ "authenticator": id }));
    audit::record(tx, visit, event)?;
    Ok(Ok(()))
}

/// What follows the removal of a passkey.
pub(in crate::binding) fn end_passkey(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    by: &SteppedUp,
    id: AuthenticatorId,
    name: String,
) -> Result<(), Failure> {
    let account = by.account();
    session::end_by_authenticator(tx, visit, id)?;
    change::end_the_rest(tx, visit, account, by.session())?;
    change::drop_lone_sheet(tx, visit, account)?;
    let event = Event::by(account, Act::PasskeyRemoved, json!({ "authenticator": id }));
    audit::record(tx, visit, event)?;
    tell(tx, rules, visit, account, |link| Notice::PasskeyRemoved {
        name,
        at: visit.now,
        link,
    })
}

/// Takes a passkey away for somebody who says that it is not theirs; says whether there was one.
pub(crate) fn disown_passkey(
    tx: &mut Tx<'_>,
    visit: &Visit,
    account: AccountId,
    id: AuthenticatorId,
) -> Result<bool, Failure> {
    if store::find_name(tx, account, id)?.is_none() {
        return Ok(false);
    }
    crate::binding::store::update_removed(tx, id, visit.now)?;
    session::end_by_authenticator(tx, visit, id)?;
    change::drop_lone_sheet(tx, visit, account)?;
    let event = Event::about(account, Act::PasskeyRemoved, json!({ "authenticator": id }));
    audit::record(tx, visit, event)?;
    Ok(true)
}

/// What the device made, as far as it is a key of this site that can be used here.
fn judge<'a>(
    rules: &Rules,
    made: &'a Attestation,
) -> Result<(AuthenticatorData<'a>, NewCredential<'a>), PasskeyRefusal> {
    let data = authenticator_data(&made.object).ok_or(PasskeyRefusal::Malformed)?;
    let mut data = AuthenticatorData::read(data, rules)?;
    let credential = data.credential.take().ok_or(PasskeyRefusal::Malformed)?;
    PublicKey::read(credential.public_key)?;
    Ok((data, credential))
}

/// `authData` of an attestation object (WebAuthn, 6.5.4). The statement beside it is not read: nobody's word on the
/// device's maker is believed.
fn authenticator_data(object: &[u8]) -> Option<&[u8]> {
    let mut decoder = Decoder::new(object);
    let count = decoder.map().ok()?.filter(|count| *count <= 8)?;
    let mut found = None;
    for _ in 0..count {
        if decoder.str().ok()? == "authData" {
            let before = found.replace(decoder.bytes().ok()?);
            if before.is_some() {
                return None;
            }
        } else {
            decoder.skip().ok()?;
        }
    }
    found.filter(|_| decoder.position() == object.len())
}

/// A name on one line, not too long.
fn clean(name: &str) -> Option<String> {
    let plain: String = name
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let name: String = plain.trim().chars().take(NAME_CHARS).collect();
    (!name.is_empty()).then_some(name)
}
