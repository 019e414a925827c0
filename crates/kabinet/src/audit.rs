//! `kabinet audit verify`

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use cabinet::MIGRATIONS;
use cabinet::audit::{self, Break, Report};
use db::Db;

use crate::cli::AuditVerify;
use crate::config::{self, Config};
use crate::demo;

/// The history could not be read.
const UNREADABLE: u8 = 3;

/// Reads every chain: 0 unbroken, 1 broken, 3 unreadable.
pub(crate) fn verify(arguments: &AuditVerify) -> ExitCode {
    match report(arguments) {
        Ok(report) => tell(&report),
        Err(error) => {
            eprintln!("kabinet: {error:#}");
            ExitCode::from(UNREADABLE)
        }
    }
}

fn report(arguments: &AuditVerify) -> Result<Report> {
    let file = match (&arguments.config, &arguments.data) {
        (Some(file), _) => file.clone(),
        (None, Some(folder)) => folder.join(demo::CONFIG),
        (None, None) => anyhow::bail!("name --config FILE or --data DIR"),
    };
    let config = Config::load(&file, &config::environment())?;
    let db = Db::open(config.engine()?, MIGRATIONS).context("the database cannot be opened")?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let report = runtime.block_on(db.read_heavy(|tx| audit::verify(tx, &[])));
    db.close();
    report.context("the history cannot be read")
}

fn tell(report: &Report) -> ExitCode {
    match &report.broken {
        None => {
            println!("unbroken: {} lines in {} chains", report.lines, report.chains);
            ExitCode::SUCCESS
        }
        Some(broken) => {
            println!(
                "broken: line {} of chain {}: {}",
                broken.seq,
                broken.chain,
                words(broken.why)
            );
            ExitCode::FAILURE
        }
    }
}

fn words(why: Break) -> &'static str {
    match why {
        Break::Altered => "it, or a line before it, was altered",
        Break::Missing => "a line before it is missing",
        Break::Cut => "the chain ends before it",
        Break::Head => "the kept head does not name it as the last",
        Break::Relinked => "the server's chain knows it with another hash: the chain was rewritten",
        Break::Anchor => "it is not the head that was kept outside",
    }
}
