//! Turns `assets/` into files with content-hashed names, compressed once, here, and embedded in the binary.
//!
//! `assets/css/*.css` are joined in the order of their names into one `style.css`; every other file stands for
//! itself. Scripts and styles that name a neighbour (`"./signer.js"`) are given its hashed name. The result is
//! `OUT_DIR/assets.rs`: a constant per address (`url::SIGNER_JS`) and the table of files, sorted by address.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use crate::wasm::variable;

type Files = BTreeMap<String, Vec<u8>>;
type Outcome<T> = Result<T, Box<dyn Error>>;

/// Embeds `assets/` of the crate and the files that other build steps left in `OUT_DIR` (`made`).
pub(crate) fn build(made: &[&str]) -> Outcome<()> {
    let source = variable("CARGO_MANIFEST_DIR")?.join("assets");
    let out = variable("OUT_DIR")?;
    println!("cargo::rerun-if-changed={}", source.display());

    let mut files = read(&source)?;
    files.insert("style.css".into(), join(&source.join("css"))?);
    for name in made {
        files.insert((*name).into(), fs::read(out.join(name))?);
    }
    fs::write(out.join("assets.rs"), embed(files, &out)?)?;
    Ok(())
}

fn read(folder: &Path) -> Outcome<Files> {
    let mut files = Files::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            files.insert(
                entry.file_name().to_string_lossy().into_owned(),
                fs::read(entry.path())?,
            );
        }
    }
    Ok(files)
}

fn join(folder: &Path) -> Outcome<Vec<u8>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    Ok(read(folder)?
        .into_values()
        .flat_map(|mut text| {
            text.push(b'\n');
            text
        })
        .collect())
}

fn embed(files: Files, out: &Path) -> Outcome<String> {
    let mut hashed = BTreeMap::new();
    let mut waiting = files;
    let mut table = BTreeMap::new();
    while let Some(name) = next(&waiting) {
        let content = waiting.remove(&name).unwrap_or_default();
        let content = rename(content, &name, &hashed);
        let url = format!("/assets/{}", hashed_name(&name, &content));
        fs::write(out.join(format!("asset.{name}")), &content)?;
        let row = row(&name, &url, &content, out)?;
        hashed.insert(name, url.clone());
        table.insert(url, row);
    }
    let constants: String = hashed.iter().map(|(name, url)| constant(name, url)).collect();
    let rows: String = table.into_values().collect();
    Ok(format!(
        "/// The address of every file, by its plain name.\npub mod url {{\n{constants}}}\n\n\
         static FILES: &[Asset] = &[\n{rows}];\n"
    ))
}

fn constant(name: &str, url: &str) -> String {
    let constant = name.replace(['.', '-'], "_").to_uppercase();
    format!("    /// `{name}`\n    pub const {constant}: &str = {url:?};\n")
}

/// A file that names no other waiting file; where scripts name each other in a circle, the first of them.
fn next(waiting: &Files) -> Option<String> {
    let leaf = waiting.iter().find(|(name, content)| {
        !is_text(name)
            || waiting
                .keys()
                .all(|other| other == *name || !mentions(content, other))
    });
    leaf.or_else(|| waiting.iter().next())
        .map(|(name, _)| name.clone())
}

fn is_text(name: &str) -> bool {
    matches!(extension(name), "js" | "css")
}

fn mentions(content: &[u8], name: &str) -> bool {
    let reference = format!("./{name}");
    content
        .windows(reference.len())
        .any(|window| window == reference.as_bytes())
}

fn rename(content: Vec<u8>, name: &str, hashed: &BTreeMap<String, String>) -> Vec<u8> {
    if !is_text(name) {
        return content;
    }
    match String::from_utf8(content) {
        Ok(text) => hashed
            .iter()
            .fold(text, |text, (name, url)| text.replace(&format!("./{name}"), url))
            .into_bytes(),
        Err(error) => error.into_bytes(),
    }
}

fn hashed_name(name: &str, content: &[u8]) -> String {
    let digest = digest(content);
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{digest}.{extension}"),
        None => format!("{name}.{digest}"),
    }
}

fn digest(content: &[u8]) -> String {
    let digest = Sha256::digest(content);
    digest
        .iter()
        .take(8)
        .fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

fn row(name: &str, url: &str, content: &[u8], out: &Path) -> Outcome<String> {
    let gzip = compress(content)?;
    let worth = gzip.len() < content.len() * 9 / 10;
    let small = if worth {
        fs::write(out.join(format!("asset.{name}.gz")), gzip)?;
        format!("Some(include_bytes!(concat!(env!(\"OUT_DIR\"), \"/asset.{name}.gz\")))")
    } else {
        "None".into()
    };
    Ok(format!(
        "    Asset {{ name: {name:?}, url: {url:?}, etag: \"\\\"{}\\\"\", media: {:?}, plain: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/asset.{name}\")), gzip: {small} }},\n",
        digest(content),
        media(name),
    ))
}

fn compress(content: &[u8]) -> Outcome<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

fn extension(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

fn media(name: &str) -> &'static str {
    match extension(name) {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "wasm" => "application/wasm",
        "txt" => "text/plain; charset=utf-8",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
