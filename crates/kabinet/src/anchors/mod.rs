//! `kabinet anchors`: what certificates of authorities are trusted, what a file holds, and putting it where the
//! configuration looks (threat CRT-10).

mod install;
mod judge;
mod list;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use data_encoding::HEXUPPER;
use esign::certificate::Certificate;
use esign::time::UnixTime;

use crate::cli::ConfigFile;
use crate::inspect::sheet::{Fact, Sheet};
use crate::{USAGE, clock, pem};
use judge::{Judgement, Place};

#[derive(Debug, Subcommand)]
pub(crate) enum AnchorsCommand {
    /// Show the authorities that a configuration trusts, and how fresh their revocation lists are
    List(List),
    /// Show what certificates files hold, and whether each would do as an anchor
    Inspect(Inspect),
    /// Check certificates and copy them into the folder that a group of the configuration names
    Install(install::Install),
}

#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) file: ConfigFile,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
    /// Certificates, PEM (one or many) or DER
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// What was found, and whether all of it is as it should be.
struct Answer {
    sheet: Sheet,
    is_sound: bool,
}

/// 0 sound, 1 something is not, 3 it could not be looked at.
pub(crate) fn run(command: &AnchorsCommand) -> ExitCode {
    let now = UnixTime(clock::now().as_seconds());
    let (answer, json) = match command {
        AnchorsCommand::List(arguments) => (list::list(arguments, now), arguments.json),
        AnchorsCommand::Inspect(arguments) => (inspect(arguments, now), arguments.json),
        AnchorsCommand::Install(arguments) => (install::install(arguments, now), arguments.json),
    };
    let printed = answer.and_then(|answer| print(&answer.sheet, json).map(|()| answer.is_sound));
    match printed {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("kabinet anchors: {error:#}");
            ExitCode::from(USAGE)
        }
    }
}

fn inspect(arguments: &Inspect, now: UnixTime) -> anyhow::Result<Answer> {
    let mut is_sound = true;
    let mut found = Vec::new();
    for file in &arguments.files {
        for certificate in certificates(file)? {
            let judgement = Judgement::of(&certificate, Place::Anchor, now);
            is_sound &= judgement.is_sound();
            let about = about(&certificate, &judgement).with("file", file.display().to_string());
            found.push(about);
        }
    }
    Ok(Answer {
        sheet: Sheet::default().with("certificates", found),
        is_sound,
    })
}

/// Every certificate of a file, which holds at least one.
fn certificates(file: &Path) -> anyhow::Result<Vec<Certificate>> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let Some(blocks) = pem::read(&bytes, pem::CERTIFICATE).filter(|blocks| !blocks.is_empty()) else {
        bail!("{}: no certificate in this file", file.display());
    };
    let parse = |der| Certificate::parse(der).with_context(|| file.display().to_string());
    blocks.into_iter().map(parse).collect()
}

fn about(certificate: &Certificate, judgement: &Judgement) -> Sheet {
    let limit = certificate
        .basic_constraints()
        .and_then(|constraints| constraints.path_length);
    let issuer = (!certificate.is_self_issued()).then(|| certificate.issuer().to_string());
    let faults = judgement.faults.iter().map(|fault| {
        Sheet::default()
            .with("code", fault.code())
            .with("text", fault.describe())
    });
    Sheet::default()
        .with("subject", certificate.subject().to_string())
        .with("issuer", issuer)
        .with("sha256", HEXUPPER.encode(&certificate.fingerprint()))
        .with("serial", HEXUPPER.encode(certificate.serial()))
        .with("not_before", certificate.not_before())
        .with("not_after", certificate.not_after())
        .with("key", certificate.algorithm_name())
        .with("authority", certificate.is_authority())
        .with("issuers_below", limit)
        .with("self_signed", judgement.is_self_signed)
        .with("sound", judgement.is_sound())
        .with("faults", faults.collect::<Vec<_>>())
        .with("remarks", judgement.remarks.clone())
}

fn print(sheet: &Sheet, json: bool) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if json {
        serde_json::to_writer_pretty(&mut out, sheet)?;
        writeln!(out)?;
        return Ok(());
    }
    let mut text = String::new();
    sheet.write(&mut text, 0);
    Ok(out.write_all(text.as_bytes())?)
}

/// Several sheets as one fact.
fn sheets(list: impl IntoIterator<Item = Sheet>) -> Fact {
    list.into_iter().collect::<Vec<_>>().into()
}
