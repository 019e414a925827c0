//! NIST PKITS 1.0.1 before certval: where a second validator agrees with the outcomes that `esign` is held to, the suite
//! is read rightly.

use std::path::Path;

use certval::{
    CertFile, CertSource, CertVector, CertificationPathResults, CertificationPathSettings, MemoryCrlSource,
    PDVCertificate, PkiEnvironment, TaSource, TimeOfInterest, check_revocation_local,
};
use serde_json::Value;

const NOW: u64 = 1_609_459_200; // 2021-01-01

/// Cases that certval judges otherwise than the suite, and why. All but 4.15.4 are sound cases it refuses.
const DIFFERENCES: &[(&[&str], &str)] = &[
    (&["4.1.4", "4.1.5"], "DSA is not known there, nor here"),
    (&["4.2.3"], "its time type holds nothing before 1970"),
    (
        &[
            "4.4.19", "4.5.1", "4.5.4", "4.5.6", "4.9.6", "4.11.7", "4.12.7", "4.12.9", "4.13.19",
        ],
        "the list and the certificate are signed with different keys of one authority",
    ),
    (
        &["4.6.15", "4.6.17"],
        "its path building counts self-issued certificates against the path length; and, as above, two keys",
    ),
    (
        &["4.14.4", "4.14.5", "4.14.7"],
        "a distribution point named relative to the issuer",
    ),
    (
        &["4.14.18", "4.14.19"],
        "lists of some reasons only are not added up",
    ),
    (
        &["4.14.24", "4.14.25", "4.14.28", "4.14.29", "4.14.30", "4.14.33"],
        "indirect lists",
    ),
    (&["4.15.5"], "delta lists are not read"),
    // the one false accept
    (&["4.15.4"], "revoked in the delta list alone"),
];

fn names(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn file(root: &Path, folder: &str, name: &str, ending: &str) -> CertFile {
    let filename = format!("{name}.{ending}");
    let bytes = std::fs::read(root.join(folder).join(&filename)).unwrap();
    CertFile { filename, bytes }
}

fn settings(case: &Value, policies: &Value) -> CertificationPathSettings {
    let is_set = |input: &str| case[input] == Value::Bool(true);
    let mut settings = CertificationPathSettings::new();
    settings.set_time_of_interest(TimeOfInterest::from_unix_secs(NOW).unwrap());
    settings.set_initial_explicit_policy_indicator(is_set("initial_explicit_policy"));
    settings.set_initial_policy_mapping_inhibit_indicator(is_set("initial_policy_mapping_inhibit"));
    settings.set_initial_inhibit_any_policy_indicator(is_set("initial_inhibit_any_policy"));
    let initial: Vec<String> = names(&case["initial_policy_set"])
        .map(|name| policies[name].as_str().unwrap().to_owned())
        .collect();
    if !initial.is_empty() {
        settings.set_initial_policy_set(initial);
    }
    settings
}

/// Whether any path that certval builds of the case's certificates is sound, revocation included.
fn accepts(root: &Path, case: &Value, policies: &Value) -> bool {
    let settings = settings(case, policies);
    let certificates: Vec<CertFile> = names(&case["chain"])
        .map(|name| file(root, "certs", name, "crt"))
        .collect();
    let [anchor, between @ .., target] = certificates.as_slice() else {
        panic!("no chain: {case}")
    };
    let Ok(target) = PDVCertificate::try_from(target.bytes.as_slice()) else {
        return false;
    };

    let mut environment = PkiEnvironment::new();
    environment.populate_5280_pki_environment();
    let mut anchors = TaSource::new();
    anchors.push(anchor.clone());
    anchors.initialize().unwrap();
    environment.add_trust_anchor_source(Box::new(anchors));
    let mut pool = CertSource::new();
    for certificate in between {
        pool.push(certificate.clone());
    }
    pool.initialize(&settings).unwrap();
    pool.find_all_partial_paths(&environment, &settings);
    environment.add_certificate_source(Box::new(pool));
    let lists = MemoryCrlSource::new();
    for name in names(&case["crls"]) {
        lists.add(&file(root, "crls", name, "crl").bytes);
    }
    environment.add_crl_source(Box::new(lists));

    let mut paths = Vec::new();
    let built = environment.get_paths_for_target(&target, &mut paths, 0, settings.get_time_of_interest());
    built.is_ok()
        && paths.iter().any(|path| {
            let mut results = CertificationPathResults::new();
            environment
                .validate_path(&environment, &settings, path, &mut results)
                .and_then(|()| check_revocation_local(&environment, &settings, path, &mut results))
                .is_ok()
        })
}

#[test]
fn crt_7_pkits_beside_certval() {
    let root = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/vectors/pkits"
    ));
    let Ok(suite) = std::fs::read(root.join("pkits.json")) else {
        println!("skipped: no PKITS vectors at {}", root.display());
        return;
    };
    let suite: Value = serde_json::from_slice(&suite).unwrap();
    let cases = suite["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 249);
    let mut found: Vec<&str> = cases
        .iter()
        .filter(|case| {
            accepts(root, case, &suite["policy_oids"]) != case["should_validate"].as_bool().unwrap()
        })
        .map(|case| case["test"].as_str().unwrap())
        .collect();
    let mut listed: Vec<&str> = DIFFERENCES
        .iter()
        .flat_map(|(numbers, _)| numbers.iter().copied())
        .collect();
    found.sort_unstable();
    listed.sort_unstable();
    assert_eq!(found, listed);
}
