//! What the key dialog must know to judge keys before the server does.

use esign::trust::PurposeRule;
use serde::Serialize;

use crate::key_sources::KeySources;

/// Written into the page as a JSON data block; the server judges again after signing.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyRules {
    /// The server's time, RFC 3339: the clock of the person's computer decides nothing.
    pub now: String,
    /// IANA name of the zone in which times are shown, e.g. `Asia/Almaty`.
    pub zone: String,
    /// Rules of the trusted authorities.
    pub groups: Vec<KeyGroup>,
    /// The extensions of browsers that may bridge to КриптоПро.
    pub extensions: Vec<String>,
    /// Where keys may be: the rows of the chooser.
    #[serde(skip)]
    pub sources: KeySources,
    /// Keys that answer the server itself, not the page.
    #[serde(skip)]
    pub remote: RemoteWays,
}

/// Which keys that answer the server are offered on a page.
#[derive(Debug, Clone, Copy, Default)]
pub struct RemoteWays {
    /// Certificates that the browser shows.
    pub shown: bool,
    /// Keys in a phone.
    pub phone: bool,
}

/// The rule of one anchor group.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyGroup {
    /// Common names of the authorities; empty when the rule holds for any issuer.
    pub issuers: Vec<String>,
    /// Which keys may sign in.
    pub sign_in: KeyRule,
    /// Which keys may sign documents.
    pub sign: KeyRule,
}

/// What a key must be marked for, as [`esign::trust::PurposeRule`] says it.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyRule {
    /// Extended key usages, dotted, of which one suffices.
    pub eku: Vec<String>,
    /// Certificate policies, dotted, of which one does as well.
    pub policies: Vec<String>,
    /// Key usages of which one must be allowed.
    pub key_usage: Vec<&'static str>,
    /// Whether a key that does not state its key usage is refused.
    pub key_usage_required: bool,
    /// Key usages that show a key without extended key usages to be for something else.
    pub other_key_usage: Vec<&'static str>,
}

impl From<&PurposeRule> for KeyRule {
    fn from(rule: &PurposeRule) -> Self {
        Self {
            eku: rule.eku.clone(),
            policies: rule.policies.clone(),
            key_usage: rule.key_usage.names(),
            key_usage_required: rule.key_usage_required,
            other_key_usage: rule.other_key_usage.names(),
        }
    }
}

impl KeyRules {
    /// JSON that cannot end the `script` element around it.
    pub fn json(&self) -> String {
        let json = serde_json::to_string(self).unwrap_or_default();
        let mut safe = String::with_capacity(json.len());
        for c in json.chars() {
            match c {
                '<' => safe.push_str("\\u003c"),
                '>' => safe.push_str("\\u003e"),
                '&' => safe.push_str("\\u0026"),
                '\u{2028}' => safe.push_str("\\u2028"),
                '\u{2029}' => safe.push_str("\\u2029"),
                other => safe.push(other),
            }
        }
        safe
    }
}
