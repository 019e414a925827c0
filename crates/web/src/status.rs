//! Judging certificates whose keys have answered by what is known of revocation. What authorities say is gathered first, then the answer is
//! judged, and only then a transaction decides: none ever waits for an authority (threat NET-4).

use std::sync::Arc;

use cabinet::BrowserHash;
use cabinet::session::Session;
use cabinet::sign_in::{self, CertificateProof, ChallengePurpose, Evidence, SignInRefusal, SignerPath};
use esign::certificate::Certificate;
use esign::path::RevocationAnswer;
use esign::provider;
use esign::trust::TrustStore;
use remote::revocation::Revocation;

use crate::error::Error;
use crate::visitor::Visitor;

/// What the challenge was for.
#[derive(Debug, Clone)]
pub(crate) enum Occasion {
    SignIn,
    StepUp(Box<Session>),
    Merge(Box<Session>),
    /// A statement about this certificate.
    Renewal(Box<Session>, Box<Certificate>),
}

impl Occasion {
    pub(crate) fn purpose(&self, browser: BrowserHash) -> ChallengePurpose<'_> {
        match self {
            Self::SignIn => ChallengePurpose::SignIn(browser),
            Self::StepUp(session) => ChallengePurpose::StepUp(session),
            Self::Merge(session) => ChallengePurpose::Merge(session),
            Self::Renewal(session, successor) => ChallengePurpose::Renewal(session, successor),
        }
    }
}

impl Visitor {
    /// Judges on the pool what may be a proof.
    pub(crate) async fn judge<E>(
        &self,
        evidence: E,
        occasion: Occasion,
    ) -> Result<Result<E::Proof, SignInRefusal>, Error>
    where
        E: Evidence + Clone + Send + 'static,
        E::Proof: Send + 'static,
    {
        let trust = match self.responders() {
            Some(responders) => self.ask(responders, evidence.clone()).await?,
            None => self.app.trust.clone(),
        };
        let (visitor, asked) = (self.clone(), evidence.clone());
        let judged = self.app.signatures.run(move || {
            let judged = asked.verify(&trust, &visitor.visit, provider::native());
            let refused = judged.as_ref().err().filter(|refusal| refusal.is_about_status());
            let path = refused.and_then(|_| asked.path(&trust, &visitor.visit, provider::native()));
            (judged, path)
        });
        let (judged, path) = judged.await?;
        self.log_status(&judged);
        if let (Err(refusal), Some(path)) = (&judged, path) {
            self.record_refused(occasion, evidence, path, *refusal).await?;
        }
        Ok(judged)
    }

    fn responders(&self) -> Option<&Arc<Revocation>> {
        self.app
            .revocation
            .as_ref()
            .filter(|known| known.has_responders())
    }

    /// The trust store with what responders say now of whoever signed. Only a path that holds is asked about.
    async fn ask<E: Evidence + Send + 'static>(
        &self,
        responders: &Revocation,
        evidence: E,
    ) -> Result<Arc<TrustStore>, Error> {
        let visitor = self.clone();
        let path = self
            .app
            .signatures
            .run(move || evidence.path(&visitor.app.trust, &visitor.visit, provider::native()));
        let Some(path) = path.await? else {
            return Ok(self.app.trust.clone());
        };
        let answers = responders.ask(&path.anchor_group, &path.certificates).await;
        Ok(Arc::new(self.app.trust.knowing(&path.anchor_group, &answers)))
    }

    async fn record_refused<E: Evidence + Send + 'static>(
        &self,
        occasion: Occasion,
        evidence: E,
        path: SignerPath,
        refusal: SignInRefusal,
    ) -> Result<(), Error> {
        let visitor = self.clone();
        let record = self.app.db.write(move |tx| {
            let (rules, purpose) = (&visitor.app.rules, occasion.purpose(visitor.browser_hash()));
            sign_in::record_refused_status(tx, rules, &visitor.visit, purpose, &evidence, &path, refusal)
        });
        Ok(record.await?)
    }

    /// Where the status could not be determined the operator's rule decided, and the operator can see it (4.1.5).
    fn log_status<P: CertificateProof>(&self, judged: &Result<P, SignInRefusal>) {
        let request = self.visit.request_id.as_str();
        match judged {
            Ok(proof) => match proof.signer().revocation() {
                RevocationAnswer::UnknownAllowed(reason) => {
                    tracing::warn!(
                        request,
                        reason = reason.as_str(),
                        decision = "allowed",
                        "the status of a certificate could not be determined"
                    );
                }
                RevocationAnswer::WithinGrace => {
                    tracing::warn!(
                        request,
                        decision = "allowed",
                        "the last answer is out of date, within its grace"
                    );
                }
                RevocationAnswer::NotAsked | RevocationAnswer::Good => {}
            },
            Err(refusal) if refusal.is_about_status() => {
                let reason = refusal.code();
                tracing::warn!(
                    request,
                    reason,
                    decision = "refused",
                    "the status of a certificate did not let it in"
                );
            }
            Err(_) => {}
        }
    }
}
