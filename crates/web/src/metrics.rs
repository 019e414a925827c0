//! What the operator's monitoring sees. Routes are templates and outcomes are codes: nothing here names a person.

mod revocation;

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use esign::time::UnixTime;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use remote::revocation::Report;

use self::revocation::RevocationMetrics;

const SECONDS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// All counters of the web room.
pub struct Metrics {
    registry: Registry,
    requests: Family<Request, Counter>,
    seconds: Family<Route, Histogram, fn() -> Histogram>,
    sign_ins: Family<Outcome, Counter>,
    waiting: Family<PoolName, Gauge>,
    outbox: Family<State, Gauge>,
    sms_prefixes_stopped: Gauge,
    database: Gauge<f64, AtomicU64>,
    revocation: RevocationMetrics,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    method: &'static str,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct PoolName {
    pool: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct State {
    state: &'static str,
}

impl Metrics {
    /// All at zero.
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("kabinet");
        let histogram: fn() -> Histogram = || Histogram::new(SECONDS);
        let metrics = Self {
            requests: Family::default(),
            seconds: Family::new_with_constructor(histogram),
            sign_ins: Family::default(),
            waiting: Family::default(),
            outbox: Family::default(),
            sms_prefixes_stopped: Gauge::default(),
            database: Gauge::default(),
            revocation: RevocationMetrics::default(),
            registry: Registry::default(),
        };
        registry.register(
            "requests",
            "Answers by route and status",
            metrics.requests.clone(),
        );
        registry.register(
            "request_seconds",
            "Time to the answer by route",
            metrics.seconds.clone(),
        );
        registry.register(
            "sign_ins",
            "Sign-ins by method and outcome code",
            metrics.sign_ins.clone(),
        );
        registry.register(
            "pool_waiting",
            "Tasks waiting for a costly check",
            metrics.waiting.clone(),
        );
        registry.register(
            "outbox_messages",
            "Messages in the outbox by state",
            metrics.outbox.clone(),
        );
        registry.register(
            "sms_prefixes_stopped",
            "Ranges of phone numbers that get no more codes because hardly anybody types them",
            metrics.sms_prefixes_stopped.clone(),
        );
        registry.register(
            "database_probe_seconds",
            "Time of one durable write",
            metrics.database.clone(),
        );
        metrics.revocation.register(&mut registry);
        Self { registry, ..metrics }
    }

    pub(crate) fn request(&self, method: &'static str, route: &str, status: u16, took: Duration) {
        self.requests
            .get_or_create(&Request {
                method,
                route: route.to_owned(),
                status,
            })
            .inc();
        self.seconds
            .get_or_create(&Route {
                route: route.to_owned(),
            })
            .observe(took.as_secs_f64());
    }

    pub(crate) fn sign_in(&self, method: &'static str, outcome: &'static str) {
        self.sign_ins.get_or_create(&Outcome { method, outcome }).inc();
    }

    pub(crate) fn pool(&self, pool: &'static str, waiting: usize) {
        self.waiting
            .get_or_create(&PoolName { pool })
            .set(i64::try_from(waiting).unwrap_or(i64::MAX));
    }

    pub(crate) fn sms_prefixes_stopped(&self, count: usize) {
        self.sms_prefixes_stopped
            .set(i64::try_from(count).unwrap_or(i64::MAX));
    }

    pub(crate) fn outbox(&self, state: &'static str, count: u64) {
        self.outbox
            .get_or_create(&State { state })
            .set(i64::try_from(count).unwrap_or(i64::MAX));
    }

    pub(crate) fn database(&self, took: Duration) {
        self.database.set(took.as_secs_f64());
    }

    pub(crate) fn revocation(&self, report: &Report, now: UnixTime) {
        self.revocation.set(report, now);
    }

    /// The exposition text.
    pub(crate) fn encode(&self) -> String {
        let mut page = String::new();
        // Writing into a `String` does not fail; a half page would still be read by line.
        let _ = text::encode(&mut page, &self.registry);
        page
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}
