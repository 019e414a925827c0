//! What was known about revocation when a certificate was judged, for the trail: years later it must be seen why
//! somebody was let in (requirements, 4.1.5).

use data_encoding::HEXLOWER;
use db::Tx;
use esign::cms::VerifiedSigner;
use esign::path::RevocationAnswer;
use esign::revocation::{Finding, Source};
use serde_json::{Value, json};

use super::enter::record;
use super::{ChallengePurpose, Evidence, SignInRefusal, SignerPath};
use crate::audit::Act;
use crate::{Failure, Rules, Visit, binding};

/// What let the certificate pass, and for each certificate from below the anchor down what that rests on.
pub(crate) fn standing(signer: &VerifiedSigner) -> Value {
    let rests_on: Vec<Value> = signer.findings().iter().map(finding).collect();
    match signer.revocation() {
        RevocationAnswer::NotAsked => json!({ "status": "not_asked" }),
        RevocationAnswer::Good => json!({ "status": "good", "rests_on": rests_on }),
        RevocationAnswer::WithinGrace => json!({ "status": "within_grace", "rests_on": rests_on }),
        RevocationAnswer::UnknownAllowed(reason) => json!({
            "status": "unknown",
            "reason": reason.as_str(),
            "decision": "allowed",
            "rests_on": rests_on,
        }),
    }
}

fn finding(finding: &Finding) -> Value {
    finding.sources.iter().map(source).collect()
}

fn source(source: &Source) -> Value {
    match source {
        Source::Crl(crl) => json!({
            "crl": crl.number().map(|number| HEXLOWER.encode(number)),
            "issued": crl.this_update().to_string(),
        }),
        Source::Ocsp(response) => json!({ "ocsp": response.produced_at().to_string() }),
    }
}

/// Lets a person see that a certificate was refused because of what is known, or not known, about its revocation: at
/// sign-in the owner of a bound certificate, at step-up the owner of the session. One line for a challenge, however often
/// its answer is sent.
pub fn record_refused_status(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    purpose: ChallengePurpose<'_>,
    evidence: &impl Evidence,
    path: &SignerPath,
    refusal: SignInRefusal,
) -> Result<(), Failure> {
    let Some(certificate) = path.certificates.first() else {
        return Ok(());
    };
    if !evidence.take(tx, rules, visit, purpose)? {
        return Ok(());
    }
    let bound = binding::find_certificate(tx, &certificate.fingerprint())?;
    let (account, act) = match (purpose, &bound) {
        (ChallengePurpose::SignIn(_), None) => return Ok(()),
        (ChallengePurpose::SignIn(_), Some(bound)) => (bound.account, Act::SignInRefused),
        (
            ChallengePurpose::StepUp(session)
            | ChallengePurpose::Merge(session)
            | ChallengePurpose::Renewal(session, _),
            _,
        ) => (session.account, Act::StepUpRefused),
    };
    // whose key it is otherwise, the owner of the session need not learn
    let own = bound.filter(|bound| bound.account == account);
    let authenticator = own.map(|bound| bound.authenticator);
    let detail = json!({ "code": refusal.code(), "authenticator": authenticator });
    record(tx, visit, account, act, detail)
}
