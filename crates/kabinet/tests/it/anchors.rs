//! `kabinet anchors`: threat CRT-10, certificates of authorities are looked at before they are trusted.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer, DnType, IsCa,
    KeyIdMethod, KeyPair, KeyUsagePurpose, SerialNumber, date_time_ymd,
};
use serde_json::Value;
use tempfile::TempDir;

/// An installation with one group that names a folder.
struct Installation(TempDir);

impl Installation {
    fn new() -> Self {
        let made = Self(tempfile::tempdir().unwrap());
        let file = made.path().join("kabinet.toml");
        let run = Command::new(env!("CARGO_BIN_EXE_kabinet"))
            .args(["config", "example"])
            .output()
            .unwrap();
        let example = String::from_utf8(run.stdout).unwrap();
        let example = example
            .replace("\"anchors/root.pem\"", "\"anchors/kz/\"")
            .replace("crls = [\"anchors/authority.crl\"]", "crls = [\"lists/\"]");
        fs::create_dir(made.path().join("lists")).unwrap();
        fs::write(file, example).unwrap();
        made
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path().join(name);
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_kabinet"))
            .arg("anchors")
            .args(arguments)
            .current_dir(self.path())
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    fn json(&self, arguments: &[&str], code: i32) -> Value {
        let output = self.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{said}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn install(&self, file: &str, code: i32) -> Value {
        let arguments = ["install", "--config", "kabinet.toml", "--group", "kz-national"];
        self.json(&[&arguments[..], &["--yes", "--json", file]].concat(), code)
    }

    fn installed(&self) -> Vec<PathBuf> {
        match fs::read_dir(self.path().join("anchors/kz")) {
            Ok(entries) => entries.map(|entry| entry.unwrap().path()).collect(),
            Err(_) => Vec::new(),
        }
    }
}

fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2090, 1, 1);
    params
}

fn root(params: CertificateParams) -> CertifiedIssuer<'static, KeyPair> {
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// The codes of what is wrong with the only certificate.
fn faults(answer: &Value) -> Vec<&str> {
    let faults = answer
        .pointer("/certificates/0/faults")
        .and_then(Value::as_array)
        .unwrap();
    faults
        .iter()
        .map(|fault| fault["code"].as_str().unwrap())
        .collect()
}

#[test]
fn crt_10_a_sound_root_is_shown_and_installed_once() {
    let place = Installation::new();
    let root = root(params("ҰЛТТЫҚ ОРТАЛЫҚ"));
    let file = place.write("new.pem", root.pem());
    let seen = place.json(&["inspect", "--json", &file], 0);
    let about = &seen["certificates"][0];
    assert_eq!(about["self_signed"], true);
    assert_eq!(about["sound"], true);
    assert_eq!(about["authority"], true);
    assert!(about["subject"].as_str().unwrap().contains("ҰЛТТЫҚ ОРТАЛЫҚ"));
    let fingerprint = about["sha256"].as_str().unwrap().to_lowercase();

    let answer = place.install(&file, 0);
    assert_eq!(
        (&answer["outcome"], &answer["added"]),
        (&"installed".into(), &1.into())
    );
    let [installed] = &place.installed()[..] else {
        panic!("{:?}", place.installed())
    };
    let name = installed.file_stem().unwrap().to_str().unwrap();
    assert!(
        fingerprint.starts_with(name),
        "the name says nothing but which one it is"
    );
    assert_eq!(place.install(&file, 0)["added"], 0, "again is the same");
    assert_eq!(place.installed().len(), 1);
}

#[test]
fn crt_10_nothing_is_installed_unseen() {
    let place = Installation::new();
    let file = place.write("new.pem", root(params("Root")).pem());
    let arguments = [
        "install",
        "--config",
        "kabinet.toml",
        "--group",
        "kz-national",
        &file,
    ];
    let asked = place.run(&arguments);
    assert_eq!(asked.status.code(), Some(1));
    let said = String::from_utf8_lossy(&asked.stdout).into_owned();
    assert!(said.contains("Sha256") && said.contains("declined"), "{said}");
    assert!(String::from_utf8_lossy(&asked.stderr).contains("add --yes"));
    assert!(place.installed().is_empty());
}

