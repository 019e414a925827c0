//! Who signed a list (§6.3.3 f and g).

use super::Crl;
use crate::certificate::{Certificate, KeyUsage};
use crate::path::Checks;
use crate::revocation::Question;
use crate::verdict::{Code, Problem};

/// Most certificates of the name of a list's issuer that are tried.
const MAX_SIGNERS: usize = 8;

/// The key that signed the list, whose holder may sign it; or why it is not known.
pub(super) fn key<'q>(
    crl: &Crl,
    question: &Question<'q>,
    checks: &mut Checks<'_>,
) -> Result<Result<&'q [u8], Code>, Problem> {
    let mut failure = Code::RevocationSignerUnknown;
    for signer in candidates(crl, question) {
        if !may_sign(signer) || !is_believed(signer, crl, question, checks)? {
            continue;
        }
        match crl.signed().check(signer, checks)? {
            Ok(()) => return Ok(Ok(signer.spki())),
            Err(code) => failure = code,
        }
    }
    Ok(Err(failure))
}

/// The issuer on the path and other certificates of its name, the one first whose key the list names.
fn candidates<'q>(crl: &Crl, question: &Question<'q>) -> Vec<&'q Certificate> {
    let query = question.query();
    let pool = query.anchors.iter().chain(query.candidates.iter().copied());
    let mut signers: Vec<&Certificate> = std::iter::once(question.issuer())
        .chain(pool)
        .filter(|signer| signer.subject_digest() == crl.issuer_digest())
        .collect();
    if let Some(named) = &crl.extensions().authority_key {
        let is_other =
            |signer: &Certificate| signer.subject_key_identifier().is_some_and(|own| own != &**named);
        signers.sort_by_key(|signer| is_other(signer));
    }
    let mut keys = Vec::new();
    signers.retain(|signer| {
        let is_new = !keys.contains(&signer.spki());
        keys.push(signer.spki());
        is_new
    });
    signers.truncate(MAX_SIGNERS);
    signers
}

/// Whether the certificate may sign lists and has signed this one.
pub(crate) fn is_signed_by(
    crl: &Crl,
    signer: &Certificate,
    checks: &mut Checks<'_>,
) -> Result<bool, Problem> {
    Ok(may_sign(signer) && crl.signed().check(signer, checks)?.is_ok())
}

fn may_sign(signer: &Certificate) -> bool {
    signer
        .key_usage()
        .is_none_or(|usage| usage.allows(KeyUsage::CRL_SIGN))
}

/// Whether the holder is on the path of the certificate, or has a path of its own to the same anchor. A list in the
/// name of the certificate's issuer must come from that authority: a stranger under the anchor could take the name.
fn is_believed(
    signer: &Certificate,
    crl: &Crl,
    question: &Question<'_>,
    checks: &mut Checks<'_>,
) -> Result<bool, Problem> {
    let issuers = question.issuers();
    if issuers.iter().any(|issuer| issuer.spki() == signer.spki()) {
        return Ok(true);
    }
    let query = question.query();
    let (pool, revocation) = (query.candidates.clone(), query.revocation);
    let Some(path) = question.path_of(signer, pool, revocation, crl.this_update(), checks)? else {
        return Ok(false);
    };
    if crl.issuer_digest() != question.certificate().issuer_digest() {
        return Ok(true);
    }
    // the authority under its several keys, and whoever certified it
    let of_name = |issuer: &&&Certificate| issuer.subject_digest() == crl.issuer_digest();
    let keys = issuers.iter().take_while(of_name).count() + 1;
    let parent = path.certificates().get(1).map(Certificate::spki);
    Ok(issuers
        .iter()
        .take(keys)
        .any(|authority| parent == Some(authority.spki())))
}
