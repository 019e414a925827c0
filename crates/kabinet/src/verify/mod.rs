//! `kabinet verify`: judges signatures without a server, a database or a network.

mod batch;
mod json;
mod judge;
mod progress;
mod row;
mod signer;
mod sources;
mod target;
mod text;

use std::path::PathBuf;
use std::process::ExitCode;

use ::text::Lang;
use ::text::date::Zone;
use anyhow::{bail, ensure};
use esign::verdict::Verdict;

use crate::USAGE;
use judge::Judge;
use target::Target;

/// What to verify, and by whom to believe.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Print JSON instead of text: one object for one FILE, one object a line for several
    #[arg(long)]
    json: bool,
    /// Certificates to trust: a PEM or DER file, or a folder of them. May be repeated
    #[arg(long, value_name = "PEM|DIR")]
    anchors: Vec<PathBuf>,
    /// Certificates to trust for time stamps; those of --anchors if absent. May be repeated
    #[arg(long, value_name = "PEM|DIR")]
    tsa_anchors: Vec<PathBuf>,
    /// Revocation list, PEM or DER. Where any list or answer is given, every certificate below the anchor must be
    /// covered by one
    #[arg(long, value_name = "FILE")]
    crl: Vec<PathBuf>,
    /// Answer of an OCSP responder, DER. May be repeated
    #[arg(long, value_name = "FILE")]
    ocsp: Vec<PathBuf>,
    /// The document, where the signature of the one FILE is kept apart from it
    #[arg(long, value_name = "FILE")]
    content: Option<PathBuf>,
    /// The moment to judge at, as in 2026-03-01T12:00:00+05:00; now if absent
    #[arg(long, value_name = "RFC3339")]
    at: Option<jiff::Timestamp>,
    /// Names of files to verify, one a line; `-` reads them from the standard input
    #[arg(long, value_name = "FILE")]
    list: Option<PathBuf>,
    /// Language of the text: ru, kk or en; that of the environment if absent
    #[arg(long, value_name = "LANGUAGE", value_parser = language)]
    language: Option<Lang>,
    /// Signatures (CMS in DER, BER, PEM or base64) and folders with them. A document kept apart is found by its name:
    /// contract.pdf for contract.pdf.p7s, .sig or .cms
    #[arg(required_unless_present = "list")]
    files: Vec<PathBuf>,
}

fn language(text: &str) -> Result<Lang, String> {
    Lang::from_code(text).ok_or_else(|| "expected ru, kk or en".into())
}

/// How the text is written.
#[derive(Clone)]
struct Style {
    lang: Lang,
    zone: Zone,
}

impl Style {
    /// The language asked for or that of the environment, and the zone of the environment.
    #[expect(
        clippy::disallowed_methods,
        reason = "this command has no configuration: who sits at the terminal has set both"
    )]
    fn of(arguments: &Arguments) -> Self {
        let from_environment = || {
            ["LC_ALL", "LC_MESSAGES", "LANG"]
                .iter()
                .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
                .and_then(|value| Lang::from_code(&value))
        };
        let zone = std::env::var("TZ").ok().and_then(|name| Zone::named(&name));
        Self {
            lang: arguments.language.or_else(from_environment).unwrap_or(Lang::En),
            zone: zone.unwrap_or_else(Zone::utc),
        }
    }
}

/// Judges and prints what was found.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    match verify(arguments) {
        Ok(exit) => exit,
        Err(error) => {
            eprintln!("kabinet verify: {error:#}");
            ExitCode::from(USAGE)
        }
    }
}

fn verify(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let judge = Judge::read(arguments)?;
    let style = Style::of(arguments);
    if let ([file], None) = (arguments.files.as_slice(), &arguments.list)
        && !file.is_dir()
    {
        let target = Target::one(file, arguments.content.clone());
        return one(&judge, &target, arguments.json, &style);
    }
    ensure!(
        arguments.content.is_none(),
        "--content belongs to one FILE; among several, a document is found by the name of its signature"
    );
    let targets = target::gather(&arguments.files, arguments.list.as_deref())?;
    if targets.is_empty() {
        bail!("{}", ::text::verify::no_files(style.lang));
    }
    batch::run(&judge, &targets, arguments.json, &style)
}

fn one(judge: &Judge, target: &Target, as_json: bool, style: &Style) -> anyhow::Result<ExitCode> {
    let report = judge.judge(target)?;
    if as_json {
        println!("{:#}", json::document(&report, judge));
    } else {
        print!("{}", text::document(&report, judge, target, style));
    }
    Ok(exit(&report.verdict))
}

fn exit<T>(verdict: &Verdict<T>) -> ExitCode {
    ExitCode::from(match verdict {
        Verdict::Valid(_) => 0,
        Verdict::Invalid(_) => 1,
        Verdict::Unknown(_) => 2,
    })
}
