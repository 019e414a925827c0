use std::collections::HashMap;

use super::{MAX_SIGNATURE_CHECKS, SignatureCache};
use crate::algorithm::SignatureAlgorithm;
use crate::certificate::Certificate;
use crate::provider::Provider;
use crate::verdict::{Code, Problem};

/// Most certificates that are put on a path and paths that are judged, over all searches of one message.
const MAX_STEPS: usize = 1_000;
/// Most comparisons of a name with a subtree; their number is quadratic in what a certificate may hold.
const MAX_COMPARISONS: usize = 250_000;

/// How deep signers of evidence about signers of evidence are followed.
const MAX_NESTING: u8 = 2;

/// What judging one message may still cost, and the signatures that were checked for it. All signers of the message,
/// all certificates that may be theirs and all anchor groups share it (threat NET-6).
pub(crate) struct Checks<'q> {
    provider: &'q dyn Provider,
    checked: &'q SignatureCache,
    signatures_left: usize,
    steps_left: usize,
    comparisons_left: usize,
    nesting: u8,
    /// certificates whose status is being asked, outermost first
    asked: Vec<[u8; 32]>,
    known: HashMap<([u8; 32], [u8; 32]), Result<(), Problem>>,
}

/// A signature and everything it is checked by.
pub(crate) struct Signature<'m> {
    pub(crate) algorithm: SignatureAlgorithm,
    pub(crate) spki: &'m [u8],
    pub(crate) message: &'m [u8],
    pub(crate) octets: &'m [u8],
}

impl<'q> Checks<'q> {
    pub(crate) fn new(provider: &'q dyn Provider, checked: &'q SignatureCache) -> Self {
        Self {
            provider,
            checked,
            signatures_left: MAX_SIGNATURE_CHECKS,
            steps_left: MAX_STEPS,
            comparisons_left: MAX_COMPARISONS,
            nesting: 0,
            asked: Vec::new(),
            known: HashMap::new(),
        }
    }

    pub(crate) fn provider(&self) -> &'q dyn Provider {
        self.provider
    }

    /// A judgement inside a judgement: of somebody who signed evidence. `None` if it would be one too deep.
    pub(crate) fn nested<T>(&mut self, judge: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.nesting == MAX_NESTING {
            return None;
        }
        self.nesting += 1;
        let outcome = judge(self);
        self.nesting -= 1;
        Some(outcome)
    }

    /// Asks for the status of a certificate. `None` if the question is to be answered by its own answer: a list may
    /// cover the certificate of whoever signed it, as happens with new keys of an authority.
    pub(crate) fn ask<T>(
        &mut self,
        certificate: &Certificate,
        status: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        let fingerprint = certificate.fingerprint();
        if self.asked.contains(&fingerprint) {
            return None;
        }
        self.asked.push(fingerprint);
        let answer = status(self);
        self.asked.pop();
        Some(answer)
    }

    /// A judgement in which nothing that is being asked may answer itself: responders do not vouch for themselves.
    pub(crate) fn without_circles<T>(&mut self, judge: impl FnOnce(&mut Self) -> T) -> T {
        let asked = std::mem::take(&mut self.asked);
        let outcome = judge(self);
        self.asked = asked;
        outcome
    }

    pub(super) fn spend_step(&mut self) -> Result<(), Problem> {
        spend(&mut self.steps_left, 1)
    }

    pub(super) fn spend_comparisons(&mut self, count: usize) -> Result<(), Problem> {
        spend(&mut self.comparisons_left, count)
    }

    /// To be called before each check of a signature that is made without [`Self::verify`].
    pub(crate) fn spend_signature(&mut self) -> Result<(), Problem> {
        spend(&mut self.signatures_left, 1)
    }

    /// Whether `issuer` signed `certificate`. Signatures on issuers' certificates are remembered between judgements.
    pub(super) fn certificate(
        &mut self,
        certificate: &Certificate,
        issuer: &Certificate,
        remember: bool,
    ) -> Result<(), Problem> {
        let pair = (certificate.fingerprint(), issuer.fingerprint());
        if let Some(known) = self.known.get(&pair) {
            return *known;
        }
        let outcome = self.check_certificate(certificate, issuer, remember);
        self.known.insert(pair, outcome);
        outcome
    }

    fn check_certificate(
        &mut self,
        certificate: &Certificate,
        issuer: &Certificate,
        remember: bool,
    ) -> Result<(), Problem> {
        let signature = Signature {
            algorithm: certificate.signature_algorithm()?,
            spki: issuer.spki(),
            message: certificate.tbs(),
            octets: certificate.signature(),
        };
        if !remember {
            return self.verify(&signature);
        }
        let key = SignatureCache::key(&[issuer.spki(), &certificate.fingerprint()]);
        if self.checked.find(&key) == Some(true) {
            return Ok(());
        }
        self.verify(&signature)?;
        self.checked.insert(key, true);
        Ok(())
    }

    /// Whether a signature of our own lists is good. Failures are remembered too: nobody outside can make them many.
    pub(crate) fn is_good(&mut self, key: [u8; 32], signature: &Signature<'_>) -> Result<bool, Problem> {
        if let Some(known) = self.checked.find(&key) {
            return Ok(known);
        }
        let good = match self.verify(signature) {
            Ok(()) => true,
            Err(problem) if problem.code() == Code::CertificateTooComplex => return Err(problem),
            Err(_) => false,
        };
        self.checked.insert(key, good);
        Ok(good)
    }

    fn verify(&mut self, signature: &Signature<'_>) -> Result<(), Problem> {
        self.spend_signature()?;
        self.provider
            .verify(
                &signature.algorithm,
                signature.spki,
                signature.message,
                signature.octets,
            )
            .map_err(Problem::from)
    }
}

fn spend(left: &mut usize, count: usize) -> Result<(), Problem> {
    *left = left.checked_sub(count).ok_or(Code::CertificateTooComplex)?;
    Ok(())
}
