//! Asking responders about single certificates (RFC 6960; threat NET-4).
//!
//! A person waits for the answer, so little time is spent: answers are remembered, a responder that is down is left
//! alone for a while, and the last good answer is what remains then.

mod breaker;
mod cache;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use esign::certificate::Certificate;
use esign::revocation::{OcspError, OcspRequest, OcspResponse, ResponderRefusal, Unanswered};
use esign::time::UnixTime;
use tokio::time::{Instant, timeout};

use self::breaker::Breaker;
use self::cache::Cache;
use crate::http::{Endpoint, HttpClient, HttpError, Limits, Post};

/// How long a person waits for a responder, both tries together.
pub const BUDGET: Duration = Duration::from_secs(2);

const LIMITS: Limits = Limits {
    connect: BUDGET,
    total: BUDGET,
    body: 256 * 1024,
};

/// Tries for one question: "try again" is an everyday answer of some responders.
const TRIES: u32 = 2;

/// Why a responder gave no answer that counts.
#[derive(Debug, thiserror::Error)]
pub enum ResponderError {
    /// It was not reached, or did not answer properly.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// What it sent is no answer.
    #[error(transparent)]
    Ocsp(#[from] OcspError),
    /// It answered something else than was asked.
    #[error(transparent)]
    Unanswered(#[from] Unanswered),
    /// The answer does not say whether the certificate is revoked, or cannot be believed.
    #[error("the answer leaves the status open or is signed by nobody who may")]
    Undecided,
    /// It failed several times just now.
    #[error("the responder failed several times and is left alone for a while")]
    Resting,
}

/// One responder.
pub(crate) struct Responder {
    endpoint: Endpoint,
    breaker: Mutex<Breaker>,
    cache: Mutex<Cache>,
    counts: Mutex<Counts>,
    /// It has once repeated a nonce, so that an answer without one is a replay.
    repeats_nonces: AtomicBool,
}

/// What became of questions to a responder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// answered from memory
    pub remembered: u64,
    /// answered
    pub answered: u64,
    /// not answered
    pub failed: u64,
}

/// Says whether a response decides about a certificate of this issuer.
pub(crate) type Judge = Arc<dyn Fn(&OcspResponse) -> bool + Send + Sync>;

impl Responder {
    pub(crate) fn new(endpoint: Endpoint) -> Self {
        Self {
            endpoint,
            breaker: Mutex::default(),
            cache: Mutex::default(),
            counts: Mutex::default(),
            repeats_nonces: AtomicBool::default(),
        }
    }

    pub(crate) const fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    pub(crate) fn counts(&self) -> Counts {
        *lock(&self.counts)
    }

    pub(crate) fn is_resting(&self) -> bool {
        lock(&self.breaker).is_resting()
    }

    /// The newest answer about the certificate: a fresh one that is remembered, one asked for now, or, where that
    /// fails, the last one there was.
    pub(crate) async fn ask(
        &self,
        http: &HttpClient,
        certificate: &Certificate,
        issuer: &Certificate,
        judge: &Judge,
        now: UnixTime,
    ) -> Option<OcspResponse> {
        let key = [certificate.fingerprint(), issuer.fingerprint()];
        let kept = lock(&self.cache).find(&key);
        if let Some(kept) = kept.as_ref().filter(|kept| kept.is_fresh(now)) {
            lock(&self.counts).remembered += 1;
            return Some(kept.response.clone());
        }
        match self.ask_now(http, certificate, issuer, judge).await {
            Ok(response) => {
                lock(&self.counts).answered += 1;
                lock(&self.cache).keep(key, response.clone(), now);
                Some(response)
            }
            Err(error) => {
                lock(&self.counts).failed += 1;
                tracing::warn!(responder = %self.endpoint, %error, "no answer about a certificate");
                kept.map(|kept| kept.response)
            }
        }
    }

    async fn ask_now(
        &self,
        http: &HttpClient,
        certificate: &Certificate,
        issuer: &Certificate,
        judge: &Judge,
    ) -> Result<OcspResponse, ResponderError> {
        if !lock(&self.breaker).may_ask(Instant::now()) {
            return Err(ResponderError::Resting);
        }
        let asked = timeout(BUDGET, self.try_again(http, certificate, issuer)).await;
        let asked = asked.unwrap_or(Err(ResponderError::Http(HttpError::TimedOut)));
        match &asked {
            Err(error) if error.is_of_the_responder() => lock(&self.breaker).failed(Instant::now()),
            _ => lock(&self.breaker).succeeded(),
        }
        let (response, judge) = (asked?, judge.clone());
        // Signatures are checked where that holds up nobody.
        let judged = tokio::task::spawn_blocking(move || judge(&response).then_some(response)).await;
        let response = judged.ok().flatten().ok_or(ResponderError::Undecided)?;
        // only now is it known who repeated it
        if response.nonce().is_some() {
            self.repeats_nonces.store(true, Ordering::Relaxed);
        }
        Ok(response)
    }

    async fn try_again(
        &self,
        http: &HttpClient,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Result<OcspResponse, ResponderError> {
        let mut tries = 1;
        loop {
            match self.once(http, certificate, issuer).await {
                Err(error) if tries < TRIES && error.may_pass() => tries += 1,
                outcome => return outcome,
            }
        }
    }

    async fn once(
        &self,
        http: &HttpClient,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Result<OcspResponse, ResponderError> {
        let mut nonce = [0; 32];
        // Without chance there is no nonce, and an answer that is fresh by its date.
        let nonce = getrandom::fill(&mut nonce).is_ok().then_some(nonce);
        let request = OcspRequest::new(certificate, issuer, nonce);
        let post = Post {
            media_type: "application/ocsp-request",
            accept: "application/ocsp-response",
            body: &request.to_der(),
        };
        let response = OcspResponse::parse(&http.post(&self.endpoint, post, &LIMITS).await?)?;
        match request.is_answered_by(&response) {
            Ok(()) => Ok(response),
            // Responders that sign in advance repeat no nonce; their answers count by their dates.
            Err(Unanswered::NoNonce) if !self.repeats_nonces.load(Ordering::Relaxed) => Ok(response),
            Err(error) => Err(error.into()),
        }
    }
}

impl ResponderError {
    /// Whether the same question may be answered a moment later.
    const fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::Http(HttpError::Connect(_) | HttpError::Broken(_) | HttpError::Status(500..))
                | Self::Ocsp(OcspError::Refused(
                    ResponderRefusal::TryLater | ResponderRefusal::InternalError
                ))
        )
    }

    /// Whether it is the responder that fails, not the question.
    const fn is_of_the_responder(&self) -> bool {
        !matches!(
            self,
            Self::Ocsp(OcspError::Refused(ResponderRefusal::Unauthorized))
                | Self::Unanswered(_)
                | Self::Undecided
        )
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
