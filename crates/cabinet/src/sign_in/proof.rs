//! What proves that somebody holds the key of a certificate, whichever way the key has answered: over a challenge that it
//! signed, or in a TLS handshake.

use std::sync::Arc;

use db::Tx;
use esign::cms::VerifiedSigner;
use esign::provider::Provider;
use esign::trust::TrustStore;

use super::challenge::{Challenge, ChallengePurpose, SignedChallenge, SignerPath};
use super::presented::{Presented, PresentedCertificate};
use super::refusal::SignInRefusal;
use crate::{Failure, Rules, Visit};

/// What may turn out to be a proof, before it is judged.
pub trait Evidence: sealed::Sealed {
    /// What it is when it holds.
    type Proof: CertificateProof;

    /// Whose status there is to ask about before it is judged; nothing if no judgement can let it pass. Pure and costly.
    fn path(&self, trust: &TrustStore, visit: &Visit, provider: &dyn Provider) -> Option<SignerPath>;

    /// Judges it. Pure and costly: call it on a bounded pool.
    fn verify(
        &self,
        trust: &TrustStore,
        visit: &Visit,
        provider: &dyn Provider,
    ) -> Result<Self::Proof, SignInRefusal>;

    /// Uses it up, refused or not. `false`: it was used before, or was never for this.
    fn take(
        &self,
        tx: &mut Tx<'_>,
        rules: &Rules,
        visit: &Visit,
        purpose: ChallengePurpose<'_>,
    ) -> Result<bool, Failure>;
}

/// One fresh proof by the key of a certificate, good once.
pub trait CertificateProof: sealed::Sealed {
    /// Who proved it.
    fn signer(&self) -> &VerifiedSigner;

    /// Uses it up for `purpose`. `false`: it was used before, or was made for something or somebody else.
    fn take(
        &self,
        tx: &mut Tx<'_>,
        rules: &Rules,
        visit: &Visit,
        purpose: ChallengePurpose<'_>,
    ) -> Result<bool, Failure>;
}

/// A challenge and what claims to be the answer to it.
#[derive(Clone, Debug)]
pub struct SignedAnswer<B> {
    /// What was to be signed.
    pub challenge: Challenge,
    /// The signature, as it was received.
    pub cms: B,
}

impl<B: AsRef<[u8]>> Evidence for SignedAnswer<B> {
    type Proof = SignedChallenge;

    fn path(&self, trust: &TrustStore, visit: &Visit, provider: &dyn Provider) -> Option<SignerPath> {
        self.challenge.path(self.cms.as_ref(), trust, visit, provider)
    }

    fn verify(
        &self,
        trust: &TrustStore,
        visit: &Visit,
        provider: &dyn Provider,
    ) -> Result<SignedChallenge, SignInRefusal> {
        self.challenge
            .clone()
            .verify(self.cms.as_ref(), trust, visit, provider)
    }

    fn take(
        &self,
        tx: &mut Tx<'_>,
        rules: &Rules,
        visit: &Visit,
        purpose: ChallengePurpose<'_>,
    ) -> Result<bool, Failure> {
        self.challenge.take(tx, rules, visit, purpose)
    }
}

/// A closure that may run again shares its proof with itself.
impl<P: CertificateProof> CertificateProof for Arc<P> {
    fn signer(&self) -> &VerifiedSigner {
        P::signer(self)
    }

    fn take(
        &self,
        tx: &mut Tx<'_>,
        rules: &Rules,
        visit: &Visit,
        purpose: ChallengePurpose<'_>,
    ) -> Result<bool, Failure> {
        P::take(self, tx, rules, visit, purpose)
    }
}

mod sealed {
    /// Nobody else makes proofs.
    pub trait Sealed {}

    impl<P: Sealed> Sealed for std::sync::Arc<P> {}
    impl<B> Sealed for super::SignedAnswer<B> {}
    impl Sealed for super::SignedChallenge {}
    impl Sealed for super::Presented {}
    impl Sealed for super::PresentedCertificate {}
}
