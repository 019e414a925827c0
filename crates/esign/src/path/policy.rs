//! Certificate policies (RFC 5280 §6.1 with the policy graph of RFC 9618, whose size is linear in the input).

use std::collections::{BTreeMap, BTreeSet};

use crate::asn1::{Oid, oids};
use crate::certificate::Certificate;
use crate::certificate::extension::{self, PolicyConstraints};
use crate::verdict::{Code, Problem};

/// The inputs of RFC 5280 §6.1.1 c and e to g. By default any policy will do.
#[derive(Debug, Clone, Default)]
pub struct PolicyInputs<'a> {
    /// user-initial-policy-set; empty means any-policy
    pub initial: Vec<Oid<'a>>,
    /// initial-explicit-policy
    pub require_explicit: bool,
    /// initial-policy-mapping-inhibit
    pub inhibit_mapping: bool,
    /// initial-any-policy-inhibit
    pub inhibit_any: bool,
}

/// A policy at one depth of the graph.
struct Node<'a> {
    expected: BTreeSet<Oid<'a>>,
    /// policies of the level above
    parents: BTreeSet<Oid<'a>>,
}

type Level<'a> = BTreeMap<Oid<'a>, Node<'a>>;

/// State of the policy algorithm along a path.
pub(super) struct Policies<'a> {
    initial: Vec<Oid<'a>>,
    /// Levels of the graph from the anchor down; `None` is the NULL graph.
    graph: Option<Vec<Level<'a>>>,
    explicit_policy: usize,
    policy_mapping: usize,
    inhibit_any: usize,
}

impl<'a> Policies<'a> {
    /// §6.1.2 for a path of `length` certificates below the anchor.
    pub(super) fn new(inputs: &PolicyInputs<'a>, length: usize) -> Self {
        let counter = |zero| if zero { 0 } else { length + 1 };
        let root = Node {
            expected: BTreeSet::from([oids::ANY_POLICY]),
            parents: BTreeSet::new(),
        };
        Self {
            initial: inputs.initial.clone(),
            graph: Some(vec![BTreeMap::from([(oids::ANY_POLICY, root)])]),
            explicit_policy: counter(inputs.require_explicit),
            policy_mapping: counter(inputs.inhibit_mapping),
            inhibit_any: counter(inputs.inhibit_any),
        }
    }

    /// §6.1.3 d to f.
    pub(super) fn step(&mut self, certificate: &'a Certificate, is_target: bool) -> Result<(), Problem> {
        let stated = match certificate.extension(oids::CERTIFICATE_POLICIES) {
            Some(extension) => {
                extension::policies(extension.value).map_err(|_| Code::CertificateMalformed)?
            }
            None => Vec::new(),
        };
        let any_allowed = self.inhibit_any > 0 || (!is_target && certificate.is_self_issued());
        self.graph = self.graph.take().and_then(|mut graph| {
            let level = next_level(graph.last()?, &stated, any_allowed);
            graph.push(level);
            graph
                .last()
                .is_some_and(|level| !level.is_empty())
                .then_some(graph)
        });
        if self.explicit_policy == 0 && self.graph.is_none() {
            return Err(Code::CertificatePolicy.into());
        }
        Ok(())
    }

    /// §6.1.4 a, b, h, i and j.
    pub(super) fn prepare_for_next(&mut self, certificate: &'a Certificate) -> Result<(), Problem> {
        if let Some(extension) = certificate.extension(oids::POLICY_MAPPINGS) {
            let mappings =
                extension::policy_mappings(extension.value).map_err(|_| Code::CertificateMalformed)?;
            if mappings
                .iter()
                .any(|(from, to)| [from, to].contains(&&oids::ANY_POLICY))
            {
                return Err(Code::CertificatePolicy.into());
            }
            self.map(&mappings);
        }
        if !certificate.is_self_issued() {
            self.explicit_policy = self.explicit_policy.saturating_sub(1);
            self.policy_mapping = self.policy_mapping.saturating_sub(1);
            self.inhibit_any = self.inhibit_any.saturating_sub(1);
        }
        let constraints = policy_constraints(certificate)?;
        limit(&mut self.explicit_policy, constraints.require_explicit);
        limit(&mut self.policy_mapping, constraints.inhibit_mapping);
        if let Some(extension) = certificate.extension(oids::INHIBIT_ANY_POLICY) {
            let skip = extension::number(extension.value).map_err(|_| Code::CertificateMalformed)?;
            limit(&mut self.inhibit_any, Some(skip));
        }
        Ok(())
    }

