//! `kabinet inspect`: what a file of the public-key world says, told apart by its content. Nothing is judged.

mod certificate;
mod container;
mod extension;
mod grammar;
mod kind;
mod message;
mod names;
mod revocation;
mod shape;
pub(crate) mod sheet;

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use serde::Serialize;

use crate::{USAGE, pem};
use kind::Kind;
use sheet::Sheet;

/// Largest file that is read: the size up to which revocation lists are taken.
const LARGEST: u64 = 256 * 1024 * 1024;

/// What to look at.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
    /// File whose first line is the password of a PKCS#12 container; its certificates are shown too
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Certificate, revocation list, OCSP answer, CMS signature, time stamp or PKCS#12; DER, BER, PEM or base64
    file: PathBuf,
}

/// The answer for scripts.
#[derive(Serialize)]
struct Answer<'a> {
    file: String,
    items: &'a [Sheet],
}

/// Prints what is in the file.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    match inspect(arguments) {
        Ok(items) => {
            let printed = print(arguments, &items);
            match (printed, items.iter().any(|item| item.get("code").is_some())) {
                (Err(error), _) => usage(&error),
                (Ok(()), true) => ExitCode::from(1),
                (Ok(()), false) => ExitCode::SUCCESS,
            }
        }
        Err(error) => usage(&error),
    }
}

fn usage(error: &anyhow::Error) -> ExitCode {
    eprintln!("kabinet inspect: {error:#}");
    ExitCode::from(USAGE)
}

fn inspect(arguments: &Arguments) -> anyhow::Result<Vec<Sheet>> {
    let file = read(&arguments.file)?;
    let password = arguments.password_file.as_deref().map(first_line).transpose()?;
    let items = pem::unwrap(&file).into_iter().map(|block| match block.bytes {
        Some(bytes) if !block.is_private_key() => kind::sheet(&bytes, password.as_deref()),
        Some(_) => Kind::PrivateKey.hidden(),
        None => kind::broken_armour(&block.label),
    });
    Ok(items.collect())
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
        .with_context(|| format!("cannot read {}", path.display()))?;
    if bytes.len() as u64 > LARGEST {
        bail!("{}: larger than 256 MiB", path.display());
    }
    Ok(bytes)
}

fn first_line(path: &Path) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

fn print(arguments: &Arguments, items: &[Sheet]) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if arguments.json {
        let answer = Answer {
            file: arguments.file.display().to_string(),
            items,
        };
        serde_json::to_writer_pretty(&mut out, &answer)?;
        writeln!(out)?;
        return Ok(());
    }
    for (index, item) in items.iter().enumerate() {
        let mut text = String::new();
        if index > 0 {
            text.push('\n');
        }
        item.write(&mut text, 0);
        out.write_all(text.as_bytes())?;
    }
    Ok(())
}
