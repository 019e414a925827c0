//! After a recovery: which ways in the person does not know.

use std::time::Duration;

use db::{Timestamp, Tx};
use serde_json::json;

use super::RecoveryRefusal;
use crate::audit::{self, Act, Event};
use crate::binding::{
    self, Authenticator, AuthenticatorId, CertificateState, Kind, OwnFactor, RemovalRefusal,
};
use crate::session::{self, Recovered, Session, SteppedUp};
use crate::{Decision, Failure, Rules, Visit, refuse};

/// How long the ways in may be looked through.
const REVIEW: Duration = Duration::from_secs(30 * 60);

/// The ways in of a recovered account.
#[derive(Debug)]
pub struct Review {
    /// All but the password, which is new.
    pub methods: Vec<Method>,
    /// Until when they may be removed here.
    pub until: Timestamp,
}

/// A way in, or a second factor.
#[derive(Debug)]
pub struct Method {
    /// Its name.
    pub id: AuthenticatorId,
    /// What it is.
    pub what: What,
    /// Whether it was bound before the contact was confirmed that the account was recovered by: whoever prepared the
    /// account for its owner may have bound it (threats, LNK-3).
    pub is_suspect: bool,
}

/// What a [`Method`] is.
#[derive(Debug)]
pub enum What {
    /// A way in.
    Way(Box<Authenticator>),
    /// A second factor.
    Factor(OwnFactor),
}

/// The ways in that the person may remove now; `None`: the time for that is over, or never was.
pub fn review(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    session: &Session,
) -> Result<Option<Review>, Failure> {
    let Some(recovered) = in_review(visit, session) else {
        return Ok(None);
    };
    let mut methods = Vec::new();
    for way in binding::list(tx, rules, visit.now, session.account)? {
        let is_removed = way
            .certificate
            .as_ref()
            .is_some_and(|data| matches!(data.state, CertificateState::Removed { .. }));
        if way.kind != Kind::Password && !is_removed {
            methods.push(Method {
                id: way.id,
                // a certificate states whose it is: nobody else's can be bound
                is_suspect: way.kind != Kind::Certificate && recovered.suspects(way.bound_at),
                what: What::Way(Box::new(way)),
            });
        }
    }
    for factor in binding::list_second_factors(tx, session.account)? {
        let is_listed = |id| methods.iter().any(|method| method.id == id);
        if let (Some(id), Some(at)) = (factor.id, factor.bound_at)
            && !is_listed(id)
        {
            methods.push(Method {
                id,
                is_suspect: recovered.suspects(at),
                what: What::Factor(factor),
            });
        }
    }
    Ok(Some(Review {
        methods,
        until: recovered.at.plus(REVIEW),
    }))
}

/// Removes the ways in that the person does not know, one by one, and ends the review. The proofs of the recovery stand
/// for one by the strongest way in, which may be the one that is lost.
pub fn finish(
    tx: &mut Tx<'_>,
    rules: &Rules,
    visit: &Visit,
    session: &Session,
    unknown: &[AuthenticatorId],
) -> Decision<(), RecoveryRefusal> {
    let Some(recovered) = in_review(visit, session) else {
        refuse!(RecoveryRefusal::ReviewOver);
    };
    let by = SteppedUp::by_recovery(session, recovered);
    for id in unknown {
        match binding::remove(tx, rules, visit, &by, *id)? {
            // removed meanwhile, or with another of the list
            Ok(()) | Err(RemovalRefusal::NotFound) => {}
            Err(RemovalRefusal::LastUsable) => refuse!(RecoveryRefusal::LastUsable),
        }
    }
    let detail = json!({ "removed": unknown.len() });
    audit::record(
        tx,
        visit,
        Event::by(session.account, Act::RecoveryReviewed, detail),
    )?;
    session::set_recovered(tx, session.id, None)?;
    Ok(Ok(()))
}

fn in_review(visit: &Visit, session: &Session) -> Option<Recovered> {
    session
        .recovered
        .filter(|recovered| visit.now < recovered.at.plus(REVIEW))
}

impl Recovered {
    fn suspects(self, bound_at: Timestamp) -> bool {
        self.contact_since.is_some_and(|since| bound_at < since)
    }
}
