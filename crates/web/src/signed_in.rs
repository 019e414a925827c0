//! What a person who is signed in may see and do: the session is judged in the transaction it is used in.

use cabinet::account::AccountId;
use cabinet::session::{self, Lapsed, Session, SessionEnd, SteppedUp};
use cabinet::{Decision, Failure};
use db::Tx;
use serde::Serialize;

use crate::draft::{self, Kept};
use crate::error::Error;
use crate::visitor::Visitor;

/// How much of the cabinet is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Everything: the first entry must be complete, and a second factor set up where that is asked of everybody.
    Whole,
    /// Setting one up.
    Enrolment,
    /// What is open before the first entry is complete.
    FirstEntry,
}

/// Why a person is not let in.
#[derive(Debug)]
enum Stop {
    /// No session holds; the one of the cookie may have held before.
    Nobody(Option<Lapsed>),
    /// The same, and what was typed is kept.
    Lost(SessionEnd, Kept),
    Newcomer,
    Owing,
    StepUp(Kept),
}

impl Visitor {
    /// Reads for a page of a person who is signed in, in one transaction with the look at the session.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        access: Access,
        look: impl Fn(&mut Tx<'_>, &Self, &Session) -> Result<T, Failure> + Send + 'static,
    ) -> Result<(Session, T), Error> {
        let visitor = self.clone();
        let seen = self.app.db.read(move |tx| {
            let session = match visitor.enter(tx, access)? {
                Ok(session) => session,
                Err(stop) => return Ok::<_, Failure>(Err(stop)),
            };
            let value = look(tx, &visitor, &session)?;
            Ok(Ok((session, value)))
        });
        let (session, value) = self.admit(seen.await?)?;
        self.touch(&session);
        Ok((session, value))
    }

    /// The session, on pages that are open to everybody. Nothing is asked of the storage without a session cookie.
    pub(crate) async fn session(&self) -> Result<Option<Session>, Error> {
        if self.session.is_none() {
            return Ok(None);
        }
        match self.read(Access::FirstEntry, |_, _, _| Ok(())).await {
            Ok((session, ())) => Ok(Some(session)),
            Err(Error::SignIn) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Acts for a person who is signed in.
    pub(crate) async fn act<T, R>(
        &self,
        access: Access,
        act: impl Fn(&mut Tx<'_>, &Self, &Session) -> Decision<T, R> + Send + 'static,
    ) -> Result<Result<T, R>, Error>
    where
        T: Send + 'static,
        R: Send + 'static,
    {
        let visitor = self.clone();
        let done = self.app.db.write(move |tx| {
            let session = match visitor.enter_to_act(tx, access)? {
                Ok(session) => session,
                Err(stop) => return Ok::<_, Failure>(Err(stop)),
            };
            act(tx, &visitor, &session).map(Ok)
        });
        self.admit(done.await?)
    }

    /// Changes what only a fresh proof may change. Without one, or where the session has ended meanwhile, the form is
    /// kept for the page `back`, where the person finds it again after the proof or the next sign-in.
    pub(crate) async fn change<F, T, R>(
        &self,
        access: Access,
        back: &'static str,
        form: F,
        act: impl Fn(&mut Tx<'_>, &Self, &SteppedUp, &F) -> Decision<T, R> + Send + 'static,
    ) -> Result<Result<T, R>, Error>
    where
        F: Serialize + Send + 'static,
        T: Send + 'static,
        R: Send + 'static,
    {
        let visitor = self.clone();
        let done = self.app.db.write(move |tx| {
            let session = match visitor.enter_to_act(tx, access)? {
                Ok(session) => session,
                Err(Stop::Nobody(Some(lapsed))) => {
                    let kept = visitor.keep(tx, lapsed.account, back, &form)?;
                    return Ok::<_, Failure>(Err(Stop::Lost(lapsed.end, kept)));
                }
                Err(stop) => return Ok(Err(stop)),
            };
            match session.step_up(tx, &visitor.app.rules, &visitor.visit)? {
                Ok(fresh) => act(tx, &visitor, &fresh, &form).map(Ok),
                Err(_) => Ok(Err(Stop::StepUp(visitor.keep(
                    tx,
                    session.account,
                    back,
                    &form,
                )?))),
            }
        });
        self.admit(done.await?)
    }

    /// Ends the session of the cookie, also where a proof made at this moment gave it another secret (SES-8).
    pub(crate) async fn end_session(&self) -> Result<(), Error> {
        let Some(secret) = self.session.clone() else {
            return Ok(());
        };
        let visit = self.visit.clone();
        let ended = self
            .app
            .db
            .write(move |tx| session::sign_out(tx, &visit, &secret));
        Ok(ended.await?)
    }

    /// The session that holds now, if it opens what is asked for.
    fn enter(&self, tx: &mut Tx<'_>, access: Access) -> Result<Result<Session, Stop>, Failure> {
        let Some(secret) = &self.session else {
            return Ok(Err(Stop::Nobody(None)));
        };
        let Some(session) = session::find(tx, &self.app.rules, &self.visit, secret)? else {
            return Ok(Err(Stop::Nobody(session::lapsed(tx, secret)?)));
        };
        if access != Access::FirstEntry && session.needs_first_entry(&self.app.rules) {
            return Ok(Err(Stop::Newcomer));
        }
        if access == Access::Whole && session.owes_second_factor {
            return Ok(Err(Stop::Owing));
        }
        Ok(Ok(session))
    }

    /// The same; the use of the session is noted in the transaction of the act.
    fn enter_to_act(&self, tx: &mut Tx<'_>, access: Access) -> Result<Result<Session, Stop>, Failure> {
        let entered = self.enter(tx, access)?;
        if let Ok(session) = &entered
            && session.needs_touch(&self.visit)
        {
            session::touch(tx, &self.visit, session.id)?;
        }
        Ok(entered)
    }

    fn keep<F: Serialize>(
        &self,
        tx: &mut Tx<'_>,
        account: AccountId,
        back: &'static str,
        form: &F,
    ) -> Result<Kept, Failure> {
        if self.wants_json {
            return Ok(Kept::nothing(back));
        }
        draft::keep(tx, self, account, back, form)
    }

    fn admit<T>(&self, entered: Result<T, Stop>) -> Result<T, Error> {
        entered.map_err(|stop| match stop {
            Stop::Newcomer => Error::FirstEntry,
            Stop::Owing => Error::SecondFactorOwed,
            Stop::StepUp(kept) => Error::StepUp(kept),
            Stop::Nobody(lapsed) => {
                if self.session.is_some() {
                    self.session_is_over(lapsed.map_or(SessionEnd::TimedOut, |lapsed| lapsed.end));
                }
                Error::SignIn
            }
            Stop::Lost(end, kept) => {
                self.session_is_over(end);
                Error::SignInAgain(kept)
            }
        })
    }

    /// Notes the use of the session now and then, without making the page wait for it.
    fn touch(&self, session: &Session) {
        if session.needs_touch(&self.visit) {
            let (visitor, id) = (self.clone(), session.id);
            tokio::spawn(async move {
                let touch = visitor.app.db.write({
                    let visitor = visitor.clone();
                    move |tx| session::touch(tx, &visitor.visit, id)
                });
                if let Err(error) = touch.await {
                    tracing::warn!(%error, "the use of a session could not be noted");
                }
            });
        }
    }
}
