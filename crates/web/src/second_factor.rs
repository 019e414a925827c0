//! The second factor, as pages and the API ask for it: the first proof waits in this browser until it is given.

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::AppendHeaders;
use cabinet::binding::{OwnFactor, SecondFactor};
use cabinet::sign_in::second_factor::{
    self, Passed, PendingEntry, SecondFactorRefusal, SentCode, WaitingFor,
};
use cabinet::{Decision, Rules, Secret, Visit};
use db::Tx;

use crate::cookie::{self, Life};
use crate::error::Error;
use crate::visitor::Visitor;

/// A first proof was right, and a second is asked for.
#[derive(Debug, Clone)]
pub(crate) struct Needed {
    pub(crate) ways: Vec<SecondFactor>,
    pub(crate) cookie: HeaderValue,
    pub(crate) return_to: String,
}

/// The first proof that waits in this browser.
pub(crate) struct Waits {
    pub(crate) waiting_for: WaitingFor,
    pub(crate) ways: Vec<OwnFactor>,
}

impl Visitor {
    /// Lets the first proof wait in this browser.
    pub(crate) fn second_factor_needed(&self, pending: &PendingEntry, return_to: &str) -> Error {
        let life = self.app.rules.second_factor.life.as_secs();
        let life = Life::Seconds(u32::try_from(life).unwrap_or(u32::MAX));
        Error::SecondFactor(Needed {
            ways: pending.ways.iter().map(|own| own.factor).collect(),
            cookie: cookie::set(cookie::ENTRY, &pending.secret.expose(), life),
            return_to: self.kept(return_to),
        })
    }

    /// What waits in this browser for a second factor.
    pub(crate) async fn waiting(&self) -> Result<Option<Waits>, Error> {
        let Some(secret) = self.entry.clone() else {
            return Ok(None);
        };
        let visitor = self.clone();
        let found = self.app.db.read(move |tx| {
            let (rules, visit) = (&visitor.app.rules, &visitor.visit);
            second_factor::pending(tx, rules, visit, visitor.browser_hash(), &secret)
        });
        Ok(found.await?.map(|pending| Waits {
            waiting_for: pending.waiting_for(),
            ways: pending.ways().to_vec(),
        }))
    }

    /// Gives a code; goes on with what waited.
    pub(crate) async fn give_code(
        &self,
        factor: SecondFactor,
        code: String,
    ) -> Result<Result<Passed, SecondFactorRefusal>, Error> {
        let passed = self.with_waiting(move |tx, rules, visit, visitor, secret| {
            second_factor::with_code(tx, rules, visit, visitor.browser_hash(), secret, factor, &code)
        });
        let passed = passed.await?;
        self.passed(factor, passed, SecondFactorRefusal::code).await
    }

    /// Sends a code to the person's phone.
    pub(crate) async fn send_code(&self) -> Result<Result<SentCode, SecondFactorRefusal>, Error> {
        let sent = self.with_waiting(|tx, rules, visit, visitor, secret| {
            second_factor::send_code(tx, rules, visit, visitor.browser_hash(), secret)
        });
        sent.await
    }

    /// Counts the outcome, ends the session that this browser held before another was opened, and goes on with what waits
    /// for the proof.
    pub(crate) async fn passed<R: Copy>(
        &self,
        factor: SecondFactor,
        passed: Result<Passed, R>,
        code: impl FnOnce(R) -> &'static str,
    ) -> Result<Result<Passed, R>, Error> {
        let outcome = passed
            .as_ref()
            .map_or_else(|refusal| code(*refusal), |_| "passed");
        self.app.metrics.sign_in(factor.as_str(), outcome);
        let method = factor.as_str();
        let request = self.visit.request_id.as_str();
        tracing::info!(request, method, outcome, "a second factor was decided");
        if let Ok(Passed::Entered(opened)) = &passed {
            if self.session.is_some() {
                self.end_session().await?;
            }
            self.go_on(Some(opened)).await?;
        }
        Ok(passed)
    }

    /// Does something with the first proof that waits in this browser.
    pub(crate) async fn with_waiting<T: Send + 'static>(
        &self,
        act: impl Fn(&mut Tx<'_>, &Rules, &Visit, &Self, &Secret) -> Decision<T, SecondFactorRefusal>
        + Send
        + 'static,
    ) -> Result<Result<T, SecondFactorRefusal>, Error> {
        let Some(secret) = self.entry.clone() else {
            return Ok(Err(SecondFactorRefusal::Gone));
        };
        let visitor = self.clone();
        let done = self
            .app
            .db
            .write(move |tx| act(tx, &visitor.app.rules, &visitor.visit, &visitor, &secret));
        Ok(done.await?)
    }
}

/// Makes the browser forget what waited.
pub(crate) fn forget() -> AppendHeaders<[(HeaderName, HeaderValue); 1]> {
    AppendHeaders([(header::SET_COOKIE, cookie::clear(cookie::ENTRY))])
}
