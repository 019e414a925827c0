use super::judge::{self, Failure};
use super::{Checks, MAX_LENGTH, Path, Query, RevocationAnswer};
use crate::certificate::Certificate;
use crate::revocation::{self, Finding, Question, Status};
use crate::trust::{RevocationRule, UnknownStatus};
use crate::verdict::{Code, Problem};

/// A depth-first search for paths by name; each complete one is judged from the anchor down.
pub(super) struct Search<'q, 'c> {
    query: &'q Query<'q>,
    checks: &'q mut Checks<'c>,
    closest: Option<Failure>,
}

impl<'q, 'c> Search<'q, 'c> {
    pub(super) const fn new(query: &'q Query<'q>, checks: &'q mut Checks<'c>) -> Self {
        Self {
            query,
            checks,
            closest: None,
        }
    }

    pub(super) fn run(mut self) -> Result<Path, Problem> {
        let mut path = vec![self.query.target];
        let found = if self.query.anchors.contains(self.query.target) {
            self.judge(&path)
        } else {
            self.extend(&mut path)
        };
        found.ok_or_else(|| {
            self.closest
                .map_or(Problem::Invalid(Code::CertificateUnknownIssuer), |closest| {
                    closest.problem
                })
        })
    }

    fn extend(&mut self, path: &mut Vec<&'q Certificate>) -> Option<Path> {
        let current = *path.last()?;
        for anchor in likely_first(current, self.query.anchors.iter()) {
            path.push(anchor);
            let found = self.judge(path);
            path.pop();
            if found.is_some() {
                return found;
            }
        }
        // one place is kept for the anchor
        let too_long = path.len() + 1 == MAX_LENGTH;
        for issuer in likely_first(current, self.query.candidates.iter().copied()) {
            if path.contains(&issuer) || self.query.anchors.contains(issuer) {
                continue;
            }
            if too_long {
                self.fail(Failure::new(0, Problem::Invalid(Code::CertificatePathTooLong)));
                return None;
            }
            if let Err(problem) = self.checks.spend_step() {
                self.fail(Failure::new(0, problem));
                return None;
            }
            path.push(issuer);
            let found = self.extend(path);
            path.pop();
            if found.is_some() {
                return found;
            }
        }
        None
    }

    fn judge(&mut self, path: &[&'q Certificate]) -> Option<Path> {
        let outcome = match self.checks.spend_step() {
            Ok(()) => judge::judge(self.query, path, self.checks),
            Err(problem) => Err(Failure::new(0, problem)),
        };
        let outcome = outcome.and_then(|()| {
            self.revocation(path)
                .map_err(|problem| Failure::new(path.len(), problem))
        });
        match outcome {
            Ok((revocation, findings)) => Some(Path {
                certificates: path.iter().map(|certificate| (*certificate).clone()).collect(),
                revocation,
                findings,
            }),
            Err(failure) => {
                self.fail(failure);
                None
            }
        }
    }

    /// The status of every certificate but the anchor; "revoked" is stronger than "unknown".
    fn revocation(&mut self, path: &[&'q Certificate]) -> Result<(RevocationAnswer, Vec<Finding>), Problem> {
        let RevocationRule::Required { unknown } = self.query.revocation.rule else {
            return Ok((RevocationAnswer::NotAsked, Vec::new()));
        };
        let mut answer = RevocationAnswer::Good;
        let mut findings = Vec::new();
        for from in (0..path.len()).rev() {
            let upwards = path.get(from..).unwrap_or_default();
            let Some(question) = Question::new(self.query, upwards) else {
                continue;
            };
            let status = |checks: &mut Checks<'_>| revocation::status(&question, checks);
            let Some(finding) = self.checks.ask(question.certificate(), status) else {
                continue;
            };
            let finding = finding?;
            answer = match (finding.status, answer) {
                (Status::Revoked(code), _) => return Err(code.into()),
                (Status::WithinGrace, RevocationAnswer::Good) => RevocationAnswer::WithinGrace,
                (Status::Unknown(code), RevocationAnswer::Good | RevocationAnswer::WithinGrace) => {
                    RevocationAnswer::UnknownAllowed(code)
                }
                (_, answer) => answer,
            };
            findings.push(finding);
        }
        match (answer, unknown) {
            (RevocationAnswer::UnknownAllowed(code), UnknownStatus::Refuse) => Err(Problem::Unknown(code)),
            _ => Ok((answer, findings)),
        }
    }

    fn fail(&mut self, failure: Failure) {
        if self
            .closest
            .as_ref()
            .is_none_or(|closest| failure.closeness() > closest.closeness())
        {
            self.closest = Some(failure);
        }
    }
}

/// The certificates whose subject is the issuer of `current`; those whose key identifier fits first.
fn likely_first<'c>(
    current: &Certificate,
    pool: impl Iterator<Item = &'c Certificate>,
) -> Vec<&'c Certificate> {
    let mut issuers: Vec<_> = pool
        .filter(|issuer| issuer.subject_digest() == current.issuer_digest())
        .collect();
    if issuers.len() > 1 {
        let wanted = current.authority_key_identifier();
        issuers.sort_by_cached_key(|issuer| wanted.is_none() || issuer.subject_key_identifier() != wanted);
    }
    issuers
}
