//! Bearer secrets: sessions, tickets, the mark of a browser. Only their SHA-256 is ever stored.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER_PERMISSIVE};
use serde::{Deserialize, Serialize};

use crate::Entropy;

/// 256 random bits that are shown once: in a cookie, a link or a challenge.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; 32]);

/// What is stored of a [`Secret`].
pub type SecretHash = [u8; 32];

impl Secret {
    /// A fresh secret.
    pub fn new(entropy: &Entropy) -> Self {
        Self(entropy.bytes())
    }

    /// Reads what [`Self::expose`] wrote; anything else is no secret of ours.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 64 {
            return None;
        }
        let mut bytes = [0; 32];
        let read = HEXLOWER_PERMISSIVE.decode_mut(text.as_bytes(), &mut bytes);
        read.ok().map(|_| Self(bytes))
    }

    /// The text for the cookie, link or challenge. Hexadecimal, because mail programs cut other alphabets at the end.
    pub fn expose(&self) -> String {
        HEXLOWER_PERMISSIVE.encode(&self.0)
    }

    /// Reads what [`Self::base64url`] wrote.
    pub fn parse_base64url(text: &str) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// The text for a challenge of Web Authentication.
    pub fn base64url(&self) -> String {
        BASE64URL_NOPAD.encode(&self.0)
    }

    /// The form that is stored and looked up.
    pub fn hash(&self) -> SecretHash {
        sha256(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The browser an unfinished act belongs to: the hash of its pre-session cookie.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BrowserHash([u8; 32]);

impl BrowserHash {
    /// The mark of the browser that holds this cookie.
    pub fn of(cookie: &Secret) -> Self {
        Self(cookie.hash())
    }

    /// The bytes that are stored.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// SHA-256, the only digest of the domain.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, bytes).as_ref());
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_reads_back_and_shows_nothing_in_logs() {
        let secret = Secret::new(&Entropy::system());
        assert_eq!(Secret::parse(&secret.expose()), Some(secret.clone()));
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert_eq!(Secret::parse("00"), None);
        assert_eq!(Secret::parse(&"é".repeat(32)), None);
    }
}
