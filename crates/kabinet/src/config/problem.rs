//! What is wrong with a configuration.

use std::fmt;
use std::path::Path;

/// One sentence: where, what, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem(String);

impl Problem {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }

    pub(crate) fn unreadable(file: &Path, error: &std::io::Error) -> Self {
        Self(format!(
            "{}: cannot be read ({error}); check the path and who may read it",
            file.display()
        ))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for Problem {}
