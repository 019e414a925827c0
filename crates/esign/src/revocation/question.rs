use std::time::Duration;

use super::status::{Age, Observation, Reason};
use crate::certificate::Certificate;
use crate::path::{self, Checks, Moment, Path, Query, RevocationQuery};
use crate::time::UnixTime;
use crate::verdict::{Code, Problem};

/// Which certificate is asked about, and in which judgement.
pub(crate) struct Question<'a> {
    query: &'a Query<'a>,
    /// from the certificate up to the anchor
    path: &'a [&'a Certificate],
    certificate: &'a Certificate,
    issuer: &'a Certificate,
    anchor: &'a Certificate,
}

impl<'a> Question<'a> {
    /// About the first certificate of a path that was judged; an anchor is not asked about.
    pub(crate) fn new(query: &'a Query<'a>, path: &'a [&'a Certificate]) -> Option<Self> {
        let (certificate, issuers) = path.split_first()?;
        Some(Self {
            query,
            path,
            certificate,
            issuer: issuers.first()?,
            anchor: issuers.last()?,
        })
    }

    pub(super) fn query(&self) -> &'a Query<'a> {
        self.query
    }

    pub(crate) fn certificate(&self) -> &'a Certificate {
        self.certificate
    }

    /// Whose key signed the certificate.
    pub(super) fn issuer(&self) -> &'a Certificate {
        self.issuer
    }

    /// The issuer and those above it.
    pub(super) fn issuers(&self) -> &'a [&'a Certificate] {
        self.path.get(1..).unwrap_or_default()
    }

    /// How the time of an answer lies to the moment asked about. What was said since then speaks of it too if that
    /// moment was proven, and as long as the certificate would still be named: expired ones are dropped from lists.
    pub(super) fn age(&self, this_update: UnixTime, next_update: Option<UnixTime>) -> Age {
        let (at, revocation) = (self.query.at, &self.query.revocation);
        if this_update > at {
            let speaks = revocation.moment != Moment::Present && this_update <= self.certificate.not_after();
            return if speaks { Age::Fresh } else { Age::Future };
        }
        match next_update {
            Some(next) if at <= next => Age::Fresh,
            Some(next) if at <= later(next, revocation.grace) => Age::WithinGrace,
            _ => Age::Stale,
        }
    }

    /// Whether an answer of `this_update` that calls the certificate revoked means the moment asked about. What was
    /// known by then counts as it stands; what became known later, only if it reaches back.
    pub(super) fn is_revoked(
        &self,
        revoked_at: UnixTime,
        invalid_since: Option<UnixTime>,
        reason: Option<Reason>,
        this_update: UnixTime,
    ) -> bool {
        let at = self.query.at;
        this_update <= at
            || revoked_at <= at
            || invalid_since.is_some_and(|since| since <= at)
            || self.is_moment_lost_by(reason)
    }

    /// Whether the moment was stated by somebody whose key may have been another's by then.
    fn is_moment_lost_by(&self, reason: Option<Reason>) -> bool {
        let is_innocent = matches!(
            reason,
            Some(
                Reason::Unspecified
                    | Reason::AffiliationChanged
                    | Reason::Superseded
                    | Reason::CessationOfOperation
            )
        );
        self.query.revocation.moment == Moment::Stamped
            && self.certificate == self.query.target
            && !is_innocent
    }

    /// An answer from after the moment asked about cannot know of holds that were taken back in between.
    pub(super) fn good(&self, this_update: UnixTime, age: Age) -> Observation {
        let since = if this_update <= self.query.at {
            this_update
        } else {
            UnixTime(i64::MIN)
        };
        Observation::Good { since, age }
    }

    /// A path to the same anchor for somebody who signed evidence at `signed_at`, by the same rules.
    pub(super) fn path_of(
        &self,
        signer: &Certificate,
        candidates: Vec<&Certificate>,
        revocation: RevocationQuery,
        signed_at: UnixTime,
        checks: &mut Checks<'_>,
    ) -> Result<Option<Path>, Problem> {
        let query = Query {
            target: signer,
            anchors: std::slice::from_ref(self.anchor),
            candidates,
            at: self.query.at.max(signed_at),
            revocation,
            evidence: self.query.evidence,
            policy: path::PolicyInputs::default(),
            min_rsa_bits: self.query.min_rsa_bits,
        };
        match checks.nested(|checks| path::find(&query, checks)) {
            Some(Ok(path)) => Ok(Some(path)),
            Some(Err(problem)) if problem.code() == Code::CertificateTooComplex => Err(problem),
            Some(Err(_)) | None => Ok(None),
        }
    }
}

pub(super) fn later(time: UnixTime, by: Duration) -> UnixTime {
    UnixTime(
        time.0
            .saturating_add(i64::try_from(by.as_secs()).unwrap_or(i64::MAX)),
    )
}
