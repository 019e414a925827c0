//! Getting back into an account, as pages and the API ask for it.

use axum::http::HeaderValue;
use cabinet::binding::{AuthenticatorId, PasswordRefusal, SecondFactor};
use cabinet::contact::Slot;
use cabinet::organisation::OrganisationId;
use cabinet::recovery::{self, RecoveryRefusal, Review, UnderWay};
use cabinet::session::Session;
use cabinet::sign_in::Opened;
use cabinet::{BrowserHash, Decision, Rules, Secret, Visit};
use db::Tx;

use crate::cookie::{self, Life};
use crate::error::Error;
use crate::signed_in::Access;
use crate::visitor::Visitor;

/// The page that ends a recovery by a proof.
pub(crate) const FINISH: &str = "/recover/finish";

/// Why no new password was set.
pub(crate) enum Unfinished {
    Recovery(RecoveryRefusal),
    Password(PasswordRefusal),
}

impl Visitor {
    /// Begins a recovery in this browser; gives its cookie.
    pub(crate) async fn begin_recovery(
        &self,
        login: String,
        organisation: Option<OrganisationId>,
    ) -> Result<Result<HeaderValue, RecoveryRefusal>, Error> {
        let visitor = self.clone();
        let begun = self.app.db.write(move |tx| {
            let (rules, visit, browser) = (&visitor.app.rules, &visitor.visit, visitor.browser_hash());
            let former = visitor.recovery.as_ref();
            recovery::begin(tx, rules, visit, browser, &login, organisation, former)
        });
        Ok(begun.await?.map(|secret| self.recovery_cookie(&secret)))
    }

    /// Begins one by the code whose halves two people of the operator have handed over.
    pub(crate) async fn give_recovery_halves(
        &self,
        first: String,
        second: String,
    ) -> Result<Result<HeaderValue, RecoveryRefusal>, Error> {
        let visitor = self.clone();
        let begun = self.app.db.write(move |tx| {
            let (rules, visit, browser) = (&visitor.app.rules, &visitor.visit, visitor.browser_hash());
            let (halves, former) = ([first.as_str(), &second], visitor.recovery.as_ref());
            recovery::give_halves(tx, rules, visit, browser, halves, former)
        });
        Ok(begun.await?.map(|secret| self.recovery_cookie(&secret)))
    }

    /// The recovery under way in this browser.
    pub(crate) async fn recovery(&self) -> Result<Option<UnderWay>, Error> {
        let Some(secret) = self.recovery.clone() else {
            return Ok(None);
        };
        let visitor = self.clone();
        let found = self.app.db.read(move |tx| {
            let (rules, visit) = (&visitor.app.rules, &visitor.visit);
            recovery::find(tx, rules, visit, visitor.browser_hash(), &secret)
        });
        Ok(found.await?)
    }

    /// Gives the code that was sent; the recovery goes on under the cookie that this gives.
    pub(crate) async fn give_recovery_code(
        &self,
        code: String,
    ) -> Result<Result<HeaderValue, RecoveryRefusal>, Error> {
        self.go_on_recovering(move |tx, rules, visit, browser, secret| {
            recovery::give_code(tx, rules, visit, browser, secret, &code)
        })
        .await
    }

    /// Has a code sent to another contact.
    pub(crate) async fn send_recovery_code(
        &self,
        slot: Slot,
    ) -> Result<Result<HeaderValue, RecoveryRefusal>, Error> {
        self.go_on_recovering(move |tx, rules, visit, browser, secret| {
            recovery::send_code(tx, rules, visit, browser, secret, slot)
        })
        .await
    }

    /// Gives a second factor.
    pub(crate) async fn give_recovery_factor(
        &self,
        factor: SecondFactor,
        code: String,
    ) -> Result<Result<HeaderValue, RecoveryRefusal>, Error> {
        self.go_on_recovering(move |tx, rules, visit, browser, secret| {
            recovery::give_factor(tx, rules, visit, browser, secret, factor, &code)
        })
        .await
    }

