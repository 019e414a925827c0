//! From `[[anchor_group]]` to the store of whose certificates count.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use esign::certificate::Certificate;
use esign::profile::{PersonIdKind, Profile};
use esign::trust::{AnchorGroup, PurposeRule, RevocationPolicy, RevocationRule, TrustStore, UnknownStatus};

use super::sections::{self, AnchorGroupSection, PurposeSection};
use super::{Config, Problem};
use crate::pem;

impl Config {
    /// Reads every certificate that the groups name. What is known about revocation comes by [`Config::revocation`].
    pub(crate) fn trust(&self) -> Result<TrustStore, Problem> {
        let groups = self.anchor_group.iter().map(|group| self.group(group));
        let groups: Vec<AnchorGroup> = groups.collect::<Result<_, _>>()?;
        is_unambiguous(&groups)?;
        Ok(TrustStore::new(groups))
    }

    fn group(&self, section: &AnchorGroupSection) -> Result<AnchorGroup, Problem> {
        let profile = match section.profile {
            sections::Profile::Kz => Profile::Kz,
            sections::Profile::Ru => Profile::Ru,
            sections::Profile::Eidas => Profile::Eidas,
            sections::Profile::Plain => Profile::Plain,
        };
        let anchors = self.certificates(&section.anchors)?;
        if anchors.is_empty() {
            return Err(in_group(
                section,
                "names no anchor; give at least one file or folder in `anchors`",
            ));
        }
        let mut group = AnchorGroup::new(&section.id, profile, anchors);
        group.intermediates = self.certificates(&section.intermediates)?;
        if let Some(purpose) = &section.sign_in {
            narrow(&mut group.sign_in, section, purpose)?;
        }
        if let Some(purpose) = &section.sign {
            narrow(&mut group.sign, section, purpose)?;
        }
        group.person_ids = person_ids(section)?;
        group.head_titles.clone_from(&section.head_titles);
        group.revocation = policy(section);
        group.check_digits = section.check_digits;
        group.time_stamps.anchors = self.certificates(&section.time_stamps.anchors)?;
        group.time_stamps.policies = identifiers(&section.time_stamps.policies, section)?;
        Ok(group)
    }

    /// The files that are meant; a folder means those in it.
    pub(super) fn files(&self, named: &[PathBuf], label: &str) -> Result<Vec<PathBuf>, Problem> {
        let mut files = Vec::new();
        for path in named {
            let path = self.path(path);
            if path.is_dir() {
                files.extend(files_in(&path, label).map_err(|error| Problem::unreadable(&path, &error))?);
            } else {
                files.push(path);
            }
        }
        Ok(files)
    }

    /// The certificates in these files and folders.
    pub(crate) fn certificates(&self, files: &[PathBuf]) -> Result<Vec<Certificate>, Problem> {
        let mut all = Vec::new();
        for file in self.files(files, pem::CERTIFICATE)? {
            let bytes = fs::read(&file).map_err(|error| Problem::unreadable(&file, &error))?;
            let blocks = pem::read(&bytes, pem::CERTIFICATE).filter(|blocks| !blocks.is_empty());
            let parse = |blocks: Vec<Vec<u8>>| {
                let certificates = blocks.into_iter().map(|der| Certificate::parse(der).ok());
                certificates.collect::<Option<Vec<_>>>()
            };
            all.extend(blocks.and_then(parse).ok_or_else(|| {
                Problem::new(format!(
                    "{}: not a certificate in PEM or DER; fetch the file again",
                    file.display()
                ))
            })?);
        }
        Ok(all)
    }
}

/// The files of a folder that by their names hold what the label says, in the order of the names.
fn files_in(folder: &Path, label: &str) -> std::io::Result<Vec<PathBuf>> {
    let endings: &[&str] = if label == pem::CERTIFICATE {
        &["pem", "crt", "cer", "der"]
    } else {
        &["pem", "crl", "der"]
    };
    let entries = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let mut files = entries.collect::<Result<Vec<_>, _>>()?;
    files.retain(|file| {
        let ending = file.extension().and_then(OsStr::to_str).unwrap_or_default();
        endings.contains(&ending.to_ascii_lowercase().as_str())
    });
    files.sort();
    Ok(files)
}

fn policy(section: &AnchorGroupSection) -> RevocationPolicy {
    let (asked, unknown) = (section.revocation, section.unknown_status);
    let hours = |hours: u32| Duration::from_secs(u64::from(hours) * 3_600);
    RevocationPolicy {
        sign_in: rule(asked.sign_in, unknown.sign_in),
        sign: rule(asked.sign, unknown.sign),
        grace: hours(section.grace_hours),
        max_age: hours(section.ocsp_max_age_hours),
    }
}

