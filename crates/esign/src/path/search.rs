use std::collections::HashMap;

use super::judge::{self, Failure};
use super::{MAX_LENGTH, MAX_SIGNATURE_CHECKS, Path, Query, RevocationAnswer, SignatureCache};
use crate::certificate::Certificate;
use crate::provider::Provider;
use crate::revocation;
use crate::trust::{RevocationRule, UnknownStatus};
use crate::verdict::{Code, Problem};

/// Most certificates that are put on a path while searching, over all paths tried.
const MAX_STEPS: usize = 1_000;

/// A depth-first search for paths by name; each complete one is judged from the anchor down.
pub(super) struct Search<'q> {
    query: &'q Query<'q>,
    checks: Checks<'q>,
    steps_left: usize,
    closest: Option<Failure>,
}

impl<'q> Search<'q> {
    pub(super) fn new(query: &'q Query<'q>, provider: &'q dyn Provider, checked: &'q SignatureCache) -> Self {
        let checks = Checks {
            provider,
            checked,
            left: MAX_SIGNATURE_CHECKS,
            known: HashMap::new(),
        };
        Self {
            query,
            checks,
            steps_left: MAX_STEPS,
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
            let Some(left) = self.steps_left.checked_sub(1) else {
                self.fail(Failure::new(0, Problem::Invalid(Code::CertificateTooComplex)));
                return None;
            };
            self.steps_left = left;
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
        let outcome = judge::judge(self.query, path, &mut self.checks).and_then(|()| {
            self.revocation(path)
                .map_err(|problem| Failure::new(path.len(), problem))
        });
        match outcome {
            Ok(revocation) => Some(Path {
                certificates: path.iter().map(|certificate| (*certificate).clone()).collect(),
                revocation,
            }),
            Err(failure) => {
                self.fail(failure);
                None
            }
        }
    }

    /// The status of every certificate but the anchor; "revoked" is stronger than "unknown".
    fn revocation(&mut self, path: &[&Certificate]) -> Result<RevocationAnswer, Problem> {
        let RevocationRule::Required { unknown } = self.query.revocation else {
            return Ok(RevocationAnswer::NotAsked);
        };
        let mut all_known = true;
        for pair in path.windows(2).rev() {
            let &[certificate, issuer] = pair else { continue };
            let question = revocation::Question {
                certificate,
                issuer,
                at: self.query.at,
            };
            match revocation::by_crls(&question, self.query.crls, &mut self.checks)? {
                revocation::Status::Good => {}
                revocation::Status::Revoked => return Err(Code::CertificateRevoked.into()),
                revocation::Status::Unknown => all_known = false,
            }
        }
        match unknown {
            _ if all_known => Ok(RevocationAnswer::Good),
            UnknownStatus::Allow => Ok(RevocationAnswer::UnknownAllowed),
            UnknownStatus::Refuse => Err(Problem::Unknown(Code::CertificateStatusUnknown)),
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
        .filter(|issuer| issuer.subject_key() == current.issuer_key())
        .collect();
    if issuers.len() > 1 {
        let wanted = current.authority_key_identifier();
        issuers.sort_by_key(|issuer| wanted.is_none() || issuer.subject_key_identifier() != wanted);
    }
    issuers
}

/// Signature checks within a budget, each done once.
pub(crate) struct Checks<'q> {
    provider: &'q dyn Provider,
    checked: &'q SignatureCache,
    left: usize,
    known: HashMap<([u8; 32], [u8; 32]), Result<(), Problem>>,
}

impl Checks<'_> {
    /// Whether `issuer` signed `certificate`. Signatures on issuers' certificates are remembered between judgements.
    pub(super) fn certificate(
        &mut self,
        certificate: &Certificate,
        issuer: &Certificate,
        remember: bool,
    ) -> Result<(), Problem> {
        let pair = (certificate.fingerprint(), issuer.fingerprint());
        if let Some(known) = self.known.get(&pair) {
            return *known;
        }
        let algorithm = certificate.signature_algorithm().map_err(Problem::from);
        let outcome = algorithm.and_then(|algorithm| {
            let key = remember.then(|| SignatureCache::key(&[issuer.spki(), &certificate.fingerprint()]));
            self.signed(key, || {
                (
                    algorithm,
                    issuer.spki(),
                    certificate.tbs(),
                    certificate.signature(),
                )
            })
        });
        self.known.insert(pair, outcome);
        outcome
    }

    /// One check of (algorithm, key, message, signature), unless `key` says it was done before.
    pub(crate) fn signed<'m>(
        &mut self,
        key: Option<[u8; 32]>,
        check: impl FnOnce() -> (crate::algorithm::SignatureAlgorithm, &'m [u8], &'m [u8], &'m [u8]),
    ) -> Result<(), Problem> {
        if key.is_some_and(|key| self.checked.contains(&key)) {
            return Ok(());
        }
        self.left = self
            .left
            .checked_sub(1)
            .ok_or(Problem::Invalid(Code::CertificateTooComplex))?;
        let (algorithm, spki, message, signature) = check();
        self.provider.verify(&algorithm, spki, message, signature)?;
        if let Some(key) = key {
            self.checked.insert(key);
        }
        Ok(())
    }
}
