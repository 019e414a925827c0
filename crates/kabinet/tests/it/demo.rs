//! The demo: made once, reused later, described in `demo.json`.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use db::{Db, Engine};
use serde_json::Value;

/// A running demo.
pub(crate) struct Demo(Child);

impl Demo {
    /// Starts it and waits until the guide is printed: from then on it listens.
    pub(crate) fn start(folder: &Path) -> Self {
        Self::start_with(folder, &[])
    }

    /// The same with variables on top of the configuration.
    fn start_with(folder: &Path, environment: &[(&str, &str)]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_kabinet"))
            .args(["demo", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder)
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(
            lines.any(|line| line.unwrap().contains("For scripts:")),
            "the demo did not start"
        );
        Self(child)
    }

    pub(crate) fn stop(mut self) -> Option<i32> {
        Command::new("kill")
            .args(["-TERM", &self.0.id().to_string()])
            .status()
            .unwrap();
        self.0.wait().unwrap().code()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.0.kill();
    }
}

pub(crate) fn guide(folder: &Path) -> Value {
    serde_json::from_slice(&fs::read(folder.join("demo.json")).unwrap()).unwrap()
}

pub(crate) fn get(guide: &Value, path: &str) -> String {
    let host = guide["base_url"]
        .as_str()
        .unwrap()
        .strip_prefix("http://")
        .unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn the_demo_runs_is_described_and_is_reused() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("city");
    let demo = Demo::start(&folder);
    let first = guide(&folder);
    assert!(get(&first, "/health").starts_with("HTTP/1.1 200"));
    assert!(get(&first, "/").contains("Личный кабинет города"));
    assert_eq!(demo.stop(), Some(0), "SIGTERM is a graceful end");

    is_described(&first);
    let keys = |guide: &Value| fs::read(guide["people"][0]["key_file"].as_str().unwrap()).unwrap();
    let key = keys(&first);
    let demo = Demo::start(&folder);
    let second = guide(&folder);
    assert!(get(&second, "/ready").starts_with("HTTP/1.1 200"));
    assert_eq!(demo.stop(), Some(0));
    assert_eq!(second["people"], first["people"]);
    assert_eq!(keys(&second), key, "a second start reuses the folder");
    the_first_broken_line_is_named(&folder);
}

#[test]
fn b_15_a_provider_is_switched_off_and_on_while_the_server_runs() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("city");
    let demo = Demo::start(&folder);
    let guide = guide(&folder);
    let offers = || get(&guide, "/o/6507001235").contains("/sign-in/provider/demo-gov");
    let provider = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_kabinet"))
            .arg("provider")
            .args(arguments)
            .arg("--config")
            .arg(folder.join("kabinet.toml"))
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    assert!(offers());
    let (code, said) = provider(&["list"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("demo-gov  Demo State Services  on"), "{said}");
    assert_ne!(provider(&["disable", "nobody"]).0, Some(0));
    let (code, said) = provider(&["disable", "demo-gov"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("demo-gov: switched off"), "{said}");
    assert!(!offers(), "a way that opens nothing is not shown");
    assert!(provider(&["list"]).1.contains("off since"));
    assert!(provider(&["disable", "demo-gov"]).1.contains("is off already"));
    assert!(provider(&["enable", "demo-gov"]).1.contains("switched on"));
    assert!(offers());
    assert_eq!(demo.stop(), Some(0));
}

/// The people lived their past under the demo's own rules, whatever it is started with.
#[test]
fn a_8_d_the_demo_is_made_whatever_the_first_entry_asks_for() {
    for first_entry in ["nothing", "phone"] {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("city");
        let demo = Demo::start_with(&folder, &[("KABINET__CONTACTS__FIRST_ENTRY", first_entry)]);
        let guide = guide(&folder);
        is_described(&guide);
        assert!(get(&guide, "/ready").starts_with("HTTP/1.1 200"), "{first_entry}");
        assert_eq!(demo.stop(), Some(0));
    }
}

fn is_described(guide: &Value) {
    let anchors = fs::read_to_string(guide["anchors"].as_str().unwrap()).unwrap();
    assert!(anchors.starts_with("-----BEGIN CERTIFICATE-----"));
    let people = guide["people"].as_array().unwrap();
    for person in people {
        for field in ["name", "person_id", "key_file", "key_password", "note"] {
            assert!(person[field].is_string(), "{field} of {person}");
        }
        let file = fs::read(person["key_file"].as_str().unwrap()).unwrap();
        let opened = esign::pkcs12::open(&file, person["key_password"].as_str().unwrap()).unwrap();
        assert!(!opened.keys.is_empty());
        assert!(esign::profile::check::iin(person["person_id"].as_str().unwrap()).is_ok());
    }
    assert!(people.iter().any(|person| person["account_password"].is_string()));
    for kind in [
        "valid key",
        "expired",
        "not valid yet",
        "wrong purpose",
        "unknown CA",
        "revoked",
    ] {
        let noted = people
            .iter()
            .any(|person| person["note"].as_str().unwrap().contains(kind));
        assert!(noted, "nobody has a key that is: {kind}");
    }
}

/// AUD-1: a changed row is found by `audit verify`, with its number.
fn the_first_broken_line_is_named(folder: &Path) {
    let verify = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kabinet"));
        let output = command
            .args(["audit", "verify", "--data"])
            .arg(folder)
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, told) = verify();
    assert_eq!(code, Some(0), "{told}");
    let db = Db::open(
        Engine::Sqlite {
            path: folder.join("kabinet.db"),
        },
        cabinet::MIGRATIONS,
    )
    .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let altered = db.write(|tx| {
        tx.execute("drop trigger audit_line_update", &[])?;
        tx.execute("update audit_line set detail = '{}' where seq = 2", &[])
    });
    assert!(runtime.block_on(altered).unwrap() > 0);
    db.close();
    let (code, told) = verify();
    assert_eq!(code, Some(1), "{told}");
    assert!(told.starts_with("broken: line 2 of chain "), "{told}");
}

#[test]
fn a_folder_with_other_things_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("kabinet.db"), "precious").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_kabinet"))
        .args(["demo", "--listen", "127.0.0.1:0", "--data"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("holds other things than a demo")
    );
    assert_eq!(
        fs::read_to_string(folder.path().join("kabinet.db")).unwrap(),
        "precious"
    );
}
