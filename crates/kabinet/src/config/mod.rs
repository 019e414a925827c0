//! The configuration: one TOML file, environment variables on top. Every mistake is told in one sentence with its
//! place and what to do.

mod assemble;
mod by_purpose;
mod directory;
mod document;
mod esia;
mod kerberos;
mod keys;
mod one_or_more;
mod organisations;
mod problem;
mod provider;
mod read;
mod remote_keys;
mod revocation;
mod secret;
mod sections;
mod trust;

use std::path::Path;
use std::sync::Arc;

use cabinet::ServerKey;

pub(crate) use problem::Problem;
pub(crate) use sections::{AnchorGroupSection, Config, LogFormat, LogSection, MailSection, SupportEntry};

/// A complete configuration with every key explained.
pub(crate) const EXAMPLE: &str = include_str!("example.toml");

/// The variables of this process that belong to the configuration.
pub(crate) fn environment() -> Vec<(String, String)> {
    std::env::vars()
        .filter(|(name, _)| name.starts_with(document::PREFIX))
        .collect()
}

impl Config {
    /// Reads the file, lays the environment over it, and refuses what it does not know. Relative paths in it count
    /// from the file's folder.
    pub(crate) fn load(file: &Path, environment: &[(String, String)]) -> Result<Self, Problem> {
        let toml = std::fs::read_to_string(file).map_err(|error| Problem::unreadable(file, &error))?;
        let config = read::parse(&toml, &file.display().to_string(), environment)?;
        Ok(Self {
            folder: file.parent().unwrap_or(Path::new("")).to_owned(),
            ..config
        })
    }
}

/// `kabinet config check`: reads the file and everything it names.
pub(crate) fn check(file: &Path) -> anyhow::Result<()> {
    let config = Config::load(file, &environment())?;
    if config.is_new() {
        println!(
            "note: a new installation; the first start makes the server key {}",
            config.path(&config.secrets.key_file).display()
        );
        config.rules(ServerKey::new([0; 32]))?;
    } else {
        config.rules(config.server_key()?)?;
    }
    config.engine()?;
    config.site()?;
    config.proxies()?;
    config.mailer()?;
    let trust = Arc::new(config.trust()?);
    config.revocation(&trust)?;
    config.providers()?;
    config.remote_keys()?;
    config.door(&trust)?;
    println!("{}: complete", file.display());
    if trust.groups().is_empty() {
        println!("note: without an [[anchor_group]] nobody can sign in with a certificate");
    }
    if config.mail.is_none() {
        println!("note: without [mail] no message leaves this machine");
    }
    if config.server.support.is_empty() {
        println!("note: without `support` in [server] people see nobody who helps");
    }
    Ok(())
}
