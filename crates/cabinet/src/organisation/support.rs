use serde::{Deserialize, Serialize};

use crate::Failure;

/// One way to reach the people who help at an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupportEntry {
    /// Whom one reaches.
    pub label: String,
    /// How.
    #[serde(flatten)]
    pub way: SupportWay,
}

/// How support is reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SupportWay {
    /// A phone number, perhaps a short one.
    Phone(String),
    /// A mailbox.
    Mail(String),
}

/// What is stored; what cannot be read helps nobody, so that the contacts of the installation are shown.
pub(crate) fn read(stored: &str) -> Vec<SupportEntry> {
    serde_json::from_str(stored).unwrap_or_default()
}

pub(super) fn write(entries: &[SupportEntry]) -> Result<String, Failure> {
    Ok(serde_json::to_string(entries)?)
}
