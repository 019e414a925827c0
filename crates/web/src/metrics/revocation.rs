//! How fresh the knowledge of revocation is.

use esign::time::UnixTime;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use remote::revocation::Report;

#[derive(Default)]
pub(super) struct RevocationMetrics {
    age: Family<Source, Gauge>,
    left: Family<Source, Gauge>,
    failures: Family<Source, Gauge>,
    questions: Family<Answered, Gauge>,
    resting: Family<Source, Gauge>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Source {
    group: String,
    source: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    group: String,
    source: String,
    outcome: &'static str,
}

impl RevocationMetrics {
    pub(super) fn register(&self, registry: &mut Registry) {
        registry.register(
            "crl_age_seconds",
            "Time since the list in use was issued",
            self.age.clone(),
        );
        registry.register(
            "crl_left_seconds",
            "Time until the list in use is out of date; negative after",
            self.left.clone(),
        );
        registry.register(
            "crl_failures",
            "How often in a row the list was asked for in vain",
            self.failures.clone(),
        );
        registry.register(
            "ocsp_questions",
            "Questions about certificates since the start by what became of them",
            self.questions.clone(),
        );
        registry.register(
            "ocsp_resting",
            "1: the responder failed and is left alone for a while",
            self.resting.clone(),
        );
    }

    pub(super) fn set(&self, report: &Report, now: UnixTime) {
        for list in &report.lists {
            let source = Source {
                group: list.group.clone(),
                source: list.source.clone(),
            };
            self.failures.get_or_create(&source).set(list.failures.into());
            if let Some(issued) = list.issued {
                self.age
                    .get_or_create(&source)
                    .set(now.0.saturating_sub(issued.0));
            }
            if let Some(next) = list.next {
                self.left.get_or_create(&source).set(next.0.saturating_sub(now.0));
            }
        }
        for responder in &report.responders {
            let source = Source {
                group: responder.group.clone(),
                source: responder.address.clone(),
            };
            self.resting.get_or_create(&source).set(responder.rests.into());
            let counts = responder.counts;
            for (outcome, count) in [
                ("remembered", counts.remembered),
                ("answered", counts.answered),
                ("failed", counts.failed),
            ] {
                let answered = Answered {
                    group: source.group.clone(),
                    source: source.source.clone(),
                    outcome,
                };
                let count = i64::try_from(count).unwrap_or(i64::MAX);
                self.questions.get_or_create(&answered).set(count);
            }
        }
    }
}
