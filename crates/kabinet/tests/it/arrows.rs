//! The manifests have the arrows of the drawing in `ARCHITECTURE.md`, and no others.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use toml::Table;

type Arrows = BTreeMap<String, BTreeSet<String>>;

/// Seen by tests and measurements of any room; sees every room itself.
const TESTKIT: &str = "testkit";

pub(crate) fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

#[test]
fn manifests_have_the_arrows_of_the_drawing() {
    let drawn = drawn();
    let mut found = Arrows::new();
    for (room, manifest) in manifests() {
        if room == TESTKIT {
            continue;
        }
        let targets = ours(&manifest, &["dependencies", "build-dependencies"]);
        if !targets.is_empty() {
            found.insert(room, targets);
        }
    }
    assert_eq!(found, drawn, "left: the manifests; right: ARCHITECTURE.md");
}

#[test]
fn the_kit_for_tests_is_never_part_of_the_product() {
    for (room, manifest) in manifests() {
        let shipped = ours(&manifest, &["dependencies", "build-dependencies"]);
        assert!(!shipped.contains(TESTKIT), "{room} ships the test kit");
    }
}

#[test]
fn dependencies_have_one_version_in_one_place() {
    for (room, manifest) in manifests() {
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            // Rooms take parts of the test kit, so that building it does not take them all.
            for (name, dependency) in tables(&manifest, section).filter(|(name, _)| *name != TESTKIT) {
                let from_workspace = dependency.get("workspace").and_then(toml::Value::as_bool);
                assert_eq!(
                    from_workspace,
                    Some(true),
                    "{room}: `{name}` belongs into [workspace.dependencies]"
                );
            }
        }
    }
}

/// The lines of the block marked `arrows`.
fn drawn() -> Arrows {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let block = page
        .split("```arrows\n")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    let arrow = |line: &str| {
        let (room, targets) = line.split_once("──►").unwrap();
        (
            room.trim().to_owned(),
            targets
                .split(',')
                .map(|target| target.trim().to_owned())
                .collect(),
        )
    };
    block.lines().map(arrow).collect()
}

fn manifests() -> Vec<(String, Table)> {
    let mut manifests = Vec::new();
    for entry in fs::read_dir(root().join("crates")).unwrap() {
        let folder = entry.unwrap().path();
        let manifest: Table = fs::read_to_string(folder.join("Cargo.toml"))
            .unwrap()
            .parse()
            .unwrap();
        manifests.push((folder.file_name().unwrap().to_str().unwrap().to_owned(), manifest));
    }
    manifests
}

/// The rooms among the dependencies.
fn ours(manifest: &Table, sections: &[&str]) -> BTreeSet<String> {
    let rooms: BTreeSet<String> = manifests().into_iter().map(|(room, _)| room).collect();
    let names = sections
        .iter()
        .flat_map(|section| tables(manifest, section).map(|(name, _)| name.clone()));
    names.filter(|name| rooms.contains(name)).collect()
}

/// The dependencies of a section, those for single targets included.
fn tables<'m>(manifest: &'m Table, section: &'m str) -> impl Iterator<Item = (&'m String, &'m toml::Value)> {
    let own = manifest.get(section).and_then(toml::Value::as_table);
    let targets = manifest.get("target").and_then(toml::Value::as_table);
    let of_targets = targets.into_iter().flat_map(|targets| targets.values());
    let of_targets = of_targets.filter_map(move |target| target.get(section)?.as_table());
    own.into_iter().chain(of_targets).flatten()
}
