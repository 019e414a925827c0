//! `kabinet verify` over messages made by the OpenSSL command line.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A folder with a root, a signer and a signed document.
struct Signed(TempDir);

const EC: [&str; 4] = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];

impl Signed {
    fn new() -> Self {
        let made = Self(tempfile::tempdir().unwrap());
        let root = [
            "req", "-x509", "-nodes", "-days", "3000", "-keyout", "root.key", "-out", "root.pem",
        ];
        made.openssl(&[&root[..], &EC, &["-subj", "/C=KZ/CN=Root"]].concat());
        let subject = "/CN=ИВАНОВ ИВАН/serialNumber=IIN900101300007";
        let request = [
            "req",
            "-nodes",
            "-utf8",
            "-keyout",
            "signer.key",
            "-out",
            "signer.csr",
            "-subj",
            subject,
        ];
        made.openssl(&[&request[..], &EC].concat());
        made.write(
            "extensions",
            "keyUsage=critical,digitalSignature\nextendedKeyUsage=emailProtection\n",
        );
        let issue = [
            "x509",
            "-req",
            "-in",
            "signer.csr",
            "-CA",
            "root.pem",
            "-CAkey",
            "root.key",
            "-days",
            "900",
        ];
        let serial = [
            "-set_serial",
            "0x1a2b",
            "-extfile",
            "extensions",
            "-out",
            "signer.pem",
        ];
        made.openssl(&[&issue[..], &serial].concat());
        made.write("contract.txt", "договор");
        made.sign("contract.p7s", &["-outform", "DER"]);
        made
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap();
    }

    fn openssl(&self, arguments: &[&str]) {
        let output = Command::new("openssl")
            .args(arguments)
            .current_dir(self.path())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    fn sign(&self, out: &str, more: &[&str]) {
        let sign = [
            "cms",
            "-sign",
            "-binary",
            "-in",
            "contract.txt",
            "-signer",
            "signer.pem",
        ];
        self.openssl(&[&sign[..], &["-inkey", "signer.key", "-out", out], more].concat());
    }

    /// An empty list of the root, or one that revokes the signer.
    fn list(&self, revoke: bool) {
        self.write("index.txt", "");
        self.write(
            "ca.conf",
            "[ca]\ndefault_ca=a\n[a]\ndatabase=index.txt\ndefault_md=sha256\n",
        );
        let ca = [
            "ca", "-config", "ca.conf", "-keyfile", "root.key", "-cert", "root.pem",
        ];
        if revoke {
            self.openssl(&[&ca[..], &["-revoke", "signer.pem"]].concat());
        }
        self.openssl(&[&ca[..], &["-gencrl", "-crldays", "30", "-out", "root.crl"]].concat());
    }

    fn verify(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_kabinet"))
            .arg("verify")
            .args(arguments)
            .env_remove("LC_ALL")
            .env("LANG", "C.UTF-8")
            .env_remove("LC_MESSAGES")
            .env_remove("TZ")
            .current_dir(self.path())
            .output()
            .unwrap()
    }

    fn json(&self, arguments: &[&str]) -> (Option<i32>, Value) {
        let output = self.verify(&[&["--json", "--anchors", "root.pem"], arguments].concat());
        (
            output.status.code(),
            serde_json::from_slice(&output.stdout).unwrap(),
        )
    }
}

#[test]
fn a_valid_signature_in_every_wrapping() {
    let signed = Signed::new();
    signed.sign("attached.der", &["-outform", "DER", "-nodetach"]);
    signed.sign("streamed.ber", &["-outform", "DER", "-nodetach", "-stream"]);
    signed.sign("attached.pem", &["-outform", "PEM", "-nodetach"]);
    let der = fs::read(signed.path().join("attached.der")).unwrap();
    signed.write("attached.base64", &data_encoding::BASE64.encode(&der));
    for file in ["attached.der", "streamed.ber", "attached.pem", "attached.base64"] {
        let (exit, report) = signed.json(&[file]);
        assert_eq!(
            (exit, &report["verdict"]),
            (Some(0), &Value::from("valid")),
            "{file}: {report:#}"
        );
    }
    let (exit, report) = signed.json(&["--content", "contract.txt", "contract.p7s"]);
    assert_eq!(
        (exit, &report["code"], &report["revocation"]),
        (Some(0), &Value::Null, &Value::from("not_asked"))
    );
    let signer = &report["signers"][0];
    assert_eq!(signer["subject"], "CN=ИВАНОВ ИВАН, serialNumber=IIN900101300007");
    assert_eq!(signer["issuer"], "C=KZ, CN=Root");
    assert_eq!(
        (&signer["serial"], &signer["algorithm"]),
        (&"1A2B".into(), &"ECDSA P-256".into())
    );
    assert_eq!(signer["person_ids"][0]["value"], "900101300007");
    assert_eq!(
        (&signer["verdict"], &signer["code"]),
        (&"valid".into(), &Value::Null)
    );
    assert!(signer["signing_time_claimed"].is_string() && signer["signing_time_proven"].is_null());
}

#[test]
fn anchors_may_be_a_folder() {
    let signed = Signed::new();
    fs::create_dir(signed.path().join("anchors")).unwrap();
    fs::copy(
        signed.path().join("root.pem"),
        signed.path().join("anchors/root.crt"),
    )
    .unwrap();
    let output = signed.verify(&[
        "--anchors",
        "anchors",
        "--content",
        "contract.txt",
        "contract.p7s",
    ]);
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("The signature is valid") && text.contains("--crl"),
        "says what was not looked at: {text}"
    );
}