    /// Sets the new password and opens a session: judged and hashed on the pool, between two transactions.
    pub(crate) async fn complete_recovery(
        &self,
        password: String,
    ) -> Result<Result<Opened, Unfinished>, Error> {
        let personal = self.recovering(recovery::personal_words).await?;
        let personal = match personal {
            Ok(personal) => personal,
            Err(refusal) => return Ok(Err(Unfinished::Recovery(refusal))),
        };
        let hash = match self.hash_password(password, personal).await? {
            Ok(hash) => hash,
            Err(refusal) => return Ok(Err(Unfinished::Password(refusal))),
        };
        let opened = self.recovering(move |tx, rules, visit, browser, secret| {
            recovery::complete(tx, rules, visit, browser, secret, &hash)
        });
        let opened = opened.await?;
        let outcome = opened
            .as_ref()
            .map_or_else(|refusal| refusal.code(), |_| "entered");
        self.app.metrics.sign_in("recovery", outcome);
        tracing::info!(request = self.visit.request_id, outcome, "a recovery was decided");
        if opened.is_ok() && self.session.is_some() {
            self.end_session().await?;
        }
        Ok(opened.map_err(Unfinished::Recovery))
    }

    /// Ends what was before, for who has just proved themselves by the strongest way.
    pub(crate) async fn finish_recovery(&self) -> Result<(), Error> {
        let finished = self.change(Access::Enrolment, FINISH, (), |tx, visitor, fresh, ()| {
            recovery::complete_by_proof(tx, &visitor.app.rules, &visitor.visit, fresh)
                .map(Ok::<_, RecoveryRefusal>)
        });
        finished.await?.map_err(|refusal| Error::refused(refusal.code()))
    }

    /// The ways in that may be removed now.
    pub(crate) async fn recovery_review(&self) -> Result<(Session, Option<Review>), Error> {
        self.read(Access::Enrolment, |tx, visitor, session| {
            recovery::review(tx, &visitor.app.rules, &visitor.visit, session)
        })
        .await
    }

    /// Removes the ways in that the person does not know.
    pub(crate) async fn finish_recovery_review(
        &self,
        unknown: Vec<AuthenticatorId>,
    ) -> Result<Result<(), RecoveryRefusal>, Error> {
        self.act(Access::Enrolment, move |tx, visitor, session| {
            recovery::finish(tx, &visitor.app.rules, &visitor.visit, session, &unknown)
        })
        .await
    }

    async fn go_on_recovering(
        &self,
        step: impl Fn(&mut Tx<'_>, &Rules, &Visit, BrowserHash, &Secret) -> Decision<Secret, RecoveryRefusal>
        + Send
        + 'static,
    ) -> Result<Result<HeaderValue, RecoveryRefusal>, Error> {
        let stepped = self.recovering(step).await?;
        Ok(stepped.map(|secret| self.recovery_cookie(&secret)))
    }

    /// Does something with the recovery of this browser.
    async fn recovering<T: Send + 'static>(
        &self,
        step: impl Fn(&mut Tx<'_>, &Rules, &Visit, BrowserHash, &Secret) -> Decision<T, RecoveryRefusal>
        + Send
        + 'static,
    ) -> Result<Result<T, RecoveryRefusal>, Error> {
        let Some(secret) = self.recovery.clone() else {
            return Ok(Err(RecoveryRefusal::Gone));
        };
        let visitor = self.clone();
        let done = self.app.db.write(move |tx| {
            let (rules, visit) = (&visitor.app.rules, &visitor.visit);
            step(tx, rules, visit, visitor.browser_hash(), &secret)
        });
        Ok(done.await?)
    }

    fn recovery_cookie(&self, secret: &Secret) -> HeaderValue {
        let life = self.app.rules.contact.code_life.as_secs();
        let life = Life::Seconds(u32::try_from(life).unwrap_or(u32::MAX));
        cookie::set(cookie::RECOVERY, &secret.expose(), life)
    }
}
