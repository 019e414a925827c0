//! Two accounts of one person become one, as pages and the API ask for it: an entry to the other account is made and
//! ended in one transaction, so that the browser stays where it is.

use axum::http::HeaderValue;
use cabinet::binding::{PasskeyRefusal, SecondFactor};
use cabinet::merge::{self, Confirmed, KeptPassword, MergeId, MergeRefusal, Preview, Stage};
use cabinet::session::Session;
use cabinet::sign_in::second_factor::{self, Passed, PendingEntry, SecondFactorRefusal, WaitingFor};
use cabinet::sign_in::{self, ChallengePurpose, Entered, SignInRefusal};
use cabinet::{Decision, Secret};
use db::Tx;

use crate::cookie::{self, Life};
use crate::error::Error;
use crate::language::lang;
use crate::passkey::Used;
use crate::proof::{Answer, Posed};
use crate::second_factor::Waits;
use crate::signed_in::Access;
use crate::status::Occasion;
use crate::visitor::Visitor;

/// Where the proof leads to.
pub(crate) const CONFIRM: &str = "/profile/merge/confirm";

/// What became of a proof of the other account.
enum Proof {
    Given(Secret),
    SecondFactorNeeded(PendingEntry),
}

impl Visitor {
    /// Begins a merge; `None`: a fresh proof is needed first.
    pub(crate) async fn begin_merge(&self) -> Result<Option<Secret>, Error> {
        let begun = self.act(Access::Whole, |tx, visitor, session| {
            let (rules, visit) = (&visitor.app.rules, &visitor.visit);
            match session.step_up(tx, rules, visit)? {
                Ok(by) => merge::begin(tx, rules, visit, visitor.browser_hash(), &by)
                    .map(|secret| Ok::<_, MergeRefusal>(Some(secret))),
                Err(_) => Ok(Ok(None)),
            }
        });
        Ok(begun.await?.unwrap_or_default())
    }

    /// What a merge that was begun here waits for.
    pub(crate) async fn merge_stage(&self) -> Result<(Session, Option<Stage>), Error> {
        let stage = self.read(Access::Whole, |tx, visitor, session| {
            let Some(secret) = &visitor.merging else {
                return Ok(None);
            };
            let (rules, visit) = (&visitor.app.rules, &visitor.visit);
            merge::stage(tx, rules, visit, visitor.browser_hash(), session, secret)
        });
        stage.await
    }

    /// Whether a second factor that is given now is the other account's.
    pub(crate) async fn is_proving_for(&self, waits: &Waits) -> Result<bool, Error> {
        let is_entry = waits.waiting_for == WaitingFor::Entry;
        if !is_entry || self.merging.is_none() || self.session().await?.is_none() {
            return Ok(false);
        }
        Ok(self.merge_stage().await?.1 == Some(Stage::Proof))
    }

    /// A challenge to prove the other account.
    pub(crate) async fn pose_merge(&self) -> Result<Posed, Error> {
        let posed = self.act(Access::Whole, |tx, visitor, session| {
            let purpose = ChallengePurpose::Merge(session);
            let lang = lang(visitor.language(Some(session)));
            let words = visitor.challenge_words(lang, text::challenge::merge(lang));
            sign_in::issue_challenge(tx, &visitor.app.rules, &visitor.visit, purpose, &words)
                .map(Ok::<_, MergeRefusal>)
        });
        match posed.await? {
            Ok(posed) => Ok(self.posed(posed)),
            Err(_) => Err(Error::SignIn),
        }
    }

