//! `kabinet inspect` over files made by the OpenSSL command line and over the vectors of states' authorities.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

fn inspect(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kabinet"))
        .arg("inspect")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn items(folder: &Path, arguments: &[&str]) -> (Option<i32>, Vec<Value>) {
    let output = inspect(folder, &[&["--json"], arguments].concat());
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    (
        output.status.code(),
        answer.get("items").unwrap().as_array().unwrap().clone(),
    )
}

fn openssl(folder: &Path, arguments: &[&str]) {
    let output = Command::new("openssl")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn keys() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let made = [
        "req",
        "-x509",
        "-nodes",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-days",
        "30",
        "-keyout",
        "key.pem",
        "-out",
        "cert.pem",
        "-subj",
        "/C=KZ/CN=Signer",
        "-addext",
        "keyUsage=critical,digitalSignature",
    ];
    openssl(folder.path(), &made);
    folder
}

#[test]
fn a_pem_file_shows_each_block_and_no_private_part() {
    let folder = keys();
    let key = std::fs::read(folder.path().join("key.pem")).unwrap();
    let certificate = std::fs::read(folder.path().join("cert.pem")).unwrap();
    std::fs::write(folder.path().join("both.pem"), [key, certificate].concat()).unwrap();
    let (exit, items) = items(folder.path(), &["both.pem"]);
    assert_eq!(exit, Some(0));
    assert_eq!(items[0]["kind"], "private_key");
    assert_eq!(items[0].as_object().unwrap().len(), 2, "a kind and a note");
    assert_eq!(
        (&items[1]["kind"], &items[1]["key"]),
        (&"certificate".into(), &"ECDSA P-256".into())
    );
    let usage = items[1]["extensions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|extension| extension["name"] == "keyUsage")
        .unwrap();
    assert_eq!(
        (&usage["critical"], &usage["value"][0]),
        (&true.into(), &"digitalSignature".into())
    );
    let text = String::from_utf8(inspect(folder.path(), &["cert.pem"]).stdout).unwrap();
    assert!(text.contains("keyUsage (critical):  digitalSignature"), "{text}");
}

#[test]
fn a_container_opens_with_its_password_file() {
    let folder = keys();
    let export = [
        "pkcs12",
        "-export",
        "-inkey",
        "key.pem",
        "-in",
        "cert.pem",
        "-passout",
        "pass:secret",
        "-out",
        "key.p12",
    ];
    openssl(folder.path(), &export);
    std::fs::write(folder.path().join("right"), "secret\n").unwrap();
    std::fs::write(folder.path().join("wrong"), "geheim\n").unwrap();
    let (exit, closed) = items(folder.path(), &["key.p12"]);
    assert_eq!((exit, &closed[0]["kind"]), (Some(0), &"pkcs12".into()));
    assert!(closed[0].get("keys").is_none() && closed[0]["parts"].as_array().unwrap().len() == 2);
    let (_, opened) = items(folder.path(), &["--password-file", "right", "key.p12"]);
    assert_eq!(opened[0]["keys"][0]["certificate"]["subject"], "C=KZ, CN=Signer");
    let (_, refused) = items(folder.path(), &["--password-file", "wrong", "key.p12"]);
    assert_eq!(refused[0]["not_opened"]["code"], "key_file.wrong_password");
}

#[test]
fn a_broken_file_gets_code_clause_and_place() {
    let folder = keys();
    openssl(
        folder.path(),
        &[
            "cms",
            "-sign",
            "-binary",
            "-nodetach",
            "-in",
            "cert.pem",
            "-signer",
            "cert.pem",
            "-inkey",
            "key.pem",
            "-outform",
            "DER",
            "-out",
            "signed.cms",
        ],
    );
    let mut message = std::fs::read(folder.path().join("signed.cms")).unwrap();
    message.truncate(message.len() - 5);
    std::fs::write(folder.path().join("short.cms"), message).unwrap();
    let (exit, broken) = items(folder.path(), &["short.cms"]);
    assert_eq!(
        (exit, &broken[0]["seems_to_be"], &broken[0]["code"]),
        (Some(1), &"cms".into(), &"cms.malformed".into())
    );
    assert_eq!(broken[0]["clause"], "RFC 5652 §3, §5.1");
    assert!(
        broken[0]["place"]
            .as_str()
            .unwrap()
            .ends_with("signerInfo.signature"),
        "{broken:#?}"
    );
    assert_eq!(inspect(folder.path(), &["nowhere"]).status.code(), Some(3));
}

#[test]
fn files_of_authorities_are_told_apart() {
    let vectors: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../../../shared/vectors"]
        .iter()
        .collect();
    if !vectors.is_dir() {
        eprintln!("skipped: the vectors are not here");
        return;
    }
    for (file, kind, key, value) in [
        (
            "kz-nuc-test/nca_gost2022_test.cer",
            "certificate",
            "key",
            "GOST R 34.10-2015 (512)",
        ),
        (
            "kz-nuc-test/nca_gost2022_test.crl",
            "revocation_list",
            "signature_algorithm",
            "gost3410-2015-512-with-streebog-512",
        ),
        (
            "kz-nuc-test/ocsp_response_individual_2015.bin",
            "ocsp_response",
            "status",
            "successful",
        ),
        (
            "kz-nuc-test/tsp_response.bin",
            "time_stamp_response",
            "status",
            "granted",
        ),
        (
            "kz-nuc-test/tsp_token.bin",
            "time_stamp",
            "content_type",
            "TSTInfo",
        ),
        ("kz-nuc-test/individual_valid.p12", "pkcs12", "kind", "pkcs12"),
        ("gost-interop/gost2012_256_A.cms", "cms", "content_type", "data"),
    ] {
        let (exit, items) = items(&vectors, &[file]);
        assert_eq!((exit, &items[0]["kind"]), (Some(0), &kind.into()), "{file}");
        assert_eq!(items[0][key], value, "{file}");
    }
}
