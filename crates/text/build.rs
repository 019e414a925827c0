//! Compiles the Fluent files of `ru/`, `kk/` and `en/` into Rust. A gap between the languages fails the build.

use std::path::{Path, PathBuf};
use std::{fs, io};

mod compiler;

use compiler::{Language, Source};

fn main() -> io::Result<()> {
    let mut sources = Vec::new();
    for language in Language::ALL {
        println!("cargo::rerun-if-changed={}", language.folder());
        sources.extend(read_folder(language)?);
    }
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=compiler");
    match compiler::compile(&sources) {
        Ok(rust) => fs::write(output_file()?, rust),
        Err(problems) => {
            for problem in problems {
                println!("cargo::error={problem}");
            }
            Ok(())
        }
    }
}

fn read_folder(language: Language) -> io::Result<Vec<Source>> {
    let mut sources = Vec::new();
    for path in sorted(Path::new(language.folder()))? {
        sources.push(Source {
            language,
            capability: stem(&path),
            ftl: read_texts(&path)?,
        });
    }
    Ok(sources)
}

/// A file, or a folder whose files make one capability together.
fn read_texts(path: &Path) -> io::Result<String> {
    if !path.is_dir() {
        return fs::read_to_string(path);
    }
    let parts: io::Result<Vec<String>> = sorted(path)?.iter().map(fs::read_to_string).collect();
    Ok(parts?.join("\n"))
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries: io::Result<Vec<PathBuf>> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect();
    let mut paths = entries?;
    paths.retain(|path| path.is_dir() || path.extension().is_some_and(|extension| extension == "ftl"));
    paths.sort();
    Ok(paths)
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn output_file() -> io::Result<PathBuf> {
    let folder = std::env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?;
    Ok(Path::new(&folder).join("texts.rs"))
}
