//! NIST PKITS 1.0.1: every case, with the revocation lists the suite gives.

use std::collections::BTreeMap;

use esign::asn1::{Oid, oids};
use esign::certificate::Certificate;
use esign::path::{self, PolicyInputs, Query, RevocationQuery, SignatureCache};
use esign::provider;
use esign::revocation::{Crl, Evidence};
use esign::time::UnixTime;
use esign::trust::{RevocationRule, UnknownStatus};
use esign::verdict::{Code, Verdict};
use serde_json::Value;

use crate::vectors;

const NOW: UnixTime = UnixTime(1_609_459_200); // 2021-01-01
const ASKED: RevocationRule = RevocationRule::Required {
    unknown: UnknownStatus::Refuse,
};

struct Case {
    number: String,
    chain: Vec<Certificate>,
    evidence: Evidence,
    initial: Vec<Vec<u8>>,
    inputs: Value,
    should_validate: bool,
}

impl Case {
    fn verdict(&self, revocation: RevocationRule) -> Verdict<path::Path> {
        let (anchor, rest) = self.chain.split_first().unwrap();
        let (target, between) = rest.split_last().unwrap();
        let set = |name| self.inputs[name] == Value::Bool(true);
        let initial: Vec<Oid<'_>> = self
            .initial
            .iter()
            .map(|content| Oid::from_content(content).unwrap())
            .collect();
        let query = Query {
            target,
            anchors: std::slice::from_ref(anchor),
            candidates: between.iter().collect(),
            at: NOW,
            revocation: RevocationQuery::now(revocation),
            evidence: &self.evidence,
            policy: PolicyInputs {
                initial: initial
                    .into_iter()
                    .filter(|policy| *policy != oids::ANY_POLICY)
                    .collect(),
                require_explicit: set("initial_explicit_policy"),
                inhibit_mapping: set("initial_policy_mapping_inhibit"),
                inhibit_any: set("initial_inhibit_any_policy"),
            },
            min_rsa_bits: 2048,
        };
        path::validate(&query, provider::native(), &SignatureCache::default())
    }
}

fn cases() -> Option<Vec<Case>> {
    let root = vectors("pkits")?;
    let suite: Value = serde_json::from_slice(&std::fs::read(root.join("pkits.json")).unwrap()).unwrap();
    let names = |value: &Value| -> Vec<String> {
        value
            .as_array()
            .into_iter()
            .flatten()
            .map(|name| name.as_str().unwrap().to_owned())
            .collect()
    };
    let read = |folder: &str, name: &str, ending: &str| {
        std::fs::read(root.join(folder).join(format!("{name}.{ending}"))).unwrap()
    };
    let policies: BTreeMap<String, Vec<u8>> = suite["policy_oids"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, dotted)| (name.clone(), crate::oid_content(dotted.as_str().unwrap())))
        .collect();
    let cases = suite["cases"].as_array().unwrap().iter().map(|case| Case {
        number: case["test"].as_str().unwrap().to_owned(),
        // a certificate that cannot be read is no part of any pool
        chain: names(&case["chain"])
            .iter()
            .filter_map(|name| Certificate::parse(read("certs", name, "crt")).ok())
            .collect(),
        evidence: names(&case["crls"])
            .iter()
            .filter_map(|name| Crl::parse(read("crls", name, "crl")).ok())
            .collect(),
        initial: names(&case["initial_policy_set"])
            .iter()
            .map(|name| policies[name].clone())
            .collect(),
        inputs: case.clone(),
        should_validate: case["should_validate"].as_bool().unwrap(),
    });
    Some(cases.collect())
}

/// Sound cases that stay undetermined, and why. None of them is a false accept.
const UNDETERMINED: &[(&[&str], Code, &str)] = &[(
    &["4.1.4", "4.1.5"],
    Code::CertificateUnsupportedAlgorithm,
    "DSA, which no authority here has used for years (threat CRT-8)",
)];

#[test]
fn crt_7_pkits_with_revocation_has_no_false_accept_and_only_known_gaps() {
    let Some(cases) = cases() else { return };
    assert_eq!(cases.len(), 249);
    let mut wrong = Vec::new();
    for case in &cases {
        let verdict = case.verdict(ASKED);
        let gap = UNDETERMINED
            .iter()
            .find(|(numbers, ..)| numbers.contains(&case.number.as_str()));
        let as_expected = match (&verdict, case.should_validate, gap) {
            (Verdict::Valid(_), true, None) | (Verdict::Invalid(_) | Verdict::Unknown(_), false, _) => true,
            (verdict, true, Some((_, expected, _))) => verdict.code() == Some(*expected),
            _ => false,
        };
        if !as_expected {
            wrong.push(format!(
                "{} should {}: {:?}",
                case.number,
                case.should_validate,
                verdict.code()
            ));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Whether the fault of an invalid case lies in the revocation data alone.
fn is_about_revocation(number: &str) -> bool {
    let sections = ["4.4.", "4.5.", "4.14.", "4.15."];
    let other = ["4.7.4", "4.7.5"];
    number != "4.5.8"
        && (other.contains(&number) || sections.iter().any(|section| number.starts_with(section)))
}

#[test]
fn crt_7_pkits_without_revocation_accepts_exactly_what_paths_allow() {
    let Some(cases) = cases() else { return };
    let mut wrong = Vec::new();
    for case in &cases {
        let verdict = case.verdict(RevocationRule::NotAsked);
        let expected = case.should_validate || is_about_revocation(&case.number);
        let dsa = matches!(verdict, Verdict::Unknown(Code::CertificateUnsupportedAlgorithm));
        if !dsa && matches!(verdict, Verdict::Valid(_)) != expected {
            wrong.push(format!("{} should {expected}: {:?}", case.number, verdict.code()));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