    /// Proves the other account by a signed challenge.
    pub(crate) async fn merge_with_certificate(
        &self,
        answer: Result<Answer, SignInRefusal>,
    ) -> Result<Result<Secret, &'static str>, Error> {
        let (session, ()) = self.read(Access::Whole, |_, _, _| Ok(())).await?;
        let signed = match self.verify(answer, Occasion::Merge(session.into())).await? {
            Err(refusal) => return Ok(Err(refusal.code())),
            Ok(signed) => signed,
        };
        self.prove_other(move |tx, visitor, session| {
            let (rules, visit, browser) = (&visitor.app.rules, &visitor.visit, visitor.browser_hash());
            let entered = merge::prove_with_certificate(tx, rules, visit, browser, session, &signed)?;
            Ok(entered.map_err(MergeRefusal::code))
        })
        .await
    }

    /// Proves the other account by its login and password.
    pub(crate) async fn merge_with_password(
        &self,
        login: String,
        password: String,
    ) -> Result<Result<Secret, &'static str>, Error> {
        let visitor = self.clone();
        let attempt = self
            .app
            .db
            .write(move |tx| sign_in::password_attempt(tx, &visitor.app.rules, &visitor.visit, &login, None));
        let attempt = match attempt.await? {
            Err(refusal) => return Ok(Err(refusal.code())),
            Ok(attempt) => attempt,
        };
        let checked = self.check(attempt, password).await?;
        self.prove_other(move |tx, visitor, _| {
            let (rules, visit, browser) = (&visitor.app.rules, &visitor.visit, visitor.browser_hash());
            let entered = sign_in::with_password(tx, rules, visit, browser, &checked)?;
            Ok(entered.map_err(SignInRefusal::code))
        })
        .await
    }

    /// Proves the other account by the second factor that its first proof waits for.
    pub(crate) async fn merge_with_code(
        &self,
        factor: SecondFactor,
        code: String,
    ) -> Result<Result<Secret, &'static str>, Error> {
        self.prove_other(move |tx, visitor, _| {
            let Some(entry) = &visitor.entry else {
                return Ok(Err(SecondFactorRefusal::Gone.code()));
            };
            let (rules, visit, browser) = (&visitor.app.rules, &visitor.visit, visitor.browser_hash());
            let passed = second_factor::with_code(tx, rules, visit, browser, entry, factor, &code)?;
            Ok(entered(passed.map_err(SecondFactorRefusal::code)))
        })
        .await
    }

    /// Proves the other account by a passkey.
    pub(crate) async fn merge_with_passkey(
        &self,
        used: Result<Used, PasskeyRefusal>,
    ) -> Result<Result<Secret, &'static str>, Error> {
        let assertion = match used.and_then(|used| used.assertion()) {
            Ok(assertion) => assertion,
            Err(refusal) => return Ok(Err(refusal.code())),
        };
        self.prove_other(move |tx, visitor, _| {
            let (rules, visit, browser) = (&visitor.app.rules, &visitor.visit, visitor.browser_hash());
            let entered = sign_in::with_passkey(tx, rules, visit, browser, &assertion, None)?;
            Ok(entered.map_err(PasskeyRefusal::code))
        })
        .await
    }

    /// Gives a passkey as the second factor that its first proof waits for.
    pub(crate) async fn merge_with_second_passkey(
        &self,
        used: Result<Used, PasskeyRefusal>,
    ) -> Result<Result<Secret, &'static str>, Error> {
        let assertion = match used.and_then(|used| used.assertion()) {
            Ok(assertion) => assertion,
            Err(refusal) => return Ok(Err(refusal.code())),
        };
        self.prove_other(move |tx, visitor, _| {
            let Some(entry) = &visitor.entry else {
                return Ok(Err(SecondFactorRefusal::Gone.code()));
            };
            let (rules, visit, browser) = (&visitor.app.rules, &visitor.visit, visitor.browser_hash());
            let passed = second_factor::with_passkey(tx, rules, visit, browser, entry, &assertion)?;
            Ok(entered(passed.map_err(PasskeyRefusal::code)))
        })
        .await
    }

    /// Enters the other account by `enter`, and takes that as its proof before the transaction ends.
    async fn prove_other(
        &self,
        enter: impl Fn(&mut Tx<'_>, &Self, &Session) -> Decision<Entered, &'static str> + Send + 'static,
    ) -> Result<Result<Secret, &'static str>, Error> {
        let proof = self.act(Access::Whole, move |tx, visitor, session| {
            let (rules, visit, browser) = (&visitor.app.rules, &visitor.visit, visitor.browser_hash());
            let Some(secret) = &visitor.merging else {
                return Ok(Err(MergeRefusal::Gone.code()));
            };
            if merge::stage(tx, rules, visit, browser, session, secret)? != Some(Stage::Proof) {
                return Ok(Err(MergeRefusal::Gone.code()));
            }
            match enter(tx, visitor, session)? {
                Err(code) => Ok(Err(code)),
                Ok(Entered::SecondFactorNeeded(pending)) => Ok(Ok(Proof::SecondFactorNeeded(pending))),
                Ok(Entered::Opened(entry)) => {
                    let proven = merge::prove(tx, rules, visit, browser, session, secret, &entry)?;
                    Ok(proven.map(Proof::Given).map_err(MergeRefusal::code))
                }
            }
        });
        match proof.await? {
            Err(code) => Ok(Err(code)),
            Ok(Proof::Given(secret)) => Ok(Ok(secret)),
            Ok(Proof::SecondFactorNeeded(pending)) => Err(self.second_factor_needed(&pending, CONFIRM)),
        }
    }

    /// What the merge would do.
    pub(crate) async fn merge_preview(&self) -> Result<(Session, Result<Preview, MergeRefusal>), Error> {
        let preview = self.read(Access::Whole, |tx, visitor, session| {
            let Some(secret) = &visitor.merging else {
                return Ok(Err(MergeRefusal::Gone));
            };
            let (rules, visit) = (&visitor.app.rules, &visitor.visit);
            merge::preview(tx, rules, visit, visitor.browser_hash(), session, secret)
        });
        preview.await
    }

    /// Merges; `None`: a fresh proof is needed first.
    pub(crate) async fn confirm_merge(
        &self,
        password: KeptPassword,
    ) -> Result<Option<Result<Confirmed, MergeRefusal>>, Error> {
        let done = self.act(Access::Whole, move |tx, visitor, session| {
            let (rules, visit, browser) = (&visitor.app.rules, &visitor.visit, visitor.browser_hash());
            let Some(secret) = &visitor.merging else {
                return Ok(Err(MergeRefusal::Gone));
            };
            match session.step_up(tx, rules, visit)? {
                Ok(by) => {
                    let done = merge::confirm(tx, rules, visit, browser, &by, secret, password)?;
                    Ok(done.map(Some))
                }
                Err(_) => Ok(Ok(None)),
            }
        });
        Ok(done.await?.transpose())
    }

    /// Undoes a merge; `None`: a fresh proof is needed first.
    pub(crate) async fn undo_merge(&self, id: MergeId) -> Result<Option<Result<(), MergeRefusal>>, Error> {
        let undone = self.act(Access::Whole, move |tx, visitor, session| {
            let (rules, visit) = (&visitor.app.rules, &visitor.visit);
            match session.step_up(tx, rules, visit)? {
                Ok(by) => Ok(merge::undo(tx, rules, visit, &by, id)?.map(Some)),
                Err(_) => Ok(Ok(None)),
            }
        });
        Ok(undone.await?.transpose())
    }

    /// Gives up what was begun.
    pub(crate) async fn cancel_merge(&self) -> Result<(), Error> {
        let given_up = self.act(Access::Whole, |tx, visitor, session| {
            merge::cancel(tx, &visitor.visit, session).map(Ok::<_, MergeRefusal>)
        });
        given_up.await.map(|_| ())
    }

    /// Lets the browser find the merge again.
    pub(crate) fn merging_cookie(&self, secret: &Secret) -> HeaderValue {
        let life = self.app.rules.merge.life.as_secs();
        let life = Life::Seconds(u32::try_from(life).unwrap_or(u32::MAX));
        cookie::set(cookie::MERGING, &secret.expose(), life)
    }
}

/// What a second factor led to. A stronger session is none of a merge.
fn entered(passed: Result<Passed, &'static str>) -> Result<Entered, &'static str> {
    match passed? {
        Passed::Entered(opened) => Ok(Entered::Opened(opened)),
        Passed::Stronger(_) => Err(SecondFactorRefusal::Gone.code()),
    }
}
