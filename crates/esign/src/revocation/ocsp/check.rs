//! What responders say of a certificate (RFC 6960 §3.2).

use super::OcspResponse;
use super::response::{Answer, AnswerStatus};
use crate::asn1::oids;
use crate::certificate::{Certificate, KeyUsage};
use crate::path::{Checks, RevocationQuery};
use crate::revocation::question::later;
use crate::revocation::status::{Age, Observation, Observations};
use crate::revocation::{Question, Reason, Source};
use crate::time::UnixTime;
use crate::trust::RevocationRule;
use crate::verdict::{Code, Problem};

/// How far the clock of a responder may be ahead.
const SKEW: std::time::Duration = std::time::Duration::from_secs(300);

/// Asks every answer about the certificate.
pub(in crate::revocation) fn observe(
    question: &Question<'_>,
    found: &mut Observations,
    checks: &mut Checks<'_>,
) -> Result<(), Problem> {
    for response in question.query().evidence.ocsp() {
        let Some(answer) = response.answer(question.certificate(), question.issuer()) else {
            continue;
        };
        match judge(response, answer, question, checks)? {
            Ok(observation) => found.add(observation, vec![Source::Ocsp(response.clone())]),
            Err(code) => found.failed(code),
        }
    }
    Ok(())
}

fn judge(
    response: &OcspResponse,
    answer: &Answer,
    question: &Question<'_>,
    checks: &mut Checks<'_>,
) -> Result<Result<Observation, Code>, Problem> {
    let query = question.query();
    let this_update = if answer.this_update <= later(query.at, SKEW) {
        answer.this_update.min(query.at)
    } else {
        answer.this_update
    };
    let next_update = answer
        .next_update
        .unwrap_or_else(|| later(this_update, query.revocation.max_age));
    let age = question.age(this_update, Some(next_update));
    match (age, answer.status) {
        (Age::Future, _) => return Ok(Err(Code::RevocationNotYetValid)),
        // who was revoked once stays revoked when the answer grows old
        (_, AnswerStatus::Revoked { .. }) | (Age::Fresh | Age::WithinGrace, _) => {}
        (Age::Stale, _) => return Ok(Err(Code::RevocationStale)),
    }
    if !(response.is_understood() && answer.understood) {
        return Ok(Err(Code::RevocationUnknownExtension));
    }
    if let Err(code) = authenticate(response, this_update, question, checks)? {
        return Ok(Err(code));
    }
    Ok(match answer.status {
        AnswerStatus::Unknown => Err(Code::RevocationUnknownToResponder),
        AnswerStatus::Revoked {
            at: UnixTime(0),
            reason: Some(Reason::CertificateHold),
        } if response.has_extended_revoke() => Ok(Observation::Revoked(Code::CertificateUnknownToAuthority)),
        AnswerStatus::Revoked { at, reason } if question.is_revoked(at, None, reason, this_update) => {
            Ok(Observation::revoked(reason, this_update))
        }
        AnswerStatus::Good | AnswerStatus::Revoked { .. } => Ok(question.good(this_update, age)),
    })
}

/// Whether the response is signed by the issuer of the certificate or by somebody whom that issuer made a responder
/// (§4.2.2.2).
fn authenticate(
    response: &OcspResponse,
    this_update: UnixTime,
    question: &Question<'_>,
    checks: &mut Checks<'_>,
) -> Result<Result<(), Code>, Problem> {
    let issuer = question.issuer();
    if response.is_by(issuer) {
        return response.signed().check(issuer, checks);
    }
    let mut failure = Code::RevocationResponderNotAuthorised;
    for delegate in response
        .certificates()
        .iter()
        .filter(|delegate| response.is_by(delegate))
    {
        if !is_responder(delegate) || !is_delegated(delegate, this_update, question, checks)? {
            continue;
        }
        match response.signed().check(delegate, checks)? {
            Ok(()) => return Ok(Ok(())),
            Err(code) => failure = code,
        }
    }
    Ok(Err(failure))
}

/// The purpose must be stated; "any purpose" does not do (§4.2.2.2).
fn is_responder(delegate: &Certificate) -> bool {
    let purposes = delegate.extended_key_usage().unwrap_or_default();
    let may_sign = delegate
        .key_usage()
        .is_none_or(|usage| usage.intersects(KeyUsage::DIGITAL_SIGNATURE.or(KeyUsage::CONTENT_COMMITMENT)));
    purposes.contains(&oids::OCSP_SIGNING) && may_sign
}

/// Whether the very issuer of the certificate issued the delegate's, which is valid and not revoked, unless the
/// issuer says that nobody need ask (§4.2.2.2.1).
fn is_delegated(
    delegate: &Certificate,
    this_update: UnixTime,
    question: &Question<'_>,
    checks: &mut Checks<'_>,
) -> Result<bool, Problem> {
    let asked = question.query().revocation;
    let revocation = match delegate.extension(oids::OCSP_NO_CHECK) {
        Some(_) => RevocationQuery {
            rule: RevocationRule::NotAsked,
            ..asked
        },
        None => asked,
    };
    let issuers = question.issuers().to_vec();
    let path = checks
        .without_circles(|checks| question.path_of(delegate, issuers, revocation, this_update, checks))?;
    Ok(path.is_some_and(|path| path.certificates().get(1) == Some(question.issuer())))
}
