//! `openssl ocsp` as the responder of an authority.

use std::path::Path;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::authority::{Authority, Holder};

/// Listens until it is dropped.
pub(crate) struct Responder {
    pub(crate) port: u16,
    child: Child,
    /// It ends when nobody reads what it says.
    _said: Lines<BufReader<ChildStdout>>,
}

/// Whether the program is there. Where peers are required it must be.
#[expect(clippy::disallowed_methods, reason = "tests are told by the environment")]
pub(crate) fn has_openssl() -> bool {
    let found = std::process::Command::new("openssl")
        .arg("version")
        .output()
        .is_ok();
    let required = std::env::var("KABINET_REQUIRE_PEERS").is_ok();
    assert!(found || !required, "openssl is not installed");
    if !found {
        println!("skipped: openssl is not installed");
    }
    found
}

/// Writes what a responder knows: the certificates of these serial numbers; those of the second list are revoked.
pub(crate) fn prepare(folder: &Path, authority: &Authority, signer: &Holder, valid: &[u64], revoked: &[u64]) {
    let line = |kind: &str, date: &str, serial: &u64| {
        format!("{kind}\t491231235959Z\t{date}\t{serial:02X}\tunknown\t/CN={serial}\n")
    };
    let valid = valid.iter().map(|serial| line("V", "", serial));
    let revoked = revoked.iter().map(|serial| line("R", "201101000000Z", serial));
    let index: String = valid.chain(revoked).collect();
    for (name, text) in [
        ("index.txt", index),
        ("ca.pem", authority.pem.clone()),
        ("signer.pem", signer.pem()),
        ("signer.key", signer.key_pem()),
    ] {
        std::fs::write(folder.join(name), text).unwrap();
    }
}

const ANSWERING: [&str; 11] = [
    "ocsp",
    "-index",
    "index.txt",
    "-CA",
    "ca.pem",
    "-rsigner",
    "signer.pem",
    "-rkey",
    "signer.key",
    "-nmin",
    "60",
];

/// One answer of what was prepared.
pub(crate) fn answer(folder: &Path, request: &[u8]) -> Vec<u8> {
    std::fs::write(folder.join("request"), request).unwrap();
    let answered = std::process::Command::new("openssl")
        .args(ANSWERING)
        .args(["-reqin", "request", "-respout", "answer"])
        .current_dir(folder)
        .output();
    assert!(answered.unwrap().status.success());
    std::fs::read(folder.join("answer")).unwrap()
}

impl Responder {
    /// Answers by what [`prepare`] takes.
    pub(crate) async fn start(
        folder: &Path,
        authority: &Authority,
        signer: &Holder,
        valid: &[u64],
        revoked: &[u64],
    ) -> Self {
        prepare(folder, authority, signer, valid, revoked);
        let mut child = Command::new("openssl")
            .args(ANSWERING)
            .args(["-port", "0"])
            .current_dir(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // ACCEPT [::]:40871 PID=761
        let said = lines.next_line().await.unwrap().unwrap();
        let port = said
            .split_whitespace()
            .nth(1)
            .unwrap()
            .rsplit(':')
            .next()
            .unwrap();
        Self {
            port: port.parse().unwrap(),
            child,
            _said: lines,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    pub(crate) async fn stop(mut self) {
        self.child.kill().await.unwrap();
    }
}
