use std::fs::File;
use std::io::{self, BufReader, Read as _, Seek as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use esign::revocation::{Crl, ReadError};
use esign::time::UnixTime;
use rustls::pki_types::CertificateRevocationListDer;
use rustls::pki_types::pem::PemObject as _;

use super::Judge;
use crate::http::HttpError;

/// Largest list that is fetched.
pub(super) const MAX_SIZE: u64 = 256 * 1024 * 1024;

/// Why a list was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// It did not arrive.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// It could not be kept.
    #[error("the list could not be stored or read: {0}")]
    Storage(#[from] io::Error),
    /// Nothing arrived.
    #[error("the answer is empty")]
    Empty,
    /// A page for people arrived.
    #[error("the answer is a page (HTML or XML), not a revocation list")]
    Page,
    /// Something else arrived.
    #[error("the answer is no revocation list in DER or PEM: {0}")]
    Malformed(String),
    /// It is by somebody else, or its signature is wrong.
    #[error("the list of {0} is signed by no authority of the group")]
    Foreign(String),
    /// It is an earlier list again.
    #[error("the list of {issuer} was issued at {at}, before the one that is in use")]
    Older {
        /// whose list
        issuer: String,
        /// when it was issued
        at: UnixTime,
    },
    /// The reader of lists broke down.
    #[error("reading the list failed; please report this")]
    Panicked,
}

/// The lists of a file, if each is signed by an authority and none is older than the one in use.
pub(super) fn lists(file: &Path, before: &[Crl], judge: &Judge) -> Result<Vec<Crl>, ListError> {
    // A list that the reader stumbles over must not take the server with it.
    let crls = catch_unwind(AssertUnwindSafe(|| parse(file))).map_err(|_| ListError::Panicked)??;
    for crl in &crls {
        if !judge(crl) {
            return Err(ListError::Foreign(crl.issuer().to_string()));
        }
        let is_older = |used: &Crl| used.issuer() == crl.issuer() && used.this_update() > crl.this_update();
        if before.iter().any(is_older) {
            return Err(ListError::Older {
                issuer: crl.issuer().to_string(),
                at: crl.this_update(),
            });
        }
    }
    Ok(crls)
}

fn parse(path: &Path) -> Result<Vec<Crl>, ListError> {
    let mut file = File::open(path)?;
    let mut start = Vec::new();
    file.by_ref().take(64).read_to_end(&mut start)?;
    file.rewind()?;
    match start.trim_ascii_start() {
        [] => Err(ListError::Empty),
        [b'<', ..] => Err(ListError::Page),
        [0x30, ..] => Crl::read(BufReader::new(file))
            .map(|crl| vec![crl])
            .map_err(ListError::from),
        _ => parse_pem(file),
    }
}

fn parse_pem(file: File) -> Result<Vec<Crl>, ListError> {
    let malformed = |error: &dyn std::error::Error| ListError::Malformed(error.to_string());
    let blocks = CertificateRevocationListDer::pem_reader_iter(file.take(MAX_SIZE));
    let crls: Vec<Crl> = blocks
        .map(|block| {
            let block = block.map_err(|error| malformed(&error))?;
            Crl::parse(block.to_vec()).map_err(|error| malformed(&error))
        })
        .collect::<Result<_, _>>()?;
    if crls.is_empty() {
        return Err(ListError::Malformed("there is none in the file".to_owned()));
    }
    Ok(crls)
}

impl From<ReadError> for ListError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Io(error) => Self::Storage(error),
            ReadError::Malformed(error) => Self::Malformed(error.to_string()),
        }
    }
}
