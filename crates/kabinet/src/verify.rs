//! `kabinet verify`: judges a signature without a server, a database or a network.

mod report;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, anyhow};
use data_encoding::{BASE64, BASE64_MIME_PERMISSIVE};
use esign::certificate::Certificate;
use esign::cms::{DocumentReport, verify_document};
use esign::profile::Profile;
use esign::provider;
use esign::revocation::Crl;
use esign::time::UnixTime;
use esign::trust::{AnchorGroup, PurposeRule, RevocationPolicy, RevocationRule, TrustStore, UnknownStatus};
use esign::verdict::Verdict;

use crate::{USAGE, clock, pem};

/// What to verify, and by whom to believe.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
    /// Certificates to trust: a PEM or DER file, or a folder of them. May be repeated
    #[arg(long, value_name = "PEM|DIR")]
    anchors: Vec<PathBuf>,
    /// Revocation list, PEM or DER. Where any is given, every certificate below the anchor must be covered by one
    #[arg(long, value_name = "FILE")]
    crl: Vec<PathBuf>,
    /// The document, where the signature is kept apart from it
    #[arg(long, value_name = "FILE")]
    content: Option<PathBuf>,
    /// The moment to judge at, as in 2026-03-01T12:00:00+05:00; now if absent
    #[arg(long, value_name = "RFC3339")]
    at: Option<jiff::Timestamp>,
    /// The signature: CMS in DER, BER, PEM or base64
    file: PathBuf,
}

/// Everything read, nothing judged.
struct Question {
    cms: Vec<u8>,
    content: Option<Vec<u8>>,
    trust: TrustStore,
    revocation: RevocationRule,
    at: UnixTime,
}

/// Judges the file and prints what was found.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let question = match Question::read(arguments) {
        Ok(question) => question,
        Err(error) => {
            eprintln!("kabinet verify: {error:#}");
            return ExitCode::from(USAGE);
        }
    };
    let report = question.judge();
    if arguments.json {
        println!("{:#}", report::json(&report, question.at, question.revocation));
    } else {
        print!("{}", report::text(&report, question.at, question.revocation));
    }
    match report.verdict {
        Verdict::Valid(()) => ExitCode::SUCCESS,
        Verdict::Invalid(_) => ExitCode::from(1),
        Verdict::Unknown(_) => ExitCode::from(2),
    }
}

impl Question {
    fn read(arguments: &Arguments) -> anyhow::Result<Self> {
        let at = arguments
            .at
            .map_or_else(|| clock::now().as_seconds(), jiff::Timestamp::as_second);
        let mut anchors = Vec::new();
        for path in &arguments.anchors {
            anchors.extend(certificates(path)?);
        }
        let mut crls = Vec::new();
        for path in &arguments.crl {
            crls.extend(revocation_lists(path)?);
        }
        let revocation = if crls.is_empty() {
            RevocationRule::NotAsked
        } else {
            RevocationRule::Required {
                unknown: UnknownStatus::Refuse,
            }
        };
        let mut group = AnchorGroup::new("command line", Profile::Plain, anchors);
        group.sign = PurposeRule::sign(Vec::<String>::new());
        group.revocation = RevocationPolicy::uniform(revocation);
        group.evidence = crls.into_iter().collect();
        Ok(Self {
            cms: message(&read(&arguments.file)?),
            content: arguments.content.as_deref().map(read).transpose()?,
            trust: TrustStore::new(vec![group]),
            revocation,
            at: UnixTime(at),
        })
    }

    fn judge(&self) -> DocumentReport {
        verify_document(
            &self.cms,
            self.content.as_deref(),
            &self.trust,
            self.at,
            provider::native(),
        )
    }
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// The message itself, whatever it is wrapped in. Bytes that are no text are left as they are.
fn message(file: &[u8]) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(file) else {
        return file.to_vec();
    };
    let text = text.trim_start_matches('\u{feff}').trim();
    let body = match text.split_once("-----BEGIN ") {
        Some((_, block)) => {
            let body = block.split_once("-----").map(|(_, rest)| rest);
            body.and_then(|rest| rest.split_once("-----END "))
                .map_or("", |(body, _)| body)
        }
        None => text,
    };
    let body: String = body.split_ascii_whitespace().collect();
    let decoded = BASE64
        .decode(body.as_bytes())
        .or_else(|_| BASE64_MIME_PERMISSIVE.decode(body.as_bytes()));
    decoded
        .ok()
        .filter(|der| !der.is_empty())
        .unwrap_or_else(|| file.to_vec())
}

/// The certificates of a file, or of all files in a folder, in the order of their names.
fn certificates(path: &Path) -> anyhow::Result<Vec<Certificate>> {
    if !path.is_dir() {
        return blocks(path, pem::CERTIFICATE)?
            .into_iter()
            .map(|der| Certificate::parse(der).map_err(|error| anyhow!("{}: {error}", path.display())))
            .collect();
    }
    let mut files = std::fs::read_dir(path)
        .and_then(|entries| {
            entries
                .map(|entry| entry.map(|entry| entry.path()))
                .collect::<Result<Vec<_>, _>>()
        })
        .with_context(|| format!("cannot read {}", path.display()))?;
    files.retain(|file| {
        let ending = file
            .extension()
            .and_then(|ending| ending.to_str())
            .unwrap_or_default();
        ["pem", "crt", "cer", "der"].contains(&ending.to_ascii_lowercase().as_str())
    });
    files.sort();
    if files.is_empty() {
        return Err(anyhow!(
            "{}: no .pem, .crt, .cer or .der file in this folder",
            path.display()
        ));
    }
    let mut found = Vec::new();
    for file in files {
        found.extend(certificates(&file)?);
    }
    Ok(found)
}

fn revocation_lists(path: &Path) -> anyhow::Result<Vec<Crl>> {
    blocks(path, pem::REVOCATION_LIST)?
        .into_iter()
        .map(|der| Crl::parse(der).map_err(|error| anyhow!("{}: {error}", path.display())))
        .collect()
}

fn blocks(path: &Path, label: &str) -> anyhow::Result<Vec<Vec<u8>>> {
    match pem::read(&read(path)?, label) {
        Some(blocks) if !blocks.is_empty() => Ok(blocks),
        _ => Err(anyhow!("{}: no {label} in this file", path.display())),
    }
}
