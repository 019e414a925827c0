//! Self-signed certificates with the attributes and extensions that a test wants.

use std::fmt::Write as _;
use std::process::Command;

use esign::certificate::Certificate;

/// A certificate whose subject has these attributes (dotted or short names) and these extensions, in the syntax of
/// OpenSSL's configuration; `sections` are what the extensions refer to.
pub(crate) fn certificate(subject: &[(&str, &str)], extensions: &str, sections: &str) -> Certificate {
    let folder = tempfile::tempdir().unwrap();
    let mut config = String::from(
        "[req]\nprompt = no\nutf8 = yes\nstring_mask = utf8only\ndistinguished_name = dn\nx509_extensions = ext\n[dn]\n",
    );
    for (index, (attribute, text)) in subject.iter().enumerate() {
        // what stands before the first dot only keeps repeated attributes apart
        writeln!(config, "{index}.{attribute} = {text}").unwrap();
    }
    writeln!(config, "[ext]\n{extensions}\n{sections}").unwrap();
    std::fs::write(folder.path().join("config"), config).unwrap();
    let made = Command::new("openssl")
        .args([
            "req", "-x509", "-config", "config", "-nodes", "-keyout", "key.pem", "-outform", "DER",
        ])
        .args(["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Certificate::parse(made.stdout).unwrap()
}
