//! Certificates into the folder that the configuration names: checked, shown, agreed to, and all of them or none.

use std::fs::{self, File};
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use data_encoding::HEXLOWER;
use esign::certificate::Certificate;
use esign::time::UnixTime;

use super::judge::{Judgement, Place};
use super::{Answer, about, certificates, sheets};
use crate::cli::ConfigFile;
use crate::config::{self, AnchorGroupSection, Config};
use crate::inspect::sheet::Sheet;
use crate::pem;

#[derive(Debug, Args)]
pub(crate) struct Install {
    #[command(flatten)]
    file: ConfigFile,
    /// The group that is to trust them
    #[arg(long, value_name = "ID")]
    group: String,
    /// Install issuers below an anchor, which help to build paths
    #[arg(long)]
    intermediate: bool,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// Print one JSON object instead of text
    #[arg(long, requires = "yes")]
    pub(crate) json: bool,
    /// Certificates, PEM (one or many) or DER
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

impl Install {
    const fn place(&self) -> Place {
        if self.intermediate {
            Place::Intermediate
        } else {
            Place::Anchor
        }
    }
}

/// Checks all, asks, and copies all.
pub(super) fn install(arguments: &Install, now: UnixTime) -> anyhow::Result<Answer> {
    let config = Config::load(&arguments.file.config, &config::environment())?;
    let section = section(&config, &arguments.group)?;
    let folder = folder(&config, section, arguments.place())?;
    let mut found: Vec<Certificate> = Vec::new();
    for file in &arguments.files {
        found.extend(certificates(file)?);
    }
    let mut refused = false;
    let mut judged = Vec::new();
    for certificate in &found {
        let mut judgement = Judgement::of(certificate, arguments.place(), now);
        let other = other_group(&config, section, certificate);
        if let Some(other) = &other {
            judgement.remark(&format!(
                "group \"{other}\" trusts this key already; leave it in one group"
            ));
        }
        refused |= !judgement.is_sound() || other.is_some();
        judged.push(about(certificate, &judgement));
    }
    let shown = Sheet::default().with("certificates", sheets(judged));
    if !arguments.json {
        super::print(&shown, false)?;
        println!();
    }
    let missing: Vec<&Certificate> = found
        .iter()
        .filter(|certificate| !folder.join(file_name(certificate)).exists())
        .collect();
    let outcome = if refused {
        Outcome::Refused
    } else if !arguments.yes && !agreed(missing.len(), &folder)? {
        Outcome::Declined
    } else {
        write(&folder, &missing)?;
        Outcome::Installed
    };
    let sheet = if arguments.json { shown } else { Sheet::default() };
    Ok(Answer {
        sheet: sheet
            .with("outcome", outcome.as_str())
            .with("folder", folder.display().to_string())
            .with(
                "added",
                if outcome == Outcome::Installed {
                    missing.len()
                } else {
                    0
                },
            )
            .with("note", outcome.note()),
        is_sound: outcome == Outcome::Installed,
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Installed,
    Refused,
    Declined,
}

impl Outcome {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Installed => "installed",
            Self::Refused => "refused",
            Self::Declined => "declined",
        }
    }

    const fn note(self) -> &'static str {
        match self {
            Self::Installed => "the server trusts them from its next start",
            Self::Refused => "nothing was installed; the reasons stand with the certificates",
            Self::Declined => "nothing was installed",
        }
    }
}

fn section<'a>(config: &'a Config, id: &str) -> anyhow::Result<&'a AnchorGroupSection> {
    let found = config.anchor_group.iter().find(|group| group.id == id);
    found.with_context(|| {
        let known: Vec<&str> = config
            .anchor_group
            .iter()
            .map(|group| group.id.as_str())
            .collect();
        format!("no [[anchor_group]] \"{id}\"; there are: {}", known.join(", "))
    })
}

/// The first folder among the places that the group reads certificates from.
fn folder(config: &Config, section: &AnchorGroupSection, place: Place) -> anyhow::Result<PathBuf> {
    let (key, places) = match place {
        Place::Anchor => ("anchors", &section.anchors),
        Place::Intermediate => ("intermediates", &section.intermediates),
    };
    let is_folder =
        |path: &&PathBuf| config.path(path).is_dir() || path.as_os_str().as_encoded_bytes().ends_with(b"/");
    match places.iter().find(is_folder) {
        Some(folder) => Ok(config.path(folder)),
        None => bail!(
            "[[anchor_group]] \"{id}\" names no folder; write {key} = [\"{key}/{id}/\"] and install again",
            id = section.id
        ),
    }
}

/// Another group that trusts the same key, as far as its files can be read.
fn other_group(config: &Config, section: &AnchorGroupSection, certificate: &Certificate) -> Option<String> {
    let others = config.anchor_group.iter().filter(|group| group.id != section.id);
    let mut others = others.filter(|group| {
        let anchors = config.certificates(&group.anchors).unwrap_or_default();
        anchors
            .iter()
            .any(|anchor| anchor.public_key_digest() == certificate.public_key_digest())
    });
    others.next().map(|group| group.id.clone())
}

/// Nothing is trusted unseen: without a person to ask, nothing is agreed to.
fn agreed(count: usize, folder: &Path) -> anyhow::Result<bool> {
    let input = io::stdin();
    if !input.is_terminal() {
        eprintln!("kabinet anchors: nobody to ask here; compare the fingerprints, then add --yes");
        return Ok(false);
    }
    print!(
        "Compare each SHA-256 with what the authority publishes by another way.\n\
         Install {count} into {}? [y/N] ",
        folder.display()
    );
    io::stdout().flush()?;
    let mut answer = String::new();
    input.lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

/// Named by the fingerprint: never by what a certificate says (threat CRT-9).
fn file_name(certificate: &Certificate) -> String {
    let mut name = HEXLOWER.encode(&certificate.fingerprint());
    name.truncate(32);
    name + ".pem"
}

/// All files are there in full before the first takes its name.
fn write(folder: &Path, certificates: &[&Certificate]) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut ready = Vec::new();
    for certificate in certificates {
        let path = folder.join(file_name(certificate));
        let unfinished = path.with_extension("unfinished");
        let written = File::create(&unfinished).and_then(|mut file| {
            file.write_all(pem::write(pem::CERTIFICATE, certificate.der()).as_bytes())?;
            file.sync_all()
        });
        written.with_context(|| format!("cannot write {}", unfinished.display()))?;
        ready.push((unfinished, path));
    }
    for (unfinished, path) in ready {
        fs::rename(&unfinished, &path).with_context(|| format!("cannot write {}", path.display()))?;
    }
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .with_context(|| format!("cannot write {}", folder.display()))
}