const fn rule(asked: sections::Revocation, unknown: sections::UnknownStatus) -> RevocationRule {
    let unknown = match unknown {
        sections::UnknownStatus::Allow => UnknownStatus::Allow,
        sections::UnknownStatus::Refuse => UnknownStatus::Refuse,
    };
    match asked {
        sections::Revocation::NotAsked => RevocationRule::NotAsked,
        sections::Revocation::Required => RevocationRule::Required { unknown },
    }
}

/// A name is part of the identity of every person of its group, and an issuer is judged by one set of rules.
fn is_unambiguous(groups: &[AnchorGroup]) -> Result<(), Problem> {
    let mut owners: HashMap<[u8; 32], &str> = HashMap::new();
    let mut names = HashSet::new();
    for group in groups {
        if !names.insert(group.id.as_str()) {
            return Err(Problem::new(format!(
                "[[anchor_group]] \"{}\" stands there twice; give each group an id of its own",
                group.id
            )));
        }
        for anchor in &group.anchors {
            let owner = owners.entry(anchor.public_key_digest()).or_insert(&group.id);
            if *owner != group.id {
                return Err(Problem::new(format!(
                    "[[anchor_group]] \"{}\": the anchor {} is in \"{owner}\" too; leave it in one group",
                    group.id,
                    anchor.subject()
                )));
            }
        }
    }
    Ok(())
}

/// The operator's purposes in the place of those that the profile's authorities mark their keys with.
fn narrow(
    rule: &mut PurposeRule,
    section: &AnchorGroupSection,
    purpose: &PurposeSection,
) -> Result<(), Problem> {
    rule.eku = identifiers(&purpose.eku, section)?;
    rule.policies = identifiers(&purpose.policies, section)?;
    Ok(())
}

fn identifiers(stated: &[String], section: &AnchorGroupSection) -> Result<Vec<String>, Problem> {
    let is_oid = |text: &String| text.contains('.') && text.split('.').all(|arc| arc.parse::<u128>().is_ok());
    match stated.iter().find(|text| !is_oid(text)) {
        Some(text) => Err(in_group(
            section,
            &format!("\"{text}\" is no object identifier such as 1.3.6.1.5.5.7.3.2"),
        )),
        None => Ok(stated.to_vec()),
    }
}

fn person_ids(section: &AnchorGroupSection) -> Result<Vec<PersonIdKind>, Problem> {
    let parse = |text: &String| {
        text.parse()
            .map_err(|error| in_group(section, &format!("person_ids: \"{text}\": {error}")))
    };
    section.person_ids.iter().map(parse).collect()
}

pub(super) fn in_group(section: &AnchorGroupSection, what: &str) -> Problem {
    Problem::new(format!("[[anchor_group]] \"{}\": {what}", section.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn anchor() -> Certificate {
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = rcgen::CertificateParams::default().self_signed(&key).unwrap();
        Certificate::parse(certificate.der().to_vec()).unwrap()
    }

    fn refused(groups: &[(&str, &Certificate)]) -> Option<String> {
        let group = |(id, anchor): &(&str, &Certificate)| {
            AnchorGroup::new(*id, Profile::Plain, vec![(*anchor).clone()])
        };
        let groups: Vec<_> = groups.iter().map(group).collect();
        is_unambiguous(&groups).err().map(|problem| problem.to_string())
    }

    #[test]
    fn net_4_entering_and_documents_each_have_their_rule() {
        let toml = crate::config::EXAMPLE.replace(
            "revocation = \"required\"",
            "revocation = { sign_in = \"required\", sign = \"not-asked\" }\n\
             unknown_status = { sign_in = \"allow\", sign = \"refuse\" }",
        );
        let config = crate::config::read::parse(&toml, "kabinet.toml", &[]).unwrap();
        let policy = policy(&config.anchor_group[0]);
        let unknown = UnknownStatus::Allow;
        assert_eq!(
            (policy.sign_in, policy.sign),
            (RevocationRule::Required { unknown }, RevocationRule::NotAsked)
        );
    }

    #[test]
    fn crt_3_an_anchor_and_a_name_belong_to_one_group() {
        let (one, other) = (anchor(), anchor());
        assert_eq!(refused(&[("one", &one), ("other", &other)]), None);
        let twice = refused(&[("one", &one), ("other", &one)]).unwrap();
        assert!(
            twice.starts_with("[[anchor_group]] \"other\": the anchor "),
            "{twice}"
        );
        assert!(twice.contains("in \"one\" too"), "{twice}");
        let same_name = refused(&[("one", &one), ("one", &other)]).unwrap();
        assert!(same_name.contains("stands there twice"), "{same_name}");
    }
}