#[test]
fn crt_10_what_cannot_be_an_anchor_is_refused_with_the_reason() {
    let place = Installation::new();
    let mut person = params("Person");
    person.is_ca = IsCa::ExplicitNoCa;
    let mut reader = params("Reader");
    reader.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    let mut past = params("Past");
    past.not_after = date_time_ymd(2021, 1, 1);
    let mut future = params("Future");
    future.not_before = date_time_ymd(2089, 1, 1);
    for (params, code) in [
        (person, &["anchor.not_authority"][..]),
        (reader, &["anchor.may_not_sign"]),
        (past, &["anchor.expired"]),
        (future, &["anchor.not_yet_valid"]),
    ] {
        let file = place.write("bad.pem", root(params).pem());
        let answer = place.install(&file, 1);
        assert!(faults(&answer).ends_with(code), "{answer}");
        assert_eq!(answer["outcome"], "refused");
    }
    // one bit of the signature
    let mut forged = root(params("Forged")).der().to_vec();
    *forged.last_mut().unwrap() ^= 1;
    let answer = place.install(&place.write("forged.cer", forged), 1);
    assert_eq!(faults(&answer), ["anchor.signature_invalid"]);
    assert!(place.installed().is_empty());
}

#[test]
fn crt_8_a_weak_key_is_no_anchor() {
    let place = Installation::new();
    let made = Command::new("openssl")
        .args([
            "req", "-x509", "-newkey", "rsa:1024", "-nodes", "-days", "30", "-subj", "/CN=Weak",
        ])
        .args(["-keyout", "weak.key", "-out", "weak.pem"])
        .current_dir(place.path())
        .output()
        .unwrap();
    assert!(made.status.success());
    assert_eq!(faults(&place.install("weak.pem", 1)), ["anchor.weak_key"]);
    assert!(place.installed().is_empty());
}

#[test]
fn crt_10_all_of_a_bundle_or_none() {
    let place = Installation::new();
    let mut past = params("Past");
    past.not_after = date_time_ymd(2021, 1, 1);
    let bundle = root(params("Good")).pem() + &root(past).pem();
    let answer = place.install(&place.write("bundle.pem", bundle), 1);
    assert_eq!(answer["certificates"].as_array().unwrap().len(), 2);
    assert!(place.installed().is_empty());
}

#[test]
fn crt_3_a_key_that_another_group_trusts_is_refused() {
    let place = Installation::new();
    let file = place.write("shared.pem", root(params("Shared")).pem());
    let mut config = fs::read_to_string(place.path().join("kabinet.toml")).unwrap();
    config.push_str(
        "\n[[anchor_group]]\nid = \"other\"\nprofile = \"plain\"\nanchors = [\"shared.pem\"]\nrevocation = \"not-asked\"\n",
    );
    place.write("kabinet.toml", config);
    let answer = place.install(&file, 1);
    let remarks = answer["certificates"][0]["remarks"].to_string();
    assert!(remarks.contains("other"), "{remarks}");
    assert!(place.installed().is_empty());
}

#[test]
fn a_group_or_a_file_that_is_not_there_is_usage() {
    let place = Installation::new();
    let file = place.write("new.pem", root(params("Root")).pem());
    let unknown = [
        "install",
        "--config",
        "kabinet.toml",
        "--group",
        "nowhere",
        "--yes",
        &file,
    ];
    let unknown = place.run(&unknown);
    assert_eq!(unknown.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("there are: kz-national"));
    let intermediate = [
        "install",
        "--config",
        "kabinet.toml",
        "--group",
        "kz-national",
        "--intermediate",
    ];
    let no_folder = place.run(&[&intermediate[..], &["--yes", &file]].concat());
    assert_eq!(no_folder.status.code(), Some(3));
    assert!(
        String::from_utf8_lossy(&no_folder.stderr)
            .contains("intermediates = [\"intermediates/kz-national/\"]")
    );
    assert_eq!(place.run(&["inspect", "nothing.pem"]).status.code(), Some(3));
    let text = place.write("text.pem", "no certificate");
    assert_eq!(place.run(&["inspect", &text]).status.code(), Some(3));
}

/// An empty list of 2024, until that year.
fn list(root: &CertifiedIssuer<'static, KeyPair>, next_year: i32) -> Vec<u8> {
    let list = CertificateRevocationListParams {
        this_update: date_time_ymd(2024, 1, 1),
        next_update: date_time_ymd(next_year, 1, 1),
        crl_number: SerialNumber::from(0x0102),
        issuing_distribution_point: None,
        revoked_certs: Vec::new(),
        key_identifier_method: KeyIdMethod::Sha256,
    };
    list.signed_by(root).unwrap().der().to_vec()
}

#[test]
fn net_4_the_list_says_how_fresh_revocation_lists_are() {
    let place = Installation::new();
    let root = root(params("Root"));
    place.install(&place.write("root.pem", root.pem()), 0);
    let arguments = ["list", "--config", "kabinet.toml", "--json"];
    for (next_year, state, code) in [(2090, "fresh", 0), (2025, "stale", 1)] {
        place.write("lists/root.crl", list(&root, next_year));
        let answer = place.json(&arguments, code);
        let group = &answer["groups"][0];
        assert_eq!(group["id"], "kz-national");
        assert_eq!(group["anchors"][0]["sound"], true);
        let lists = &group["revocation_lists"][0];
        assert_eq!(lists["state"], state);
        assert_eq!(lists["number"], "0102");
        assert_eq!(lists["this_update"], "2024-01-01T00:00:00Z");
    }
    let shown = place.run(&arguments[..3]);
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(
        shown.contains("stale") && shown.contains("kz-national"),
        "{shown}"
    );
}

