//! What was known about revocation when a certificate was judged, for the trail: years later it must be seen why
//! somebody was let in (requirements, 4.1.5).

use data_encoding::HEXLOWER;
use db::Tx;
use esign::cms::VerifiedSigner;
use esign::path::RevocationAnswer;
use esign::revocation::{Finding, Source};
use serde_json::{Value, json};

use super::enter::record;
use super::{Challenge, SignInRefusal, SignerPath};
use crate::audit::Act;
use crate::ticket::{self, Purpose};
use crate::{BrowserHash, Failure, Rules, Visit, binding};

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

/// Lets the owner of a bound certificate see that it did not enter because of what is known, or not known, about its
/// revocation. One line for a challenge, however often its answer is sent.
pub fn record_refused_status(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    browser: BrowserHash,
    challenge: &Challenge,
    path: &SignerPath,
    refusal: SignInRefusal,
) -> Result<(), Failure> {
    let taken = ticket::take(
        tx,
        rules,
        visit,
        Purpose::SignIn,
        challenge.nonce(),
        Some(browser),
    )?;
    let (Some(_), Some(certificate)) = (taken, path.certificates.first()) else {
        return Ok(());
    };
    let Some(bound) = binding::find_certificate(tx, &certificate.fingerprint())? else {
        return Ok(());
    };
    let detail = json!({ "code": refusal.code(), "authenticator": bound.authenticator });
    record(tx, visit, bound.account, Act::SignInRefused, detail)
}
