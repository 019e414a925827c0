use esign::revocation::Crl;
use esign::time::UnixTime;

use super::Revocation;
use super::group::Group;
use crate::ocsp::Counts;

/// How things stand, for the operator.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// every list
    pub lists: Vec<ListReport>,
    /// every responder
    pub responders: Vec<ResponderReport>,
}

/// One source of lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListReport {
    /// the anchor group
    pub group: String,
    /// where it comes from
    pub source: String,
    /// when the oldest list in use was issued; `None` where there is none
    pub issued: Option<UnixTime>,
    /// when the first of them is out of date
    pub next: Option<UnixTime>,
    /// how many certificates are revoked
    pub revoked: usize,
    /// how often in a row it was asked in vain
    pub failures: u32,
    /// why, the last time
    pub problem: Option<String>,
}

/// What one source of lists gave last.
#[derive(Debug, Clone)]
pub struct SourceLists {
    /// where they come from
    pub source: String,
    /// the lists in use; none where nothing was fetched yet
    pub lists: Vec<Crl>,
    /// what is wrong with the source
    pub problem: Option<String>,
}

/// One responder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponderReport {
    /// the anchor group
    pub group: String,
    /// its address
    pub address: String,
    /// what became of questions since the start
    pub counts: Counts,
    /// whether it is left alone because it failed
    pub rests: bool,
}

impl Report {
    /// What the operator should look after, in a sentence each.
    pub fn problems(&self, now: UnixTime) -> Vec<String> {
        let lists = self.lists.iter().filter_map(|list| list.trouble(now));
        let resting = self.responders.iter().filter(|responder| responder.rests);
        let responders =
            resting.map(|responder| format!("{}: {} does not answer", responder.group, responder.address));
        lists.chain(responders).collect()
    }
}

impl ListReport {
    fn trouble(&self, now: UnixTime) -> Option<String> {
        let trouble = match (&self.problem, self.issued) {
            (Some(problem), Some(_)) => format!("the list in use stays: {problem}"),
            (Some(problem), None) => format!("there is no list: {problem}"),
            (None, None) => "there is no list yet".to_owned(),
            (None, Some(_)) if self.next.is_none_or(|next| next < now) => {
                "the list is out of date".to_owned()
            }
            (None, Some(_)) => return None,
        };
        Some(format!("{}: {}: {trouble}", self.group, self.source))
    }
}

impl Revocation {
    /// What each source of a group gave last.
    pub fn lists(&self, group: &str) -> Vec<SourceLists> {
        let groups = self.groups.iter().filter(|known| known.id() == group);
        let lists = groups.flat_map(Group::lists).map(|list| {
            let state = list.state();
            SourceLists {
                source: list.source().to_string(),
                lists: state.crls,
                problem: state.problem,
            }
        });
        lists.collect()
    }

    /// How things stand now.
    pub fn report(&self) -> Report {
        let mut report = Report::default();
        for group in &self.groups {
            for list in group.lists() {
                let state = list.state();
                report.lists.push(ListReport {
                    group: group.id().to_owned(),
                    source: list.source().to_string(),
                    issued: state.crls.iter().map(Crl::this_update).min(),
                    next: state.crls.iter().filter_map(Crl::next_update).min(),
                    revoked: state.crls.iter().map(Crl::len).sum(),
                    failures: state.failures,
                    problem: state.problem,
                });
            }
            for responder in group.responders() {
                report.responders.push(ResponderReport {
                    group: group.id().to_owned(),
                    address: responder.endpoint().to_string(),
                    counts: responder.counts(),
                    rests: responder.is_resting(),
                });
            }
        }
        report
    }
}
