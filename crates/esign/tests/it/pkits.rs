//! NIST PKITS 1.0.1: every case, with the revocation lists the suite gives.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

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
    /// certificates and lists as they lie in the folder
    files: [Vec<PathBuf>; 2],
    chain: Vec<Certificate>,
    evidence: Evidence,
    initial: Vec<Vec<u8>>,
    inputs: Value,
    should_validate: bool,
}

impl Case {
    fn is_set(&self, input: &str) -> bool {
        self.inputs[input] == Value::Bool(true)
    }

    fn verdict(&self, revocation: RevocationRule) -> Verdict<path::Path> {
        let (anchor, rest) = self.chain.split_first().unwrap();
        let (target, between) = rest.split_last().unwrap();
        let set = |name| self.is_set(name);
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
    let paths = |folder: &str, list: &Value, ending: &str| -> Vec<PathBuf> {
        let path = |name| root.join(folder).join(format!("{name}.{ending}"));
        names(list).into_iter().map(path).collect()
    };
    let cases = suite["cases"].as_array().unwrap().iter().map(|case| Case {
        number: case["test"].as_str().unwrap().to_owned(),
        files: [
            paths("certs", &case["chain"], "crt"),
            paths("crls", &case["crls"], "crl"),
        ],
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

impl Case {
    /// What the command line of OpenSSL says of the same files.
    fn openssl(&self, anchor: &Path) -> bool {
        let [certificates, lists] = &self.files;
        let (target, between) = certificates[1..].split_last().unwrap();
        let mut verify = Command::new("openssl");
        verify.args(["verify", "-attime"]).arg(NOW.0.to_string());
        verify.args(["-crl_check_all", "-extended_crl", "-use_deltas", "-policy_check"]);
        verify.args(["-no-CApath", "-no-CAstore", "-CAfile"]).arg(anchor);
        let flags = [
            ("initial_explicit_policy", "-explicit_policy"),
            ("initial_policy_mapping_inhibit", "-inhibit_map"),
            ("initial_inhibit_any_policy", "-inhibit_any"),
        ];
        verify.args(
            flags
                .iter()
                .filter(|(name, _)| self.is_set(name))
                .map(|(_, flag)| flag),
        );
        let any = vec![oids::ANY_POLICY.as_bytes().to_vec()];
        let initial = if self.initial.is_empty() {
            &any
        } else {
            &self.initial
        };
        for policy in initial {
            let policy = Oid::from_content(policy).unwrap();
            verify.arg("-policy").arg(policy.to_string());
        }
        for file in between {
            verify.arg("-untrusted").arg(file);
        }
        for file in lists {
            verify.arg("-CRLfile").arg(file);
        }
        verify.arg(target).output().unwrap().status.success()
    }
}

/// Cases that OpenSSL 3 judges otherwise, and who is right.
const OPENSSL_DIFFERS: &[(&str, &str)] = &[
    ("4.1.4", "DSA is sound there and not known here"),
    (
        "4.14.30",
        "the suite calls it sound: the list covers the certificate of whoever signed it",
    ),
];

#[test]
fn crt_7_pkits_beside_openssl() {
    let Some(cases) = cases() else { return };
    let (one, other) = cases.split_at(cases.len() / 2);
    // the one anchor of the suite; the lists' signers are looked for only beside anchors in PEM
    let folder = tempfile::tempdir().unwrap();
    let anchor = folder.path().join("anchor.pem");
    let base64 = data_encoding::BASE64.encode(cases[0].chain[0].der());
    let lines: Vec<&str> = base64
        .as_bytes()
        .chunks(64)
        .map(|line| str::from_utf8(line).unwrap())
        .collect();
    let pem = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        lines.join("\n")
    );
    std::fs::write(&anchor, pem).unwrap();
    let differing = |cases: &[Case]| -> Vec<String> {
        cases
            .iter()
            .filter(|case| matches!(case.verdict(ASKED), Verdict::Valid(_)) != case.openssl(&anchor))
            .map(|case| case.number.clone())
            .collect()
    };
    let mut found = std::thread::scope(|scope| {
        let half = scope.spawn(|| differing(one));
        let rest = differing(other);
        [half.join().unwrap(), rest].concat()
    });
    found.sort_unstable();
    let expected: Vec<&str> = OPENSSL_DIFFERS.iter().map(|(number, _)| *number).collect();
    assert_eq!(found, expected);
}
