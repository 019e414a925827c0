use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// Endings of files that hold signatures.
const ENDINGS: [&str; 6] = ["p7s", "sig", "sgn", "cms", "p7m", "p7b"];

/// A signature, and the document where it is kept apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) signature: PathBuf,
    pub(super) content: Option<PathBuf>,
}

impl Target {
    /// The one file that was asked about. Without a document named, one beside it is taken by its name.
    pub(super) fn one(signature: &Path, content: Option<PathBuf>) -> Self {
        Self {
            content: content.or_else(|| document_of(signature)),
            signature: signature.to_owned(),
        }
    }
}

/// `contract.pdf` for `contract.pdf.p7s`, if it is there.
fn document_of(signature: &Path) -> Option<PathBuf> {
    let document = signature.with_extension("");
    (is_signature(signature) && document.is_file()).then_some(document)
}

fn is_signature(file: &Path) -> bool {
    file.extension()
        .and_then(|ending| ending.to_str())
        .is_some_and(|ending| ENDINGS.contains(&ending.to_ascii_lowercase().as_str()))
}

/// All signatures of the files, folders and the list: files as named, folders in the order of names, to any depth.
pub(super) fn gather(files: &[PathBuf], list: Option<&Path>) -> anyhow::Result<Vec<Target>> {
    let mut named = files.to_vec();
    if let Some(list) = list {
        named.extend(lines(list)?);
    }
    let mut found = Vec::new();
    for path in named {
        if path.is_dir() {
            walk(&path, &mut found)?;
        } else {
            found.push(Target::one(&path, None));
        }
    }
    Ok(found)
}

fn lines(list: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut text = String::new();
    if list == Path::new("-") {
        std::io::stdin().read_to_string(&mut text)
    } else {
        std::fs::File::open(list).and_then(|mut file| file.read_to_string(&mut text))
    }
    .with_context(|| format!("cannot read the list {}", list.display()))?;
    let names = text.lines().map(str::trim).filter(|line| !line.is_empty());
    Ok(names.map(PathBuf::from).collect())
}

fn walk(folder: &Path, found: &mut Vec<Target>) -> anyhow::Result<()> {
    let read = || -> std::io::Result<Vec<(PathBuf, bool)>> {
        std::fs::read_dir(folder)?
            // links are not followed, so that no circle is walked
            .map(|entry| entry.and_then(|entry| Ok((entry.path(), entry.file_type()?.is_dir()))))
            .collect()
    };
    let mut entries = read().with_context(|| format!("cannot read {}", folder.display()))?;
    entries.sort();
    for (path, is_folder) in entries {
        if is_folder {
            walk(&path, found)?;
        } else if is_signature(&path) {
            found.push(Target::one(&path, None));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_paired_by_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir(at("deep")).unwrap();
        for name in [
            "b.pdf",
            "b.pdf.P7S",
            "a.cms",
            "deep/c.txt",
            "deep/c.txt.sig",
            "note.txt",
        ] {
            std::fs::write(at(name), "").unwrap();
        }
        let target = |signature: &str, content: Option<&str>| Target {
            signature: at(signature),
            content: content.map(at),
        };
        assert_eq!(
            gather(&[folder.path().to_owned()], None).unwrap(),
            [
                target("a.cms", None),
                target("b.pdf.P7S", Some("b.pdf")),
                target("deep/c.txt.sig", Some("deep/c.txt")),
            ]
        );
        std::fs::write(at("list"), format!("{}\n\n", at("note.txt").display())).unwrap();
        assert_eq!(
            gather(&[], Some(&at("list"))).unwrap(),
            [target("note.txt", None)]
        );
    }
}
