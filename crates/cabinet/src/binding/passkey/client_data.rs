use serde::Deserialize;

use super::PasskeyRefusal;
use crate::{Rules, Secret};

/// What the browser says of a ceremony (WebAuthn, 5.8.1).
#[derive(Deserialize)]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(rename = "crossOrigin", default)]
    cross_origin: bool,
}

/// Which ceremony a response belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ceremony {
    Create,
    Get,
}

impl Ceremony {
    const fn word(self) -> &'static str {
        match self {
            Self::Create => "webauthn.create",
            Self::Get => "webauthn.get",
        }
    }
}

/// The challenge that was answered, on a page of ours and in no frame of others (WebAuthn, 7.1 and 7.2).
pub(super) fn challenge(bytes: &[u8], ceremony: Ceremony, rules: &Rules) -> Result<Secret, PasskeyRefusal> {
    let data: ClientData = serde_json::from_slice(bytes).map_err(|_| PasskeyRefusal::Malformed)?;
    if data.kind != ceremony.word() {
        return Err(PasskeyRefusal::Malformed);
    }
    if data.origin != rules.base_url.origin().ascii_serialization() || data.cross_origin {
        return Err(PasskeyRefusal::WrongOrigin);
    }
    Secret::parse_base64url(&data.challenge).ok_or(PasskeyRefusal::ChallengeGone)
}
