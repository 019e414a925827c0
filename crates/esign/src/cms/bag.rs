//! The certificates of a message.

use std::collections::HashSet;

use super::evidence::Stored;
use super::signer_info::SignerId;
use crate::certificate::Certificate;
use crate::verdict::{Code, Problem};

/// Each certificate once, in the order of the message.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bag {
    pub(crate) certificates: Vec<Certificate>,
    /// a certificate that cannot be read harms nobody but its owner
    pub(super) malformed: usize,
}

impl Bag {
    pub(crate) fn of(stored: &Stored<'_>) -> Self {
        let read: Vec<_> = stored
            .certificates
            .iter()
            .filter_map(|der| Certificate::parse(*der).ok())
            .collect();
        let malformed = stored.certificates.len() - read.len();
        let mut seen = HashSet::new();
        let certificates = read
            .into_iter()
            .filter(|certificate| seen.insert(certificate.fingerprint()))
            .collect();
        Self {
            certificates,
            malformed,
        }
    }

    /// The certificates that came beside one that was shown; what cannot be read helps nobody.
    pub(super) fn of_chain(brought: &[impl AsRef<[u8]>]) -> Self {
        let read = brought.iter().map(|der| Certificate::parse(der.as_ref()));
        Self {
            certificates: read.filter_map(Result::ok).collect(),
            malformed: 0,
        }
    }

    /// The same and those of another message.
    pub(crate) fn with(mut self, other: &Self) -> Self {
        let more = other
            .certificates
            .iter()
            .filter(|certificate| !self.certificates.contains(certificate));
        let more: Vec<_> = more.cloned().collect();
        self.certificates.extend(more);
        self
    }

    /// The certificates that a signer's identifier fits, which may be several: names can be copied.
    pub(crate) fn candidates(&self, id: &SignerId<'_>) -> Result<Vec<&Certificate>, Problem> {
        let found: Vec<_> = self
            .certificates
            .iter()
            .filter(|certificate| id.fits(certificate))
            .collect();
        match found.is_empty() {
            false => Ok(found),
            true if self.malformed > 0 => Err(Code::CertificateMalformed.into()),
            true => Err(Code::CmsSignerCertificateMissing.into()),
        }
    }
}
