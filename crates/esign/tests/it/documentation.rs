//! The page "What we check" says what the program does.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use esign::verdict::Code;

fn workspace() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "../.."].iter().collect()
}

/// All Rust under a folder, in one text.
fn rust(folder: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text.push_str(&rust(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            text.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
    text
}

/// The cells of every row of a table whose first cell is a code.
fn rows(page: &str) -> Vec<Vec<&str>> {
    let lines = page.lines().filter(|line| line.starts_with("| `"));
    lines
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}

#[test]
fn every_code_is_on_the_page_what_we_check() {
    let page = fs::read_to_string(workspace().join("docs/what-we-check.md")).unwrap();
    let ours = ["certificate.", "revocation.", "cms.", "tsp."];
    let rows = rows(&page);
    let rows: Vec<_> = rows
        .iter()
        .map(|cells| (cells.first().unwrap().trim_matches('`'), cells))
        .filter(|(code, _)| ours.iter().any(|part| code.starts_with(part)))
        .collect();
    let tests = rust(&workspace().join("crates/esign"));
    for (text, cells) in &rows {
        let code = Code::from_text(text).unwrap_or_else(|| panic!("{text} does not exist"));
        let [_, _, clause, threat, test] = cells.as_slice() else {
            panic!("{text}: five cells are expected");
        };
        assert_eq!(*clause, code.clause(), "{text}");
        assert!(!threat.is_empty(), "{text} names no threat");
        let test = test.trim_matches('`');
        assert!(tests.contains(&format!("fn {test}()")), "{text}: no test {test}");
    }
    let listed: BTreeSet<&str> = rows.iter().map(|(code, _)| *code).collect();
    assert_eq!(listed.len(), rows.len(), "a code stands on the page twice");
    let missing: Vec<_> = Code::ALL
        .iter()
        .map(|code| code.as_str())
        .filter(|code| !listed.contains(code))
        .collect();
    assert!(missing.is_empty(), "not on the page: {missing:?}");
}

#[cfg(feature = "container")]
#[test]
fn every_code_of_key_files_is_on_the_page() {
    use esign::pkcs12::Pkcs12Error as Error;
    let page = fs::read_to_string(workspace().join("docs/what-we-check.md")).unwrap();
    for error in [
        Error::WrongPassword,
        Error::UnknownFormat(""),
        Error::UnsupportedAlgorithm(String::new()),
        Error::CryptoPro,
        Error::TooCostly,
        Error::Malformed,
        Error::NoKey,
    ] {
        let code = format!("`{}`", error.code());
        let found = rows(&page)
            .into_iter()
            .any(|cells| cells.first() == Some(&code.as_str()) && cells.last() == Some(&error.clause()));
        assert!(found, "{code} with {}", error.clause());
    }
}
