//! The command line.

use std::net::{AddrParseError, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand};

/// A personal-account server for people who hold a state-issued electronic signature.
#[derive(Debug, Parser)]
#[command(name = "kabinet", version, max_term_width = 100, after_help = FIRST_STEPS)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a city portal with invented people, to look around
    #[command(after_help = DEMO)]
    Demo(Demo),
    /// Run the server
    #[command(after_help = SERVE)]
    Serve(Serve),
    /// Check a configuration, or print a complete example
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Show, check and install the certificates of authorities that are trusted
    #[command(subcommand, after_help = ANCHORS)]
    Anchors(crate::anchors::AnchorsCommand),
    /// Bring in the organisations whose people use the cabinet
    #[command(subcommand)]
    Organisation(crate::organisation::OrganisationCommand),
    /// Prove that the history of acts is unbroken
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Show, switch off and switch on the outside providers that people enter through
    #[command(subcommand)]
    Provider(crate::provider::ProviderCommand),
    /// Help somebody back in for whom nothing is left; takes two people
    #[command(subcommand, after_help = crate::recovery::HELP)]
    Recovery(crate::recovery::RecoveryCommand),
    /// Verify a signature without a server, a database or a network
    #[command(after_help = VERIFY)]
    Verify(crate::verify::Arguments),
    /// Show what a certificate, revocation list, OCSP answer, signature, time stamp or key file says
    #[command(after_help = INSPECT)]
    Inspect(crate::inspect::Arguments),
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Folder of the demo; made at the first start, reused later
    #[arg(long, value_name = "DIR", default_value = "demo-data")]
    pub(crate) data: PathBuf,
    /// Address to listen on; `localhost:8080` for a portal with a name, which passkeys need
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub(crate) listen: Listen,
}

/// Where the demo is reached.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Listen {
    pub(crate) address: SocketAddr,
    /// The port of `localhost` was asked for, not a number.
    pub(crate) by_name: bool,
}

impl FromStr for Listen {
    type Err = AddrParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let port = text.strip_prefix("localhost:");
        let address = match port {
            Some(port) => format!("127.0.0.1:{port}").parse()?,
            None => text.parse()?,
        };
        Ok(Self {
            address,
            by_name: port.is_some(),
        })
    }
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) file: ConfigFile,
    /// Start although the database was written later than the clock says now
    #[arg(long)]
    pub(crate) clock_is_right: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ConfigFile {
    /// The configuration, a TOML file
    #[arg(long, value_name = "FILE")]
    pub(crate) config: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Read the file and everything it names, and say what is wrong, if anything
    Check(ConfigFile),
    /// Print a configuration with every key explained
    Example,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Check every line of every chain and name the first broken one
    #[command(after_help = AUDIT)]
    Verify(AuditVerify),
}

#[derive(Debug, Args)]
pub(crate) struct AuditVerify {
    /// The configuration that names the database
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present = "data",
        conflicts_with = "data"
    )]
    pub(crate) config: Option<PathBuf>,
    /// The folder of a demo
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// A head that an earlier run printed and that was kept elsewhere; may be repeated
    #[arg(long, value_name = "NUMBER:DIGEST")]
    pub(crate) head: Vec<String>,
}

const FIRST_STEPS: &str = "\
First steps:
  kabinet demo                                    look around, with invented people and keys
  kabinet config example > kabinet.toml           begin a configuration of your own
  kabinet config check --config kabinet.toml      see whether it is complete
  kabinet serve --config kabinet.toml             run it

Each command explains itself: kabinet serve --help";

const DEMO: &str = "\
The first start makes DIR: a certification authority, people with key files, and a database. It prints where to look
and writes DIR/demo.json for scripts. Nothing leaves this machine: messages are shown at /demo/messages.

Examples:
  kabinet demo
  kabinet demo --data portal --listen 127.0.0.1:9000
  rm -r demo-data                                 begin anew";

const SERVE: &str = "\
Every key of the file can be set by the environment: KABINET__SERVER__LISTEN=0.0.0.0:8080 sets `listen` in [server].
SIGTERM or Ctrl-C ends the server after the requests in progress, within 25 seconds.

Examples:
  kabinet serve --config /etc/kabinet/kabinet.toml
  KABINET__LOG__LEVEL=debug kabinet serve --config kabinet.toml";

const ANCHORS: &str = "\
Exit codes: 0 all is sound, 1 something is not (each reason has a code), 3 it could not be looked at.

Examples:
  kabinet anchors inspect root_gost_2022.cer nca_gost_2022.cer
  kabinet anchors install --config kabinet.toml --group kz-national root_gost_2022.cer
  kabinet anchors install --config kabinet.toml --group kz-national --intermediate nca_gost_2022.cer
  kabinet anchors list --config kabinet.toml";

const AUDIT: &str = "\
Exit codes: 0 unbroken, 1 broken (the line is named), 3 the history could not be read.

Whoever can rewrite the whole database can rewrite the chains with it. Keep the printed head where this machine
cannot write, and give it back next time.

Examples:
  kabinet audit verify --config /etc/kabinet/kabinet.toml
  kabinet audit verify --config /etc/kabinet/kabinet.toml --head 5120:9f8a3c…
  kabinet audit verify --data demo-data";

const VERIFY: &str = "\
Exit codes: 0 valid, 1 invalid, 2 unknown, 3 usage.

Examples:
  kabinet verify --anchors root.pem contract.pdf.p7s --content contract.pdf
  kabinet verify --json --anchors anchors/ --crl authority.crl signed.cms
  kabinet verify --json --anchors root.pem --at 2026-03-01T12:00:00+05:00 signed.cms
  kabinet verify --anchors anchors/ --language ru incoming/      a whole folder, on all cores";

const INSPECT: &str = "\
The kind is told by the content, not by the name. Nothing is judged, and private parts are never shown.
Exit codes: 0 read, 1 broken (with its code, the standard's clause and the place), 3 usage.

Examples:
  kabinet inspect certificate.crt
  kabinet inspect --json authority.crl
  kabinet inspect --password-file password.txt key.p12";

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::Cli;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
