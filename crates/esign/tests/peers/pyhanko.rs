//! pyHanko as a second judge: its own parser, path validation and time-stamp rules.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::authority::{Authority, CONTENT};

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

impl PyHanko {
    /// `None`, with a message, where it is not installed.
    pub(crate) fn find() -> Option<Self> {
        let usual = || Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/peers")).to_owned();
        let peers = std::env::var_os("KABINET_PEERS").map_or_else(usual, PathBuf::from);
        let python = peers.join("bin/python");
        let found = Command::new(&python).args(["-c", "import pyhanko.sign"]).status();
        if found.is_ok_and(|status| status.success()) {
            return Some(Self(python));
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

    /// Its opinion of a message over [`CONTENT`]. `revocation` is `hard-fail` to use, and insist on, the lists in the
    /// message, or `soft-fail`.
    pub(crate) fn judge(&self, authority: &Authority, cms: &[u8], revocation: &str) -> Opinion {
        authority.write("judged", cms);
        authority.write("content", CONTENT);
        let output = Command::new(&self.0)
            .args([
                "-c",
                SCRIPT,
                "judged",
                "content",
                "root.pem",
                "timeroot.pem",
                revocation,
            ])
            .current_dir(authority.path())
            .output()
            .unwrap();
        let answer: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
        if answer["sound"] == true {
            Opinion::Sound {
                stamped: answer["stamped"] == true,
            }
        } else {
            println!("pyHanko: {answer}");
            Opinion::Unsound
        }
    }
}
