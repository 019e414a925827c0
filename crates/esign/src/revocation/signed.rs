//! Whether a key signed a list or an answer. What was found out is remembered.

use crate::algorithm::{AlgorithmError, SignatureAlgorithm};
use crate::certificate::Certificate;
use crate::path::{Checks, Signature, SignatureCache};
use crate::verdict::{Code, Problem};

/// What is signed of a list or an answer, and how.
pub(super) struct Signed<'e> {
    /// of the whole
    pub(super) fingerprint: [u8; 32],
    pub(super) algorithm: Result<SignatureAlgorithm, AlgorithmError>,
    pub(super) message: &'e [u8],
    pub(super) octets: &'e [u8],
}

impl Signed<'_> {
    pub(super) fn check(
        &self,
        signer: &Certificate,
        checks: &mut Checks<'_>,
    ) -> Result<Result<(), Code>, Problem> {
        let Ok(algorithm) = self.algorithm else {
            return Ok(Err(Code::RevocationAlgorithm));
        };
        let key = SignatureCache::key(&[signer.spki(), &self.fingerprint]);
        let signature = Signature {
            algorithm,
            spki: signer.spki(),
            message: self.message,
            octets: self.octets,
        };
        Ok(if checks.is_good(key, &signature)? {
            Ok(())
        } else {
            Err(Code::RevocationSignatureInvalid)
        })
    }
}
