//! Judging a certificate whose key has answered elsewhere: in a TLS handshake.

use super::bag::Bag;
use super::evidence::MAX_CERTIFICATES;
use super::signer::{Query, VerifiedSigner};
use super::stamps::Stamps;
use super::verify::{MAX_SIGN_IN, Purpose};
use crate::certificate::Certificate;
use crate::path::Checks;
use crate::provider::Provider;
use crate::time::UnixTime;
use crate::trust::TrustStore;
use crate::verdict::{Code, Problem, Verdict};

/// Judges whether the owner of the first certificate of `chain` may enter at the moment `at`, by the same rules as a signed
/// challenge. Whoever calls this vouches that its key has just answered: that the handshake was verified (RFC 8446, 4.4.3;
/// RFC 5246, 7.4.8).
pub fn verify_presented(
    chain: &[impl AsRef<[u8]>],
    trust: &TrustStore,
    at: UnixTime,
    provider: &dyn Provider,
) -> Verdict<VerifiedSigner> {
    let judge = || -> Result<VerifiedSigner, Problem> {
        let size: usize = chain.iter().map(|der| der.as_ref().len()).sum();
        if chain.len() > MAX_CERTIFICATES || size > MAX_SIGN_IN {
            return Err(Code::CertificateTooComplex.into());
        }
        let [first, brought @ ..] = chain else {
            return Err(Code::CertificateMalformed.into());
        };
        let certificate = Certificate::parse(first.as_ref()).map_err(|_| Code::CertificateMalformed)?;
        let groups: Vec<_> = trust.with_evidence().collect();
        let query = Query {
            certificate: &certificate,
            bag: &Bag::of_chain(brought),
            stamps: &Stamps::default(),
            groups: &groups,
            at,
            purpose: Purpose::SignIn,
        };
        query.find(None, &mut Checks::new(provider, trust.checked()))
    };
    judge().into()
}
