use std::time::Duration;

use tokio::time::Instant;

/// Failures in a row after which a responder is left alone.
const FAILURES: u32 = 3;
/// For how long.
const REST: Duration = Duration::from_secs(30);

/// Keeps people from waiting for a responder that is down: after some failures it rests, then one question tries it.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    failures: u32,
    rests_until: Option<Instant>,
}

impl Breaker {
    /// Whether a question may be sent now.
    pub(super) fn may_ask(&mut self, now: Instant) -> bool {
        match self.rests_until {
            Some(until) if now < until => false,
            Some(_) => {
                // Others wait for what becomes of this one.
                self.rests_until = Some(now + REST);
                true
            }
            None => true,
        }
    }

    pub(super) fn succeeded(&mut self) {
        *self = Self::default();
    }

    pub(super) fn failed(&mut self, now: Instant) {
        self.failures = self.failures.saturating_add(1);
        if self.failures >= FAILURES {
            self.rests_until = Some(now + REST);
        }
    }

    pub(super) const fn is_resting(&self) -> bool {
        self.rests_until.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn net_4_a_dead_responder_rests_and_is_tried_by_one() {
        let mut breaker = Breaker::default();
        for _ in 0..FAILURES {
            assert!(breaker.may_ask(Instant::now()));
            breaker.failed(Instant::now());
        }
        assert!(!breaker.may_ask(Instant::now()));
        tokio::time::advance(REST).await;
        assert!(breaker.may_ask(Instant::now()));
        assert!(!breaker.may_ask(Instant::now()));
        breaker.succeeded();
        assert!(breaker.may_ask(Instant::now()));
        assert!(breaker.may_ask(Instant::now()));
    }
}
