//! Log lines: JSON for machines, plain for people. What is logged never names a person.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::config::{LogFormat, LogSection, Problem};

/// Sends log lines to standard error from now on.
pub(crate) fn start(section: &LogSection) -> Result<(), Problem> {
    let level = section.level.as_deref().unwrap_or("info");
    let filter = EnvFilter::builder().parse(level).map_err(|error| {
        Problem::new(format!(
            "[log] level = \"{level}\": {error}; use error, warn, info, debug or trace"
        ))
    })?;
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let started = match section.format.unwrap_or_else(fitting) {
        LogFormat::Json => subscriber.json().flatten_event(true).try_init(),
        LogFormat::Pretty => subscriber.with_target(false).try_init(),
    };
    started.map_err(|error| Problem::new(format!("the log cannot be started: {error}")))
}

fn fitting() -> LogFormat {
    if std::io::stderr().is_terminal() {
        LogFormat::Pretty
    } else {
        LogFormat::Json
    }
}
