use std::fmt;

use esign::time::UnixTime;
use url::Url;

use super::ProviderFailure;

/// What the browser takes to the provider (OpenID Connect Core 1.0 §3.1.2.1).
#[derive(Clone)]
pub struct AuthorisationRequest {
    /// Names the ticket of this attempt.
    pub state: String,
    /// Comes back within the ID token.
    pub nonce: String,
    /// The S256 challenge (RFC 7636 §4.2).
    pub code_challenge: String,
    /// Where the browser comes back to: this provider's own address.
    pub redirect_uri: Url,
    /// The language of the person: `ru`, `kk`, `en`.
    pub language: &'static str,
    /// How recent the person's proof has to be.
    pub freshness: Freshness,
}

/// How recent the proof that the person gave the provider has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// A session there will do.
    Any,
    /// Given anew, after this moment: the provider is told to ask again, and its answer is checked.
    Since(UnixTime),
}

/// What the browser brought back (RFC 6749 §4.1.2, RFC 9207).
#[derive(Clone)]
pub struct Callback {
    /// a code, or why there is none
    pub answer: Answer,
    /// `iss`: who says so
    pub issuer: Option<String>,
}

/// The provider's answer within a callback.
#[derive(Clone)]
pub enum Answer {
    /// Buys the tokens, once.
    Code(String),
    /// There is no code.
    Error {
        /// of the list of RFC 6749 §4.1.2.1
        code: String,
        /// for engineers
        description: String,
    },
}

/// What was kept here of the request.
#[derive(Clone)]
pub struct Sent {
    /// the `state`
    pub state: String,
    /// the `nonce`
    pub nonce: String,
    /// the secret behind the challenge (RFC 7636 §4.1)
    pub code_verifier: String,
    /// the same address
    pub redirect_uri: Url,
    /// the same demand
    pub freshness: Freshness,
}

impl Callback {
    /// From the parameters of the address: exactly one of `code` and `error`.
    pub fn new(
        code: Option<String>,
        error: Option<String>,
        description: Option<String>,
        issuer: Option<String>,
    ) -> Result<Self, ProviderFailure> {
        let answer = match (code, error) {
            (Some(code), None) if !code.is_empty() => Answer::Code(code),
            (None, Some(code)) => Answer::Error {
                code,
                description: description.unwrap_or_default(),
            },
            _ => {
                return Err(ProviderFailure::Unusable(
                    "neither a code nor an error".to_owned(),
                ));
            }
        };
        Ok(Self { answer, issuer })
    }
}

macro_rules! shows_nothing {
    ($($name:ident)*) => {$(
        /// Secrets do not get into logs.
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )*};
}

shows_nothing!(AuthorisationRequest Callback Answer Sent);
