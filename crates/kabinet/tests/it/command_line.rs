//! What the binary says when it is run.

use std::fs;
use std::process::{Command, Output};

fn kabinet(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kabinet"))
        .args(arguments)
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn help_teaches_each_command() {
    let help = kabinet(&["--help"]);
    assert_eq!(help.status.code(), Some(0));
    for command in ["demo", "serve", "config", "anchors", "audit", "verify"] {
        assert!(stdout(&help).contains(command), "{}", stdout(&help));
    }
    for command in ["demo", "serve", "verify", "anchors"] {
        let help = stdout(&kabinet(&[command, "--help"]));
        assert!(help.contains("Examples:"), "{command}: {help}");
    }
    assert!(stdout(&kabinet(&["audit", "verify", "--help"])).contains("Exit codes: 0 unbroken"));
}

#[test]
fn a_wrong_command_line_is_usage() {
    assert_eq!(kabinet(&["serv"]).status.code(), Some(3));
    assert_eq!(kabinet(&["audit", "verify"]).status.code(), Some(3));
    assert_eq!(
        kabinet(&["audit", "verify", "--data", "/nowhere/at/all"])
            .status
            .code(),
        Some(3)
    );
}

#[test]
fn config_check_names_file_line_and_nearest_key() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kabinet.toml");
    let example = stdout(&kabinet(&["config", "example"]));
    fs::write(&file, example.replace("time_zone =", "timezone =")).unwrap();
    let checked = kabinet(&["config", "check", "--config", file.to_str().unwrap()]);
    assert_eq!(checked.status.code(), Some(1));
    let line = example
        .lines()
        .position(|line| line.starts_with("time_zone"))
        .unwrap()
        + 1;
    let expected =
        format!("kabinet.toml:{line}: unknown key `timezone` in [server]; did you mean `time_zone`?");
    assert!(stderr(&checked).contains(&expected), "{}", stderr(&checked));
}

#[test]
fn config_check_reads_the_files_that_the_configuration_names() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kabinet.toml");
    fs::write(&file, stdout(&kabinet(&["config", "example"]))).unwrap();
    let checked = kabinet(&["config", "check", "--config", file.to_str().unwrap()]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(
        stderr(&checked).contains("anchors/root.pem: cannot be read"),
        "{}",
        stderr(&checked)
    );
}

#[test]
fn the_documentation_shows_the_configuration_as_it_is() {
    let page = fs::read_to_string(crate::arrows::root().join("docs/configuration.md")).unwrap();
    let example = stdout(&kabinet(&["config", "example"]));
    assert!(
        page.contains(&format!("```toml\n{example}```\n")),
        "put `kabinet config example` into the page"
    );
}
