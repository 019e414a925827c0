use std::fmt;
use std::str::FromStr;

/// The name of a provider: 1 to 32 of `a-z`, `0-9` and `-`. It stands in the redirect URI, which is therefore one
/// provider's alone (threat OIDC-4).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProviderId(String);

/// The text is no name of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected 1 to 32 small letters of a-z, digits and hyphens")]
pub struct MalformedProviderId;

impl ProviderId {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path that this provider, and no other, sends people back to (threat OIDC-4).
    pub fn callback_path(&self) -> String {
        format!("/sign-in/provider/{self}/callback")
    }
}

impl FromStr for ProviderId {
    type Err = MalformedProviderId;

    fn from_str(text: &str) -> Result<Self, MalformedProviderId> {
        let is_fit = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if (1..=32).contains(&text.len()) && text.bytes().all(is_fit) {
            Ok(Self(text.to_owned()))
        } else {
            Err(MalformedProviderId)
        }
    }
}

impl fmt::Display for ProviderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn oidc_4_a_name_fits_a_path_unescaped() {
        for sound in ["esia", "demo-gov", "p2", &"a".repeat(32)] {
            assert_eq!(sound.parse::<ProviderId>().unwrap().as_str(), sound);
        }
        for wrong in ["", "ESIA", "a/b", "a.b", "a b", "ид", &"a".repeat(33)] {
            assert_eq!(wrong.parse::<ProviderId>(), Err(MalformedProviderId), "{wrong}");
        }
    }
}
