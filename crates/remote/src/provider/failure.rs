use crate::http::HttpError;

/// Why a provider's help cannot be had. Each has a stable code; the details are for the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProviderFailure {
    /// It is down, slow, or says itself that it cannot answer now.
    #[error("the provider does not answer: {0}")]
    Unreachable(String),
    /// It answers, but not as its protocol has it.
    #[error("the provider's answer cannot be used: {0}")]
    Unusable(String),
    /// The answer came through another provider than was asked (RFC 9207).
    #[error("the answer does not come from the provider that was asked")]
    WrongSender,
    /// The person said no there.
    #[error("the person declined")]
    Declined,
    /// It does not accept our request: a matter of its registration there.
    #[error("the provider rejects the request: {0}")]
    Rejected(String),
    /// The code was used, is too old, or belongs to another attempt.
    #[error("the provider does not take the code any more")]
    CodeSpent,
    /// The ID token fails a check.
    #[error("the ID token fails a check: {0}")]
    Token(#[from] TokenFault),
    /// The account there speaks of somebody else than the ID token.
    #[error("userinfo speaks of another subject than the ID token")]
    OtherPerson,
    /// The required level was not reached.
    #[error("the required level of assurance was not reached")]
    TooWeak,
    /// The person was to prove again who they are, and did not.
    #[error("the person's proof is older than demanded")]
    NotFresh,
    /// Its clock and ours are too far apart.
    #[error("the provider finds our clock wrong")]
    Clock,
    /// The person has no second factor there, which it demands.
    #[error("the person has no second factor there")]
    SecondFactor,
    /// The person came for an organisation that they do not act for.
    #[error("the person chose a role that does not fit")]
    WrongRole,
    /// The directory knows no such user name with this password.
    #[error("the directory does not know this user name and password")]
    PasswordWrong,
    /// There is no ticket of Kerberos, or none that is good here.
    #[error("no ticket that is good here: {0}")]
    NoTicket(String),
}

/// What is wrong with an ID token (OpenID Connect Core 1.0 §3.1.3.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// It is no signed token, or a claim has another type than it must.
    #[error("malformed")]
    Malformed,
    /// Its algorithm is not on the list.
    #[error("algorithm not allowed")]
    Algorithm,
    /// Its key is not among those that the provider publishes.
    #[error("unknown key")]
    UnknownKey,
    /// The signature is wrong.
    #[error("wrong signature")]
    Signature,
    /// Another issuer.
    #[error("wrong issuer")]
    Issuer,
    /// Meant for somebody else.
    #[error("wrong audience")]
    Audience,
    /// Issued to somebody else.
    #[error("wrong authorised party")]
    AuthorisedParty,
    /// Its time is over.
    #[error("expired")]
    Expired,
    /// Its time has not come.
    #[error("issued in the future")]
    NotYetValid,
    /// It answers another request.
    #[error("wrong nonce")]
    Nonce,
}

impl ProviderFailure {
    /// One of each code.
    pub const CODES: [&str; 15] = [
        "provider.unreachable",
        "provider.unusable",
        "provider.wrong_sender",
        "provider.declined",
        "provider.rejected",
        "provider.code_spent",
        "provider.token_invalid",
        "provider.other_person",
        "provider.too_weak",
        "provider.not_fresh",
        "provider.clock",
        "provider.second_factor",
        "provider.wrong_role",
        "provider.password_wrong",
        "provider.no_ticket",
    ];

    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreachable(_) => "provider.unreachable",
            Self::Unusable(_) => "provider.unusable",
            Self::WrongSender => "provider.wrong_sender",
            Self::Declined => "provider.declined",
            Self::Rejected(_) => "provider.rejected",
            Self::CodeSpent => "provider.code_spent",
            Self::Token(_) => "provider.token_invalid",
            Self::OtherPerson => "provider.other_person",
            Self::TooWeak => "provider.too_weak",
            Self::NotFresh => "provider.not_fresh",
            Self::Clock => "provider.clock",
            Self::SecondFactor => "provider.second_factor",
            Self::WrongRole => "provider.wrong_role",
            Self::PasswordWrong => "provider.password_wrong",
            Self::NoTicket(_) => "provider.no_ticket",
        }
    }
}

/// A server that is away may come back; one that redirects or floods does not speak the protocol.
impl From<HttpError> for ProviderFailure {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::TooLarge | HttpError::Status(300..=499) => Self::Unusable(error.to_string()),
            _ => Self::Unreachable(error.to_string()),
        }
    }
}
