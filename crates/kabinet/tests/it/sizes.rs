//! Files stay small enough to be read at one sitting.

use std::fs;
use std::path::{Path, PathBuf};

use crate::arrows::root;

const LONGEST: usize = 600;

#[test]
fn no_source_file_is_longer_than_600_lines() {
    let mut files = Vec::new();
    collect(&root().join("crates"), &mut files);
    assert!(files.len() > 100, "the sources were not found");
    for file in files {
        let lines = fs::read_to_string(&file).unwrap().lines().count();
        assert!(
            lines <= LONGEST,
            "{} has {lines} lines, at most {LONGEST} are allowed",
            file.display()
        );
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_source = ["rs", "html", "css", "js", "ftl"]
            .iter()
            .any(|kind| path.extension().is_some_and(|it| it == *kind));
        if path.is_dir() && !path.ends_with("target") {
            collect(&path, files);
        } else if is_source {
            files.push(path);
        }
    }
}
