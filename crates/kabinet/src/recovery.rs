//! `kabinet recovery`: two of the operator's people help somebody back in for whom nothing is left (4.10.2).

use std::io::Write;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use cabinet::organisation::{self, OrganisationCode};
use cabinet::recovery::{self, AssistedId, AssistedRefusal, Officer, Progress, Request};
use clap::{Args, Subcommand};
use text::Lang;

use crate::cli::ConfigFile;
use crate::office::{Office, moment};

/// Refused, or nobody said that it may be.
const NOT_DONE: u8 = 2;

#[derive(Debug, Subcommand)]
pub(crate) enum RecoveryCommand {
    /// Ask for the recovery of an account; prints the first half of the code
    Ask(Ask),
    /// Approve what somebody else asked for; prints the second half
    Approve(Decide),
    /// Give up what was asked for
    Cancel(Decide),
    /// List the recoveries that are under way
    List(ConfigFile),
}

#[derive(Debug, Args)]
pub(crate) struct Ask {
    /// Whose account: an IIN, an e-mail, a phone; a user name with --organisation
    login: String,
    /// The code of the organisation where the user name belongs
    #[arg(long, value_name = "CODE")]
    organisation: Option<String>,
    /// Your own name and surname
    #[arg(long = "as", value_name = "NAME")]
    officer: String,
    /// How you made sure who the person is, without numbers of documents
    #[arg(long)]
    reason: String,
    /// The person has lost the second step too: it is not asked for this once
    #[arg(long)]
    without_second_step: bool,
    /// The account that was shown is the right one
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    file: ConfigFile,
}

#[derive(Debug, Args)]
pub(crate) struct Decide {
    /// The recovery, as `list` names it
    id: AssistedId,
    /// Your own name and surname
    #[arg(long = "as", value_name = "NAME")]
    officer: String,
    #[command(flatten)]
    file: ConfigFile,
}

pub(crate) const HELP: &str = "\
One person asks, another approves; each gives the person one half of the code. Every confirmed contact of the account is
told at each step and can stop it. The code opens the account when the waiting time is over, at /recover/assisted.
Exit codes: 0 done, 1 the database cannot be read, 2 refused or not confirmed.

Examples:
  kabinet recovery ask 900101300007 --as \"Dana Omarova\" --reason \"came in person, identity card seen\" --config kabinet.toml
  kabinet recovery list --config kabinet.toml
  kabinet recovery approve 0198… --as \"Serik Akhmetov\" --config kabinet.toml";

/// Carries out a command on the database of a configuration; a server may be running on it.
pub(crate) fn run(command: &RecoveryCommand) -> Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    match command {
        RecoveryCommand::Ask(asked) => ask(&Office::open(&asked.file)?, asked, &mut out),
        RecoveryCommand::Approve(decided) => approve(&Office::open(&decided.file)?, decided, &mut out),
        RecoveryCommand::Cancel(decided) => cancel(&Office::open(&decided.file)?, decided, &mut out),
        RecoveryCommand::List(file) => list(&Office::open(file)?, &mut out),
    }
}

fn ask(office: &Office, asked: &Ask, out: &mut impl Write) -> Result<ExitCode> {
    let officer = officer(&asked.officer)?;
    let place = match &asked.organisation {
        Some(code) => Some(office.organisation(code)?),
        None => None,
    };
    let login = asked.login.clone();
    let found = office.read(move |tx, rules, visit| recovery::find_named(tx, rules, visit, &login, place))?;
    let Some((account, name, contacts)) = found else {
        bail!("nobody has this login");
    };
    writeln!(out, "{name}  {account}")?;
    if contacts.is_empty() {
        writeln!(out, "no confirmed contact: nobody can be told")?;
    } else {
        writeln!(out, "told at: {}", contacts.join(", "))?;
    }
    if !asked.yes {
        writeln!(out, "nothing was changed; say --yes if this is the person")?;
        return Ok(ExitCode::from(NOT_DONE));
    }
    let request = Request {
        account,
        reason: asked.reason.clone(),
        skips_second_factor: asked.without_second_step,
    };
    let done = office.write(move |tx, rules, visit| recovery::ask(tx, rules, visit, &officer, &request))?;
    let done = match done {
        Ok(done) => done,
        Err(refusal) => return refused(refusal),
    };
    writeln!(out, "recovery {}", done.id)?;
    writeln!(out, "first half of the code: {}", done.half.printed())?;
    writeln!(
        out,
        "waits for another person's approval until {}",
        moment(done.until)
    )?;
    Ok(ExitCode::SUCCESS)
}

fn approve(office: &Office, decided: &Decide, out: &mut impl Write) -> Result<ExitCode> {
    let (officer, id) = (officer(&decided.officer)?, decided.id);
    let done = office.write(move |tx, rules, visit| recovery::approve(tx, rules, visit, &officer, id))?;
    let done = match done {
        Ok(done) => done,
        Err(refusal) => return refused(refusal),
    };
    writeln!(out, "second half of the code: {}", done.half.printed())?;
    let (from, until) = (moment(done.open_from), moment(done.until));
    writeln!(out, "opens the account from {from} until {until}")?;
    Ok(ExitCode::SUCCESS)
}

fn cancel(office: &Office, decided: &Decide, out: &mut impl Write) -> Result<ExitCode> {
    let (officer, id) = (officer(&decided.officer)?, decided.id);
    match office.write(move |tx, rules, visit| recovery::cancel(tx, rules, visit, &officer, id))? {
        Ok(()) => writeln!(out, "recovery {id}: cancelled")?,
        Err(refusal) => return refused(refusal),
    }
    Ok(ExitCode::SUCCESS)
}

fn list(office: &Office, out: &mut impl Write) -> Result<ExitCode> {
    let all = office.read(|tx, _, visit| recovery::list(tx, visit))?;
    if all.is_empty() {
        writeln!(out, "no recovery is under way")?;
    }
    for one in all {
        let (asked_at, until) = (moment(one.asked_at), moment(one.until));
        writeln!(out, "{}  {}  {}", one.id, one.name, one.account)?;
        writeln!(out, "  asked by {} at {asked_at}: {}", one.asked_by, one.reason)?;
        if one.skips_second_factor {
            writeln!(out, "  the second step is not asked for")?;
        }
        match one.progress {
            Progress::Asked => writeln!(out, "  waits for another person's approval until {until}")?,
            Progress::Approved { by, open_from } => {
                let from = moment(open_from);
                writeln!(
                    out,
                    "  approved by {by}; opens the account from {from} until {until}"
                )?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn officer(name: &str) -> Result<Officer> {
    Officer::named(name).context("--as needs your name and surname")
}

/// Says in words why not.
fn refused(refusal: AssistedRefusal) -> Result<ExitCode> {
    let words = text::refusal::by_code(Lang::En, refusal.code()).context("a refusal without words")?;
    eprintln!("{}. {}", words.what, words.why);
    Ok(ExitCode::from(NOT_DONE))
}

impl Office {
    fn organisation(&self, code: &str) -> Result<organisation::OrganisationId> {
        let Ok(parsed) = OrganisationCode::parse(code) else {
            bail!("\"{code}\" is no code of an organisation");
        };
        let found = self.read(move |tx, _, _| organisation::find_by_code(tx, &parsed))?;
        let found = found.with_context(|| format!("no organisation has the code \"{code}\""))?;
        Ok(found.id)
    }
}
