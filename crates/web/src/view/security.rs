//! Whether all is well with the account: the top of `/profile/binding`.

/// What was looked at, the weightiest first.
#[derive(Debug, Clone, Default)]
pub struct Checks {
    /// One line each.
    pub all: Vec<Check>,
}

impl Checks {
    /// Whether nothing asks for the person's attention.
    pub fn is_calm(&self) -> bool {
        self.all.iter().all(|check| check.tone != Tone::Attention)
    }
}

/// One line.
#[derive(Debug, Clone)]
pub struct Check {
    /// Whether it is well.
    pub tone: Tone,
    /// What is so, in one sentence.
    pub title: String,
    /// What it means; may be empty.
    pub why: String,
    /// What can be done about it.
    pub act: Option<Act>,
}

/// A place where something can be done.
#[derive(Debug, Clone)]
pub struct Act {
    /// Where.
    pub href: &'static str,
    /// The words of the button.
    pub words: &'static str,
}

/// How a line is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// It is well.
    Well,
    /// The person should look at it.
    Attention,
}

impl Tone {
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Well => "state-success",
            Self::Attention => "state-warning",
        }
    }

    pub(super) fn icon(self) -> &'static str {
        match self {
            Self::Well => "check",
            Self::Attention => "warning",
        }
    }
}
