use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, ensure};
use esign::certificate::Certificate;
use esign::cms::{DocumentReport, MAX_MESSAGE, verify_detached, verify_document};
use esign::profile::Profile;
use esign::provider;
use esign::revocation::{Crl, Evidence, OcspResponse};
use esign::time::UnixTime;
use esign::trust::{AnchorGroup, PurposeRule, RevocationPolicy, RevocationRule, TrustStore, UnknownStatus};

use super::Arguments;
use super::target::Target;
use crate::{clock, pem};

/// Whom to believe, what is known about revocation, and the moment; the same for all files.
pub(super) struct Judge {
    trust: TrustStore,
    pub(super) revocation: RevocationRule,
    pub(super) at: UnixTime,
}

impl Judge {
    pub(super) fn read(arguments: &Arguments) -> anyhow::Result<Self> {
        let at = arguments
            .at
            .map_or_else(|| clock::now().as_seconds(), jiff::Timestamp::as_second);
        let evidence = evidence(arguments)?;
        let revocation = if evidence.is_empty() {
            RevocationRule::NotAsked
        } else {
            RevocationRule::Required {
                unknown: UnknownStatus::Refuse,
            }
        };
        let mut group = AnchorGroup::new("command line", Profile::Plain, all(&arguments.anchors)?);
        group.sign = PurposeRule::sign(Vec::<String>::new());
        group.revocation = RevocationPolicy::uniform(revocation);
        group.evidence = evidence;
        group.time_stamps.anchors = all(&arguments.tsa_anchors)?;
        Ok(Self {
            trust: TrustStore::new(vec![group]),
            revocation,
            at: UnixTime(at),
        })
    }

    /// A document that is kept apart may be of any size: it is read in blocks.
    pub(super) fn judge(&self, target: &Target) -> anyhow::Result<DocumentReport> {
        let file = signature(&target.signature)?;
        let blocks = pem::unwrap(&file);
        let message = blocks.first().and_then(|block| block.bytes.as_deref());
        let (message, provider) = (message.unwrap_or(&file), provider::native());
        let Some(content) = &target.content else {
            return Ok(verify_document(message, None, &self.trust, self.at, provider));
        };
        File::open(content)
            .and_then(|document| verify_detached(message, document, &self.trust, self.at, provider))
            .with_context(|| format!("cannot read {}", content.display()))
    }
}

/// The file, no further than messages are looked at.
fn signature(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_MESSAGE as u64 + 1).read_to_end(&mut bytes))
        .with_context(|| format!("cannot read {}", path.display()))?;
    Ok(bytes)
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

fn all(paths: &[PathBuf]) -> anyhow::Result<Vec<Certificate>> {
    let mut found = Vec::new();
    for path in paths {
        found.extend(certificates(path)?);
    }
    Ok(found)
}

/// The certificates of a file, or of all files in a folder, in the order of their names.
fn certificates(path: &Path) -> anyhow::Result<Vec<Certificate>> {
    if !path.is_dir() {
        return blocks(path, pem::CERTIFICATE)?
            .into_iter()
            .map(|der| Certificate::parse(der).map_err(|error| anyhow!("{}: {error}", path.display())))
            .collect();
    }
    let mut found = Vec::new();
    for file in files(path)? {
        if holds_something_else(&read(&file)?) {
            eprintln!("kabinet verify: {}: no certificate; skipped", file.display());
        } else {
            found.extend(certificates(&file)?);
        }
    }
    ensure!(
        !found.is_empty(),
        "{}: no certificate in a .pem, .crt, .cer or .der file of this folder",
        path.display()
    );
    Ok(found)
}

/// The files of a folder whose names end as those of certificates do, in the order of the names.
fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = std::fs::read_dir(folder)
        .and_then(|entries| {
            entries
                .map(|entry| entry.map(|entry| entry.path()))
                .collect::<Result<Vec<_>, _>>()
        })
        .with_context(|| format!("cannot read {}", folder.display()))?;
    files.retain(|file| {
        let ending = file
            .extension()
            .and_then(|ending| ending.to_str())
            .unwrap_or_default();
        ["pem", "crt", "cer", "der"].contains(&ending.to_ascii_lowercase().as_str())
    });
    files.sort();
    Ok(files)
}

/// Lists and keys lie beside certificates and end as they do. A certificate that is broken is not something else.
fn holds_something_else(file: &[u8]) -> bool {
    match pem::read(file, pem::CERTIFICATE).as_deref() {
        Some([]) => true,
        Some([der]) if der == file => Certificate::parse(der.clone()).is_err(),
        _ => false,
    }
}

fn evidence(arguments: &Arguments) -> anyhow::Result<Evidence> {
    let mut evidence = Evidence::new();
    for path in &arguments.crl {
        for der in blocks(path, pem::REVOCATION_LIST)? {
            let crl = Crl::parse(der).map_err(|error| anyhow!("{}: {error}", path.display()))?;
            evidence = evidence.with_crl(crl);
        }
    }
    for path in &arguments.ocsp {
        let response =
            OcspResponse::parse(&read(path)?).map_err(|error| anyhow!("{}: {error}", path.display()))?;
        evidence = evidence.with_ocsp(response);
    }
    Ok(evidence)
}

fn blocks(path: &Path, label: &str) -> anyhow::Result<Vec<Vec<u8>>> {
    match pem::read(&read(path)?, label) {
        Some(blocks) if !blocks.is_empty() => Ok(blocks),
        _ => Err(anyhow!("{}: no {label} in this file", path.display())),
    }
}
