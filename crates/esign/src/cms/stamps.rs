//! The time stamps of one signature, and the moment they prove (design: a document is judged at its proven time).

use super::bag::Bag;
use super::report::TimeStampReport;
use super::signer_info::SignerInfo;
use super::unsigned::{StampValue, TimeStampKind};
use crate::certificate::Certificate;
use crate::path::Checks;
use crate::revocation::Evidence;
use crate::time::UnixTime;
use crate::trust::AnchorGroup;
use crate::tsp::{ProvenTime, Stamp, TimeStampToken};
use crate::verdict::{Code, Problem};

/// What all time stamps of a signer come to.
#[derive(Default)]
pub(super) struct Stamps(Vec<Judged>);

struct Judged {
    kind: TimeStampKind,
    stated_time: Option<UnixTime>,
    authority: Option<Certificate>,
    /// by each anchor group; groups do not believe each other's authorities
    outcomes: Result<Vec<Result<ProvenTime, Problem>>, Problem>,
}

/// By what stamps are judged.
pub(super) struct Judge<'a> {
    pub(super) groups: &'a [(&'a AnchorGroup, Evidence)],
    pub(super) bag: &'a Bag,
    pub(super) at: UnixTime,
}

impl Judge<'_> {
    pub(super) fn judge(&self, signer: &SignerInfo<'_>, checks: &mut Checks<'_>) -> Stamps {
        let stamps = signer.unsigned.time_stamps.iter();
        Stamps(stamps.map(|stamp| self.one(stamp, signer, checks)).collect())
    }

    fn one(&self, value: &StampValue<'_>, signer: &SignerInfo<'_>, checks: &mut Checks<'_>) -> Judged {
        let token = TimeStampToken::parse(value.token.raw());
        let stamp = token
            .as_ref()
            .map_err(|_| Problem::Invalid(Code::TspMalformed))
            .and_then(|token| {
                let stamped = value.stamped(&signer.signature, &signer.unsigned)?;
                Stamp::check(token, &stamped, self.bag, checks)
            });
        Judged {
            kind: value.kind,
            stated_time: token.as_ref().ok().map(TimeStampToken::gen_time),
            authority: stamp.as_ref().ok().map(|stamp| stamp.authority().clone()),
            outcomes: stamp.map(|stamp| {
                let groups = self.groups.iter();
                groups
                    .map(|(group, evidence)| stamp.prove(group, evidence, self.at, checks))
                    .collect()
            }),
        }
    }
}

impl Judged {
    fn by_group(&self, group: usize) -> Option<&ProvenTime> {
        self.outcomes.as_ref().ok()?.get(group)?.as_ref().ok()
    }

    /// As the signer's group sees it; where there is none, as the first that believes it.
    fn report(self, group: Option<usize>) -> TimeStampReport {
        let seen = |outcomes: Vec<Result<ProvenTime, Problem>>| {
            let mut closest = Problem::Invalid(Code::CertificateUnknownIssuer);
            for (index, outcome) in outcomes.into_iter().enumerate() {
                match outcome {
                    Ok(proven) if group.is_none_or(|group| group == index) => return Ok(proven),
                    Err(problem) if closest.code() == Code::CertificateUnknownIssuer => closest = problem,
                    _ => {}
                }
            }
            Err(closest)
        };
        TimeStampReport {
            kind: self.kind,
            stated_time: self.stated_time,
            authority: self.authority,
            verdict: self.outcomes.and_then(seen).into(),
        }
    }
}

impl Stamps {
    /// The earliest sound time stamp over the signature, as an anchor group sees it.
    pub(super) fn earliest(&self, group: usize) -> Option<&ProvenTime> {
        let over_signature = self
            .0
            .iter()
            .filter(|stamp| stamp.kind == TimeStampKind::Signature);
        over_signature
            .filter_map(|stamp| stamp.by_group(group))
            .min_by_key(|proven| proven.latest())
    }

    pub(super) fn report(self, group: Option<usize>) -> Vec<TimeStampReport> {
        self.0.into_iter().map(|stamp| stamp.report(group)).collect()
    }
}