#[test]
fn net_5_the_list_says_what_was_fetched_in_the_background_and_what_was_not() {
    let place = Installation::new();
    let root = root(params("Root"));
    place.install(&place.write("root.pem", root.pem()), 0);
    let address = "http://crl.pki.example/authority.crl";
    let config = fs::read_to_string(place.path().join("kabinet.toml")).unwrap();
    let fetched = format!("crl_sources = [\"{address}\"]");
    place.write("kabinet.toml", config.replace("crls = [\"lists/\"]", &fetched));
    let arguments = ["list", "--config", "kabinet.toml", "--json"];
    let seen = |code| place.json(&arguments, code)["groups"][0]["revocation_lists"][0].clone();
    let never = seen(1);
    assert_eq!(
        (&never["source"], &never["state"], &never["problem"]),
        (&address.into(), &"missing".into(), &Value::Null)
    );
    let digest = esign::provider::sha256(address.as_bytes());
    let name = data_encoding::HEXLOWER.encode(&digest[..16]);
    fs::create_dir(place.path().join("revocation")).unwrap();
    let kept = format!("revocation/{name}.crl");
    for (next_year, state, code) in [(2090, "fresh", 0), (2025, "stale", 1)] {
        place.write(&kept, list(&root, next_year));
        let seen = seen(code);
        assert_eq!(
            (&seen["source"], &seen["state"], &seen["number"]),
            (&address.into(), &state.into(), &"0102".into())
        );
    }
    place.write(&kept, "<html>");
    let unusable = seen(1);
    assert_eq!(unusable["state"], "missing");
    assert!(
        unusable["problem"].as_str().unwrap().contains("page"),
        "{unusable}"
    );
}

#[test]
fn the_authorities_of_kazakhstan_are_sound_anchors() {
    let vectors = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/vectors/kz-nuc-test"
    ));
    if !vectors.is_dir() {
        println!("skipped: {} is absent", vectors.display());
        return;
    }
    let place = Installation::new();
    let file = |name: &str| vectors.join(name).to_str().unwrap().to_owned();
    let (root, issuer) = (file("root_test_gost_2022.cer"), file("nca_gost2022_test.cer"));
    let answer = place.json(&["inspect", "--json", &root, &issuer], 0);
    assert_eq!(answer["certificates"][0]["self_signed"], true);
    assert_eq!(answer["certificates"][1]["self_signed"], false);
    place.install(&root, 0);
}

/// The folders that a section names.
fn folders(section: &str) -> Vec<&str> {
    let texts = section.split('"').skip(1).step_by(2);
    texts
        .filter(|text| text.ends_with('/') && !text.contains("://"))
        .collect()
}

#[test]
fn the_documented_sections_are_complete() {
    let documents = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/anchor-groups"));
    for state in ["kazakhstan", "russia", "eidas"] {
        let place = Installation::new();
        let section = fs::read_to_string(documents.join(state).with_extension("toml")).unwrap();
        let config = fs::read_to_string(place.path().join("kabinet.toml")).unwrap();
        let (head, _) = config.split_once("[[anchor_group]]").unwrap();
        place.write("kabinet.toml", format!("{head}{section}"));
        for folder in folders(&section) {
            fs::create_dir_all(place.path().join(folder)).unwrap();
        }
        let id = section
            .lines()
            .find_map(|line| line.strip_prefix("id = \"")?.strip_suffix('"'))
            .unwrap();
        let root = place.write("root.pem", root(params("Root")).pem());
        let install = [
            "install",
            "--config",
            "kabinet.toml",
            "--yes",
            "--group",
            id,
            &root,
        ];
        assert_eq!(place.run(&install).status.code(), Some(0), "{state}");
        let checked = Command::new(env!("CARGO_BIN_EXE_kabinet"))
            .args(["config", "check", "--config", "kabinet.toml"])
            .current_dir(place.path())
            .output()
            .unwrap();
        assert!(
            checked.status.success(),
            "{state}: {}",
            String::from_utf8_lossy(&checked.stderr)
        );
        let page = fs::read_to_string(documents.join(state).with_extension("md")).unwrap();
        assert!(
            page.contains(&format!("--group {id}")),
            "{state}.md speaks of this group"
        );
    }
}
