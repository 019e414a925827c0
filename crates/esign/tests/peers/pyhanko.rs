//! pyHanko as a second judge: its own parser, path validation and time-stamp rules.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::authority::Authority;

const SCRIPT: &str = include_str!("pyhanko.py");

/// What pyHanko says of a message in its folder.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Opinion {
    /// sound, with or without a time stamp
    Sound { stamped: bool },
    /// not so
    Unsound,
}

pub(crate) struct PyHanko(PathBuf);

/// The interpreter that has the peers; `None`, with a message, where there is none.
pub(crate) fn python() -> Option<PathBuf> {
    let usual = || Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/peers")).to_owned();
    let peers = std::env::var_os("KABINET_PEERS").map_or_else(usual, PathBuf::from);
    let python = peers.join("bin/python");
    let found = Command::new(&python).args(["-c", "import pyhanko.sign"]).status();
    if found.is_ok_and(|status| status.success()) {
        return Some(python);
    }
    let required = std::env::var_os("KABINET_REQUIRE_PEERS").is_some_and(|value| value == "1");
    assert!(
        !required,
        "pyHanko is required here: pip install pyhanko into {}",
        peers.display()
    );
    println!("skipped: no pyHanko in {}", peers.display());
    None
}

impl PyHanko {
    /// `None`, with a message, where it is not installed.
    pub(crate) fn find() -> Option<Self> {
        python().map(Self)
    }

    /// Its opinions of messages over the content in the folder.
    pub(crate) fn judge(&self, authority: &Authority, messages: &[(&[u8], Revocation)]) -> Vec<Opinion> {
        let mut lines = Vec::new();
        for (index, (message, revocation)) in messages.iter().enumerate() {
            authority.write(&format!("judged{index}"), message);
            lines.push(format!("judged{index} {}\n", revocation.mode()));
        }
        authority.write("questions", lines.concat().as_bytes());
        let output = Command::new(&self.0)
            .args(["-c", SCRIPT, "content", "root.pem", "timeroot.pem"])
            .stdin(File::open(authority.path().join("questions")).unwrap())
            .current_dir(authority.path())
            .output()
            .unwrap();
        let answers: Vec<_> = output.stdout.split(|byte| *byte == b'\n').collect();
        let answers = &answers[..answers.len() - 1];
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(answers.len(), messages.len(), "{errors}");
        answers.iter().map(|answer| Opinion::read(answer)).collect()
    }
}

impl Opinion {
    fn read(answer: &[u8]) -> Self {
        let answer: Value = serde_json::from_slice(answer).unwrap();
        if answer["sound"] == true {
            return Self::Sound {
                stamped: answer["stamped"] == true,
            };
        }
        println!("pyHanko: {answer}");
        Self::Unsound
    }
}

/// Whether the lists in a message must answer for every certificate.
#[derive(Clone, Copy)]
pub(crate) enum Revocation {
    NotAsked,
    Required,
}

impl Revocation {
    fn mode(self) -> &'static str {
        match self {
            Self::NotAsked => "soft-fail",
            Self::Required => "hard-fail",
        }
    }
}
