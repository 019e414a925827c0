//! Writes every page in every state and language to a folder, with its styles and scripts, so that they can be
//! looked at without a server: `cargo run -p web --example gallery -- target/gallery`.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a tool for developers"
)]

use std::path::Path;
use std::{env, fs, io};

use text::Lang;

#[path = "../tests/samples/mod.rs"]
mod samples;

fn main() -> io::Result<()> {
    let folder = env::args().nth(1).unwrap_or_else(|| "target/gallery".into());
    let folder = Path::new(&folder);
    write_assets(folder)?;
    for lang in Lang::ALL {
        for sample in samples::all(lang) {
            let file = format!("{}.{}.html", sample.name, lang.code());
            fs::write(folder.join(file), with_plain_names(&sample.html))?;
        }
    }
    Ok(())
}

fn write_assets(folder: &Path) -> io::Result<()> {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    fs::create_dir_all(folder.join("assets"))?;
    let mut sheets = Vec::new();
    for entry in fs::read_dir(assets.join("css"))? {
        sheets.push(entry?.path());
    }
    sheets.sort();
    let sheets = sheets
        .iter()
        .map(fs::read_to_string)
        .collect::<io::Result<String>>()?;
    fs::write(folder.join("assets/style.css"), sheets)?;
    for entry in fs::read_dir(assets)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), folder.join("assets").join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// `/assets/style.0123456789abcdef.css` becomes `assets/style.css`.
fn with_plain_names(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    for (place, piece) in html.split("\"/assets/").enumerate() {
        if place == 0 {
            out.push_str(piece);
            continue;
        }
        let (file, rest) = piece.split_once('"').unwrap_or((piece, ""));
        let parts: Vec<&str> = file.split('.').collect();
        let plain = if let [name, _hash, extension] = parts[..] {
            format!("{name}.{extension}")
        } else {
            file.into()
        };
        out.extend(["\"assets/", &plain, "\"", rest]);
    }
    out
}
