//! What a verdict rests on beside the signature itself.

use std::collections::HashSet;

use ::text::verify as words;
use esign::cms::{SignerReport, VerifiedSigner};
use esign::path::RevocationAnswer;
use esign::revocation::Source;

use super::Style;
use super::signer::name;
use super::text::moment;

/// Whether it is known that nothing of the path was revoked.
pub(super) fn is_known_good(verified: &VerifiedSigner) -> bool {
    verified.revocation() == RevocationAnswer::Good
}

/// The time stamp, and the lists and answers that the statuses of the path rest on.
pub(super) fn relied_on(report: &SignerReport, verified: &VerifiedSigner, style: &Style) -> Vec<String> {
    let lang = style.lang;
    let stamp = report
        .proven_time
        .as_ref()
        .map(|proven| words::relied_stamp(lang, &name(proven.authority()), &moment(proven.latest(), style)));
    let mut found: Vec<String> = stamp.into_iter().collect();
    let mut seen = HashSet::new();
    let findings = verified.findings().iter().flat_map(|finding| &finding.sources);
    for source in findings {
        let (fingerprint, line) = match source {
            Source::Crl(crl) => {
                let issuer = crl.issuer();
                let by = issuer.common_name().unwrap_or_else(|| issuer.to_string());
                (
                    crl.fingerprint(),
                    words::relied_crl(lang, &by, &moment(crl.this_update(), style)),
                )
            }
            Source::Ocsp(answer) => (
                answer.fingerprint(),
                words::relied_ocsp(lang, &moment(answer.produced_at(), style)),
            ),
        };
        if seen.insert(fingerprint) {
            found.push(line);
        }
    }
    found
}
