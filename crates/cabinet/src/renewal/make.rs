use data_encoding::HEXLOWER;
use db::Tx;
use serde_json::json;

use super::{Evidence, Renewal, RenewalId, RenewalRefusal, RenewalState, offered, store};
use crate::account::{self, AccountId};
use crate::audit::{self, Act, Event};
use crate::binding::{self, CertificateData, tell};
use crate::message::Notice;
use crate::session::Session;
use crate::sign_in::{CertificateProof as _, ChallengePurpose, SignedChallenge};
use crate::ticket::{self, Purpose};
use crate::{Decision, Failure, Rules, Visit, refuse};

/// Stores the statement that was signed with the key of a certificate of the account. `cms` is what the verifier judged.
pub fn make(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    session: &Session,
    signed: &SignedChallenge,
    cms: &[u8],
) -> Decision<RenewalId, RenewalRefusal> {
    let Some(successor) = offered(tx, rules, visit, session)? else {
        refuse!(RenewalRefusal::OfferGone);
    };
    if !signed.take(tx, rules, visit, ChallengePurpose::Renewal(session, &successor))? {
        refuse!(RenewalRefusal::ChallengeGone);
    }
    // of several pages that are open the statement is about the certificate that it names
    if !signed.names(&successor) {
        refuse!(RenewalRefusal::OfferGone);
    }
    let bound = binding::find_certificate(tx, &signed.signer().certificate().fingerprint())?;
    let own = bound.filter(|bound| bound.account == session.account && bound.removed_at.is_none());
    let Some(old) = own else {
        refuse!(RenewalRefusal::NotBound);
    };
    // who stole the session must not prepare a way in by what he added in it
    if old.bound_at > session.opened_at {
        refuse!(RenewalRefusal::BoundInThisSession);
    }
    account::lock(tx, session.account)?;
    let (id, named) = (
        visit.id(RenewalId::new),
        CertificateData::of(&successor, "", visit.now),
    );
    store::revoke_older(tx, visit.now, session.account, &successor.fingerprint())?;
    let new = store::New {
        id,
        authenticator: old.authenticator,
        fingerprint: successor.fingerprint(),
        public_key_digest: successor.public_key_digest(),
        serial: &named.serial,
        not_after: named.not_after,
        statement: signed.text(),
        signature: cms,
    };
    store::insert(tx, visit.now, &new)?;
    ticket::discard_kind(tx, visit, session.account, Purpose::RenewalOffer)?;
    let detail = json!({
        "renewal": id,
        "authenticator": old.authenticator,
        "serial": named.serial,
        "fingerprint": HEXLOWER.encode(&new.fingerprint),
    });
    audit::record(
        tx,
        visit,
        Event::by(session.account, Act::RenewalPrepared, detail),
    )?;
    tell(tx, rules, visit, session.account, |link| {
        Notice::RenewalPrepared {
            owner: named.owner,
            serial: named.serial,
            at: visit.now,
            link,
        }
    })?;
    Ok(Ok(id))
}

/// The renewals of an account, the newest first.
pub fn list(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Renewal>, Failure> {
    let renewal = |row: store::RenewalRow| Renewal {
        id: row.id,
        serial: row.serial,
        not_after: row.not_after,
        made_at: row.made_at,
        state: match (row.used_at, row.revoked_at) {
            (Some(at), _) => RenewalState::Used { at },
            (None, Some(at)) => RenewalState::Revoked { at },
            (None, None) => RenewalState::Waiting,
        },
    };
    Ok(store::list(tx, account)?.into_iter().map(renewal).collect())
}

/// The statement with its signature.
pub fn evidence(tx: &mut Tx<'_>, account: AccountId, id: RenewalId) -> Result<Option<Evidence>, Failure> {
    let found = store::find_evidence(tx, account, id)?;
    Ok(found.map(|(statement, signature)| Evidence { statement, signature }))
}

/// Takes a statement back: the new certificate waits for a proof again.
pub fn revoke(
    tx: &mut Tx<'_>,
    visit: &Visit,
    session: &Session,
    id: RenewalId,
) -> Decision<(), RenewalRefusal> {
    if store::update_revoked(tx, visit.now, session.account, id)? == 0 {
        refuse!(RenewalRefusal::NotFound);
    }
    let detail = json!({ "renewal": id });
    audit::record(tx, visit, Event::by(session.account, Act::RenewalRevoked, detail))?;
    Ok(Ok(()))
}
