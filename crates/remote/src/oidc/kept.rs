use std::future::Future;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::provider::ProviderFailure;

/// How long a copy is taken for the newest.
const FRESH: Duration = Duration::from_secs(3600);
/// The pause between two attempts while there is a copy (threat OIDC-5).
const PAUSE: Duration = Duration::from_secs(60);
/// The pause between two attempts while there is none.
const PAUSE_WITHOUT: Duration = Duration::from_secs(3);

/// The last good copy of what a provider publishes: used while the provider is down (threat OIDC-7).
pub(super) struct Kept<T> {
    held: RwLock<Option<Held<T>>>,
    /// Of one attempt at a time.
    last_attempt: Mutex<Option<(Instant, Result<(), ProviderFailure>)>>,
}

struct Held<T> {
    copy: Arc<T>,
    since: Instant,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self {
            held: RwLock::new(None),
            last_attempt: Mutex::new(None),
        }
    }
}

impl<T> Kept<T> {
    /// The copy, whatever its age.
    pub(super) fn held(&self) -> Option<Arc<T>> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().map(|held| held.copy.clone())
    }

    /// A copy that is fresh, or the last good one.
    pub(super) async fn current<F>(&self, fetch: impl Fn() -> F) -> Result<Arc<T>, ProviderFailure>
    where
        F: Future<Output = Result<T, ProviderFailure>>,
    {
        match self.since() {
            Some(since) if since.elapsed() < FRESH => self.held().ok_or_else(missing),
            _ => self.renew(fetch).await,
        }
    }

    /// A copy as new as can be had: at most one attempt a minute.
    pub(super) async fn renew<F>(&self, fetch: impl Fn() -> F) -> Result<Arc<T>, ProviderFailure>
    where
        F: Future<Output = Result<T, ProviderFailure>>,
    {
        let mut last = self.last_attempt.lock().await;
        let pause = if self.since().is_some() {
            PAUSE
        } else {
            PAUSE_WITHOUT
        };
        let outcome = match &*last {
            Some((at, outcome)) if at.elapsed() < pause => outcome.clone(),
            _ => {
                let outcome = fetch().await.map(|copy| self.hold(copy));
                if let Err(failure) = &outcome {
                    tracing::warn!(%failure, "what a provider publishes could not be renewed");
                }
                *last = Some((Instant::now(), outcome.clone()));
                outcome
            }
        };
        self.held().ok_or_else(|| outcome.err().unwrap_or_else(missing))
    }

    fn since(&self) -> Option<Instant> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().map(|held| held.since)
    }

    fn hold(&self, copy: T) {
        let held = Held {
            copy: Arc::new(copy),
            since: Instant::now(),
        };
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Some(held);
    }
}

fn missing() -> ProviderFailure {
    ProviderFailure::Unreachable("nothing is known of it yet".to_owned())
}
