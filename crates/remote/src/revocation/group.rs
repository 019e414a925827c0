use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use esign::certificate::Certificate;
use esign::path::{self, PolicyInputs, Query, RevocationQuery, SignatureCache};
use esign::provider;
use esign::revocation::{Evidence, Finding, OcspResponse};
use esign::time::UnixTime;
use esign::trust::{AnchorGroup, RevocationPolicy, RevocationRule, TrustStore, UnknownStatus};
use esign::verdict::{Code, Verdict};
use tokio::task::JoinSet;

use super::{Sources, UnusableList};
use crate::crl::{self, List, Source};
use crate::http::{Endpoint, HttpClient};
use crate::ocsp::{self, Responder};

/// Addresses of responders that certificates of one group may bring into use.
const MAX_RESPONDERS: usize = 16;

/// The sources of one anchor group.
pub(super) struct Group {
    sources: Sources,
    lists: Vec<List>,
    responders: Mutex<BTreeMap<Endpoint, Arc<Responder>>>,
    max_age: Duration,
    min_rsa_bits: usize,
}

impl Group {
    pub(super) fn open(
        sources: Sources,
        folder: &Path,
        trust: &Arc<TrustStore>,
    ) -> Result<Self, UnusableList> {
        let rules = trust.groups().iter().find(|group| group.id == sources.group);
        let lists = sources
            .lists
            .iter()
            .map(|source| List::new(source.clone(), folder));
        let group = Self {
            lists: lists.collect(),
            responders: Mutex::default(),
            max_age: rules.map_or(RevocationPolicy::MAX_AGE, |rules| rules.revocation.max_age),
            min_rsa_bits: rules.map_or(2048, |rules: &AnchorGroup| rules.min_rsa_bits),
            sources,
        };
        for endpoint in &group.sources.responders {
            group.responder(endpoint);
        }
        let judge = group.judge(trust);
        for list in &group.lists {
            match (list.source(), list.load(&judge)) {
                (_, Ok(())) => {}
                (Source::File(_), Err(error)) => {
                    let source_name = list.source().to_string();
                    return Err(UnusableList { source_name, error });
                }
                (Source::Web(_), Err(error)) => {
                    tracing::warn!(source = %list.source(), %error, "the list fetched last cannot be used");
                    list.lack(&error);
                }
            }
        }
        Ok(group)
    }

    pub(super) fn id(&self) -> &str {
        &self.sources.group
    }

    pub(super) fn lists(&self) -> &[List] {
        &self.lists
    }

    pub(super) fn responders(&self) -> Vec<Arc<Responder>> {
        self.known().values().cloned().collect()
    }

    pub(super) fn has_responders(&self) -> bool {
        !self.sources.responders.is_empty() || !self.sources.responder_hosts.is_empty()
    }

    /// Everything the lists say now.
    pub(super) fn evidence(&self) -> Evidence {
        self.lists.iter().flat_map(|list| list.state().crls).collect()
    }

    /// A list counts if an authority of the group signed it: not every list comes over a protected connection.
    pub(super) fn judge(&self, trust: &Arc<TrustStore>) -> crl::Judge {
        let (trust, id) = (trust.clone(), self.sources.group.clone());
        Arc::new(move |crl| trust.has_signed(&id, crl, provider::native()))
    }

    /// Answers about the certificates of a path, all asked for at once.
    pub(super) async fn ask(&self, http: &HttpClient, path: &[Certificate], now: UnixTime) -> Evidence {
        let mut asking = JoinSet::new();
        for (place, pair) in path.windows(2).enumerate() {
            let [certificate, issuer] = pair else { continue };
            for responder in self.responders_for(certificate, place) {
                let (http, certificate, issuer) = (http.clone(), certificate.clone(), issuer.clone());
                let judge = self.decides(&certificate, &issuer, now);
                asking.spawn(async move { responder.ask(&http, &certificate, &issuer, &judge, now).await });
            }
        }
        let mut evidence = Evidence::new();
        while let Some(answer) = asking.join_next().await {
            if let Ok(Some(response)) = answer {
                evidence = evidence.with_ocsp(response);
            }
        }
        evidence
    }

    /// The configured responders for people; other ones only where their host is listed (threat NET-1).
    fn responders_for(&self, certificate: &Certificate, place: usize) -> Vec<Arc<Responder>> {
        let named = certificate.ocsp_responders();
        let named: Vec<Endpoint> = named.iter().filter_map(|text| text.parse().ok()).collect();
        let configured = &self.sources.responders;
        let chosen: Vec<&Endpoint> = if place == 0 && !configured.is_empty() {
            let is_named = |own: &&Endpoint| named.iter().any(|named| is_host(named, own.host()));
            let fitting: Vec<_> = configured.iter().filter(is_named).collect();
            if fitting.is_empty() {
                configured.iter().collect()
            } else {
                fitting
            }
        } else {
            let mut hosts = self.sources.responder_hosts.iter();
            let is_listed = |named: &&Endpoint| hosts.any(|host| is_host(named, host));
            named.iter().find(is_listed).into_iter().collect()
        };
        let responders = chosen.into_iter().filter_map(|endpoint| self.responder(endpoint));
        responders.collect()
    }

    fn responder(&self, endpoint: &Endpoint) -> Option<Arc<Responder>> {
        let mut known = self.known();
        if known.len() >= MAX_RESPONDERS && !known.contains_key(endpoint) {
            return None;
        }
        let new = || Arc::new(Responder::new(endpoint.clone()));
        Some(known.entry(endpoint.clone()).or_insert_with(new).clone())
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<Endpoint, Arc<Responder>>> {
        self.responders.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A response is remembered if it decides about the certificate: alone, or where its signer's own status has to be
    /// known, together with the lists.
    fn decides(&self, certificate: &Certificate, issuer: &Certificate, now: UnixTime) -> ocsp::Judge {
        let (certificate, issuer, lists) = (certificate.clone(), issuer.clone(), self.evidence());
        let (max_age, min_rsa_bits) = (self.max_age, self.min_rsa_bits);
        Arc::new(move |response: &OcspResponse| {
            let alone = Evidence::new().with_ocsp(response.clone());
            [alone.clone(), lists.clone().and(&alone)].iter().any(|evidence| {
                let query = Query {
                    target: &certificate,
                    anchors: std::slice::from_ref(&issuer),
                    candidates: Vec::new(),
                    at: now,
                    revocation: RevocationQuery {
                        max_age,
                        ..RevocationQuery::now(RevocationRule::Required {
                            unknown: UnknownStatus::Refuse,
                        })
                    },
                    evidence,
                    policy: PolicyInputs::default(),
                    min_rsa_bits,
                };
                match path::validate(&query, provider::native(), &SignatureCache::default()) {
                    Verdict::Valid(path) => path.findings().iter().any(|finding| rests_on(finding, response)),
                    Verdict::Invalid(code) => is_about_status(code),
                    Verdict::Unknown(_) => false,
                }
            })
        })
    }
}

fn is_host(endpoint: &Endpoint, host: &str) -> bool {
    endpoint.host().eq_ignore_ascii_case(host)
}

fn rests_on(finding: &Finding, response: &OcspResponse) -> bool {
    let is_it = |source: &esign::revocation::Source| matches!(source, esign::revocation::Source::Ocsp(other) if other.fingerprint() == response.fingerprint());
    finding.sources.iter().any(is_it)
}

/// The certificate was revoked or put on hold, or its issuer does not know it.
const fn is_about_status(code: Code) -> bool {
    matches!(
        code,
        Code::CertificateRevoked | Code::CertificateUnknownToAuthority
    )
}
