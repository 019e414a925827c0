//! The binary: command line, configuration, wiring, demo.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

mod anchors;
mod audit;
mod cli;
mod clock;
mod config;
mod demo;
mod inspect;
mod log;
mod office;
mod organisation;
mod pem;
mod provider;
mod recovery;
mod serve;
mod verify;

use cli::{AuditCommand, Cli, Command, ConfigCommand};

/// The command line could not be understood.
const USAGE: u8 = 3;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(answer) => {
            let asked_for = !answer.use_stderr();
            // Where even the explanation cannot be written, the exit code remains.
            let _ = answer.print();
            return if asked_for {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(USAGE)
            };
        }
    };
    run(cli.command).unwrap_or_else(|error| {
        eprintln!("kabinet: {error:#}");
        ExitCode::FAILURE
    })
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Demo(demo) => demo::run(&demo)?,
        Command::Serve(arguments) => serve::configured(&arguments)?,
        Command::Config(ConfigCommand::Check(file)) => config::check(&file.config)?,
        Command::Config(ConfigCommand::Example) => std::io::stdout().write_all(config::EXAMPLE.as_bytes())?,
        Command::Audit(AuditCommand::Verify(arguments)) => return Ok(audit::verify(&arguments)),
        Command::Verify(arguments) => return Ok(verify::run(&arguments)),
        Command::Provider(command) => return provider::run(&command),
        Command::Recovery(command) => return recovery::run(&command),
        Command::Anchors(command) => return Ok(anchors::run(&command)),
        Command::Organisation(command) => return Ok(organisation::run(&command)),
        Command::Inspect(arguments) => return Ok(inspect::run(&arguments)),
    }
    Ok(ExitCode::SUCCESS)
}