    fn map(&mut self, mappings: &[(Oid<'a>, Oid<'a>)]) {
        let Some(graph) = &mut self.graph else { return };
        let Some(level) = graph.last_mut() else { return };
        let mut targets: BTreeMap<Oid<'a>, BTreeSet<Oid<'a>>> = BTreeMap::new();
        for (from, to) in mappings {
            targets.entry(*from).or_default().insert(*to);
        }
        for (from, expected) in targets {
            if self.policy_mapping == 0 {
                level.remove(&from);
            } else if let Some(node) = level.get_mut(&from) {
                node.expected = expected;
            } else if level.contains_key(&oids::ANY_POLICY) {
                level.insert(
                    from,
                    Node {
                        expected,
                        parents: BTreeSet::from([oids::ANY_POLICY]),
                    },
                );
            }
        }
        if level.is_empty() {
            self.graph = None;
        }
    }

    /// §6.1.5 a, b and g.
    pub(super) fn finish(&mut self, target: &Certificate) -> Result<(), Problem> {
        self.explicit_policy = self.explicit_policy.saturating_sub(1);
        if policy_constraints(target)?.require_explicit == Some(0) {
            self.explicit_policy = 0;
        }
        if self.explicit_policy > 0 || self.some_policy_is_acceptable() {
            Ok(())
        } else {
            Err(Code::CertificatePolicy.into())
        }
    }

    /// Whether the user-constrained-policy-set is not empty.
    fn some_policy_is_acceptable(&self) -> bool {
        let Some(graph) = &self.graph else { return false };
        let mut alive: BTreeSet<Oid<'_>> = graph
            .last()
            .into_iter()
            .flat_map(BTreeMap::keys)
            .copied()
            .collect();
        if self.initial.is_empty() || alive.contains(&oids::ANY_POLICY) {
            return !alive.is_empty();
        }
        // policies in the anchor's own terms: children of anyPolicy that lead to the last level
        for level in graph.iter().rev() {
            let mut parents = BTreeSet::new();
            for (policy, node) in level.iter().filter(|(policy, _)| alive.contains(policy)) {
                let of_anchor = *policy != oids::ANY_POLICY && node.parents.contains(&oids::ANY_POLICY);
                if of_anchor && self.initial.contains(policy) {
                    return true;
                }
                parents.extend(node.parents.iter().copied());
            }
            alive = parents;
        }
        false
    }
}

/// RFC 9618 §5.2: the nodes for the policies that a certificate states, under the level above.
fn next_level<'a>(above: &Level<'a>, stated: &[Oid<'a>], any_allowed: bool) -> Level<'a> {
    let mut expecting: BTreeMap<Oid<'a>, BTreeSet<Oid<'a>>> = BTreeMap::new();
    for (policy, node) in above {
        for expected in &node.expected {
            expecting.entry(*expected).or_default().insert(*policy);
        }
    }
    let mut level = Level::new();
    for policy in stated
        .iter()
        .copied()
        .filter(|policy| *policy != oids::ANY_POLICY)
    {
        let parents = match expecting.get(&policy) {
            Some(parents) => parents.clone(),
            None if above.contains_key(&oids::ANY_POLICY) => BTreeSet::from([oids::ANY_POLICY]),
            None => continue,
        };
        level.insert(
            policy,
            Node {
                expected: BTreeSet::from([policy]),
                parents,
            },
        );
    }
    if any_allowed && stated.contains(&oids::ANY_POLICY) {
        for (policy, parents) in expecting {
            level.entry(policy).or_insert_with(|| Node {
                expected: BTreeSet::from([policy]),
                parents,
            });
        }
    }
    level
}

fn policy_constraints(certificate: &Certificate) -> Result<PolicyConstraints, Problem> {
    match certificate.extension(oids::POLICY_CONSTRAINTS) {
        Some(extension) => {
            PolicyConstraints::parse(extension.value).map_err(|_| Code::CertificateMalformed.into())
        }
        None => Ok(PolicyConstraints::default()),
    }
}

fn limit(counter: &mut usize, skip: Option<u32>) {
    if let Some(skip) = skip.and_then(|skip| usize::try_from(skip).ok()) {
        *counter = (*counter).min(skip);
    }
}
