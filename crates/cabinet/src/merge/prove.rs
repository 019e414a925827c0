use db::Tx;
use serde_json::json;

use super::MergeRefusal;
use super::begin::{Flow, find, issue};
use crate::account;
use crate::audit::{self, Act, Event};
use crate::binding::{self, Kind};
use crate::organisation;
use crate::session::{self, Opening, Session};
use crate::sign_in::{CertificateProof, ChallengePurpose, Entered, Opened, enter, standing};
use crate::ticket::{self, Purpose};
use crate::{BrowserHash, Decision, Rules, Secret, Visit, refuse};

/// Takes an entry to the other account, made in this very transaction, as its proof. The session that it opened ends
/// here, so that the person stays where they are and nobody ever holds it. Gives what finds the merge from now on.
pub fn prove(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    session: &Session,
    secret: &Secret,
    entry: &Opened,
) -> Decision<Secret, MergeRefusal> {
    let by = binding::find_opener(tx, entry.session)?;
    session::end_at_once(tx, visit, entry.account, entry.session)?;
    let owner = (session.account, session.id);
    let Some((ticket, _)) = find(tx, rules, visit, browser, owner, secret)? else {
        refuse!(MergeRefusal::Gone);
    };
    if entry.account == session.account {
        refuse!(MergeRefusal::SameAccount);
    }
    // whoever knows a password alone must not get at what only a key may change (threats, SES-5)
    if by < binding::strongest_usable(tx, rules, entry.account, visit.now)? {
        refuse!(MergeRefusal::WeakProof);
    }
    if !ticket::take_found(tx, visit, Purpose::Merge, ticket, browser)? {
        refuse!(MergeRefusal::Gone);
    }
    let detail = json!({ "into": session.account, "by": by });
    audit::record(tx, visit, Event::by(entry.account, Act::MergeProven, detail))?;
    let flow = Flow {
        other: Some(entry.account),
    };
    issue(tx, rules, visit, browser, owner, flow).map(Ok)
}

/// Enters the other account by a certificate, under a text that says what the signature is for; [`prove`] must follow in
/// the same transaction. A certificate that opens no account makes none here.
pub fn prove_with_certificate(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    session: &Session,
    proof: &impl CertificateProof,
) -> Decision<Entered, MergeRefusal> {
    if !proof.take(tx, rules, visit, ChallengePurpose::Merge(session))? {
        refuse!(MergeRefusal::ChallengeGone);
    }
    let signer = proof.signer();
    let bound = binding::find_certificate(tx, &signer.certificate().fingerprint())?;
    let Some(bound) = bound.filter(|bound| bound.removed_at.is_none()) else {
        refuse!(MergeRefusal::CertificateNotBound);
    };
    if !account::may_authenticate(tx, bound.account)? {
        refuse!(MergeRefusal::AccountBlocked);
    }
    let of_group = rules.second_factor.after_certificate(signer.anchor_group());
    let opening = Opening {
        account: bound.account,
        authenticator: bound.authenticator,
        kind: Kind::Certificate,
        browser,
        standing: Some(standing(signer)),
        entrance: None,
        demand: organisation::second_factor_demand(tx, bound.account, of_group)?,
    };
    let entered = enter(tx, rules, visit, opening, false)?;
    Ok(entered.map_err(|_| MergeRefusal::AccountBlocked))
}
