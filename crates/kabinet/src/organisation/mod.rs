//! `kabinet organisation import`

mod table;

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use cabinet::account::Language;
use cabinet::organisation::{self, Imported, NewOrganisation};
use cabinet::{Entropy, Failure, MIGRATIONS, Rules, Visit};
use clap::{Args, Subcommand};
use db::{Db, Timestamp};

use crate::config::{self, Config};
use crate::{clock, demo};

pub(crate) use table::{Mistake, read};

/// Organisations in one transaction: so many are locked for no longer than a moment.
const FILE_LIMIT: u64 = 64 * 1024 * 1024;
/// A row is wrong; nothing was written.
const WRONG: u8 = 1;
/// The file or the database could not be read.
const UNREADABLE: u8 = 3;

#[derive(Debug, Subcommand)]
pub(crate) enum OrganisationCommand {
    /// Bring organisations in from a CSV file
    #[command(after_help = IMPORT)]
    Import(Import),
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The file: UTF-8, comma or semicolon between columns, their names in the first line
    file: PathBuf,
    /// The configuration that names the database
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present = "data",
        conflicts_with = "data"
    )]
    config: Option<PathBuf>,
    /// The folder of a demo
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Look at the file only
    #[arg(long)]
    dry_run: bool,
}

const IMPORT: &str = "\
Columns: code, kind, region, locality, name; and, where wanted, short_name, methods, support, closed.
  code      БИН, ИНН, or a word of Latin letters, digits and hyphens; also in the link /o/CODE
  kind      a kind of the configuration: education, authority
  methods   ways in, the primary one first: certificate password provider/ID; empty: those of the installation
  support   who helps: «Reception: +7 727 300-12-12 | Mail: help@school.kz»; empty: whoever helps everybody
  closed    yes: nobody enters through it any more

Every row is looked at first. One wrong row, and nothing is written. A row whose code is known changes that
organisation; brought in again the file changes nothing.
Exit codes: 0 brought in, 1 a row is wrong (each with its line and column), 3 the file or the database is unreadable.

Examples:
  kabinet organisation import schools.csv --config kabinet.toml --dry-run
  kabinet organisation import schools.csv --config kabinet.toml";

/// Runs a command on organisations.
pub(crate) fn run(command: &OrganisationCommand) -> ExitCode {
    let OrganisationCommand::Import(arguments) = command;
    match import(arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("kabinet: {error:#}");
            ExitCode::from(UNREADABLE)
        }
    }
}

fn import(arguments: &Import) -> Result<ExitCode> {
    let config = match (&arguments.config, &arguments.data) {
        (Some(file), _) => Config::load(file, &config::environment())?,
        (None, Some(folder)) => Config::load(&folder.join(demo::CONFIG), &config::environment())?,
        (None, None) => anyhow::bail!("name --config FILE or --data DIR"),
    };
    let rules = config.rules(config.server_key()?)?;
    let size = std::fs::metadata(&arguments.file).map(|file| file.len());
    let file = arguments.file.display();
    anyhow::ensure!(
        size.with_context(|| format!("{file}: cannot be read"))? <= FILE_LIMIT,
        "{file}: larger than 64 MiB; divide it"
    );
    let bytes = std::fs::read(&arguments.file).with_context(|| format!("{file}: cannot be read"))?;
    let rows = match read(&bytes, &rules) {
        Ok(rows) => rows,
        Err(mistakes) => return Ok(tell(&mistakes)),
    };
    if arguments.dry_run {
        println!(
            "{} organisations, every row is right; nothing was written",
            rows.len()
        );
        return Ok(ExitCode::SUCCESS);
    }
    let db = Db::open(config.engine()?, MIGRATIONS).context("the database cannot be opened")?;
    let imported = write(&db, rows);
    db.close();
    let Imported { added, changed, same } = imported?;
    println!("{added} added, {changed} changed, {same} the same already");
    Ok(ExitCode::SUCCESS)
}

/// Brings rows in, all or none.
pub(crate) fn write(db: &Db, rows: Vec<NewOrganisation>) -> Result<Imported> {
    let visit = visit(clock::now());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let imported = runtime.block_on(db.write(move |tx| organisation::import(tx, &visit, &rows)));
    imported.map_err(|failure: Failure| anyhow::Error::new(failure).context("nothing was written"))
}

/// The operator at the command line.
fn visit(now: Timestamp) -> Visit {
    Visit {
        now,
        language: Language::Ru,
        address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        device: "kabinet organisation import".to_owned(),
        request_id: "command line".to_owned(),
        entropy: Entropy::system(),
    }
}

fn tell(mistakes: &[Mistake]) -> ExitCode {
    for mistake in mistakes {
        eprintln!("{mistake}");
    }
    eprintln!("nothing was written");
    ExitCode::from(WRONG)
}

/// The organisations of the demo.
pub(crate) fn demonstration(rules: &Rules) -> Result<Vec<NewOrganisation>> {
    read(include_bytes!("../demo/organisations.csv"), rules)
        .map_err(|mistakes| anyhow::anyhow!("the organisations of the demo: {mistakes:?}"))
}
