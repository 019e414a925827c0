//! `kabinet audit verify`

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use cabinet::audit::{self, Break, Head, Report};
use cabinet::{Failure, MIGRATIONS};
use data_encoding::HEXLOWER_PERMISSIVE;
use db::{Db, Timestamp};

use crate::cli::AuditVerify;
use crate::config::{self, Config};
use crate::demo;

/// The history could not be read.
const UNREADABLE: u8 = 3;

/// Reads every chain: 0 unbroken, 1 broken, 3 unreadable.
pub(crate) fn verify(arguments: &AuditVerify) -> ExitCode {
    match report(arguments) {
        Ok((report, head)) => tell(&report, head.as_ref()),
        Err(error) => {
            eprintln!("kabinet: {error:#}");
            ExitCode::from(UNREADABLE)
        }
    }
}

fn report(arguments: &AuditVerify) -> Result<(Report, Option<Head>)> {
    let kept = arguments
        .head
        .iter()
        .map(|text| head(text))
        .collect::<Result<Vec<Head>>>()?;
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
    let report = runtime.block_on(db.read_heavy(move |tx| {
        let report = audit::verify(tx, &kept)?;
        Ok::<_, Failure>((report, audit::head(tx)?))
    }));
    db.close();
    report.context("the history cannot be read")
}

/// `5120:9f8a3c…`, as [`tell`] prints it.
fn head(text: &str) -> Result<Head> {
    let parts = text.split_once(':').and_then(|(number, digest)| {
        Some((
            number.parse().ok()?,
            HEXLOWER_PERMISSIVE.decode(digest.as_bytes()).ok()?,
        ))
    });
    let (seq, hash) =
        parts.with_context(|| format!("--head {text}: write it as it was printed, NUMBER:DIGEST"))?;
    Ok(Head {
        seq,
        hash,
        at: Timestamp::from_micros(0),
    })
}

fn tell(report: &Report, head: Option<&Head>) -> ExitCode {
    match &report.broken {
        None => {
            println!("unbroken: {} lines in {} chains", report.lines, report.chains);
            if let Some(head) = head {
                println!("head: {head}");
            }
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
