//! What lists say of a certificate (§6.3.3).

use std::cmp::Reverse;

use super::entries::Entry;
use super::extensions::{Kind, Reasons, is_less};
use super::points::DistributionPoints;
use super::{Crl, signer};
use crate::path::Checks;
use crate::revocation::status::{Age, Observation, Observations};
use crate::revocation::{Question, Reason, Source};
use crate::time::UnixTime;
use crate::verdict::{Code, Problem};

/// Asks every list that may speak of the certificate. One that names it decides, however old it is; that it is good
/// can be said only by lists that are fresh, and that would have to name it whatever the reason.
pub(in crate::revocation) fn observe(
    question: &Question<'_>,
    found: &mut Observations,
    checks: &mut Checks<'_>,
) -> Result<(), Problem> {
    let certificate = question.certificate();
    let points = DistributionPoints::of(certificate);
    let known: Vec<&Crl> = question
        .query()
        .evidence
        .crls()
        .iter()
        .filter(|crl| points.allow_issuer(crl, certificate))
        .collect();
    let mut lists: Vec<List<'_>> = known.iter().map(|crl| List::new(crl, &known, question)).collect();
    lists.sort_by_key(|list| Reverse(list.latest().this_update()));
    let mut coverage = Coverage::default();
    for list in &lists {
        // what the newest lists leave open is all that older ones are asked, unless they name the certificate
        if coverage.fresh == Reasons::ALL && list.entry(question).is_none() {
            continue;
        }
        match list.judge(&points, question, checks)? {
            Said::Nothing(code) => found.failed(code),
            Said::Named(observation) => found.add(observation, list.sources()),
            Said::Silent(reasons, age) => coverage.add(reasons, age, list),
        }
    }
    coverage.conclude(found, question);
    Ok(())
}

/// A list, and the latest changes to it.
struct List<'e> {
    crl: &'e Crl,
    delta: Option<&'e Crl>,
}

enum Said {
    /// It cannot be used, for this reason.
    Nothing(Code),
    Named(Observation),
    /// It would name the certificate if it were revoked for these reasons.
    Silent(Reasons, Age),
}

impl<'e> List<'e> {
    fn new(crl: &'e Crl, lists: &[&'e Crl], question: &Question<'_>) -> Self {
        let age = |crl: &Crl| question.age(crl.this_update(), crl.next_update());
        // changes that are late themselves do no harm to a list that is not
        let is_current = |delta: &&&Crl| match age(delta) {
            Age::Fresh => true,
            Age::WithinGrace => age(crl) != Age::Fresh,
            Age::Stale | Age::Future => false,
        };
        let delta = lists
            .iter()
            .filter(|delta| delta.is_delta_of(crl))
            .filter(is_current)
            .max_by_key(|delta| delta.this_update());
        Self {
            crl,
            delta: delta.copied(),
        }
    }

    /// The one that says how things stood last.
    fn latest(&self) -> &'e Crl {
        self.delta.unwrap_or(self.crl)
    }

    fn sources(&self) -> Vec<Source> {
        [Some(self.crl), self.delta]
            .into_iter()
            .flatten()
            .map(|crl| Source::Crl(crl.clone()))
            .collect()
    }

    fn judge(
        &self,
        points: &DistributionPoints,
        question: &Question<'_>,
        checks: &mut Checks<'_>,
    ) -> Result<Said, Problem> {
        let (crl, certificate) = (self.crl, question.certificate());
        let reasons = if crl.is_delta() {
            Reasons::NONE
        } else {
            points.reasons(crl, certificate)
        };
        let age = question.age(self.latest().this_update(), self.latest().next_update());
        let mut entry = self.entry(question);
        let why_silent = match age {
            _ if crl.is_delta() => Some(Code::RevocationBaseMissing),
            _ if reasons == Reasons::NONE => Some(Code::RevocationOutOfScope),
            Age::Future => Some(Code::RevocationNotYetValid),
            Age::Stale => Some(Code::RevocationStale),
            Age::Fresh | Age::WithinGrace => None,
        };
        if age == Age::Future || crl.is_about_attributes() {
            entry = None;
        }
        if let (None, Some(code)) = (entry, why_silent) {
            return Ok(Said::Nothing(code));
        }
        if ![Some(crl), self.delta]
            .into_iter()
            .flatten()
            .all(Crl::is_understood)
        {
            return Ok(Said::Nothing(Code::RevocationUnknownExtension));
        }
        let key = match signer::key(crl, question, checks)? {
            Ok(key) => key,
            Err(code) => return Ok(Said::Nothing(code)),
        };
        // a delta is by the same key (§6.3.3 h); one that is not is no delta of this list
        if let Some(delta) = self.delta
            && signer::key(delta, question, checks)? != Ok(key)
        {
            let alone = Self { crl, delta: None };
            return alone.judge(points, question, checks);
        }
        Ok(match (entry, why_silent) {
            (Some((entry, list)), _) => Said::Named(Observation::revoked(entry.reason, list.this_update())),
            (None, Some(code)) => Said::Nothing(code),
            (None, None) => Said::Silent(reasons, age),
        })
    }

    /// The entry that revokes the certificate at the moment asked about, and the list that has it. The changes say
    /// more than the list; of what it holds they can take back only a hold (§5.3.1).
    fn entry(&self, question: &Question<'_>) -> Option<(Entry, &'e Crl)> {
        let in_list = |crl: &'e Crl| {
            let entry = crl.entry(question.certificate())?;
            question
                .is_revoked(
                    entry.revoked_at,
                    entry.invalid_since,
                    entry.reason,
                    crl.this_update(),
                )
                .then_some((entry, crl))
        };
        let changed = self.delta.and_then(in_list);
        let listed = in_list(self.crl);
        let removes = |(entry, _): &(Entry, &Crl)| entry.reason == Some(Reason::RemoveFromCrl);
        match changed {
            Some(changed) if removes(&changed) => listed.filter(|(entry, _)| {
                entry.reason != Some(Reason::CertificateHold) || changed.1.this_update() > question.query().at
            }),
            Some(changed) => Some(changed),
            None => listed,
        }
        .filter(|entry| !removes(entry))
    }
}

