//! Passkeys: Web Authentication Level 3 (W3C), the relying party's side.
//!
//! - Registered under step-up, discoverable, with the user verified (PIN, finger, face): a passkey is two factors in one
//!   and opens an account alone.
//! - Statements of attestation are not asked for and not believed: a key is what it proves it can sign.
//! - Everything that a response states is compared with what was asked (threats, PKY-1): type, challenge, origin, site,
//!   presence, verification, owner, algorithm, signature, counter.

mod authenticator_data;
mod bind;
mod challenge;
mod client_data;
mod prove;
mod public_key;
mod store;

pub(crate) use bind::disown_passkey;
pub(super) use bind::end_passkey;
pub use bind::{RegistrationOffer, bind_passkey, offer_passkey, rename_passkey};
pub use challenge::{PasskeyChallenge, PasskeyUse, issue_passkey_challenge};
pub(crate) use prove::{Proven, prove};
pub(super) use store::{PasskeyRow, find_name, list};

crate::refusals! {
    /// Why a passkey was not added, or opened nothing.
    pub enum PasskeyRefusal {
        ChallengeGone = "passkey.challenge_gone",
        Malformed = "passkey.malformed",
        WrongOrigin = "passkey.wrong_origin",
        NotVerified = "passkey.not_verified",
        SignatureInvalid = "passkey.signature_invalid",
        UnsupportedAlgorithm = "passkey.unsupported_algorithm",
        Unknown = "passkey.unknown",
        CounterBack = "passkey.counter_back",
        AlreadyBound = "passkey.already_bound",
        NameMissing = "passkey.name_missing",
        BoundInThisSession = "step_up.bound_in_this_session",
        StrongerMethod = "step_up.stronger_method",
        SecondFactorGone = "second_factor.gone",
        SessionGone = "session.gone",
        NotOffered = "organisation.method_not_offered",
        AccountBlocked = "account.blocked",
    }
}

/// What a browser gives after making a key (`AuthenticatorAttestationResponse`), decoded.
#[derive(Clone, Debug)]
pub struct Attestation {
    /// `clientDataJSON`
    pub client_data: Vec<u8>,
    /// `attestationObject`
    pub object: Vec<u8>,
}

/// What a browser gives after using a key (`AuthenticatorAssertionResponse`), decoded.
#[derive(Clone, Debug)]
pub struct Assertion {
    /// `rawId`
    pub credential_id: Vec<u8>,
    /// `clientDataJSON`
    pub client_data: Vec<u8>,
    /// `authenticatorData`
    pub authenticator_data: Vec<u8>,
    /// `signature`
    pub signature: Vec<u8>,
    /// `userHandle`
    pub user_handle: Option<Vec<u8>>,
}
