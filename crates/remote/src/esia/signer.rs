use std::process::Stdio;
use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;
use tokio::time::timeout;

use super::Signer;
use crate::provider::ProviderFailure;

/// A signature s ‖ r of 256 bits each.
const LENGTH: usize = 64;
const PATIENCE: Duration = Duration::from_secs(5);

impl Signer {
    /// `client_secret`: the signature of a message, in base64url.
    pub(super) async fn sign(&self, message: &str) -> Result<String, ProviderFailure> {
        let signature = match self {
            Self::Key(key) => key.sign(message.as_bytes(), &mut |bytes| {
                // Zeros do no harm: the one-time number is derived from key and message, too (RFC 6979 §3.6).
                let _ = getrandom::fill(bytes);
            }),
            Self::Command { program, arguments } => {
                let mut command = Command::new(program);
                command.args(arguments);
                let run = timeout(PATIENCE, run(command, message.as_bytes())).await;
                run.ok().and_then(Result::ok)
            }
        };
        let signature = signature.filter(|signature| signature.len() == LENGTH);
        let signature = signature.ok_or_else(|| {
            tracing::error!(signer = ?self, "a request to ESIA could not be signed");
            ProviderFailure::Rejected("the request could not be signed".to_owned())
        })?;
        Ok(BASE64URL_NOPAD.encode(&signature))
    }
}

async fn run(mut command: Command, message: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut running = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    if let Some(mut input) = running.stdin.take() {
        input.write_all(message).await?;
    }
    let output = running.wait_with_output().await?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(std::io::Error::other("the command failed"))
    }
}
