//! What a verdict rests on beside the signature itself.

use ::text::verify as words;
use esign::cms::{SignerReport, VerifiedSigner};
use esign::path::RevocationAnswer;

use super::Style;
use super::judge::Judge;
use super::signer::name;
use super::text::moment;

/// Whether it is known that nothing of the path was revoked.
pub(super) fn is_known_good(verified: &VerifiedSigner) -> bool {
    verified.revocation() == RevocationAnswer::Good
}

/// The time stamps, lists and answers that speak of the path.
pub(super) fn relied_on(
    report: &SignerReport,
    verified: &VerifiedSigner,
    judge: &Judge,
    style: &Style,
) -> Vec<String> {
    let lang = style.lang;
    let stamp = report
        .proven_time
        .as_ref()
        .map(|proven| words::relied_stamp(lang, &name(proven.authority()), &moment(proven.latest(), style)));
    let mut found: Vec<String> = stamp.into_iter().collect();
    let steps = || verified.path().iter().zip(verified.path().iter().skip(1));
    for crl in judge.evidence.crls() {
        let issuer = crl.issuer();
        if steps().any(|(below, _)| below.issuer().comparison_key() == issuer.comparison_key()) {
            let by = issuer.common_name().unwrap_or_else(|| issuer.to_string());
            found.push(words::relied_crl(lang, &by, &moment(crl.this_update(), style)));
        }
    }
    for answer in judge.evidence.ocsp() {
        if steps().any(|(below, above)| answer.is_about(below, above)) {
            found.push(words::relied_ocsp(lang, &moment(answer.produced_at(), style)));
        }
    }
    found
}
