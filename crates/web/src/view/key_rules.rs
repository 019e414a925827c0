//! What the key dialog must know to judge keys before the server does.

use serde::Serialize;

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
}

/// The rule of one anchor group.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyGroup {
    /// Common names of the authorities; empty when the rule holds for any issuer.
    pub issuers: Vec<String>,
    /// Extended key usages of which a sign-in key must have one; empty when any key may sign in.
    pub sign_in: Vec<String>,
    /// Extended key usages by which a key for signing documents is told from one for signing in.
    pub sign: Vec<String>,
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