#[test]
fn lists_and_keys_beside_the_anchors_are_skipped_and_named() {
    let signed = Signed::new();
    signed.list(false);
    signed.openssl(&["crl", "-in", "root.crl", "-outform", "DER", "-out", "list.der"]);
    let anchors = signed.path().join("anchors");
    fs::create_dir(&anchors).unwrap();
    let copy = |from: &str, to: &str| fs::copy(signed.path().join(from), anchors.join(to)).unwrap();
    copy("root.crl", "revoked.pem");
    copy("list.der", "revoked.der");
    copy("root.key", "root-key.pem");
    let verify = || {
        let output = signed.verify(&[
            "--anchors",
            "anchors",
            "--content",
            "contract.txt",
            "contract.p7s",
        ]);
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (exit, said) = verify();
    assert_eq!(exit, Some(3), "nobody is trusted: {said}");
    copy("root.pem", "root.pem");
    let (exit, said) = verify();
    assert_eq!(exit, Some(0), "{said}");
    for skipped in ["revoked.pem", "revoked.der", "root-key.pem"] {
        let skipped = format!("anchors/{skipped}: no certificate; skipped");
        assert!(said.contains(&skipped), "{said}");
    }
    assert!(!said.contains("root.pem"), "{said}");
    let broken = "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n";
    fs::write(anchors.join("broken.pem"), broken).unwrap();
    let (exit, said) = verify();
    assert_eq!(exit, Some(3), "a broken certificate is not passed over: {said}");
}

#[test]
fn invalid_and_undetermined_have_their_own_exit_codes() {
    let signed = Signed::new();
    signed.write("other.txt", "другой договор");
    let (exit, report) = signed.json(&["--content", "other.txt", "contract.p7s"]);
    assert_eq!((exit, &report["code"]), (Some(1), &"cms.digest_mismatch".into()));
    let (exit, report) = signed.json(&["contract.p7s"]);
    assert_eq!((exit, &report["code"]), (Some(2), &"cms.content_missing".into()));
    let at = ["--at", "2001-01-01T00:00:00+05:00"];
    let (exit, report) = signed.json(&[&at[..], &["--content", "contract.txt", "contract.p7s"]].concat());
    assert_eq!(
        (exit, &report["code"]),
        (Some(1), &"certificate.not_yet_valid".into())
    );
    let output = signed.verify(&["--json", "--content", "contract.txt", "contract.p7s"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (output.status.code(), &report["code"]),
        (Some(1), &"certificate.unknown_issuer".into())
    );
}

#[test]
fn lists_once_given_must_cover_the_path() {
    let signed = Signed::new();
    let judge = |list| signed.json(&["--crl", list, "--content", "contract.txt", "contract.p7s"]);
    signed.list(false);
    let (exit, report) = judge("root.crl");
    assert_eq!(
        (exit, &report["revocation"]),
        (Some(0), &"asked".into()),
        "{report:#}"
    );
    let stranger = Signed::new();
    stranger.list(false);
    let foreign = stranger.path().join("root.crl");
    let (exit, report) = judge(foreign.to_str().unwrap());
    assert_eq!(
        (exit, &report["code"]),
        (Some(2), &"revocation.signature_invalid".into())
    );
    signed.list(true);
    let (exit, report) = judge("root.crl");
    assert_eq!((exit, &report["code"]), (Some(1), &"certificate.revoked".into()));
}

#[test]
fn what_cannot_be_read_is_usage() {
    let signed = Signed::new();
    for arguments in [
        &["nowhere.p7s"][..],
        &["--anchors", "nowhere.pem", "contract.p7s"],
        &["--anchors", "contract.txt", "contract.p7s"],
        &["--crl", "contract.txt", "contract.p7s"],
        &["--at", "yesterday", "contract.p7s"],
        &[],
    ] {
        assert_eq!(signed.verify(arguments).status.code(), Some(3), "{arguments:?}");
    }
    let (exit, report) = signed.json(&["contract.txt"]);
    assert_eq!((exit, &report["code"]), (Some(1), &"cms.malformed".into()));
}

#[test]
fn a_person_reads_who_signed_what_was_checked_and_what_to_do() {
    let signed = Signed::new();
    signed.list(false);
    let text = |arguments: &[&str]| {
        let asked = ["--anchors", "root.pem", "--content", "contract.txt"];
        String::from_utf8(signed.verify(&[&asked[..], arguments].concat()).stdout).unwrap()
    };
    let russian = text(&["--language", "ru", "--crl", "root.crl", "contract.p7s"]);
    for part in [
        "✓ Подпись верна",
        "ИВАНОВ ИВАН",
        "ИИН 900101300007",
        "1A2B",
        "не подтверждено: штампа времени нет",
        "сертификат ведёт к доверенному центру: Root",
        "сертификат не был отозван",
        "список отзыва от",
    ] {
        assert!(russian.contains(part), "{part}: {russian}");
    }
    let kazakh = text(&["--language", "kk", "contract.p7s"]);
    assert!(
        kazakh.contains("✓ Қолтаңба жарамды") && kazakh.contains("ЖСН 900101300007"),
        "{kazakh}"
    );
    signed.write("contract.txt", "другой договор");
    let refused = text(&["--language", "ru", "contract.p7s"]);
    for part in [
        "✗ Подпись недействительна",
        "Документ изменён после подписания.",
        "Не полагаться на эту подпись",
        "cms.digest_mismatch, норма: RFC 5652 §5.6, §11.2",
    ] {
        assert!(refused.contains(part), "{part}: {refused}");
    }
}

#[test]
fn a_folder_is_verified_in_one_call_and_the_worst_verdict_is_the_exit() {
    let signed = Signed::new();
    fs::create_dir(signed.path().join("in")).unwrap();
    let copy = |from: &str, to: &str| {
        fs::copy(signed.path().join(from), signed.path().join("in").join(to)).unwrap();
    };
    for number in 0..20 {
        copy("contract.txt", &format!("{number:02}.txt"));
        copy("contract.p7s", &format!("{number:02}.txt.p7s"));
    }
    let judge = |arguments: &[&str]| {
        let output = signed.verify(&[&["--json", "--anchors", "root.pem"], arguments].concat());
        let text = String::from_utf8(output.stdout).unwrap();
        let lines: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        (output.status.code(), lines)
    };
    let (exit, lines) = judge(&["in"]);
    assert_eq!((exit, lines.len()), (Some(0), 20));
    for (number, line) in lines.iter().enumerate() {
        assert_eq!(line["file"], format!("in/{number:02}.txt.p7s"), "in their order");
        assert_eq!(line["content"], format!("in/{number:02}.txt"));
        assert_eq!(line["verdict"], "valid");
    }
    fs::remove_file(signed.path().join("in/07.txt")).unwrap();
    assert_eq!(judge(&["in"]).0, Some(2), "one is not determined");
    signed.write("in/11.txt", "другой договор");
    let (exit, lines) = judge(&["in"]);
    assert_eq!(exit, Some(1), "one is not valid");
    assert_eq!(
        (&lines[11]["code"], &lines[11]["clause"]),
        (&"cms.digest_mismatch".into(), &"RFC 5652 §5.6, §11.2".into())
    );
    let table = signed.verify(&["--anchors", "root.pem", "--language", "en", "in"]);
    let table = String::from_utf8(table.stdout).unwrap();
    assert!(
        table.contains("In all 20: valid 18, not valid 1, not fully verified 1"),
        "{table}"
    );
    assert!(table.contains("was revoked was not asked"), "{table}");
    signed.write("list", "in/00.txt.p7s\nin/nowhere.p7s\n");
    let (exit, lines) = judge(&["--list", "list"]);
    assert_eq!((exit, &lines[1]["code"]), (Some(2), &"file.unreadable".into()));
    let output = signed.verify(&["--content", "contract.txt", "in"]);
    assert_eq!(
        output.status.code(),
        Some(3),
        "one document for many files is a mistake"
    );
}

/// More than fits 31 bits, kept nowhere, and judged in an eighth of its size.
#[test]
fn a_document_of_any_size_is_read_in_blocks() {
    let signed = Signed::new();
    let file = fs::File::create(signed.path().join("contract.txt")).unwrap();
    file.set_len(2_200_000_000).unwrap();
    signed.sign("contract.txt.p7s", &["-outform", "DER"]);
    let judge = || {
        let limited = "ulimit -v 262144 && exec \"$0\" verify --json --anchors root.pem contract.txt.p7s";
        let output = Command::new("sh")
            .args(["-c", limited, env!("CARGO_BIN_EXE_kabinet")])
            .current_dir(signed.path())
            .output()
            .unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        (report["verdict"].clone(), report["code"].clone())
    };
    assert_eq!(judge(), ("valid".into(), Value::Null));
    let openssl = [
        "cms",
        "-verify",
        "-binary",
        "-inform",
        "DER",
        "-in",
        "contract.txt.p7s",
        "-content",
        "contract.txt",
        "-CAfile",
        "root.pem",
        "-out",
        "/dev/null",
    ];
    signed.openssl(&openssl);
    file.set_len(2_200_000_001).unwrap();
    assert_eq!(judge(), ("invalid".into(), "cms.digest_mismatch".into()));
}