impl Crl {
    /// §5.2.4: by the same issuer with the same key, for the same certificates, beginning no later than the complete
    /// list and ending after it. The authority of Kazakhstan numbers its changes apart from its lists, so those that
    /// begin at this very list belong to it whatever their own number.
    fn is_delta_of(&self, complete: &Self) -> bool {
        let (own, other) = (self.extensions(), complete.extensions());
        let (Some(base), Some(number), Some(of)) = (&own.base, &own.number, &other.number) else {
            return false;
        };
        !complete.is_delta()
            && self.issuer_digest() == complete.issuer_digest()
            && own.point == other.point
            && own.authority_key == other.authority_key
            && (of == base || (is_less(base, of) && is_less(of, number)))
    }

    fn is_about_attributes(&self) -> bool {
        self.extensions().point.only == Some(Kind::Attributes)
    }
}

/// For which reasons the certificate is known not to be revoked.
struct Coverage {
    fresh: Reasons,
    with_grace: Reasons,
    /// the earliest of the lists that cover it
    since: Option<UnixTime>,
    sources: Vec<Source>,
}

impl Default for Coverage {
    fn default() -> Self {
        Self {
            fresh: Reasons::NONE,
            with_grace: Reasons::NONE,
            since: None,
            sources: Vec::new(),
        }
    }
}

impl Coverage {
    fn add(&mut self, reasons: Reasons, age: Age, list: &List<'_>) {
        if age == Age::Fresh {
            self.fresh = self.fresh.or(reasons);
        }
        self.with_grace = self.with_grace.or(reasons);
        let this_update = list.latest().this_update();
        self.since = Some(self.since.map_or(this_update, |since| since.min(this_update)));
        self.sources.extend(list.sources());
    }

    fn conclude(self, found: &mut Observations, question: &Question<'_>) {
        let Some(since) = self.since else { return };
        if self.fresh == Reasons::ALL {
            found.add(question.good(since, Age::Fresh), self.sources);
        } else if self.with_grace == Reasons::ALL {
            found.add(question.good(since, Age::WithinGrace), self.sources);
        } else {
            found.failed(Code::RevocationReasonsMissing);
        }
    }
}
