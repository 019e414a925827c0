//! Ways in: by certificate over a challenge or shown in a TLS handshake, by login and password, by passkey, through an
//! outside provider; with a second factor where one is asked for, and with a way on for certificates that no account holds.

mod certificate;
mod challenge;
mod enter;
mod entry_proof;
mod guesses;
mod login;
mod passkey;
mod password;
mod phone;
mod presented;
mod proof;
mod refusal;
mod standing;

pub mod federation;
pub mod second_factor;
pub mod unknown_certificate;

pub use certificate::{CertificateEntry, with_certificate};
pub use challenge::{
    Challenge, ChallengePurpose, ChallengeText, ChallengeWords, SignedChallenge, SignerPath, find_challenge,
    issue_challenge,
};
pub(crate) use enter::enter;
pub use enter::{Entered, Opened};
pub(crate) use login::Login;
pub use passkey::with_passkey;
pub(crate) use password::step_up_pace;
pub use password::{CheckedPassword, PasswordAttempt, check_password, password_attempt, with_password};
pub use phone::{
    PhoneErrand, PhonePage, PhoneState, bring_signature, find_phone_errand, find_phone_page, give_up_phone,
    offer_to_phone,
};
pub use presented::{
    Onward, Presented, PresentedCertificate, Shown, find_presented, present_certificate, send_for_certificate,
};
pub use proof::{CertificateProof, Evidence, SignedAnswer};
pub use refusal::SignInRefusal;
pub use standing::record_refused_status;
pub(crate) use standing::standing;
