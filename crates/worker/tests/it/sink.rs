//! The mail server of `tests/peers/sink.py`.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use remote::mail::{Login, Patience, Security, SmtpMailer, SmtpSettings};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// A running server; gone when dropped.
pub(crate) struct Sink {
    _process: Child,
    lines: Lines<BufReader<ChildStdout>>,
    port: u16,
}

impl Sink {
    /// Starts a server; none, with a message, where Python or aiosmtpd is missing.
    pub(crate) async fn start(options: &[&str]) -> Option<Self> {
        let python = python()?;
        let mut process = Command::new(python)
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/sink.py"))
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("python starts");
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let port = lines
            .next_line()
            .await
            .unwrap()
            .expect("a port")
            .parse()
            .expect("a port");
        Some(Self {
            _process: process,
            lines,
            port,
        })
    }

    /// What the server says next.
    pub(crate) async fn next(&mut self) -> Value {
        let line = self.lines.next_line().await.unwrap().expect("the server runs");
        serde_json::from_str(&line).unwrap()
    }

    pub(crate) fn settings(&self) -> SmtpSettings {
        SmtpSettings {
            host: "localhost".into(),
            port: self.port,
            security: Security::Plain,
            login: None,
            from: "Кабинет города <no-reply@kabinet.example>".into(),
            hello: String::new(),
            authorities: vec![],
            patience: Patience::default(),
        }
    }

    pub(crate) fn mailer(&self) -> SmtpMailer {
        SmtpMailer::new(self.settings()).unwrap()
    }

    pub(crate) fn secure(&self, security: Security, authority: &str, password: &str) -> SmtpMailer {
        let login = Some(Login {
            user: "kabinet".into(),
            password: password.into(),
        });
        let authorities = vec![authority.as_bytes().to_vec()];
        SmtpMailer::new(SmtpSettings {
            security,
            login,
            authorities,
            ..self.settings()
        })
        .unwrap()
    }
}

fn python() -> Option<PathBuf> {
    let usual = || Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/peers")).to_owned();
    let peers = std::env::var_os("KABINET_PEERS").map_or_else(usual, PathBuf::from);
    let python = peers.join("bin/python");
    let works = std::process::Command::new(&python)
        .args(["-c", "import aiosmtpd"])
        .status();
    if works.is_ok_and(|status| status.success()) {
        return Some(python);
    }
    let required = std::env::var_os("KABINET_REQUIRE_PEERS").is_some_and(|value| value == "1");
    assert!(
        !required,
        "aiosmtpd is required here: pip install aiosmtpd into {}",
        peers.display()
    );
    eprintln!("SKIPPED: no aiosmtpd in {}", peers.display());
    None
}
