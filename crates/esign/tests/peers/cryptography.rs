//! The package `cryptography` as a second judge of certificates and lists, and OpenSSL as the third.

use std::fs::File;
use std::process::Command;

use crate::authority::Authority;
use crate::pyhanko;

const SCRIPT: &str = include_str!("cryptography.py");

/// The number of the certificate that lists may name.
pub(crate) const SERIAL: &[u8] = &[0x2a, 0x2b];

/// What a judge says of a certificate, or of the certificate by a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Opinion {
    Good,
    Revoked,
    Unsound,
}

pub(crate) use Opinion::{Good, Revoked, Unsound};

/// We, OpenSSL, `cryptography`.
pub(crate) type Opinions = [Opinion; 3];

/// A root, an issuer below it and a person below that, with a sound certificate that has many extensions.
pub(crate) fn chain() -> Authority {
    let authority = Authority::new();
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
    authority.issue("issuer", &key, "root", "issuer", "900");
    authority.issue("subject", &key, "issuer", "rich", "900");
    authority
}

/// What `cryptography` says of files in the folder; `None`, with a message, where it is not installed.
pub(crate) fn cryptography(authority: &Authority, kind: &str, files: &[String]) -> Option<Vec<Opinion>> {
    let python = pyhanko::python()?;
    let questions: Vec<_> = files.iter().map(|file| format!("{kind} {file}\n")).collect();
    authority.write("questions", questions.concat().as_bytes());
    let output = Command::new(python)
        .args([
            "-c",
            SCRIPT,
            "root.pem",
            "issuer.pem",
            &authority.now().0.to_string(),
        ])
        .stdin(File::open(authority.path().join("questions")).unwrap())
        .current_dir(authority.path())
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let answers: Vec<_> = text.lines().map(opinion).collect();
    assert_eq!(answers.len(), files.len(), "{errors}");
    Some(answers)
}

fn opinion(line: &str) -> Opinion {
    match line {
        "good" => Good,
        "revoked" => Revoked,
        _ => {
            println!("cryptography: {line}");
            Unsound
        }
    }
}

/// What `openssl verify` says of a certificate, with more arguments.
pub(crate) fn openssl(authority: &Authority, certificate: &str, more: &[&str]) -> Opinion {
    let at = authority.now().0.to_string();
    let verify = [
        "verify",
        "-x509_strict",
        "-CAfile",
        "root.pem",
        "-untrusted",
        "issuer.pem",
        "-attime",
        &at,
    ];
    match authority.try_run(&[&verify[..], more, &[certificate]].concat()) {
        Ok(_) => Good,
        Err(error) if error.contains("error 23 ") => Revoked,
        Err(error) => {
            println!("OpenSSL: {error}");
            Unsound
        }
    }
}

/// Why the judges do not agree about these cases.
pub(crate) type Reason = (&'static str, Opinions, &'static [&'static str]);

/// Every case about which they do not agree must be explained, and every explanation must be of such a case.
pub(crate) fn compare(found: Vec<(String, Opinions)>, explained: &[Reason]) {
    let mut disputed: Vec<_> = found
        .into_iter()
        .filter(|(_, [ours, second, third])| ours != second || second != third)
        .collect();
    disputed.sort();
    let explained = explained
        .iter()
        .flat_map(|(_, opinions, names)| names.iter().map(|name| ((*name).to_owned(), *opinions)));
    let mut explained: Vec<_> = explained.collect();
    explained.sort();
    let (new, gone): (Vec<_>, Vec<_>) = (
        disputed.iter().filter(|case| !explained.contains(case)).collect(),
        explained.iter().filter(|case| !disputed.contains(case)).collect(),
    );
    let lines = |cases: &[&(String, Opinions)]| {
        let lines = cases
            .iter()
            .map(|(name, opinions)| format!("\n{name}: {opinions:?}"));
        lines.collect::<String>()
    };
    assert!(
        new.is_empty() && gone.is_empty(),
        "not explained: {}\nnot so any more: {}",
        lines(&new),
        lines(&gone)
    );
}
