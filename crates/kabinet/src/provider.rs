//! `kabinet provider`: who is let in by whose word, and who would be locked out without it (B-15).

use std::io::Write;
use std::process::ExitCode;

use anyhow::{Result, bail};
use cabinet::provider::{self, Lockout, ProviderKey};
use clap::{Args, Subcommand};

use crate::cli::ConfigFile;
use crate::office::{Office, moment};

/// Switching off would lock people out, and nobody said that it may.
const NOT_AGREED: u8 = 2;

#[derive(Debug, Subcommand)]
pub(crate) enum ProviderCommand {
    /// List the configured providers, whom they open accounts for, and which are off
    List(ConfigFile),
    /// Switch a provider off at once; first says who would be locked out
    Disable(Switch),
    /// Switch it on again
    Enable(Switch),
}

#[derive(Debug, Args)]
pub(crate) struct Switch {
    /// The provider, as the configuration names it
    id: ProviderKey,
    #[command(flatten)]
    file: ConfigFile,
    /// Do it although people are left without a way in
    #[arg(long)]
    yes: bool,
}

/// Carries out a command on the database of a configuration; a server may be running on it.
pub(crate) fn run(command: &ProviderCommand) -> Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    match command {
        ProviderCommand::List(file) => list(&Office::open(file)?, &mut out),
        ProviderCommand::Disable(switch) => disable(&Office::open(&switch.file)?, switch, &mut out),
        ProviderCommand::Enable(switch) => enable(&Office::open(&switch.file)?, switch, &mut out),
    }
}

fn list(office: &Office, out: &mut impl Write) -> Result<ExitCode> {
    let off = office.read(|tx, _, _| provider::list_off(tx))?;
    if office.rules.providers.is_empty() {
        writeln!(out, "no [[provider]] is configured")?;
    }
    for provider in &office.rules.providers {
        let told = office.lockout(&provider.key)?;
        let state = match off.iter().find(|off| off.provider == provider.key) {
            Some(off) => format!("off since {}, by {}", moment(off.since), off.by_whom),
            None => "on".to_owned(),
        };
        let (key, label) = (&provider.key, &provider.label.en);
        writeln!(out, "{key}  {label}  {state}  opens {} accounts", told.linked)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn disable(office: &Office, switch: &Switch, out: &mut impl Write) -> Result<ExitCode> {
    office.check(&switch.id)?;
    let told = office.lockout(&switch.id)?;
    let (linked, locked_out) = (told.linked, told.locked_out.len());
    writeln!(
        out,
        "{}: opens {linked} accounts, {locked_out} of them have no other way in",
        switch.id
    )?;
    for account in &told.locked_out {
        writeln!(out, "locked out: {account}")?;
    }
    if locked_out > 0 && !switch.yes {
        writeln!(
            out,
            "nothing was changed; say --yes to switch it off all the same"
        )?;
        return Ok(ExitCode::from(NOT_AGREED));
    }
    let key = switch.id.clone();
    let done = office.write(move |tx, _, visit| provider::disable(tx, visit, &key, OPERATOR))?;
    let said = if done { "switched off" } else { "is off already" };
    writeln!(out, "{}: {said}", switch.id)?;
    Ok(ExitCode::SUCCESS)
}

fn enable(office: &Office, switch: &Switch, out: &mut impl Write) -> Result<ExitCode> {
    office.check(&switch.id)?;
    let key = switch.id.clone();
    let done = office.write(move |tx, _, visit| provider::enable(tx, visit, &key, OPERATOR))?;
    let said = if done { "switched on" } else { "is on already" };
    writeln!(out, "{}: {said}", switch.id)?;
    Ok(ExitCode::SUCCESS)
}

/// Who acts here.
const OPERATOR: &str = "the command line";

impl Office {
    /// A name that is not configured may be a slip; an identity of such a provider opens nothing anyway.
    fn check(&self, key: &ProviderKey) -> Result<()> {
        if self.rules.provider(key).is_none() {
            bail!("no [[provider]] has the id \"{key}\"");
        }
        Ok(())
    }

    fn lockout(&self, key: &ProviderKey) -> Result<Lockout> {
        let key = key.clone();
        self.read(move |tx, rules, visit| provider::lockout(tx, rules, visit, &key))
    }
}
