//! Ways in: by certificate over a challenge, by login and password, through an outside provider.

mod certificate;
mod challenge;
mod enter;
mod login;
mod password;
mod refusal;
mod standing;

pub mod federation;

pub use certificate::with_certificate;
pub use challenge::{
    Challenge, ChallengePurpose, ChallengeText, ChallengeWords, SignedChallenge, SignerPath, find_challenge,
    issue_challenge,
};
pub use enter::Opened;
pub(crate) use password::step_up_pace;
pub use password::{CheckedPassword, PasswordAttempt, check_password, password_attempt, with_password};
pub use refusal::SignInRefusal;
pub use standing::record_refused_status;
pub(crate) use standing::standing;
