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
    for entry in fs::read_dir(language.folder())? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "ftl") {
            sources.push(Source {
                language,
                capability: stem(&path),
                ftl: fs::read_to_string(&path)?,
            });
        }
    }
    Ok(sources)
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
